//! Whole resources, as POST and PUT bring them (RFC 7644 sections 3.3 and 3.5.1).

use super::text::{field, shown};
use super::values::parts;
use super::{Dialect, Mutability, Object, ResourceType, Returned, ScimError, ScimType};
use serde_json::Value;

/// A resource as it is kept: what a client may write, without what is never returned.
///
/// # Errors
/// `invalidSyntax` for what no schema names, `invalidValue` for wrong types and for what is required and missing.
pub fn accept(of: &ResourceType, body: Object, dialect: Dialect) -> Result<Object, ScimError> {
    names_its_schema(of, &body, dialect)?;
    let mut taken = Object::new();
    let mut core = Object::new();
    for (name, value) in body {
        match of.extension(&name) {
            Some(schema) => {
                let Value::Object(fields) = value else {
                    let detail = format!("`{}` must be an object", schema.id);
                    return Err(ScimError::new(ScimType::InvalidValue, detail));
                };
                let held = parts(&schema.id, fields, |name| schema.attribute(name), dialect)?;
                if !held.is_empty() {
                    taken.insert(schema.id.clone(), Value::Object(held));
                }
            }
            None => {
                core.insert(name, value);
            }
        }
    }
    taken.extend(parts(of.name, core, |name| of.attribute(name), dialect)?);
    is_whole(of, &taken)?;
    taken.retain(|name, _| of.attribute(name).is_none_or(|attribute| attribute.returned != Returned::Never));
    Ok(taken)
}

/// What a PUT makes of a resource. What cannot be changed any more stays, and must not be contradicted.
///
/// # Errors
/// As [`accept`], and `mutability`.
pub fn replace(of: &ResourceType, before: &Object, body: Object, dialect: Dialect) -> Result<Object, ScimError> {
    let mut after = accept(of, body, dialect)?;
    for attribute in of.attributes().filter(|attribute| attribute.mutability == Mutability::Immutable) {
        let Some(old) = before.get(&attribute.name) else { continue };
        let new = after.entry(attribute.name.clone()).or_insert_with(|| old.clone());
        if new != old {
            let detail = format!("`{}` cannot be changed once it is set", attribute.name);
            return Err(ScimError::new(ScimType::Mutability, detail));
        }
    }
    Ok(after)
}

fn names_its_schema(of: &ResourceType, body: &Object, dialect: Dialect) -> Result<(), ScimError> {
    let known = |id: &str| id.eq_ignore_ascii_case(&of.schema.id) || of.extension(id).is_some();
    let named = field(body, "schemas").and_then(Value::as_array).cloned().unwrap_or_default();
    let core = named.iter().any(|id| id.as_str().is_some_and(|id| id.eq_ignore_ascii_case(&of.schema.id)));
    if !core && dialect == Dialect::Strict {
        let detail = format!("`schemas` must name `{}`", of.schema.id);
        return Err(ScimError::new(ScimType::InvalidSyntax, detail));
    }
    match named.iter().find(|id| !id.as_str().is_some_and(known)) {
        Some(unknown) if !dialect.ignores_the_unknown() => {
            let detail = format!("{} is no schema of {}: see /ResourceTypes", shown(&unknown.to_string()), of.name);
            Err(ScimError::new(ScimType::InvalidSyntax, detail))
        }
        _ => Ok(()),
    }
}

