//! The operations of RFC 7644 section 3.5.2, what they must refuse, and what two vendors document that their clients send.

use super::super::{Dialect, GROUP, Object, ResourceType, ScimError, ScimType, USER};
use super::{apply, operations};
use proptest::prelude::*;
use serde_json::{Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

fn patched(of: &ResourceType, before: Value, sent: Value, dialect: Dialect) -> Result<Value, ScimError> {
    let body = object(json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": sent}));
    let operations = operations(&body, dialect)?;
    apply(of, &object(before), &operations, dialect).map(Value::Object)
}

fn strict(of: &ResourceType, before: Value, sent: Value) -> Value {
    patched(of, before, sent.clone(), Dialect::Strict).unwrap_or_else(|error| panic!("{sent}: {error}"))
}

fn group(members: Value) -> Value {
    json!({"displayName": "Tour Guides", "members": members})
}

fn babs() -> Value {
    json!({"userName": "bjensen", "name": {"familyName": "Jensen", "givenName": "Barbara"},
        "emails": [{"value": "b@work", "type": "work", "primary": true}, {"value": "b@home", "type": "home"}],
        "addresses": [{"type": "work", "streetAddress": "100 Universal City Plaza"}]})
}

#[test]
fn the_operations_of_the_rfc_do_what_it_says() {
    let two = json!([{"value": "1"}, {"value": "2"}]);
    for (before, sent, after) in [
        // 3.5.2.1
        (
            group(json!([{"value": "1"}])),
            json!([{"op": "add", "path": "members", "value": [{"value": "2"}]}]),
            group(two.clone()),
        ),
        (group(two.clone()), json!([{"op": "add", "path": "members", "value": [{"value": "2"}]}]), group(two.clone())),
        // 3.5.2.2
        (
            group(two.clone()),
            json!([{"op": "remove", "path": "members[value eq \"2\"]"}]),
            group(json!([{"value": "1"}])),
        ),
        (group(two.clone()), json!([{"op": "remove", "path": "members"}]), json!({"displayName": "Tour Guides"})),
        (
            group(two.clone()),
            json!([{"op": "remove", "path": "members[value eq \"1\"]"}, {"op": "add", "path": "members", "value": [{"value": "3"}]}]),
            group(json!([{"value": "2"}, {"value": "3"}])),
        ),
        // 3.5.2.3
        (
            group(two.clone()),
            json!([{"op": "replace", "path": "members", "value": [{"value": "4", "display": "Babs Jensen", "$ref": "https://example.com/v2/Users/4"}]}]),
            group(json!([{"value": "4", "$ref": "https://example.com/v2/Users/4"}])),
        ),
    ] {
        assert_eq!(strict(&GROUP, before, sent.clone()), after, "{sent}");
    }
    let changed = |path: &str, value: Value| {
        let mut person = babs();
        *person.pointer_mut(path).unwrap() = value;
        person
    };
    for (sent, after) in [
        (
            json!([{"op": "replace", "path": "addresses[type eq \"work\"].streetAddress", "value": "911 Universal City Plaza"}]),
            changed("/addresses/0/streetAddress", json!("911 Universal City Plaza")),
        ),
        (
            json!([{"op": "replace", "path": "addresses[type eq \"work\"]", "value": {"type": "work", "country": "US"}}]),
            changed("/addresses", json!([{"type": "work", "country": "US"}])),
        ),
        (
            json!([{"op": "replace", "path": "name.familyName", "value": "Smith"}]),
            changed("/name/familyName", json!("Smith")),
        ),
        (
            json!([{"op": "replace", "value": {"name": {"familyName": "Smith"}}}]),
            changed("/name/familyName", json!("Smith")),
        ),
        (
            json!([{"op": "remove", "path": "emails[type eq \"work\" and value ew \"work\"]"}]),
            changed("/emails", json!([{"value": "b@home", "type": "home"}])),
        ),
        (json!([{"op": "remove", "path": "emails[type eq \"other\"]"}]), babs()),
        (
            json!([{"op": "add", "value": {"emails": [{"value": "b@new", "primary": true}]}}]),
            changed(
                "/emails",
                json!([{"value": "b@work", "type": "work", "primary": false}, {"value": "b@home", "type": "home"}, {"value": "b@new", "primary": true}]),
            ),
        ),
        (
            json!([{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}]),
            changed(
                "/emails",
                json!([{"value": "b@work", "type": "work", "primary": false}, {"value": "b@home", "type": "home", "primary": true}]),
            ),
        ),
    ] {
        assert_eq!(strict(&USER, babs(), sent.clone()), after, "{sent}");
    }
    let added = strict(
        &USER,
        json!({"userName": "b"}),
        json!([{"op": "add", "path": format!("{ENTERPRISE}:manager.value"), "value": "26"}]),
    );
    assert_eq!(added, json!({"userName": "b", ENTERPRISE: {"manager": {"value": "26"}}}));
    let whole = strict(
        &USER,
        added,
        json!([{"op": "replace", "path": ENTERPRISE, "value": {"schemas": [ENTERPRISE], "department": "Tours", "manager": null}}]),
    );
    assert_eq!(whole, json!({"userName": "b", ENTERPRISE: {"department": "Tours"}}));
    let none = strict(&USER, whole, json!([{"op": "remove", "path": format!("{ENTERPRISE}:department")}]));
    assert_eq!(none, json!({"userName": "b"}));
}

#[test]
fn what_cannot_be_done_is_refused_by_its_own_name_and_nothing_of_it_happens() {
    use ScimType::{InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget};
    for (sent, kind) in [
        (json!([]), InvalidSyntax),
        (json!([{"op": "move", "path": "title"}]), InvalidSyntax),
        (json!([{"op": "add", "path": "title"}]), InvalidSyntax),
        (json!([{"op": "add", "value": "title"}]), InvalidSyntax),
        (json!([{"op": "add", "value": {"salary": 1}}]), InvalidSyntax),
        (json!([{"op": "add", "path": "name", "value": {"nick": "b"}}]), InvalidSyntax),
        (json!([{"op": "remove"}]), NoTarget),
        (json!([{"op": "replace", "path": "emails[type eq \"other\"].value", "value": "x"}]), NoTarget),
        (json!([{"op": "replace", "path": "photos.type", "value": "x"}]), NoTarget),
        (json!([{"op": "add", "path": "salary", "value": 1}]), InvalidPath),
        (json!([{"op": "add", "path": "emails[type eq \"work\"]value", "value": "x"}]), InvalidPath),
        (json!([{"op": "add", "path": "name[givenName pr].familyName", "value": "x"}]), InvalidPath),
        (json!([{"op": "add", "path": "emails[type is \"work\"]", "value": {}}]), InvalidFilter),
        (json!([{"op": "add", "path": "active", "value": "True"}]), InvalidValue),
        (
            json!([{"op": "add", "path": "emails", "value": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}]),
            InvalidValue,
        ),
        (json!([{"op": "replace", "path": "emails.primary", "value": true}]), InvalidValue),
        (json!([{"op": "remove", "path": "userName"}]), Mutability),
        (json!([{"op": "replace", "path": "userName", "value": null}]), Mutability),
        (json!([{"op": "replace", "path": "userName", "value": " "}]), Mutability),
        (json!([{"op": "replace", "path": "id", "value": "2"}]), Mutability),
        (json!([{"op": "add", "path": "groups", "value": [{"value": "2"}]}]), Mutability),
        (json!([{"op": "replace", "path": "meta.created", "value": "2011-05-13T04:42:34Z"}]), Mutability),
        (
            json!([{"op": "replace", "path": "title", "value": "Guide"}, {"op": "remove", "path": "userName"}]),
            Mutability,
        ),
    ] {
        let error = patched(&USER, babs(), sent.clone(), Dialect::Strict).expect_err(&sent.to_string());
        assert_eq!(error.kind, kind, "{sent}: {error}");
    }
    let renamed = json!([{"op": "replace", "path": "members[value eq \"1\"].value", "value": "2"}]);
    assert_eq!(patched(&GROUP, group(json!([{"value": "1"}])), renamed, Dialect::Strict).unwrap_err().kind, Mutability);
    let listed = json!([{"op": "remove", "path": "members", "value": [{"value": "1"}]}]);
    let refused = patched(&GROUP, group(json!([{"value": "1"}, {"value": "2"}])), listed, Dialect::Strict).unwrap_err();
    assert_eq!(refused.kind, InvalidSyntax, "a removal that lists values does not empty the group");
    assert!(
        operations(&object(json!({"Operations": [{"op": "add", "path": "title", "value": "x"}]})), Dialect::Strict)
            .is_err()
    );
}

#[test]
fn a_password_is_taken_and_not_kept() {
    let sent = json!([{"op": "replace", "value": {"password": "correct horse", "title": "Guide"}}]);
    let after = strict(&USER, json!({"userName": "b"}), sent);
    assert_eq!(after, json!({"userName": "b", "title": "Guide"}));
}

fn entra(of: &ResourceType, before: Value, sent: Value) -> Value {
    patched(of, before, sent.clone(), Dialect::Entra).unwrap_or_else(|error| panic!("{sent}: {error}"))
}

#[test]
fn entra_sends_booleans_as_text_and_empties_a_group() {
    let off = json!([{"op": "Replace", "path": "active", "value": "False"}]);
    assert_eq!(
        entra(&USER, json!({"userName": "b", "active": true}), off.clone()),
        json!({"userName": "b", "active": false})
    );
    assert!(patched(&USER, json!({"userName": "b"}), off, Dialect::Strict).is_err());
    let (one, two) = (json!([{"value": "1"}]), json!([{"value": "1"}, {"value": "2"}]));
    let remove = |ids: Value| json!([{"op": "Remove", "path": "members", "value": ids}]);
    assert_eq!(entra(&GROUP, group(two), remove(json!([{"$ref": null, "value": "2"}]))), group(one.clone()));
    assert_eq!(entra(&GROUP, group(one.clone()), remove(one.clone())), json!({"displayName": "Tour Guides"}));
    assert_eq!(entra(&GROUP, group(one.clone()), remove(json!([{"value": "9"}]))), group(one));
}

#[test]
fn entra_updates_a_value_that_is_not_there_yet_and_writes_paths_as_keys() {
    let made = entra(
        &USER,
        json!({"userName": "b"}),
        json!([
            {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "b@example.com"},
            {"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "1"},
            {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "c@example.com"},
        ]),
    );
    let expected = json!({"userName": "b", "emails": [{"type": "work", "value": "c@example.com"}],
        "phoneNumbers": [{"type": "mobile", "value": "1"}]});
    assert_eq!(made, expected);
    let keys = entra(
        &USER,
        babs(),
        json!([{"op": "replace", "value": {
        "displayName": "Babs", "name.givenName": "Barb", "emails[type eq \"work\"].value": "b@new",
        format!("{ENTERPRISE}:department"): "Tours", "active": "True", "customThing": 1}}]),
    );
    assert_eq!((&keys["name"]["givenName"], &keys["name"]["familyName"]), (&json!("Barb"), &json!("Jensen")));
    assert_eq!((&keys["emails"][0]["value"], &keys[ENTERPRISE]["department"]), (&json!("b@new"), &json!("Tours")));
    assert_eq!((&keys["active"], &keys["customThing"]), (&json!(true), &Value::Null));
}

#[test]
fn entra_sends_a_manager_in_a_list_of_one_or_as_a_text() {
    let path = format!("{ENTERPRISE}:manager");
    for value in [json!([{"$ref": "https://x/Users/7", "value": "7"}]), json!("7"), json!({"value": "7"})] {
        let made = entra(&USER, json!({"userName": "b"}), json!([{"op": "Add", "path": path, "value": value}]));
        assert_eq!(made[ENTERPRISE]["manager"]["value"], "7");
    }
    let gone = entra(
        &USER,
        json!({"userName": "b", ENTERPRISE: {"manager": {"value": "7"}}}),
        json!([{"op": "Remove", "path": path}]),
    );
    assert_eq!(gone, json!({"userName": "b"}));
}

#[test]
fn okta_switches_off_a_user_and_repeats_the_id_of_a_group() {
    let okta = |of: &ResourceType, before: Value, sent: Value| patched(of, before, sent, Dialect::Okta).unwrap();
    let off =
        okta(&USER, json!({"userName": "b", "active": true}), json!([{"op": "replace", "value": {"active": false}}]));
    assert_eq!(off, json!({"userName": "b", "active": false}));
    let named =
        okta(&GROUP, group(json!([])), json!([{"op": "replace", "value": {"id": "abf4dd94", "displayName": "New"}}]));
    assert_eq!(named["displayName"], "New");
    let strictly = json!([{"op": "replace", "value": {"id": "abf4dd94", "displayName": "New"}}]);
    assert_eq!(patched(&GROUP, group(json!([])), strictly, Dialect::Strict).unwrap_err().kind, ScimType::Mutability);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z\" ]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let key = prop::sample::select(vec![
            "value",
            "type",
            "primary",
            "name",
            "emails",
            "active",
            "givenName",
            "members",
            ENTERPRISE,
            "x",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(key.prop_map(str::to_owned), inner, 0..3).prop_map(|fields| json!(fields)),
        ]
    })
}

