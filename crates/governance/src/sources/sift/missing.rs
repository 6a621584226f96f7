//! Whom a whole feed lacks and who may be in it all the same: under another key, in a record of which nothing can be taken.
//! Pure.

use super::address;
use crate::correlation::plain;
use crate::sources::rules::is_email;
use connectors::sources::Record;
use std::collections::HashSet;

/// Of those who are missing, who has the number, the address or the name of an unfit record; where such a record tells
/// neither address nor name, it may be anybody.
pub(super) fn perhaps_there<'a>(missing: impl Iterator<Item = &'a Record>, unfit: &[Record]) -> Vec<&'a Record> {
    if unfit.is_empty() {
        return Vec::new();
    }
    let numbers: HashSet<&str> = unfit.iter().filter_map(|record| record.text("employee_id")).collect();
    let addresses: HashSet<String> = unfit.iter().filter_map(address).collect();
    let names: HashSet<String> = unfit.iter().map(called).filter(|name| !name.is_empty()).collect();
    let may_be_anybody = unfit.iter().any(|record| !is_recognisable(record));
    let is_there = |record: &&Record| {
        may_be_anybody
            || record.text("employee_id").is_some_and(|number| numbers.contains(number))
            || address(record).is_some_and(|address| addresses.contains(&address))
            || names.contains(&called(record))
    };
    let mut staying: Vec<&Record> = missing.filter(is_there).collect();
    staying.sort_by(|one, other| one.key.cmp(&other.key));
    staying
}

fn is_recognisable(record: &Record) -> bool {
    let name = ["given_name", "family_name"].map(|name| record.text(name).unwrap_or_default()).concat();
    record.text("email").is_some_and(is_email) || (!name.is_empty() && !name.contains(char::is_control))
}

/// The name of whom a record is about, as names are compared.
pub(crate) fn called(record: &Record) -> String {
    let name = |name| record.text(name).unwrap_or_default();
    plain(&format!("{} {}", name("given_name"), name("family_name")))
}
