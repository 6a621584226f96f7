//! From roles to conditions over a person's attributes. `when` is written out in the same language as `condition`, so
//! that one evaluator judges both. What was parsed is kept for as long as the declarations are the same.

use super::model::{Attribute, Condition, Role, Test};
use crate::identities::Identity;
use crate::sources::{self, AttributeKind};
use conditions::{ConditionError, Conditions, Kind, Presence, Schema, Value, Values, literal};
use connectors::sources::Asserted;
use db::{DbError, ReadTx};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Sets of declarations that are kept parsed: the present one, one that is being tried, and a few of tests.
const KEPT: usize = 4;

/// The attributes of the organisation's own that sources declare, by name.
pub(crate) type Own = BTreeMap<String, Kind>;

pub(crate) async fn own(tx: &mut ReadTx) -> Result<Own, DbError> {
    let kind = |kind: AttributeKind| match kind {
        AttributeKind::Text => Kind::Text,
        AttributeKind::List => Kind::List,
        AttributeKind::Number => Kind::Number,
    };
    let sources = sources::store::all(tx).await?;
    let declared = sources.into_iter().flat_map(|source| source.settings.attributes);
    Ok(declared.map(|attribute| (attribute.name, kind(attribute.kind))).collect())
}

/// Everything that conditions may look at.
fn schema(own: &Own) -> Schema {
    let attribute = |attribute: Attribute| conditions::Attribute {
        name: attribute.as_str().to_owned(),
        kind: Kind::Text,
        presence: match attribute {
            Attribute::ManagerId => Presence::Sometimes,
            _ => Presence::Always,
        },
    };
    let named = |(name, kind): (&String, &Kind)| conditions::Attribute {
        name: name.clone(),
        kind: *kind,
        presence: Presence::Sometimes,
    };
    let everybodys = |name: &str| Attribute::ALL.iter().any(|attribute| attribute.as_str() == name);
    let others = own.iter().filter(|(name, _)| !everybodys(name)).map(named);
    let all: Vec<conditions::Attribute> = Attribute::ALL.into_iter().map(attribute).chain(others).collect();
    Schema::new(&all).expect("declared attributes have names and stand here once")
}

/// What a person is judged by.
pub(crate) fn values(identity: &Identity, own: &Own) -> Values {
    let value = |(name, stated): (&String, &Asserted)| match (stated, own.get(name)?) {
        (Asserted::Text(text), Kind::Text) => Some((name.clone(), Value::Text(text.clone()))),
        (Asserted::Text(text), Kind::Number) => Some((name.clone(), Value::Number(text.parse().ok()?))),
        (Asserted::List(values), Kind::List) => Some((name.clone(), Value::List(values.clone()))),
        _ => None,
    };
    let mut values: Values = identity.attributes.iter().filter_map(value).collect();
    let text =
        |attribute: Attribute| Some((attribute.as_str().to_owned(), Value::Text(attribute.of(identity)?.into())));
    values.extend(Attribute::ALL.into_iter().filter_map(text));
    values
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

/// The faults of roles' conditions, by name of the role: those of what was written as a condition, so that their places
/// are those that its author sees and none reaches out of its parentheses, else those of the whole.
pub(super) fn faults(roles: &[Role], own: &Own) -> Vec<(String, ConditionError)> {
    let schema = schema(own);
    let written = roles.iter().filter_map(|role| Some((role.name.as_str(), role.condition.as_deref()?)));
    let whole = texts(roles);
    let whole = || Conditions::parse(&schema, whole.iter().map(|(name, text)| (*name, text.as_str()))).map(drop);
    Conditions::parse(&schema, written).map(drop).and_then(|()| whole()).err().unwrap_or_default()
}

struct Parsed {
    texts: Vec<(String, String)>,
    own: Own,
    conditions: Arc<Conditions>,
}

static PARSED: Mutex<Vec<Parsed>> = Mutex::new(Vec::new());

/// The conditions of these roles.
pub(super) fn parsed(roles: &[Role], own: &Own) -> Result<Arc<Conditions>, Vec<(String, ConditionError)>> {
    let texts: Vec<(String, String)> = texts(roles).into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    let mut kept = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|known| known.texts == texts && known.own == *own) {
        return Ok(known.conditions.clone());
    }
    let pairs = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let conditions = Arc::new(Conditions::parse(&schema(own), pairs)?);
    if kept.len() >= KEPT {
        kept.remove(0);
    }
    kept.push(Parsed { texts, own: own.clone(), conditions: conditions.clone() });
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
        let own = Own::from([("cost_center".into(), Kind::Number), ("skills".into(), Kind::List)]);
        !parsed(&[role], &own).unwrap().holding(&values(identity, &own)).is_empty()
    }

    #[test]
    fn what_is_found_without_a_fault_can_be_judged() {
        let equals = |value: &str| Condition { attribute: Attribute::Department, test: Test::Equals(value.into()) };
        let one_of = |values: Vec<String>| Condition { attribute: Attribute::Department, test: Test::OneOf(values) };
        let many: Vec<String> = (0..2_000).map(|number| format!("Department {number}")).collect();
        for (when, condition, fits) in [
            (equals("Platform"), None, true),
            (equals("it's \"quoted\" \\ * \n"), None, true),
            (equals("abc\u{202e}txt"), None, false),
            (one_of(many), None, false),
            (equals("Platform"), Some("principal.nothing == 1"), false),
        ] {
            let (role, own) = (role(vec![when.clone()], condition), Own::new());
            let fine = faults(std::slice::from_ref(&role), &own).is_empty();
            assert_eq!((fine, parsed(&[role], &own).is_ok()), (fits, fits), "{when:?} {condition:?}");
        }
    }

    #[test]
    fn no_condition_reaches_out_of_its_parentheses() {
        for condition in ["true) || (true", "true) || (principal.department == \"Platform\"", "true // ) || (true"] {
            let role = role(vec![], Some(condition));
            let is_whole = condition.contains("//");
            assert_eq!(faults(&[role], &Own::new()).is_empty(), is_whole, "{condition}");
        }
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
    fn a_condition_looks_at_attributes_that_a_source_declares() {
        let skills = Asserted::List(["ssh".to_owned()].into());
        let own = [("cost_center".to_owned(), Asserted::text("4711")), ("skills".to_owned(), skills)];
        let person = Identity { attributes: own.into(), ..alice() };
        for (condition, expected) in [
            ("principal has cost_center && principal.cost_center > 4000", true),
            ("principal has cost_center && principal.cost_center > 5000", false),
            ("principal has skills && principal.skills.contains(\"ssh\")", true),
        ] {
            assert_eq!(holds(role(vec![], Some(condition)), &person), expected, "{condition}");
            assert!(!holds(role(vec![], Some(condition)), &alice()), "{condition}");
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
