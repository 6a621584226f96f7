//! From roles to conditions over a person's attributes. `when` is written out in the same language as `condition`, so
//! that one evaluator judges both. What was parsed is kept for as long as the declarations are the same.

use super::model::{Attribute, Condition, Role, Test};
use crate::identities::Identity;
use conditions::{ConditionError, Conditions, Kind, Presence, Schema, Value, Values, literal};
use std::sync::{Arc, Mutex, PoisonError};

/// Sets of declarations that are kept parsed: the present one, one that is being tried, and a few of tests.
const KEPT: usize = 4;

/// Everything that conditions may look at.
fn schema() -> Schema {
    let attribute = |attribute: Attribute| conditions::Attribute {
        name: attribute.as_str().to_owned(),
        kind: Kind::Text,
        presence: match attribute {
            Attribute::ManagerId => Presence::Sometimes,
            _ => Presence::Always,
        },
    };
    Schema::new(&Attribute::ALL.map(attribute)).expect("attributes of our own have names and are declared once")
}

/// What a person is judged by.
pub(crate) fn values(identity: &Identity) -> Values {
    let text =
        |attribute: Attribute| Some((attribute.as_str().to_owned(), Value::Text(attribute.of(identity)?.into())));
    Attribute::ALL.into_iter().filter_map(text).collect()
}

/// Roles that have a condition, each with its whole text.
pub(super) fn texts(roles: &[Role]) -> Vec<(&str, String)> {
    roles.iter().filter_map(|role| Some((role.name.as_str(), text(role)?))).collect()
}

/// The whole condition of a role; `None` when it is held by those only to whom it was given.
pub(super) fn text(role: &Role) -> Option<String> {
    let own = role.condition.as_ref().map(|condition| format!("({condition}\n)"));
    let all: Vec<String> = role.when.iter().map(written_out).chain(own).collect();
    (!all.is_empty()).then(|| all.join(" && "))
}

fn written_out(condition: &Condition) -> String {
    let name = condition.attribute.as_str();
    let test = match &condition.test {
        Test::Equals(value) => format!("principal.{name} == {}", literal(value)),
        Test::OneOf(values) => {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            format!("[{}].contains(principal.{name})", values.join(", "))
        }
        Test::StartsWith(start) => {
            let quoted = literal(start).replace('*', "\\*");
            format!("principal.{name} like {}*\"", quoted.strip_suffix('"').unwrap_or(&quoted))
        }
    };
    match condition.attribute {
        Attribute::ManagerId => format!("(principal has {name} && {test})"),
        _ => format!("({test})"),
    }
}

/// The faults of a role's own condition, by name of the role.
pub(super) fn faults(roles: &[Role]) -> Vec<(String, ConditionError)> {
    let own = roles.iter().filter_map(|role| Some((role.name.as_str(), role.condition.as_deref()?)));
    Conditions::parse(&schema(), own).err().unwrap_or_default()
}

type Parsed = (Vec<(String, String)>, Arc<Conditions>);

static PARSED: Mutex<Vec<Parsed>> = Mutex::new(Vec::new());

/// The conditions of these roles.
pub(super) fn parsed(roles: &[Role]) -> Result<Arc<Conditions>, Vec<(String, ConditionError)>> {
    let texts: Vec<(String, String)> = texts(roles).into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    let mut kept = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, conditions)) = kept.iter().find(|(known, _)| *known == texts) {
        return Ok(conditions.clone());
    }
    let pairs = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let conditions = Arc::new(Conditions::parse(&schema(), pairs)?);
    if kept.len() >= KEPT {
        kept.remove(0);
    }
    kept.push((texts, conditions.clone()));
    Ok(conditions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_company::alice;
    use proptest::prelude::*;

    fn role(when: Vec<Condition>, condition: Option<&str>) -> Role {
        Role { name: "r".into(), when, condition: condition.map(str::to_owned), ..Role::default() }
    }

    fn holds(role: Role, identity: &Identity) -> bool {
        !parsed(&[role]).unwrap().holding(&values(identity)).is_empty()
    }

    #[test]
    fn when_and_condition_must_both_hold() {
        let platform = || Condition { attribute: Attribute::Department, test: Test::Equals("Platform".into()) };
        for (when, condition, expected) in [
            (vec![platform()], None, true),
            (vec![platform()], Some("principal.job_title == \"Engineer\""), true),
            (vec![platform()], Some("principal.job_title == \"Cook\""), false),
            (vec![], Some("principal has manager_id && principal.manager_id == \"E2\""), true),
            (vec![], Some("principal.job_title == \"Cook\" || principal.department like \"Plat*\""), true),
            // A comment at its end closes nothing.
            (vec![], Some("principal.job_title == \"Cook\" // nobody"), false),
        ] {
            assert_eq!(holds(role(when.clone(), condition), &alice()), expected, "{when:?} {condition:?}");
        }
    }

    #[test]
    fn nobody_without_a_manager_meets_a_condition_on_one() {
        let nobodys = Identity { manager_employee_id: None, ..alice() };
        let start = || Condition { attribute: Attribute::ManagerId, test: Test::StartsWith("E".into()) };
        assert!(holds(role(vec![start()], None), &alice()));
        assert!(!holds(role(vec![start()], None), &nobodys));
    }

    /// What the three tests mean, said once more without the language.
    fn means(test: &Test, value: &str) -> bool {
        match test {
            Test::Equals(wanted) => value == wanted,
            Test::OneOf(wanted) => wanted.iter().any(|wanted| value == wanted),
            Test::StartsWith(start) => value.starts_with(start.as_str()),
        }
    }

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ab*\\\\\"'\n]{1,4}",
            "\\PC{1,6}",
            Just("*".to_owned()),
            Just("a*".to_owned()),
            Just("\\".to_owned())
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_test_written_out_means_what_it_says(value in any_text(), wanted in any_text(), more in any_text(), kind in 0..3) {
            let test = match kind {
                0 => Test::Equals(wanted),
                1 => Test::OneOf(vec![wanted, more]),
                _ => Test::StartsWith(wanted),
            };
            let person = Identity { department: value.clone(), ..alice() };
            let expected = means(&test, &value);
            let role = role(vec![Condition { attribute: Attribute::Department, test }], None);
            prop_assert_eq!(holds(role, &person), expected);
        }
    }
}
