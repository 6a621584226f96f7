//! Where a fault is, in the file of who wrote it: the line of the field or the value that a refusal names. Pure.

use super::kinds::{Kind, Misfit, Part, Refusal};
use super::model::{Change, Fault, Object};
use super::tree::{Node, Place, Step};

pub(super) fn at(file: &str, place: Place, problem: &str, remedy: &str) -> Fault {
    Fault {
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// A field that is not as its kind has it.
pub(super) fn of_misfit(file: &str, document: &Node, misfit: &Misfit) -> Fault {
    let whole: Vec<Step> = match &misfit.part {
        Part::Name => vec![Step::Key("name".to_owned())],
        Part::Spec(way) => [Step::Key("spec".to_owned())].into_iter().chain(way.iter().cloned()).collect(),
    };
    let found = document.follow(&whole);
    let named = quoted(&misfit.problem).into_iter().next().unwrap_or_default();
    let (place, remedy) = if misfit.problem.starts_with("unknown field") {
        let parent = &whole[..whole.len() - usize::from(whole.last() == Some(&Step::Key(named.clone())))];
        let place = document.follow(parent).entry(&named).map_or(found.place, |(key, _)| key.place);
        (place, format!("leave it out, or correct its name{}", after(&misfit.problem, ", expected")))
    } else if misfit.problem.starts_with("missing field") {
        let place = match whole.last() {
            Some(Step::Key(name)) if whole.len() == 1 => document.entry(name).map_or(found.place, |(key, _)| key.place),
            _ => found.place,
        };
        (place, format!("add `{named}`"))
    } else {
        (
            found.place,
            format!("write {}", misfit.problem.split_once(", expected ").map_or("something else", |(_, it)| plain(it))),
        )
    };
    let problem = misfit.problem.split(", expected").next().unwrap_or_default();
    at(file, place, problem, &remedy)
}

/// What the reader of declarations expects, without its own words for it.
fn plain(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" => "a whole number that is not too large",
        "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "a mapping",
        name if name.starts_with("struct ") => "a mapping",
        other => other,
    }
}

fn after(text: &str, mark: &str) -> String {
    match text.split_once(mark) {
        Some((_, rest)) => format!(": it expects{rest}"),
        None => " something that fits there".to_owned(),
    }
}

/// Which of several objects a refusal is about: the first that it names.
pub(super) fn culprit(objects: &[&Object], refusal: &Refusal) -> usize {
    let named = |name: &str| refusal.message.find(&format!("`{name}`"));
    let found = objects.iter().enumerate().filter_map(|(at, object)| Some((named(&object.name)?, at)));
    found.min().map_or(0, |(_, at)| at)
}

/// What the present state does not let an object be.
pub(super) fn of_refusal(object: &Object, refusal: &Refusal) -> Fault {
    let (problem, remedy) = told(refusal);
    at(&object.file, place(object, refusal), &problem, &remedy)
}

/// Nothing of a file is to blame when something may not be removed.
pub(super) fn of_removal(change: &Change, refusal: &Refusal) -> Fault {
    let (problem, remedy) = told(refusal);
    let problem = format!("{} `{}` cannot be removed: {problem}", change.kind.name(), change.name);
    at("", Place::default(), &problem, &remedy)
}

pub(super) fn of_all(refusal: &Refusal) -> Fault {
    let (problem, remedy) = told(refusal);
    at("", Place::default(), &problem, &remedy)
}

/// Refusals say what they are about before their first colon, and what to do behind their last.
fn told(refusal: &Refusal) -> (String, String) {
    let message = refusal.message.as_str();
    let about = Kind::ALL.iter().find_map(|kind| message.strip_prefix(&format!("{} `", kind.name().to_lowercase())));
    let message = about.and_then(|rest| rest.split_once("`: ")).map_or(message, |(_, rest)| rest);
    match message.rsplit_once(": ") {
        Some((problem, remedy)) => (problem.to_owned(), remedy.to_owned()),
        None => (message.to_owned(), "correct it, and plan again".to_owned()),
    }
}

/// The value that a refusal names, or else the field, or else the name of the object.
fn place(object: &Object, refusal: &Refusal) -> Place {
    let document = &object.document;
    let spec = document.get("spec").unwrap_or(document);
    let words = quoted(&refusal.message);
    let parts = object.name.split('@');
    let names: Vec<&str> = parts.chain([object.name.as_str()]).collect();
    let others = || words.iter().filter(|word| !names.contains(&word.as_str()));
    let value = others().find_map(|word| spec.all().into_iter().find(|node| node.is_text(word)));
    if let Some(node) = value {
        return node.place;
    }
    let keys = spec.keys();
    let bare = refusal.message.split(|c: char| !c.is_alphanumeric() && c != '_');
    let told: Vec<&str> = others().flat_map(|word| word.split('.')).chain(bare).collect();
    let key = told.iter().rev().find_map(|word| keys.iter().find(|key| key.name == **word)).map(|key| key.place);
    let value = || told.iter().find_map(|word| spec.all().into_iter().find(|node| node.is_text(word)));
    let name = || document.get("name").map_or(document.place, |name| name.place);
    key.or_else(|| value().map(|node| node.place)).unwrap_or_else(name)
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
