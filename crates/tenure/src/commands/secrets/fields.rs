//! The value of a secret as it is given: from files, standard input or the terminal, and never on the command line, where
//! everybody on the machine can read it.

use crate::exit::Failed;
use crate::prompt;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use types::Secret;

/// Where one key of the value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field {
    /// `key`: asked for.
    Asked(String),
    /// `key=-`: standard input.
    Piped(String),
    /// `key=@FILE`.
    File(String, PathBuf),
}

impl std::str::FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None => Ok(Self::Asked(text.to_owned())),
            Some((key, "-")) => Ok(Self::Piped(key.to_owned())),
            Some((key, value)) if value.len() > 1 && value.starts_with('@') => {
                Ok(Self::File(key.to_owned(), PathBuf::from(&value[1..])))
            }
            Some((key, _)) => Err(format!(
                "a value on the command line can be read by everybody on this machine: give it as `{key}=-` \
                 (standard input), `{key}=@FILE`, or `{key}` to be asked for it"
            )),
        }
    }
}

/// The whole value, of these fields or of a JSON file.
pub(crate) fn collect(fields: &[Field], from: Option<&Path>) -> Result<Value, Failed> {
    if let Some(file) = from {
        let text = Secret::new(read(file)?);
        let given: Value = serde_json::from_str(text.expose()).map_err(|error| {
            let at = format!("line {}, column {}", error.line(), error.column());
            Failed::usage(format!("`{}` is not JSON: look at {at}", file.display()))
        })?;
        if !given.is_object() {
            return Err(Failed::usage(format!("`{}` holds no object: write {{\"key\": \"value\"}}", file.display())));
        }
        return Ok(given);
    }
    if fields.iter().filter(|field| matches!(field, Field::Piped(_))).count() > 1 {
        return Err(Failed::usage("standard input can be the value of one key only: give the others as `key=@FILE`"));
    }
    let mut data = Map::new();
    for field in fields {
        let (key, value) = match field {
            Field::Asked(key) => {
                let instead = format!("there is no terminal to ask for `{key}`: give it as `{key}=-` or `{key}=@FILE`");
                (key, prompt::ask(key, &instead)?.expose().clone())
            }
            Field::Piped(key) => (key, prompt::piped()?.expose().clone()),
            Field::File(key, file) => (key, read(file)?),
        };
        if data.insert(key.clone(), Value::String(value)).is_some() {
            return Err(Failed::usage(format!("`{key}` is given twice: give it once")));
        }
    }
    match data.is_empty() {
        true => Err(Failed::usage("give the value: `key=@FILE`, `key=-`, `key` to be asked for it, or `--from FILE`")),
        false => Ok(Value::Object(data)),
    }
}

fn read(file: &Path) -> Result<String, Failed> {
    std::fs::read_to_string(file).map_err(|error| Failed::file("read", file, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_names_a_file_or_standard_input_and_never_holds_the_value() {
        for (text, field) in [
            ("password", Field::Asked("password".into())),
            ("password=-", Field::Piped("password".into())),
            ("key=@/etc/key=1", Field::File("key".into(), "/etc/key=1".into())),
        ] {
            assert_eq!(text.parse(), Ok(field), "{text}");
        }
        for text in ["password=canary", "password=", "password=@", "password=--", "password= -"] {
            let refused = text.parse::<Field>().unwrap_err();
            assert!(refused.contains("`password=-`") && !refused.contains("canary"), "{text}: {refused}");
        }
    }

    #[test]
    fn a_value_of_a_file_is_an_object_and_what_is_wrong_with_it_is_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("value.json");
        for (text, good) in [(r#"{"password": "canary"}"#, true), (r#"{"password": canary}"#, false), ("[1]", false)] {
            std::fs::write(&file, text).unwrap();
            let given = collect(&[], Some(&file));
            assert_eq!(given.is_ok(), good, "{text}");
            assert!(given.err().is_none_or(|refused| !refused.message.contains("canary")));
        }
        let of_file = Field::File("raw".into(), file.clone());
        assert_eq!(collect(std::slice::from_ref(&of_file), None).unwrap(), serde_json::json!({"raw": "[1]"}));
        assert!(collect(&[of_file.clone(), of_file], None).is_err(), "given twice");
        let two = [Field::Piped("a".into()), Field::Piped("b".into())];
        assert!(collect(&two, None).unwrap_err().message.contains("one key only"));
        assert!(collect(&[], None).is_err());
    }
}
