//! From files to the objects that they declare, or every fault of form in all of them. Pure.

use super::faults;
use super::kinds::Kind;
use super::model::{Fault, File, Object};
use super::tree::{Content, Node, Place};
use super::yaml;

/// Files of one call.
const MOST_FILES: usize = 1_000;

pub(super) fn read(files: &[File]) -> Result<Vec<Object>, Vec<Fault>> {
    let (mut objects, mut faults): (Vec<Object>, Vec<Fault>) = (Vec::new(), Vec::new());
    if files.len() > MOST_FILES {
        return Err(vec![faults::at("", Place::default(), "there are more than 1,000 files", "join some of them")]);
    }
    for file in files {
        let documents = match yaml::documents(&file.name, &file.text) {
            Ok(documents) => documents,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        for document in documents.into_iter().filter(|document| document.content != Content::Null) {
            match object(&file.name, document) {
                Ok(object) => {
                    match objects.iter().find(|other| (other.kind, &other.name) == (object.kind, &object.name)) {
                        Some(other) => faults.push(twice(&object, other)),
                        None => objects.push(object),
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
    }
    if faults.is_empty() { Ok(objects) } else { Err(faults) }
}

fn twice(object: &Object, other: &Object) -> Fault {
    let line = other.document.place.line;
    let problem =
        format!("the {} `{}` is declared in `{}` on line {line} already", object.kind.name(), object.name, other.file);
    let place = object.document.get("name").map_or(object.document.place, |name| name.place);
    faults::at(&object.file, place, &problem, "keep one of the two")
}

fn object(file: &str, document: Node) -> Result<Object, Fault> {
    let fault = |place: Place, problem: &str, remedy: &str| faults::at(file, place, problem, remedy);
    let Content::Map(entries) = &document.content else {
        return Err(fault(document.place, "a document is no mapping", "write `kind:`, `name:` and `spec:`"));
    };
    if let Some((key, _)) = entries.iter().find(|(key, _)| !["kind", "name", "spec"].contains(&key.name.as_str())) {
        let problem = format!("unknown field `{}`", shown(&key.name));
        return Err(fault(
            key.place,
            &problem,
            "a document has `kind`, `name` and `spec`: move it below `spec`, or leave it out",
        ));
    }
    let text = |field: &str, remedy: &str| match document.get(field) {
        Some(Node { content: Content::Text(text), place }) => Ok((text.clone(), *place)),
        Some(node) => Err(fault(node.place, &format!("`{field}` is no text"), remedy)),
        None => Err(fault(document.place, &format!("missing field `{field}`"), remedy)),
    };
    let kinds = Kind::ALL.map(Kind::name).join(", ");
    let known = format!("the kinds are {kinds}");
    let (word, place) = text("kind", &known)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == word);
    let kind = kind.ok_or_else(|| fault(place, &format!("there is no kind `{}`", shown(&word)), &known))?;
    let (name, place) = text("name", "write the name as text, in quotes where it is a number")?;
    if name.is_empty() || name.len() > 300 || name.chars().any(char::is_control) {
        return Err(fault(
            place,
            "`name` is empty, longer than 300 bytes, or holds a control character",
            "choose another name",
        ));
    }
    let Some((key, spec)) = document.entry("spec") else {
        return Err(fault(document.place, "missing field `spec`", "say below `spec:` what is declared"));
    };
    if !matches!(spec.content, Content::Map(_)) {
        return Err(fault(
            key.place,
            "`spec` is no mapping",
            "say below `spec:` what is declared, one field on a line",
        ));
    }
    match kind.canonical(&name, spec.value()) {
        Ok(spec) => Ok(Object { kind, name, spec, file: file.to_owned(), document }),
        Err(misfit) => Err(faults::of_misfit(file, &document, &misfit)),
    }
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}
