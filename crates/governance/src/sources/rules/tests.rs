//! Which feeds are refused as a whole, and with which reason.

use super::*;
use crate::sources::model::{Settings, SourceKind};
use crate::test_company::at;
use connectors::hr_csv::EmploymentStatus;
use connectors::sources::Employment;

fn source(settings: Settings) -> Source {
    Source { name: "hr".into(), kind: SourceKind::Csv, description: String::new(), owner: None, settings }
}

fn declared() -> Source {
    let attribute = |name: &str, kind| Attribute { name: name.into(), kind };
    let attributes = vec![
        attribute("cost_center", AttributeKind::Text),
        attribute("groups", AttributeKind::List),
        attribute("grade", AttributeKind::Number),
    ];
    source(Settings { attributes, ..Settings::default() })
}

fn person(key: &str, values: &[(&str, Asserted)]) -> Record {
    let given = [("family_name", "Moreau".to_owned()), ("email", format!("{key}@example.com"))];
    let mut attributes: std::collections::BTreeMap<String, Asserted> =
        given.into_iter().map(|(name, value)| (name.to_owned(), Asserted::text(value))).collect();
    attributes.extend(values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let employment =
        Employment { status: EmploymentStatus::Active, start: None, end: None, time_zone: None, kind: None };
    Record { key: key.to_owned(), attributes, employment: Some(employment) }
}

fn feed(records: Vec<Record>) -> Feed {
    Feed { records, extent: Extent::Whole, sha256: "aa".to_owned(), as_of: None }
}

fn text(value: &str) -> Asserted {
    Asserted::Text(value.to_owned())
}

#[test]
fn a_feed_that_is_empty_is_refused_with_its_reason_and_one_of_no_changes_is_not() {
    assert_eq!(validate(&declared(), &feed(vec![])).unwrap_err().code(), "feed_empty");
    let nothing = Feed { extent: Extent::Changes { gone: vec![] }, ..feed(vec![]) };
    assert_eq!(validate(&declared(), &nothing), Ok(()));
}

#[test]
fn a_feed_that_is_doubled_is_refused_with_its_reason() {
    let mail = |key: &str, mail: &str| person(key, &[("email", text(mail))]);
    for (records, expected) in [
        (
            vec![person("a", &[]), person("b", &[]), person("a", &[("email", text("c@x"))])],
            "key `a` is in record 1 and again in record 3: keep one",
        ),
        (vec![mail("a", "one@x"), mail("b", "ONE@x")], "email `one@x` is in record 1 and again in record 2: keep one"),
    ] {
        let refusal = validate(&declared(), &feed(records)).unwrap_err();
        assert_eq!((refusal.code(), refusal.to_string().as_str()), ("feed_doubled", expected));
        assert!(!refusal.open_detail().contains('@'), "{}", refusal.open_detail());
    }
}

#[test]
fn a_feed_that_is_stale_is_refused_with_its_reason() {
    let (now, yesterday) = (at("2026-11-21T09:00:00Z"), at("2026-11-20T09:00:00Z"));
    let taken = Health {
        last_as_of: Some(at("2026-11-20")),
        last_sha256: Some("aa".into()),
        same_since: Some(yesterday),
        ..Health::default()
    };
    let of = |day: &str| Feed { as_of: Some(at(day)), ..feed(vec![person("a", &[])]) };
    for (feed, expected) in [
        (of("2026-11-19"), Err("feed_stale")),
        (of("2026-11-20"), Ok(())),
        (of("2026-11-21"), Ok(())),
        (feed(vec![person("a", &[])]), Ok(())),
    ] {
        assert_eq!(
            is_news(&declared(), &taken, &feed, now).map_err(|refusal| refusal.code()),
            expected,
            "{:?}",
            feed.as_of
        );
    }
    let allowing = |hours| source(Settings { stale_after_hours: Some(hours), ..Settings::default() });
    let same = feed(vec![person("a", &[])]);
    assert_eq!(is_news(&allowing(24), &taken, &same, now), Ok(()), "exactly a day is allowed");
    assert_eq!(is_news(&allowing(23), &taken, &same, now).unwrap_err().code(), "feed_stale");
    let other = Feed { sha256: "bb".into(), ..same };
    assert_eq!(is_news(&allowing(23), &taken, &other, now), Ok(()), "other bytes are news");
}

#[test]
fn a_value_that_is_not_of_its_kind_is_refused_with_its_record_and_what_it_should_be() {
    let list = Asserted::List(["a".to_owned()].into());
    for (values, expected) in [
        (vec![("cost_center", text("4711"))], Ok(())),
        (vec![("cost_center", Asserted::Cleared)], Ok(())),
        (vec![("groups", list.clone())], Ok(())),
        (vec![("grade", text("-7"))], Ok(())),
        (vec![("cost_center", list.clone())], Err("record 1: cost_center `…` should be one value and not a list")),
        (vec![("groups", text("a"))], Err("record 1: groups `a` should be a list")),
        (vec![("grade", text("high"))], Err("record 1: grade `high` should be a whole number of 64 bits")),
        (
            vec![("nickname", text("Al"))],
            Err("record 1: the source does not declare the attribute `nickname`: declare it or leave it out"),
        ),
        (
            vec![("family_name", Asserted::Cleared)],
            Err("record 1: family_name `` should be a name in given_name or family_name"),
        ),
        (
            vec![("email", text("nowhere"))],
            Err("record 1: email `nowhere` should be an address such as alice@example.com"),
        ),
        (
            vec![("cost_center", text("a\u{7}"))],
            Err("record 1: cost_center `a\u{7}` should be text of at most 1,024 characters without control characters"),
        ),
    ] {
        let checked = validate(&declared(), &feed(vec![person("a", &values)]));
        assert_eq!(checked.map_err(|refusal| refusal.to_string()), expected.map_err(str::to_owned), "{values:?}");
    }
}

#[test]
fn a_time_zone_that_nobody_knows_is_refused_and_not_taken_for_another() {
    let mut record = person("a", &[]);
    record.employment.as_mut().unwrap().time_zone = Some("Europe/Lutetia".into());
    let refusal = validate(&declared(), &feed(vec![record])).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "record 1: time_zone `Europe/Lutetia` should be a name of the IANA database such as Europe/Berlin"
    );
}