/// That everything is there that must be.
pub(super) fn is_whole(of: &ResourceType, resource: &Object) -> Result<(), ScimError> {
    let is_there = |value: &Value| value.as_str().is_none_or(|text| !text.trim().is_empty());
    for attribute in of.attributes().filter(|attribute| attribute.required) {
        if !resource.get(&attribute.name).is_some_and(is_there) {
            return Err(ScimError::new(ScimType::InvalidValue, format!("`{}` is required", attribute.name)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{GROUP, USER};
    use super::*;
    use serde_json::json;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn taken(of: &ResourceType, body: Value, dialect: Dialect) -> Result<Value, ScimError> {
        accept(of, body.as_object().unwrap().clone(), dialect).map(Value::Object)
    }

    /// RFC 7643 section 8.3, without its longest lists.
    fn full() -> Value {
        json!({
            "schemas": [USER.schema.id, ENTERPRISE],
            "id": "2819c223-7f76-453a-919d-413861904646", "externalId": "701984", "userName": "bjensen@example.com",
            "name": {"formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "givenName": "Barbara",
                "middleName": "Jane", "honorificPrefix": "Ms.", "honorificSuffix": "III"},
            "displayName": "Babs Jensen", "nickName": "Babs", "profileUrl": "https://login.example.com/bjensen",
            "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true}, {"value": "babs@jensen.org", "type": "home"}],
            "addresses": [{"type": "work", "streetAddress": "100 Universal City Plaza", "locality": "Hollywood", "region": "CA",
                "postalCode": "91608", "country": "USA", "formatted": "100 Universal City Plaza\nHollywood, CA 91608 USA", "primary": true}],
            "phoneNumbers": [{"value": "555-555-5555", "type": "work"}],
            "ims": [{"value": "someaimhandle", "type": "aim"}],
            "photos": [{"value": "https://photos.example.com/profilephoto/72930000000Ccne/F", "type": "photo"}],
            "userType": "Employee", "title": "Tour Guide", "preferredLanguage": "en-US", "locale": "en-US",
            "timezone": "America/Los_Angeles", "active": true, "password": "t1meMa$heen",
            "groups": [{"value": "e9e30dba", "$ref": "../Groups/e9e30dba", "display": "Tour Guides"}],
            "x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVMx"}],
            ENTERPRISE: {"employeeNumber": "701984", "costCenter": "4130", "organization": "Universal Studios",
                "division": "Theme Park", "department": "Tour Operations",
                "manager": {"value": "26118915", "$ref": "../Users/26118915", "displayName": "John Smith"}},
            "meta": {"resourceType": "User", "created": "2010-01-23T04:56:22Z", "version": "W/\"3694e05e9dff591\""},
        })
    }

    #[test]
    fn the_users_of_the_rfc_are_taken_without_what_nobody_may_write_and_without_the_password() {
        let mut expected = full();
        for name in ["schemas", "id", "meta", "groups", "password"] {
            expected.as_object_mut().unwrap().remove(name);
        }
        expected[ENTERPRISE]["manager"].as_object_mut().unwrap().remove("displayName");
        assert_eq!(taken(&USER, full(), Dialect::Strict).unwrap(), expected);
    }

    #[test]
    fn names_are_written_in_any_case_and_what_is_empty_is_not_there() {
        let body = json!({"Schemas": [USER.schema.id.to_uppercase()], "USERNAME": "b", "name": {}, "emails": [], "title": null,
            ENTERPRISE.to_lowercase(): {"DEPARTMENT": "Tours"}});
        let expected = json!({"userName": "b", ENTERPRISE: {"department": "Tours"}});
        assert_eq!(taken(&USER, body, Dialect::Strict).unwrap(), expected);
    }

    #[test]
    fn what_is_wrong_with_a_resource_is_told_and_two_clients_are_known_to_send_more() {
        let user = |more: Value| {
            let mut body = json!({"schemas": [USER.schema.id], "userName": "b"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        for (body, told, entra) in [
            (json!({"userName": "b"}), "`schemas` must name", true),
            (json!({"schemas": [USER.schema.id]}), "`userName` is required", false),
            (user(json!({"userName": ""})), "`userName` is required", false),
            (user(json!({"salary": 1})), "`User` has no `salary`", true),
            (user(json!({"schemas": [USER.schema.id, "urn:example"]})), "is no schema of User", true),
            (user(json!({"urn:example": {}})), "has no `urn:example`", true),
            (user(json!({"active": "True"})), "`active` must be true or false", true),
            (user(json!({"active": "perhaps"})), "`active` must be true or false", false),
            (user(json!({"title": 1})), "`title` must be a text", false),
            (user(json!({"emails": {"value": "a"}})), "`emails` must be a list", true),
            (user(json!({"emails": ["a"]})), "`emails` must be an object", true),
            (user(json!({"name": [{"givenName": "a"}]})), "`name` must be one value", true),
            (user(json!({"x509Certificates": [{"value": "not base64"}]})), "`value` must be a text in base64", false),
            (
                user(json!({"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]})),
                "at most one",
                false,
            ),
            (user(json!({"username": "c"})), "`userName` is given twice", false),
            (user(json!({ENTERPRISE: "x"})), "must be an object", false),
        ] {
            let body_text = body.to_string();
            let error = taken(&USER, body.clone(), Dialect::Strict).expect_err(&body_text);
            assert!(error.detail.contains(told), "{body_text}: {error}");
            assert_eq!(taken(&USER, body, Dialect::Entra).is_ok(), entra, "{body_text}");
        }
    }

    #[test]
    fn a_replacement_leaves_nothing_of_before() {
        let before = json!({"displayName": "Tours", "members": [{"value": "1"}]});
        let body = json!({"schemas": [GROUP.schema.id], "displayName": "Guides"});
        let after = replace(&GROUP, before.as_object().unwrap(), body.as_object().unwrap().clone(), Dialect::Strict);
        assert_eq!(Value::Object(after.unwrap()), json!({"displayName": "Guides"}));
    }
}
