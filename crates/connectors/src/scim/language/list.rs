//! What a query asks for: filter, sorting and the page, RFC 7644 sections 3.4.2 and 3.4.3.

use super::filter::matches::order;
use super::text::field;
use super::values::is_primary;
use super::{Filter, Object, Place, ResourceType, ScimError, ScimType};
use serde_json::Value;
use std::cmp::Ordering;

/// A page when the client names no `count`.
const DEFAULT_COUNT: u64 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    Ascending,
    Descending,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub filter: Option<Filter>,
    pub sort: Option<(Place, Order)>,
    /// From 1.
    pub start: u64,
    /// 0 to [`Query::MAX_COUNT`].
    pub count: u64,
}

/// By what a resource is sorted.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey(Option<Value>);

impl Query {
    /// The most resources of one page.
    pub const MAX_COUNT: u64 = 1000;

    /// From the parameters of a GET.
    ///
    /// # Errors
    /// `invalidFilter`, or `invalidValue` for anything else.
    pub fn from_parameters(
        of: &ResourceType,
        parameter: impl for<'a> Fn(&'a str) -> Option<String>,
    ) -> Result<Self, ScimError> {
        let number = |name: &str| parameter(name).map(|text| whole(name, text.trim().parse().ok())).transpose();
        let (filter, sort_by, order) = (parameter("filter"), parameter("sortBy"), parameter("sortOrder"));
        Self::new(of, filter.as_deref(), sort_by.as_deref(), order.as_deref(), number("startIndex")?, number("count")?)
    }

    /// From the body of a `.search`.
    ///
    /// # Errors
    /// As [`Query::from_parameters`].
    pub fn from_body(of: &ResourceType, body: &Object) -> Result<Self, ScimError> {
        let text = |name: &str| match field(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(ScimError::new(ScimType::InvalidValue, format!("`{name}` must be a text"))),
        };
        let number = |name: &str| match field(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => whole(name, value.as_i64()).map(Some),
        };
        Self::new(of, text("filter")?, text("sortBy")?, text("sortOrder")?, number("startIndex")?, number("count")?)
    }

    fn new(
        of: &ResourceType,
        filter: Option<&str>,
        sort_by: Option<&str>,
        order: Option<&str>,
        start: Option<i64>,
        count: Option<i64>,
    ) -> Result<Self, ScimError> {
        let filter = filter.filter(|text| !text.trim().is_empty()).map(|text| Filter::parse(of, text)).transpose()?;
        let order = match order.map(str::to_ascii_lowercase).as_deref() {
            None | Some("ascending") => Order::Ascending,
            Some("descending") => Order::Descending,
            Some(_) => {
                let detail = "`sortOrder` must be ascending or descending";
                return Err(ScimError::new(ScimType::InvalidValue, detail));
            }
        };
        let place = sort_by.filter(|name| !name.is_empty()).map(|name| of.place(name)).transpose();
        let place = place.map_err(|error| ScimError::new(ScimType::InvalidValue, error.detail))?;
        let positive = |number: i64| u64::try_from(number).unwrap_or_default();
        Ok(Self {
            filter,
            sort: place.map(|place| (place, order)),
            start: start.map_or(1, positive).max(1),
            count: count.map_or(DEFAULT_COUNT, positive).min(Self::MAX_COUNT),
        })
    }

    /// The key of a whole resource: its primary value, or its first (RFC 7644 section 3.4.2.3).
    pub fn key(&self, resource: &Object) -> SortKey {
        let Some((place, _)) = self.sort else { return SortKey(None) };
        let held = match place.extension {
            Some(schema) => resource.get(&schema.id).and_then(Value::as_object),
            None => Some(resource),
        };
        let all = held.and_then(|held| held.get(&place.attribute.name)).and_then(Value::as_array);
        let at = all.and_then(|all| all.iter().position(is_primary)).unwrap_or_default();
        let values = place.values(resource);
        SortKey(values.get(at).or(values.first()).map(|value| (*value).clone()))
    }

    /// Which comes first. What has no value comes last, and first where the order is descending.
    pub fn compare(&self, a: &SortKey, b: &SortKey) -> Ordering {
        let Some((place, direction)) = self.sort else { return Ordering::Equal };
        let leaf = place.leaf();
        let leaf = leaf.value_part().unwrap_or(leaf);
        let ascending = match (&a.0, &b.0) {
            (Some(a), Some(b)) => order(leaf, a, b).unwrap_or(Ordering::Equal),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if direction == Order::Ascending { ascending } else { ascending.reverse() }
    }
}

fn whole(name: &str, number: Option<i64>) -> Result<i64, ScimError> {
    number.ok_or_else(|| ScimError::new(ScimType::InvalidValue, format!("`{name}` must be a whole number")))
}

#[cfg(test)]
mod tests {
    use super::super::USER;
    use super::*;
    use serde_json::json;

    fn query(parameters: &[(&str, &str)]) -> Result<Query, ScimError> {
        Query::from_parameters(&USER, |name| {
            parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_page_begins_at_one_and_has_no_negative_count() {
        for (parameters, start, count) in [
            (&[][..], 1, 100),
            (&[("startIndex", "0"), ("count", "-1")], 1, 0),
            (&[("startIndex", "11"), ("count", "10")], 11, 10),
            (&[("startIndex", "-7"), ("count", "100000")], 1, 1000),
        ] {
            let query = query(parameters).unwrap();
            assert_eq!((query.start, query.count), (start, count), "{parameters:?}");
        }
        for wrong in [("startIndex", "one"), ("count", "1.5"), ("sortOrder", "up"), ("sortBy", "salary")] {
            assert_eq!(query(&[wrong]).unwrap_err().kind, ScimType::InvalidValue, "{wrong:?}");
        }
        assert_eq!(query(&[("filter", "salary pr")]).unwrap_err().kind, ScimType::InvalidFilter);
    }

    #[test]
    fn people_are_sorted_by_their_primary_value_and_who_has_none_comes_last() {
        let people = [
            json!({"userName": "b", "emails": [{"value": "z"}, {"value": "A", "primary": true}]}),
            json!({"userName": "C", "emails": [{"value": "b"}]}),
            json!({"userName": "a"}),
        ];
        let sorted = |by: &str, order: &str| {
            let query = query(&[("sortBy", by), ("sortOrder", order)]).unwrap();
            let mut people: Vec<&Value> = people.iter().collect();
            people.sort_by(|a, b| {
                let key = |person: &Value| query.key(person.as_object().unwrap());
                query.compare(&key(a), &key(b))
            });
            people.iter().map(|person| person["userName"].as_str().unwrap()).collect::<String>()
        };
        assert_eq!(sorted("userName", "ascending"), "abC");
        assert_eq!(sorted("userName", "descending"), "Cba");
        assert_eq!(sorted("emails", "ascending"), "bCa");
        assert_eq!(sorted("emails.value", "descending"), "aCb");
    }

    #[test]
    fn a_search_says_the_same_in_a_body() {
        let body = json!({"filter": "userName pr", "sortBy": "userName", "sortOrder": "descending", "startIndex": 3, "count": 5});
        let parameters = [
            ("filter", "userName pr"),
            ("sortBy", "userName"),
            ("sortOrder", "descending"),
            ("startIndex", "3"),
            ("count", "5"),
        ];
        assert_eq!(Query::from_body(&USER, body.as_object().unwrap()), query(&parameters));
        for wrong in [json!({"filter": 1}), json!({"count": "5"})] {
            assert!(Query::from_body(&USER, wrong.as_object().unwrap()).is_err(), "{wrong}");
        }
    }
}
