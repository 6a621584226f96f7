//! Which attributes an answer has: `attributes` and `excludedAttributes` (RFC 7644 section 3.9), and what the schema says
//! is always, never or only on request returned.

use super::{Attribute, Object, Path, Place, ResourceType, Returned};
use serde_json::Value;

/// Names that no schema of the type has are left out, so that one projection serves several types.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Projection {
    only: Option<Vec<Path>>,
    without: Vec<Path>,
}

impl Projection {
    /// Reads names such as `userName` and `name.familyName`.
    pub fn new<'a>(
        of: &ResourceType,
        only: impl IntoIterator<Item = &'a str>,
        without: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let named = |name: &str| (!name.trim().is_empty()).then(|| Path::parse(of, name.trim()));
        let mut asked = false;
        let mut kept = Vec::new();
        for path in only.into_iter().filter_map(named) {
            asked = true;
            kept.extend(path);
        }
        let without = without.into_iter().filter_map(named).flatten().collect();
        Self { only: asked.then_some(kept), without }
    }

    /// What is shown of a whole resource.
    pub fn shown(&self, of: &ResourceType, resource: &Object) -> Object {
        let mut shown = Object::new();
        for (name, value) in resource {
            let part = match (of.extension(name), of.attribute(name)) {
                (Some(schema), _) => {
                    let Some(fields) = value.as_object() else { continue };
                    let named = |path: &Path| matches!(path, Path::Extension(extension) if extension.0.id == schema.id);
                    let whole = self.only.as_ref().is_some_and(|only| only.iter().any(named));
                    if self.without.iter().any(named) {
                        continue;
                    }
                    let mut held = Object::new();
                    for (name, value) in fields {
                        let Some(attribute) = schema.attribute(name) else { continue };
                        let place = Place { extension: Some(schema), attribute, part: None };
                        if let Some(value) = self.of_attribute(place, value, whole) {
                            held.insert(name.clone(), value);
                        }
                    }
                    (!held.is_empty()).then_some(Value::Object(held))
                }
                (None, Some(attribute)) => {
                    self.of_attribute(Place { extension: None, attribute, part: None }, value, false)
                }
                (None, None) => None,
            };
            if let Some(part) = part {
                shown.insert(name.clone(), part);
            }
        }
        shown
    }

    fn of_attribute(&self, place: Place, value: &Value, asked_for: bool) -> Option<Value> {
        match place.attribute.returned {
            Returned::Never => return None,
            Returned::Always => return Some(value.clone()),
            Returned::Default | Returned::Request => {}
        }
        let of_this = |paths: &[Path]| -> Vec<Option<&'static Attribute>> {
            let parts = paths.iter().filter_map(|path| match path {
                Path::At { place: named, .. } => (Place { part: None, ..*named } == place).then_some(named.part),
                Path::Extension(_) => None,
            });
            parts.collect()
        };
        let without = of_this(&self.without);
        if without.contains(&None) {
            return None;
        }
        let only = self.only.as_deref().map(of_this);
        match only {
            Some(only) if asked_for || only.contains(&None) => Some(stripped(value, &without)),
            Some(only) if only.is_empty() => None,
            Some(only) => Some(narrowed(value, &only)),
            None if place.attribute.returned == Returned::Request => None,
            None => Some(stripped(value, &without)),
        }
    }
}

fn each(value: &Value, keep: &dyn Fn(&str) -> bool) -> Value {
    match value {
        Value::Array(values) => values.iter().map(|value| each(value, keep)).collect(),
        Value::Object(parts) => {
            let kept = parts.iter().filter(|(name, _)| keep(name)).map(|(name, value)| (name.clone(), value.clone()));
            Value::Object(kept.collect())
        }
        plain => plain.clone(),
    }
}

fn narrowed(value: &Value, parts: &[Option<&'static Attribute>]) -> Value {
    each(value, &|name| parts.iter().flatten().any(|part| part.name == name))
}

fn stripped(value: &Value, parts: &[Option<&'static Attribute>]) -> Value {
    if parts.is_empty() {
        value.clone()
    } else {
        each(value, &|name| !parts.iter().flatten().any(|part| part.name == name))
    }
}

#[cfg(test)]
mod tests {
    use super::super::USER;
    use super::*;
    use serde_json::json;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    #[test]
    fn what_is_asked_for_is_shown_and_never_without_id_or_with_the_password() {
        let person = json!({"schemas": [USER.schema.id], "id": "1", "userName": "b", "password": "p",
            "name": {"givenName": "B", "familyName": "J"}, "emails": [{"value": "a", "type": "work"}],
            ENTERPRISE: {"department": "Tours", "division": "Parks"}});
        let department = format!("{ENTERPRISE}:department");
        for (only, without, shown) in [
            (
                vec![],
                vec![],
                "schemas id userName name.givenName name.familyName emails.value emails.type e.department e.division",
            ),
            (vec!["userName"], vec![], "schemas id userName"),
            (vec!["USERNAME", " name.givenName "], vec![], "schemas id userName name.givenName"),
            (vec!["emails.value", "password"], vec![], "schemas id emails.value"),
            (vec![department.as_str()], vec![], "schemas id e.department"),
            (vec![ENTERPRISE], vec![], "schemas id e.department e.division"),
            (vec!["nothing"], vec![], "schemas id"),
            (vec![""], vec!["name", "emails.type", "id", ENTERPRISE], "schemas id userName emails.value"),
            (vec![], vec!["name.familyName", &department, "emails"], "schemas id userName name.givenName e.division"),
        ] {
            let found = Projection::new(&USER, only.clone(), without.clone()).shown(&USER, person.as_object().unwrap());
            let mut names = Vec::new();
            for (name, value) in &found {
                let short = if name == ENTERPRISE { "e" } else { name };
                match value.as_array().and_then(|all| all[0].as_object()).or(value.as_object()) {
                    Some(parts) => names.extend(parts.keys().map(|part| format!("{short}.{part}"))),
                    None => names.push(short.to_owned()),
                }
            }
            names.sort();
            let mut expected: Vec<&str> = shown.split(' ').collect();
            expected.sort_unstable();
            assert_eq!(names, expected, "{only:?} {without:?}");
        }
    }
}
