//! Reads a filter. The grammar is that of RFC 7644 figure 1; `attribute[filter].part operator value` is read too, which
//! clients send. `and` binds tighter than `or`.

use super::super::path::named;
use super::super::text::shown;
use super::super::{Attribute, Kind, Place, ResourceType, ScimError, ScimType};
use super::{Filter, MAX_DEPTH, MAX_FILTER_BYTES, Operator, Test};
use serde_json::Value;

/// Which names a filter may use.
#[derive(Clone, Copy)]
enum Names<'a> {
    Of(&'a ResourceType),
    /// The parts of a complex attribute, inside brackets.
    PartsOf(&'static Attribute),
}

impl Names<'_> {
    fn place(self, name: &str) -> Result<Place, ScimError> {
        match self {
            Self::Of(of) => named(of, name).map_err(|error| ScimError::new(ScimType::InvalidFilter, error.detail)),
            Self::PartsOf(attribute) => {
                let attribute = attribute.part(name).ok_or_else(|| {
                    let (part, whole) = (shown(name), &attribute.name);
                    ScimError::new(ScimType::InvalidFilter, format!("`{whole}` has no part `{part}`; see /Schemas"))
                })?;
                Ok(Place { extension: None, attribute, part: None })
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

pub(super) fn whole(of: &ResourceType, text: &str) -> Result<Filter, ScimError> {
    let mut reader = Reader::new(text)?;
    let test = reader.any(Names::Of(of))?;
    if !reader.rest().is_empty() {
        return Err(reader.wrong("`and`, `or` or the end was expected"));
    }
    Ok(Filter(test))
}

/// Reads what stands in brackets, behind the opening one; gives what stands behind the closing one too.
pub(in super::super) fn bracketed<'a>(
    attribute: &'static Attribute,
    text: &'a str,
) -> Result<(Filter, &'a str), ScimError> {
    let mut reader = Reader::new(text)?;
    let test = reader.any(Names::PartsOf(attribute))?;
    reader.expect("]")?;
    Ok((Filter(test), &text[reader.at..]))
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Result<Self, ScimError> {
        if text.len() > MAX_FILTER_BYTES {
            let detail = format!("a filter has at most {MAX_FILTER_BYTES} bytes: ask for less at once");
            return Err(ScimError::new(ScimType::InvalidFilter, detail));
        }
        Ok(Self { text, at: 0, depth: 0 })
    }

    /// What is left, without white space in front.
    fn rest(&mut self) -> &'a str {
        let left = &self.text[self.at..];
        let rest = left.trim_start_matches(' ');
        self.at += left.len() - rest.len();
        rest
    }

    fn wrong(&self, why: &str) -> ScimError {
        let at = self.text[..self.at].chars().count() + 1;
        ScimError::new(ScimType::InvalidFilter, format!("`{}`, character {at}: {why}", shown(self.text)))
    }

    fn expect(&mut self, symbol: &str) -> Result<(), ScimError> {
        if !self.rest().starts_with(symbol) {
            return Err(self.wrong(&format!("`{symbol}` was expected")));
        }
        self.at += symbol.len();
        Ok(())
    }

    /// Takes a word that stands there alone.
    fn takes(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let stands = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            && rest[word.len()..].starts_with([' ', '(']);
        if stands {
            self.at += word.len();
        }
        stands
    }

    fn any(&mut self, names: Names<'_>) -> Result<Test, ScimError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong("it is nested too deeply"));
        }
        let mut tests = vec![self.all(names)?];
        while self.takes("or") {
            tests.push(self.all(names)?);
        }
        self.depth -= 1;
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) })
    }

    fn all(&mut self, names: Names<'_>) -> Result<Test, ScimError> {
        let mut tests = vec![self.one(names)?];
        while self.takes("and") {
            tests.push(self.one(names)?);
        }
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::All(tests) })
    }

    fn one(&mut self, names: Names<'_>) -> Result<Test, ScimError> {
        let negated = self.takes("not");
        if negated || self.rest().starts_with('(') {
            self.expect("(")?;
            let test = self.any(names)?;
            self.expect(")")?;
            return Ok(if negated { Test::Not(Box::new(test)) } else { test });
        }
        let start = self.at;
        let name = self.word();
        if name.is_empty() {
            return Err(self.wrong("the name of an attribute was expected"));
        }
        let place = names.place(name)?;
        if self.text[self.at..].starts_with('[') {
            return self.within(names, place, start);
        }
        self.compared(place)
    }

    /// `[filter]`, and perhaps `.part operator value`, behind the name of an attribute.
    fn within(&mut self, names: Names<'_>, place: Place, start: usize) -> Result<Test, ScimError> {
        let complex = !place.attribute.sub_attributes.is_empty() && place.part.is_none();
        if !complex || matches!(names, Names::PartsOf(_)) {
            self.at = start;
            return Err(self.wrong("only a complex attribute takes a filter in brackets"));
        }
        self.at += 1;
        let inner = self.any(Names::PartsOf(place.attribute))?;
        self.expect("]")?;
        if !self.text[self.at..].starts_with('.') {
            return Ok(Test::Within(place, Box::new(inner)));
        }
        self.at += 1;
        let name = self.word();
        let part = Names::PartsOf(place.attribute).place(name)?;
        let compared = self.compared(part)?;
        Ok(Test::Within(place, Box::new(Test::All(vec![inner, compared]))))
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$' | ':' | '.');
        let end = rest.find(|c| !named(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn compared(&mut self, place: Place) -> Result<Test, ScimError> {
        let before = self.at;
        let operator = match self.word().to_ascii_lowercase().as_str() {
            "pr" => return Ok(Test::Present(place)),
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "co" => Operator::Co,
            "sw" => Operator::Sw,
            "ew" => Operator::Ew,
            "gt" => Operator::Gt,
            "ge" => Operator::Ge,
            "lt" => Operator::Lt,
            "le" => Operator::Le,
            _ => {
                self.at = before;
                return Err(self.wrong("an operator was expected: eq, ne, co, sw, ew, pr, gt, ge, lt or le"));
            }
        };
        let value = self.value()?;
        let kind = compared_kind(place);
        match fits(kind, operator, value) {
            Some(value) => Ok(Test::Compare { place, operator, value }),
            None => {
                self.at = before;
                Err(self.wrong("the attribute cannot be compared so"))
            }
        }
    }

    /// A JSON value without structure.
    fn value(&mut self) -> Result<Value, ScimError> {
        let rest = self.rest();
        let end = match rest.strip_prefix('"') {
            Some(inner) => text_end(inner).map(|end| end + 2),
            None => Some(rest.find([' ', ')', ']']).unwrap_or(rest.len())),
        };
        let literal = end.and_then(|end| rest.get(..end)).unwrap_or_default();
        let plain = if literal.starts_with('"') { literal.to_owned() } else { literal.to_ascii_lowercase() };
        match serde_json::from_str(&plain) {
            Ok(value) => {
                self.at += literal.len();
                Ok(value)
            }
            Err(_) => Err(self.wrong("a value was expected: a text in quotes, a number, true, false or null")),
        }
    }
}

/// Where the closing quote stands.
fn text_end(inner: &str) -> Option<usize> {
    let mut escaped = false;
    inner.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

/// The type that is compared: that of its `value` for a complex attribute.
fn compared_kind(place: Place) -> Kind {
    let leaf = place.leaf();
    leaf.value_part().map_or(leaf.kind, |value| value.kind)
}

/// The value as it is compared, or `None` when an attribute of this type is not compared so.
fn fits(kind: Kind, operator: Operator, value: Value) -> Option<Value> {
    let equality = matches!(operator, Operator::Eq | Operator::Ne);
    let within = matches!(operator, Operator::Co | Operator::Sw | Operator::Ew);
    match (kind, value) {
        (_, Value::Null) if equality => Some(Value::Null),
        (Kind::Boolean, Value::Bool(value)) if equality => Some(value.into()),
        // Entra ID writes them as text.
        (Kind::Boolean, Value::String(text)) if equality => {
            text.to_ascii_lowercase().parse::<bool>().ok().map(Value::from)
        }
        (Kind::Decimal | Kind::Integer, number @ Value::Number(_)) if !within => Some(number),
        (Kind::DateTime, Value::String(text)) if !within => {
            super::super::moment::micros(&text).map(|_| Value::String(text))
        }
        (Kind::String | Kind::Reference, text @ Value::String(_)) => Some(text),
        (Kind::Binary, text @ Value::String(_)) if equality || within => Some(text),
        _ => None,
    }
}
