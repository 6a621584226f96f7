//! An entry as a directory sent it (RFC 4511, 4.5.2). What it means belongs to the kind of directory.

use ldap3::ResultEntry;
use ldap3::asn1::{PL, StructureTag};
use std::collections::BTreeMap;

/// Names of attributes are kept in lower case: no directory tells them apart by case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) dn: String,
    attributes: BTreeMap<String, Vec<Vec<u8>>>,
}

/// A part of an attribute's values, as Active Directory cuts long ones (MS-ADTS, 3.1.1.3.1.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    /// Where the next part starts; `None`: this was the last.
    pub(crate) next: Option<usize>,
}

impl Entry {
    /// `None`: this is no entry, whatever it is.
    pub(crate) fn read(raw: ResultEntry) -> Option<Self> {
        let mut parts = children(raw.0)?.into_iter();
        let dn = text(parts.next()?)?;
        let mut attributes = BTreeMap::new();
        for attribute in children(parts.next()?)? {
            let mut parts = children(attribute)?.into_iter();
            let name = text(parts.next()?)?.to_lowercase();
            let values: Option<Vec<Vec<u8>>> = children(parts.next()?)?.into_iter().map(bytes).collect();
            attributes.insert(name, values?);
        }
        Some(Self { dn, attributes })
    }

    pub(crate) fn bytes(&self, attribute: &str) -> &[Vec<u8>] {
        self.attributes.get(&attribute.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// Its values that are text.
    pub(crate) fn texts(&self, attribute: &str) -> Vec<String> {
        let text = |value: &Vec<u8>| String::from_utf8(value.clone()).ok();
        self.bytes(attribute).iter().filter_map(text).collect()
    }

    /// Its first value, where that is text.
    pub(crate) fn text(&self, attribute: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(attribute).first()?).ok()
    }

    pub(crate) fn number<T: std::str::FromStr>(&self, attribute: &str) -> Option<T> {
        self.text(attribute)?.parse().ok()
    }

    /// The values of an attribute that was asked for in parts, and where the next part starts.
    pub(crate) fn ranged(&self, attribute: &str) -> (Vec<String>, Range) {
        let prefix = format!("{};range=", attribute.to_lowercase());
        let part = self.attributes.keys().find_map(|name| Some((name, name.strip_prefix(&prefix)?)));
        let Some((name, range)) = part else { return (self.texts(attribute), Range { next: None }) };
        let last = range.split_once('-').and_then(|(_, last)| last.parse::<usize>().ok());
        (self.texts(name), Range { next: last.map(|last| last + 1) })
    }

    #[cfg(test)]
    pub(crate) fn of(dn: &str, attributes: &[(&str, &[u8])]) -> Self {
        let mut entry = Self { dn: dn.to_owned(), attributes: BTreeMap::new() };
        for (name, value) in attributes {
            entry.attributes.entry(name.to_lowercase()).or_default().push(value.to_vec());
        }
        entry
    }
}

fn children(tag: StructureTag) -> Option<Vec<StructureTag>> {
    match tag.payload {
        PL::C(children) => Some(children),
        PL::P(_) => None,
    }
}

fn bytes(tag: StructureTag) -> Option<Vec<u8>> {
    match tag.payload {
        PL::P(bytes) => Some(bytes),
        PL::C(_) => None,
    }
}

fn text(tag: StructureTag) -> Option<String> {
    String::from_utf8(bytes(tag)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_attribute_tells_where_its_next_part_starts() {
        for (name, next) in [
            ("member", None),
            ("member;range=0-1499", Some(1500)),
            ("Member;Range=1500-2999", Some(3000)),
            ("member;range=3000-*", None),
        ] {
            let entry = Entry::of("cn=ops", &[(name, b"cn=ann"), (name, b"cn=bob")]);
            let (members, range) = entry.ranged("member");
            assert_eq!((members, range.next), (vec!["cn=ann".to_owned(), "cn=bob".to_owned()], next), "{name}");
        }
    }
}
