//! Text with `{attribute}` in it, from which a person's login and attributes on a system are made. Pure.

use crate::correlation::normal;
use std::collections::BTreeMap;

/// Longest text of a template, in bytes.
const LONGEST: usize = 500;

/// Attributes that are names of people, in any script.
const NAMES: [&str; 2] = ["given_name", "family_name"];

/// `{given_name:1}.{family_name}`: a person's values, or their first letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Attribute { name: String, letters: Option<usize> },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    #[error("a login needs at least one `{{attribute}}` in it: otherwise everybody would have the same")]
    Constant,
    #[error("a template has 1 to {LONGEST} bytes, and no control characters")]
    Length,
    #[error("`{0}` is not closed: write `{{attribute}}`, or `{{attribute:1}}` for its first letter")]
    Open(String),
    #[error("there is no attribute `{given}`: the attributes are {known}")]
    Unknown { given: String, known: String },
}

impl Template {
    /// # Errors
    /// When a brace is not closed, or an attribute is not among `known`.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, BadTemplate> {
        let template = Self::kept(text)?;
        let names = template.parts.iter().filter_map(|part| match part {
            Part::Attribute { name, .. } => Some(name),
            Part::Text(_) => None,
        });
        match names.into_iter().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(BadTemplate::Unknown { given: shown(name), known: known.join(", ") }),
            None => Ok(template),
        }
    }

    /// One that was checked before; what it names may not be there any more.
    pub(crate) fn kept(text: &str) -> Result<Self, BadTemplate> {
        if text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(BadTemplate::Length);
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            if before.contains('}') {
                return Err(BadTemplate::Open(shown(before)));
            }
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let (inside, behind) = after.split_once('}').ok_or_else(|| BadTemplate::Open(shown(after)))?;
            parts.push(attribute(inside)?);
            rest = behind;
        }
        if rest.contains('}') {
            return Err(BadTemplate::Open(shown(rest)));
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// # Errors
    /// `Constant` when it is the same for everybody.
    pub fn parse_login(text: &str, known: &[&str]) -> Result<Self, BadTemplate> {
        let template = Self::parse(text, known)?;
        let names_one = template.parts.iter().any(|part| matches!(part, Part::Attribute { .. }));
        if names_one { Ok(template) } else { Err(BadTemplate::Constant) }
    }

    /// Whether what it makes is made of something that no two people have.
    pub(crate) fn is_of_one_person(&self) -> bool {
        const OF_ONE: [&str; 3] = ["employee_id", "email", "mail_name"];
        let is_of_one =
            |part: &Part| matches!(part, Part::Attribute { name, letters: None } if OF_ONE.contains(&name.as_str()));
        self.parts.iter().any(is_of_one)
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text for these values; `None` where one that it names is missing, or nothing is left.
    pub fn fill(&self, values: &BTreeMap<String, String>) -> Option<String> {
        self.filled(values, |_, value| value.to_owned())
    }

    /// The same in lower case and without blanks; of names only the plain letters.
    pub fn fill_login(&self, values: &BTreeMap<String, String>) -> Option<String> {
        self.filled(values, |name, value| match NAMES.contains(&name) {
            true => normal::plain(value).replace(' ', ""),
            false => value.to_lowercase().split_whitespace().collect(),
        })
    }

    fn filled(&self, values: &BTreeMap<String, String>, write: impl Fn(&str, &str) -> String) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(constant) => text.push_str(constant),
                Part::Attribute { name, letters } => {
                    let value = write(name, values.get(name)?);
                    if value.is_empty() {
                        return None;
                    }
                    text.extend(value.chars().take(letters.unwrap_or(usize::MAX)));
                }
            }
        }
        Some(text)
    }
}

fn attribute(inside: &str) -> Result<Part, BadTemplate> {
    let Some((name, count)) = inside.split_once(':') else {
        return Ok(Part::Attribute { name: inside.to_owned(), letters: None });
    };
    match count.parse::<usize>() {
        Ok(letters) if letters > 0 => Ok(Part::Attribute { name: name.to_owned(), letters: Some(letters) }),
        _ => Err(BadTemplate::Open(shown(inside))),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["given_name", "family_name", "email", "cost_center"];

    fn values() -> BTreeMap<String, String> {
        [("given_name", "Zoë"), ("family_name", "O'Brien Łopez"), ("email", ""), ("cost_center", "EU-7 A")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    #[test]
    fn a_template_is_filled_with_the_values_of_a_person() {
        for (text, login, attribute) in [
            ("{given_name}.{family_name}", Some("zoe.obrienlopez"), Some("Zoë.O'Brien Łopez")),
            ("{given_name:1}{family_name:3}", Some("zobr"), Some("ZO'B")),
            ("x-{given_name}-y", Some("x-zoe-y"), Some("x-Zoë-y")),
            ("{cost_center}", Some("eu-7a"), Some("EU-7 A")),
            ("{email}", None, None),
        ] {
            let template = Template::parse(text, &KNOWN).unwrap();
            assert_eq!(template.fill_login(&values()).as_deref(), login, "{text}");
            assert_eq!(template.fill(&values()).as_deref(), attribute, "{text}");
        }
    }

    #[test]
    fn a_template_that_is_none_is_refused_with_what_is_wrong() {
        let long = format!("{{email}}{}", "x".repeat(LONGEST));
        for (text, told) in [
            ("", "a template has 1 to 500 bytes"),
            ("a\nb{email}", "a template has 1 to 500 bytes"),
            ("everybody", "a login needs at least one"),
            (long.as_str(), "a template has 1 to 500 bytes"),
            ("{given_name", "`given_name` is not closed"),
            ("given_name}", "`given_name}` is not closed"),
            ("}{email}", "`}` is not closed"),
            ("{email:0}", "`email:0` is not closed"),
            (
                "{salary}",
                "there is no attribute `salary`: the attributes are given_name, family_name, email, cost_center",
            ),
        ] {
            let error = Template::parse_login(text, &KNOWN).unwrap_err().to_string();
            assert!(error.starts_with(told), "{text}: {error}");
        }
    }
}