fn any_path() -> impl Strategy<Value = Option<String>> {
    let known = vec![
        "emails",
        "emails[type eq \"work\"]",
        "emails[type eq \"x\"].value",
        "name",
        "name.givenName",
        "active",
        "userName",
        "emails.primary",
        "id",
        ENTERPRISE,
        "externalId",
        "title",
        "nothing",
        "password",
        "schemas",
    ];
    prop::option::of(prop_oneof![prop::sample::select(known).prop_map(str::to_owned), "[a-z.\\[\\]\" ]{0,12}"])
}

proptest! {
    /// Whatever is sent, what is left is a user that a POST would bring, and doing it again changes nothing that a
    /// replacement says.
    #[test]
    fn whatever_is_sent_leaves_a_user_or_everything_as_it_was(
        op in prop::sample::select(vec!["add", "replace", "remove"]),
        path in any_path(),
        value in any_value(),
        dialect in prop::sample::select(Dialect::ALL.to_vec()),
    ) {
        let sent = json!([{"op": op, "path": path, "value": value}]);
        if let Ok(after) = patched(&USER, babs(), sent.clone(), dialect) {
            let mut whole = object(after.clone());
            whole.insert("schemas".to_owned(), json!([USER.schema.id]));
            prop_assert_eq!(super::super::accept(&USER, whole, Dialect::Strict).map(Value::Object), Ok(after.clone()), "{}", sent);
            if op == "replace" && path.as_ref().is_some_and(|path| !path.contains('[')) {
                prop_assert_eq!(patched(&USER, after.clone(), sent, dialect), Ok(after));
            }
        }
    }
}
