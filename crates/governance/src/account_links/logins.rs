//! The logins that a person may have on a system: by the mapping that somebody declared for it, or by convention. Pure.

use crate::identities::Identity;
use crate::mappings::{self, Template};
use std::collections::BTreeSet;

const CONVENTIONS: [&str; 5] =
    ["{mail_name}", "{email}", "{employee_id}", "{given_name}.{family_name}", "{given_name:1}{family_name}"];

/// How logins of people are made on one system.
pub(super) struct Logins<'a> {
    mapped: Option<&'a Template>,
    conventions: [Template; 5],
}

/// The logins of one person, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LoginsOf {
    /// As the mapping has it, where it makes it of what one person only has: namesakes follow one another.
    pub(super) mapped: Option<String>,
    /// Every one that people usually get, and what the mapping makes of names.
    pub(super) conventional: BTreeSet<String>,
}

impl<'a> Logins<'a> {
    pub(super) fn new(mapped: Option<&'a Template>) -> Self {
        Self { mapped, conventions: CONVENTIONS.map(|text| Template::kept(text).expect("a template")) }
    }

    pub(super) fn of(&self, person: &Identity) -> LoginsOf {
        let values = mappings::values(person);
        let (certain, usual) = match self.mapped {
            Some(mapped) if mapped.is_of_one_person() => (Some(mapped), None),
            mapped => (None, mapped),
        };
        let usual = self.conventions.iter().chain(usual).filter_map(|convention| convention.fill_login(&values));
        LoginsOf { mapped: certain.and_then(|mapped| mapped.fill_login(&values)), conventional: usual.collect() }
    }
}

/// Without the domain that some systems write before or behind it.
pub(super) fn bare(login: &str) -> String {
    let login = login.rsplit('\\').next().unwrap_or_default();
    login.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_company::person;

    #[test]
    fn a_person_has_one_login_by_the_mapping_and_several_by_convention_or_none() {
        let mut alice = person(7, "Alice", None);
        (alice.family_name, alice.email) = ("O'Hara-Łoś".into(), "Alice.Ohara@Example.com".into());
        let mapping = Template::kept("{given_name}-{employee_id}").unwrap();
        let logins = Logins::new(Some(&mapping)).of(&alice);
        assert_eq!(logins.mapped.as_deref(), Some("alice-e7"));
        let conventional: Vec<&str> = logins.conventional.iter().map(String::as_str).collect();
        assert_eq!(conventional, ["alice.ohara", "alice.ohara@example.com", "alice.oharalos", "aoharalos", "e7"]);
        assert_eq!(Logins::new(None).of(&alice).mapped, None);
        (alice.given_name, alice.email) = (String::new(), String::new());
        let nameless = Logins::new(Some(&mapping)).of(&alice);
        assert_eq!((nameless.mapped, nameless.conventional), (None, BTreeSet::from(["e7".to_owned()])));
    }

    #[test]
    fn a_login_that_is_made_of_names_is_certain_of_nobody() {
        let alice = person(7, "Alice", None);
        for (template, is_certain) in
            [("{email}", true), ("x{mail_name}", true), ("{employee_id:1}{family_name}", false)]
        {
            let mapping = Template::kept(template).unwrap();
            let LoginsOf { mapped, conventional } = Logins::new(Some(&mapping)).of(&alice);
            let made = mapping.fill_login(&mappings::values(&alice)).unwrap();
            assert_eq!(
                (mapped.as_ref() == Some(&made), is_certain || conventional.contains(&made)),
                (is_certain, true)
            );
        }
    }

    #[test]
    fn a_domain_before_a_login_is_none_of_it() {
        assert_eq!(["CORP\\Alice", "alice", "a@b.c"].map(bare), ["alice", "alice", "a@b.c"]);
    }
}
