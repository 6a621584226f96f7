//! That a condition is understood as Cedar means it, that faults name their place and remedy, and that people who are
//! alike are asked about once. A second, naive evaluator judges the first.

use super::*;
use crate::{Attribute, BadAttribute, Presence, literal};
use proptest::prelude::*;

fn schema() -> Schema {
    let declared = [
        ("department", Kind::Text, Presence::Always),
        ("job_title", Kind::Text, Presence::Always),
        ("cost_center", Kind::Text, Presence::Sometimes),
        ("groups", Kind::List, Presence::Always),
        ("grade", Kind::Number, Presence::Always),
    ];
    let attribute = |(name, kind, presence): (&str, Kind, Presence)| Attribute { name: name.into(), kind, presence };
    Schema::new(&declared.map(attribute)).unwrap()
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn list(values: &[&str]) -> Value {
    Value::List(values.iter().map(|value| (*value).to_owned()).collect())
}

fn alice() -> Values {
    let values = [
        ("department", text("Platform")),
        ("job_title", text("Engineer")),
        ("cost_center", text("4711")),
        ("groups", list(&["oncall", "ssh"])),
        ("grade", Value::Number(7)),
    ];
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn meets(condition: &str, person: &Values) -> bool {
    !Conditions::parse(&schema(), [("role", condition)]).unwrap().holding(person).is_empty()
}

#[test]
fn who_meets_a_condition_holds_what_it_gives_and_nobody_else() {
    for (condition, expected) in [
        (r#"principal.department == "Platform""#, true),
        (r#"principal.department == "platform""#, false),
        (r#"principal.department != "Finance" && principal.grade >= 7"#, true),
        (r#"["Platform", "Finance"].contains(principal.department)"#, true),
        (r#"principal.groups.contains("oncall")"#, true),
        (r#"principal.groups.containsAll(["oncall", "dba"])"#, false),
        (r#"principal.job_title like "*gine*""#, true),
        (r#"principal has cost_center && principal.cost_center == "4711""#, true),
        ("!(principal has cost_center)", false),
        ("principal.grade < 7 || principal.groups.isEmpty()", false),
        ("if principal.grade > 5 then principal has cost_center else false", true),
        ("// everybody\nprincipal.grade > 0 // of any grade", true),
    ] {
        assert_eq!(meets(condition, &alice()), expected, "{condition}");
    }
}

#[test]
fn a_fault_names_its_line_its_column_and_what_to_do() {
    for (condition, line, column, problem, remedy) in [
        (r#"principal.departmnt == "Platform""#, 1, 1, "departmnt", "did you mean `department`?"),
        ("principal.grade > 3\n  && principal.cost_center == \"1\"", 2, 6, "optional", "principal has cost_center"),
        ("principal.grade >\n  \"high\"", 2, 3, "unexpected type", "compare a text with a text"),
        (r#"principal.department == 7"#, 1, 1, "not compatible", "compatible types"),
        ("principal.grade > 1 &&", 1, 23, "unexpected end of input", ""),
        ("principal.grade > 1 }; permit(principal,action,resource", 1, 21, "unexpected token `}`", ""),
        ("true } when { true", 1, 6, "unexpected token `}`", ""),
        ("principal.grade = 1", 1, 1, "", "=="),
        ("", 1, 1, "unexpected end of input", ""),
        ("principal.nickname.contains(\"x\")", 1, 1, "nickname", "declared attributes: cost_center, department"),
        ("resource == resource", 1, 1, "cannot look at `resource`", "attributes of the principal"),
        ("principal.grade > 0 && context.hour > 3", 1, 24, "cannot look at `context`", "attributes of the principal"),
        (r#"principal == Person::"alice""#, 1, 14, "cannot look at `person::\"alice\"`", "attributes"),
        ("false", 1, 1, "nobody can ever meet", "say what a person can have"),
        ("principal.grade", 1, 1, "unexpected type: expected bool", ""),
    ] {
        let faults = Conditions::parse(&schema(), [("role", condition)]).expect_err(condition);
        let (name, fault) = &faults[0];
        assert_eq!((name.as_str(), fault.line, fault.column), ("role", line, column), "{condition}: {fault}");
        assert!(fault.problem.to_lowercase().contains(problem), "{condition}: {fault}");
        assert!(fault.remedy.contains(remedy) && !fault.remedy.is_empty(), "{condition}: {fault}");
        assert!(!fault.to_string().contains("for policy"), "{condition}: {fault}");
    }
}

#[test]
fn all_faults_of_all_conditions_come_at_once_and_a_good_one_beside_them_gives_nothing() {
    let all = [("a", "principal.grade > 3"), ("b", "principal.gade > 3"), ("c", "principal.grade > ")];
    let faults = Conditions::parse(&schema(), all).expect_err("two of three are broken");
    let names: Vec<&str> = faults.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["b", "c"]);
}

#[test]
fn a_text_that_turns_the_direction_of_writing_is_refused() {
    let condition = "principal.department == \"Plat\u{202e}form\"";
    let faults = Conditions::parse(&schema(), [("role", condition)]).expect_err("it shows another text than it has");
    assert!(faults[0].1.remedy.contains("direction of writing"), "{faults:?}");
}

#[test]
fn a_condition_that_is_too_long_or_too_deep_is_refused_before_it_is_parsed() {
    let long = format!("principal.department == \"{}\"", "x".repeat(LONGEST));
    let deep = format!("{}principal.grade > 1{}", "(".repeat(3_000), ")".repeat(3_000));
    for (condition, problem) in [(long, "more than 8192"), (deep, "more than 100 brackets")] {
        let faults = Conditions::parse(&schema(), [("role", condition.as_str())]).expect_err(problem);
        assert!(faults[0].1.problem.contains(problem), "{faults:?}");
    }
}

/// On a thread with the stack of a server's, 2 MiB.
#[test]
fn the_deepest_conditions_that_are_let_in_need_no_more_stack_than_there_is() {
    let nested = |open: &str, inner: &str, close: &str| {
        let times = 100 / open.matches(['(', '[', '{']).count().max(open.matches("if").count()).max(1);
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    let fill = |first: &str, again: &str| format!("{first}{}", again.repeat((LONGEST - first.len()) / again.len()));
    for condition in [
        nested("(", "principal.grade > 1", ")"),
        nested("if principal.grade > 1 then ", "true", " else false"),
        nested("if principal.grade > 1 then true else ", "true", ""),
        nested("!(", "principal.grade > 1", ")"),
        nested("[", "1", "].isEmpty()"),
        fill("1<2", "&&1<2"),
        fill("1<2", "||1<2"),
        fill("0<1", "+1"),
        fill("principal", ".a"),
        fill("principal has a", ".a"),
        fill("!", "!"),
    ] {
        let shown: String = condition.chars().take(40).collect();
        let ended = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
            if let Ok(conditions) = Conditions::parse(&schema(), [("role", condition.as_str())]) {
                conditions.holding(&alice());
            }
        });
        ended.unwrap().join().expect(&shown);
    }
}

#[test]
fn an_attribute_name_that_no_condition_could_write_is_refused() {
    let declare = |names: &[&str]| {
        let attribute =
            |name: &&str| Attribute { name: (*name).to_owned(), kind: Kind::Text, presence: Presence::Always };
        Schema::new(&names.iter().map(attribute).collect::<Vec<_>>()).map(|_| ())
    };
    assert_eq!(declare(&["a", "b_2"]), Ok(()));
    assert_eq!(declare(&["a", "a"]), Err(BadAttribute::DeclaredTwice("a".to_owned())));
    for name in ["", "2a", "a b", "a\"", "é", &"a".repeat(65)] {
        assert!(matches!(declare(&[name]), Err(BadAttribute::Name(_))), "{name}");
    }
}

#[test]
fn a_value_of_another_kind_than_declared_counts_as_absent() {
    let mut person = alice();
    person.insert("cost_center".to_owned(), Value::Number(4711));
    assert!(!meets("principal has cost_center", &person));
    person.insert("grade".to_owned(), text("7"));
    assert!(!meets("principal.grade > 0", &person), "what cannot be computed is not met");
}

#[test]
fn a_number_that_grows_too_large_gives_nothing() {
    let mut person = alice();
    assert!(meets("principal.grade * 1000 > 1", &person));
    person.insert("grade".to_owned(), Value::Number(i64::MAX));
    assert!(!meets("principal.grade * 1000 > 1", &person));
}

#[test]
fn the_attributes_that_a_condition_looks_at_are_told_by_its_name() {
    let all = [
        ("platform", r#"principal.department == "Platform" && principal has cost_center"#),
        ("oncall", r#"principal.groups.contains("oncall")"#),
        ("all", "principal is Person"),
    ];
    let conditions = Conditions::parse(&schema(), all).unwrap();
    assert_eq!(conditions.looks_at("platform"), BTreeSet::from(["cost_center", "department"]));
    assert_eq!(conditions.looks_at("oncall"), BTreeSet::from(["groups"]));
    assert_eq!(conditions.looks_at("all"), BTreeSet::new());
    assert_eq!(conditions.looks_at("nobody"), BTreeSet::new());
    assert_eq!(conditions.holding(&alice()), ["platform", "oncall", "all"]);
}

#[test]
fn people_who_are_alike_share_one_evaluation_whatever_else_differs() {
    let texts: Vec<String> = (0..100).map(|at| format!("principal.department == \"D{at}\"")).collect();
    let names: Vec<String> = (0..100).map(|at| format!("role-{at}")).collect();
    let mut all: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    all.push(("titled", "principal.department == \"D1\" && principal.job_title like \"T1*\""));
    let conditions = Conditions::parse(&schema(), all).unwrap();
    for number in 0..100_000 {
        let mut person = alice();
        person.insert("department".to_owned(), text(&format!("D{}", number % 50)));
        person.insert("job_title".to_owned(), text(&format!("T{}", number % 7)));
        person.insert("cost_center".to_owned(), text(&number.to_string()));
        let titled = number % 50 == 1 && number % 7 == 1;
        assert_eq!(conditions.holding(&person).len(), 1 + usize::from(titled), "{number}");
    }
    assert_eq!(conditions.evaluations(), 50 + 50 * 7, "50 departments, and 350 pairs with a title");
}

#[test]
fn a_set_that_looks_at_what_is_everybodys_own_keeps_a_bounded_number_of_answers() {
    let conditions = Conditions::parse(&schema(), [("rich", "principal.grade > 17000")]).unwrap();
    let person = |grade: i64| Values::from([("grade".to_owned(), Value::Number(grade))]);
    let rich = (0..17_100).filter(|grade| !conditions.holding(&person(*grade)).is_empty()).count();
    assert_eq!(rich, 99);
    assert!(conditions.evaluations() <= KEPT);
}

/// A condition of a subset of the language, for a second evaluator that shares nothing with the first.
#[derive(Debug, Clone)]
enum Naive {
    DepartmentIs(String),
    DepartmentIsNot(String),
    DepartmentAmong(Vec<String>),
    TitleBeginsWith(String),
    CostCenterIs(String),
    HasCostCenter,
    InGroup(String),
    GradeAtLeast(i64),
    Not(Box<Naive>),
    Both(Box<Naive>, Box<Naive>),
    Either(Box<Naive>, Box<Naive>),
}

impl Naive {
    fn text(&self) -> String {
        match self {
            Self::DepartmentIs(value) => format!("principal.department == {}", literal(value)),
            Self::DepartmentIsNot(value) => format!("principal.department != {}", literal(value)),
            Self::DepartmentAmong(values) => {
                let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
                format!("[{}].contains(principal.department)", values.join(", "))
            }
            Self::TitleBeginsWith(start) => format!("principal.job_title like \"{start}*\""),
            Self::CostCenterIs(value) => {
                format!("(principal has cost_center && principal.cost_center == {})", literal(value))
            }
            Self::HasCostCenter => "principal has cost_center".to_owned(),
            Self::InGroup(group) => format!("principal.groups.contains({})", literal(group)),
            Self::GradeAtLeast(least) => format!("principal.grade >= {least}"),
            Self::Not(inner) => format!("!({})", inner.text()),
            Self::Both(left, right) => format!("({}) && ({})", left.text(), right.text()),
            Self::Either(left, right) => format!("({}) || ({})", left.text(), right.text()),
        }
    }

    fn is_met(&self, person: &Person) -> bool {
        match self {
            Self::DepartmentIs(value) => person.department == *value,
            Self::DepartmentIsNot(value) => person.department != *value,
            Self::DepartmentAmong(values) => values.contains(&person.department),
            Self::TitleBeginsWith(start) => person.job_title.starts_with(start),
            Self::CostCenterIs(value) => person.cost_center.as_ref() == Some(value),
            Self::HasCostCenter => person.cost_center.is_some(),
            Self::InGroup(group) => person.groups.contains(group),
            Self::GradeAtLeast(least) => person.grade >= *least,
            Self::Not(inner) => !inner.is_met(person),
            Self::Both(left, right) => left.is_met(person) && right.is_met(person),
            Self::Either(left, right) => left.is_met(person) || right.is_met(person),
        }
    }
}

#[derive(Debug, Clone)]
struct Person {
    department: String,
    job_title: String,
    cost_center: Option<String>,
    groups: Vec<String>,
    grade: i64,
}

impl Person {
    fn values(&self) -> Values {
        let mut values = Values::from([
            ("department".to_owned(), text(&self.department)),
            ("job_title".to_owned(), text(&self.job_title)),
            ("groups".to_owned(), Value::List(self.groups.iter().cloned().collect())),
            ("grade".to_owned(), Value::Number(self.grade)),
        ]);
        values.extend(self.cost_center.iter().map(|value| ("cost_center".to_owned(), text(value))));
        values
    }
}

/// Few values, so that they meet; with everything that could break out of a literal.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("A".to_owned()),
        Just("B".to_owned()),
        Just("Zo\u{eb}".to_owned()),
        Just("quote \" and \\ and 'single'".to_owned()),
        Just("line\nbreak\t*".to_owned()),
        Just("\" || true || \"".to_owned()),
        Just("\u{0}\u{1f600}".to_owned()),
    ]
}

fn naive() -> impl Strategy<Value = Naive> {
    let leaf = prop_oneof![
        value().prop_map(Naive::DepartmentIs),
        value().prop_map(Naive::DepartmentIsNot),
        proptest::collection::vec(value(), 1..3).prop_map(Naive::DepartmentAmong),
        "[A-C]{0,2}".prop_map(Naive::TitleBeginsWith),
        value().prop_map(Naive::CostCenterIs),
        Just(Naive::HasCostCenter),
        value().prop_map(Naive::InGroup),
        (-2_i64..4).prop_map(Naive::GradeAtLeast),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            inner.prop_map(|inner| Naive::Not(Box::new(inner))),
            pair.clone().prop_map(|(left, right)| Naive::Both(Box::new(left), Box::new(right))),
            pair.prop_map(|(left, right)| Naive::Either(Box::new(left), Box::new(right))),
        ]
    })
}

fn person() -> impl Strategy<Value = Person> {
    let groups = proptest::collection::vec(value(), 0..3);
    let parts = (value(), "[A-C]{0,3}", proptest::option::of(value()), groups, -2_i64..4);
    parts.prop_map(|(department, job_title, cost_center, groups, grade)| Person {
        department,
        job_title,
        cost_center,
        groups,
        grade,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_naive_evaluator_agrees_on_every_person_and_condition(
        conditions in proptest::collection::vec(naive(), 1..5),
        people in proptest::collection::vec(person(), 1..8),
    ) {
        let texts: Vec<(String, String)> =
            conditions.iter().enumerate().map(|(at, condition)| (at.to_string(), condition.text())).collect();
        let all = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let parsed = match Conditions::parse(&schema(), all) {
            Ok(parsed) => parsed,
            // The type checker may see that a condition can never hold; then nobody meets it.
            Err(faults) => {
                for (name, fault) in faults {
                    prop_assert!(fault.problem.contains("nobody can ever meet"), "{}", fault);
                    let condition = &conditions[name.parse::<usize>().unwrap()];
                    prop_assert!(people.iter().all(|person| !condition.is_met(person)), "{:?}", condition);
                }
                return Ok(());
            }
        };
        for person in &people {
            let met = conditions.iter().enumerate().filter(|(_, condition)| condition.is_met(person));
            let expected: Vec<String> = met.map(|(at, _)| at.to_string()).collect();
            prop_assert_eq!(parsed.holding(&person.values()), expected, "{:?}", texts);
        }
    }

    #[test]
    fn no_text_breaks_out_of_a_literal(inside in "\\PC{0,20}", other in "\\PC{0,20}") {
        let condition = format!("principal.department == {}", literal(&inside));
        if let Ok(conditions) = Conditions::parse(&schema(), [("role", condition.as_str())]) {
            let holds = |department: &str| {
                let person = Values::from([("department".to_owned(), text(department))]);
                !conditions.holding(&person).is_empty()
            };
            prop_assert!(holds(&inside));
            prop_assert_eq!(holds(&other), inside == other);
        }
    }

    #[test]
    fn no_text_is_worse_than_refused(condition in "[a-z.\"'(){};&|! =<>\\\\\n/*0-9]{0,60}") {
        let _refused_or_not = Conditions::parse(&schema(), [("role", condition.as_str())]);
    }
}