#[test]
fn a_source_of_people_says_whether_they_work_here_and_one_of_attributes_need_not() {
    let record = Record { employment: None, ..person("a", &[]) };
    assert_eq!(validate(&declared(), &feed(vec![record.clone()])).unwrap_err().code(), "feed_bad_value");
    let only_attributes = source(Settings { authority: Authority::Attributes, ..Settings::default() });
    assert_eq!(validate(&only_attributes, &feed(vec![record.clone()])), Ok(()));
    let nameless = Record { attributes: Default::default(), ..record };
    assert_eq!(validate(&only_attributes, &feed(vec![nameless])), Ok(()));
}

#[test]
fn a_declaration_says_what_is_wrong_with_it() {
    let attribute = |name: &str| Attribute { name: name.into(), kind: AttributeKind::Text };
    let with = |settings| {
        problem(&Declaration {
            name: "hr".into(),
            kind: SourceKind::Csv,
            description: String::new(),
            owner: "bob@x".into(),
            settings,
        })
    };
    let attributes = |names: &[&str]| Settings {
        attributes: names.iter().map(|name| attribute(name)).collect(),
        ..Settings::default()
    };
    assert_eq!(with(attributes(&["cost_center", "time_zone"])), None);
    for (settings, expected) in [
        (attributes(&["Cost"]), "`Cost` is not a name for an attribute: use lower case letters, digits and `_`"),
        (attributes(&["a", "a"]), "the attribute `a` is declared twice: keep one"),
        (attributes(&["email"]), "everybody has the attribute `email`: leave it out"),
        (
            Settings { precedence_of: [("phone".to_owned(), 1)].into(), ..Settings::default() },
            "`precedence_of` names `phone`, which the source does not declare",
        ),
        (Settings { max_missing_percent: Some(101), ..Settings::default() }, "`max_missing_percent` is more than 100"),
    ] {
        assert_eq!(with(settings).as_deref(), Some(expected));
    }
}
