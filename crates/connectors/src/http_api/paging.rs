//! From one page of a list to the next, as APIs do it. Asks nothing: a page in, where the next one is out.

use super::description::{List, Pointer};
use super::template::encoded;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// How a list comes in pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Paging {
    /// All of it comes at once.
    #[default]
    None,
    /// The answer says a word that the next call repeats.
    Cursor { at: Pointer, parameter: String },
    /// Pages have numbers; the first without anything is after the last.
    Page {
        parameter: String,
        #[serde(default = "one")]
        first: u64,
    },
    /// The answer says the address of the next page: in the header `Link` (RFC 8288), in another one, or in itself.
    Link {
        #[serde(default)]
        header: Option<String>,
        #[serde(default)]
        at: Option<Pointer>,
    },
    /// The call says how many to leave out; a page without anything is after the last.
    Offset { parameter: String },
}

const fn one() -> u64 {
    1
}

/// A list that is being read.
pub(super) struct Walk<'a> {
    list: &'a List,
    /// The address of the first page, without the server.
    first: String,
    origin: &'a str,
    pages: u64,
    items: u64,
}

/// Where the walk goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Page(String),
    /// It was the last, and all of them came.
    Over,
}

impl<'a> Walk<'a> {
    pub(super) fn new(list: &'a List, first: String, origin: &'a str) -> Self {
        Self { list, first, origin, pages: 0, items: 0 }
    }

    pub(super) fn first(&self) -> String {
        match &self.list.paging {
            Paging::Page { parameter, first } => with(&self.first, parameter, &first.to_string()),
            Paging::Offset { parameter } => with(&self.first, parameter, "0"),
            Paging::None | Paging::Cursor { .. } | Paging::Link { .. } => self.first.clone(),
        }
    }

    /// What of the answer are the items.
    ///
    /// # Errors
    /// Why it is no page of a list.
    pub(super) fn items<'v>(&mut self, answer: &'v Value) -> Result<&'v [Value], &'static str> {
        let items = self.list.items.of(answer).and_then(Value::as_array);
        let items = items.ok_or("a page has no list where its items should be")?;
        self.pages += 1;
        self.items += items.len() as u64;
        Ok(items)
    }

    /// # Errors
    /// Why the list is not to be believed.
    pub(super) fn next(&self, answer: &Value, headers: &HeaderMap, count: usize) -> Result<Next, &'static str> {
        let next = match &self.list.paging {
            Paging::None => None,
            Paging::Cursor { at, parameter } => cursor(at.of(answer))?.map(|word| with(&self.first, parameter, &word)),
            Paging::Page { parameter, first } => {
                (count > 0).then(|| with(&self.first, parameter, &(first + self.pages).to_string()))
            }
            Paging::Offset { parameter } => (count > 0).then(|| with(&self.first, parameter, &self.items.to_string())),
            Paging::Link { header, at } => {
                let found = match at {
                    Some(at) => cursor(at.of(answer))?,
                    None => linked(headers, header.as_deref()),
                };
                found.map(|address| self.here(&address)).transpose()?
            }
        };
        let total = match &self.list.total {
            Some(at) => Some(at.of(answer).and_then(Value::as_u64).ok_or("it does not say how many there are")?),
            None => None,
        };
        match (next, total) {
            (_, Some(total)) if self.items > total => Err("there are more than it says"),
            (Some(_), Some(total)) if self.items == total => Ok(Next::Over),
            (None, Some(total)) if self.items < total => Err("there are less than it says"),
            (Some(next), _) => Ok(Next::Page(next)),
            (None, _) => Ok(Next::Over),
        }
    }

    /// An address that the target says is one of its own, or nothing is asked there: whoever is asked gets the token.
    fn here(&self, address: &str) -> Result<String, &'static str> {
        let place = address.strip_prefix(self.origin).unwrap_or(address);
        if place.starts_with('/') && !place.starts_with("//") {
            Ok(place.to_owned())
        } else {
            Err("the next page is on another server")
        }
    }
}

