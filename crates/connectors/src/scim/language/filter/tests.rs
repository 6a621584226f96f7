//! The filters of RFC 7644, what must be refused, and a naive reading that agrees on whatever can be written.

use super::super::{Object, ScimType, USER};
use super::Filter;
use proptest::prelude::*;
use serde_json::{Value, json};

fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

fn babs() -> Object {
    object(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "id": "2819c223", "userName": "John", "externalId": "Ext-1", "title": "Tour Guide", "userType": "Employee",
        "name": {"familyName": "O'Malley", "givenName": "Barbara"}, "active": true,
        "emails": [{"value": "babs@Example.com", "type": "work", "primary": true}, {"value": "babs@jensen.org", "type": "home"}],
        "ims": [{"value": "babs@foo.com", "type": "xmpp"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Tour Operations", "manager": {"value": "26118915"}},
        "meta": {"lastModified": "2011-05-13T04:42:34Z", "resourceType": "User"},
    }))
}

fn passes(filter: &str) -> bool {
    Filter::parse(&USER, filter).unwrap_or_else(|error| panic!("{filter}: {error}")).matches(&babs())
}

#[test]
fn the_filters_of_the_rfc_find_whom_they_should() {
    for (filter, found) in [
        (r#"userName Eq "john""#, true),
        (r#"name.familyName co "O'Malley""#, true),
        (r#"userName sw "J""#, true),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#, true),
        ("title pr", true),
        ("nickName pr", false),
        (r#"meta.lastModified gt "2011-05-13T04:42:34Z""#, false),
        (r#"meta.lastModified ge "2011-05-13T06:42:34+02:00""#, true),
        (r#"meta.lastModified lt "2011-05-13T04:42:35Z""#, true),
        (r#"meta.lastModified le "2011-05-13T04:42:33Z""#, false),
        (r#"title pr and userType eq "Employee""#, true),
        (r#"title pr or userType eq "Intern""#, true),
        (r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#, true),
        (r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#, true),
        (r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#, false),
        (r#"userType eq "Employee" and (emails.type eq "work")"#, true),
        (r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#, true),
        (r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#, true),
    ] {
        assert_eq!(passes(filter), found, "{filter}");
    }
}

#[test]
fn case_counts_where_the_schema_says_so_and_brackets_mean_one_and_the_same_value() {
    for (filter, found) in [
        (r#"externalId eq "ext-1""#, false),
        (r#"externalId eq "Ext-1""#, true),
        (r#"emails[type eq "home" and value co "example.com"]"#, false),
        (r#"emails.type eq "home" and emails.value co "example.com""#, true),
        (r#"emails[type eq "home"].value ew ".org""#, true),
        (r#"emails[type eq "home"].value ew ".com""#, false),
        (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department sw "tour""#, true),
        (r#"URN:IETF:params:scim:schemas:extension:enterprise:2.0:user:manager.value eq "26118915""#, true),
        (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "26118915""#, true),
        ("active eq true", true),
        (r#"active eq "False""#, false),
        ("active ne false", true),
        ("nickName eq null", true),
        ("title eq null", false),
        ("emails pr and not (photos pr)", true),
        ("name pr", true),
        ("addresses pr", false),
        (r#"userName eq "a" or userName eq "john" and title pr"#, true),
        (r#"(userName eq "john" or title pr) and nickName pr"#, false),
        (r#"title eq "Tour \u0047uide""#, true),
        (r#"emails ne "babs@jensen.org""#, false),
        (r#"  userName   eq   "john"  "#, true),
    ] {
        assert_eq!(passes(filter), found, "{filter}");
    }
}

#[test]
fn what_is_no_filter_is_refused_with_the_place_where_it_goes_wrong() {
    let deep = format!("{}title pr{}", "(".repeat(17), ")".repeat(17));
    let very_deep = "not (".repeat(100_000);
    let long = format!("title eq \"{}\"", "a".repeat(9000));
    for (filter, told) in [
        ("", "the name of an attribute was expected"),
        ("title", "an operator was expected"),
        ("title eq", "a value was expected"),
        ("title eq \"a", "a value was expected"),
        ("title eq a", "a value was expected"),
        ("title eq \"a\" and ", "the name of an attribute was expected"),
        ("title eq \"a\" title pr", "`and`, `or` or the end was expected"),
        ("(title pr", "`)` was expected"),
        ("emails[type eq \"work\"", "`]` was expected"),
        ("emails[nothing pr]", "has no part `nothing`"),
        ("title[value pr]", "only a complex attribute"),
        ("salary gt 1", "no schema of User has it"),
        ("urn:example:User:title pr", "no schema of User has it"),
        ("active gt true", "cannot be compared so"),
        ("active eq \"perhaps\"", "cannot be compared so"),
        ("title gt 1", "cannot be compared so"),
        ("meta.created co \"2011\"", "cannot be compared so"),
        ("meta.created gt \"yesterday\"", "cannot be compared so"),
        (&deep, "nested too deeply"),
        (&very_deep, "at most 8192 bytes"),
        (&long, "at most 8192 bytes"),
    ] {
        let error = Filter::parse(&USER, filter).expect_err(&filter[..filter.len().min(40)]);
        assert_eq!(error.kind, ScimType::InvalidFilter);
        assert!(error.detail.contains(told), "{error}");
    }
    assert!(Filter::parse(&USER, &format!("{}title pr{}", "(".repeat(15), ")".repeat(15))).is_ok());
}

#[test]
fn a_filter_that_asks_for_one_name_says_so() {
    let only = |text: &str| {
        let filter = Filter::parse(&USER, text).unwrap();
        filter.only_equal().map(|(name, value)| format!("{name}={value}"))
    };
    assert_eq!(only(r#"USERNAME eq "a b""#).as_deref(), Some("userName=a b"));
    for other in [r#"userName ne "a""#, r#"userName eq "a" or title pr"#, r#"name.givenName eq "a""#, "active eq true"]
    {
        assert_eq!(only(other), None, "{other}");
    }
}

/// A filter as text, and what it says of somebody of whom title, nickname and whether active are known.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    holds: bool,
}

fn leaf(title: Option<String>, active: Option<bool>) -> impl Strategy<Value = Written> {
    let word = "[a-cA-C]{0,2}";
    prop_oneof![
        (word, prop::sample::select(vec!["eq", "ne", "co", "sw", "ew"])).prop_map(move |(wanted, operator)| {
            let (has, want) = (title.as_ref().map(|title| title.to_lowercase()), wanted.to_lowercase());
            let holds = match (&has, operator) {
                (None, operator) => operator == "ne",
                (Some(has), "eq") => *has == want,
                (Some(has), "ne") => *has != want,
                (Some(has), "co") => has.contains(&want),
                (Some(has), "sw") => has.starts_with(&want),
                (Some(has), _) => has.ends_with(&want),
            };
            Written { text: format!("title {operator} \"{wanted}\""), holds }
        }),
        any::<bool>()
            .prop_map(move |wanted| Written { text: format!("active eq {wanted}"), holds: active == Some(wanted) }),
        Just(Written { text: "active pr".to_owned(), holds: active.is_some() }),
    ]
}

fn tree(title: Option<String>, active: Option<bool>) -> impl Strategy<Value = Written> {
    leaf(title, active).prop_recursive(4, 24, 3, |inner| {
        let many = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            many.clone().prop_map(|all| Written {
                text: all.iter().map(|one| format!("({})", one.text)).collect::<Vec<_>>().join(" and "),
                holds: all.iter().all(|one| one.holds),
            }),
            many.prop_map(|all| Written {
                text: all.iter().map(|one| format!("({})", one.text)).collect::<Vec<_>>().join(" OR "),
                holds: all.iter().any(|one| one.holds),
            }),
            inner.prop_map(|one| Written { text: format!("not ({})", one.text), holds: !one.holds }),
        ]
    })
}

fn person_and_filter() -> impl Strategy<Value = (Object, Written)> {
    (prop::option::of("[a-cA-C]{1,3}"), any::<Option<bool>>()).prop_flat_map(|(title, active)| {
        let mut person = Object::new();
        title.iter().for_each(|title| drop(person.insert("title".to_owned(), title.clone().into())));
        active.iter().for_each(|active| drop(person.insert("active".to_owned(), (*active).into())));
        (Just(person), tree(title, active))
    })
}

proptest! {
    #[test]
    fn a_filter_finds_whom_a_naive_reading_finds((person, written) in person_and_filter()) {
        let filter = Filter::parse(&USER, &written.text).unwrap();
        prop_assert_eq!(filter.matches(&person), written.holds, "{} {:?}", written.text, person);
    }

    #[test]
    fn no_text_makes_the_reader_fall(text in ".{0,40}", syntax in "[a-z \\[\\]().\"\\\\:$0-9tuple]{0,60}") {
        for text in [&text, &syntax, &format!("emails[{syntax}"), &format!("title eq \"{text}"), &format!("userName eq \"a\" {syntax}")] {
            if let Ok(filter) = Filter::parse(&USER, text) {
                filter.matches(&babs());
            }
            let _ = super::super::Path::parse(&USER, text);
        }
    }
}