fn cursor(found: Option<&Value>) -> Result<Option<String>, &'static str> {
    match found {
        None => Ok(None),
        Some(Value::String(word)) if word.is_empty() => Ok(None),
        Some(Value::String(word)) => Ok(Some(word.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err("where the next page is said is neither a text nor a number"),
    }
}

/// The address of the relation `next` (RFC 8288, 3), or the whole of another header.
fn linked(headers: &HeaderMap, header: Option<&str>) -> Option<String> {
    if let Some(name) = header.filter(|name| !name.eq_ignore_ascii_case("link")) {
        return headers.get(name)?.to_str().ok().map(str::to_owned);
    }
    let all = headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(",<").flat_map(|part| part.split(", <"))).find_map(|link| {
        let (address, parameters) = link.trim_start_matches('<').split_once('>')?;
        let is_next = |parameter: &str| {
            let (name, value) = parameter.trim().split_once('=').unwrap_or_default();
            name.eq_ignore_ascii_case("rel") && value.trim_matches('"').split(' ').any(|rel| rel == "next")
        };
        parameters.split(';').any(is_next).then(|| address.to_owned())
    })
}

fn with(place: &str, parameter: &str, value: &str) -> String {
    let joint = if place.contains('?') { '&' } else { '?' };
    format!("{place}{joint}{}={}", encoded(parameter), encoded(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn list(paging: &str) -> List {
        serde_saphyr::from_str(&format!("path: /users?limit=2\nitems: /data\n{paging}")).unwrap()
    }

    /// Where a walk goes after a page with two items, and after one without.
    fn after(paging: &str, answer: Value, headers: &HeaderMap) -> Vec<Result<Next, &'static str>> {
        let list = list(paging);
        let mut walk = Walk::new(&list, "/v1/users?limit=2".to_owned(), "https://api.example:443");
        let mut after = |data: Value| {
            let mut answer = answer.clone();
            answer["data"] = data;
            let count = walk.items(&answer).unwrap().len();
            walk.next(&answer, headers, count)
        };
        vec![after(json!([1, 2])), after(json!([]))]
    }

    #[test]
    fn each_way_of_paging_finds_the_next_page_and_its_end() {
        let page = |place: &str| Ok(Next::Page(place.to_owned()));
        let none = HeaderMap::new();
        let link = |value: &str| HeaderMap::from_iter([(reqwest::header::LINK, value.parse().unwrap())]);
        for (paging, answer, headers, expected) in [
            ("", json!({}), &none, [Ok(Next::Over), Ok(Next::Over)]),
            (
                "paging: {cursor: {at: /next, parameter: after}}",
                json!({"next": "a b&c"}),
                &none,
                [page("/v1/users?limit=2&after=a%20b%26c"), page("/v1/users?limit=2&after=a%20b%26c")],
            ),
            (
                "paging: {cursor: {at: /next, parameter: after}}",
                json!({"next": ""}),
                &none,
                [Ok(Next::Over), Ok(Next::Over)],
            ),
            ("paging: {page: {parameter: p}}", json!({}), &none, [page("/v1/users?limit=2&p=2"), Ok(Next::Over)]),
            (
                "paging: {page: {parameter: p, first: 0}}",
                json!({}),
                &none,
                [page("/v1/users?limit=2&p=1"), Ok(Next::Over)],
            ),
            (
                "paging: {offset: {parameter: skip}}",
                json!({}),
                &none,
                [page("/v1/users?limit=2&skip=2"), Ok(Next::Over)],
            ),
            (
                "paging: {link: {}}",
                json!({}),
                &link("<https://api.example:443/v1/users?p=1>; rel=\"first\", </v1/users?p=2>; rel=\"next\""),
                [page("/v1/users?p=2"), page("/v1/users?p=2")],
            ),
            (
                "paging: {link: {at: /next}}",
                json!({"next": "https://api.example:443/v1/users?p=2"}),
                &none,
                [page("/v1/users?p=2"), page("/v1/users?p=2")],
            ),
            (
                "total: /total\npaging: {offset: {parameter: skip}}",
                json!({"total": 3}),
                &none,
                [page("/v1/users?limit=2&skip=2"), Err("there are less than it says")],
            ),
            (
                "total: /total",
                json!({"total": 1}),
                &none,
                [Err("there are more than it says"), Err("there are more than it says")],
            ),
        ] {
            assert_eq!(after(paging, answer, headers), expected, "{paging}");
        }
    }

    #[test]
    fn a_next_page_on_another_server_is_not_asked_for() {
        for address in [
            "https://evil.example/v1",
            "//evil.example/v1",
            "https://api.example:443.evil.example/",
            "http://api.example:443/",
            "v1/users",
        ] {
            let answer = json!({"next": address});
            let next = after("paging: {link: {at: /next}}", answer, &HeaderMap::new());
            assert_eq!(next[0], Err("the next page is on another server"), "{address}");
        }
    }
}
