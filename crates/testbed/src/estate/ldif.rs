//! What the clients of directories print (RFC 2849), as far as it is in plain letters. Asks nothing.

use super::systems::Seen;

/// One entry: its lines.
#[derive(Clone)]
pub(super) struct Entry<'a>(Vec<&'a str>);

/// Joins values that go on in the next line.
pub(super) fn unfolded(text: &str) -> String {
    text.replace("\r\n", "\n").replace("\n ", "")
}

pub(super) fn entries(text: &str) -> impl Iterator<Item = Entry<'_>> {
    text.split("\n\n").map(|entry| Entry(entry.lines().filter(|line| !line.starts_with('#')).collect()))
}

impl<'a> Entry<'a> {
    pub(super) fn all(&self, attribute: &str) -> impl Iterator<Item = &'a str> {
        let before = format!("{attribute}: ");
        self.0.clone().into_iter().filter_map(move |line| line.strip_prefix(before.as_str()))
    }

    pub(super) fn one(&self, attribute: &str) -> Option<&'a str> {
        self.all(attribute).next()
    }

    /// An account of a directory, with the groups that name it.
    pub(super) fn seen(&self, enabled: bool) -> Seen {
        let holds = self.all("memberOf").filter_map(first_value).collect();
        Seen { enabled, holds, mail: self.one("mail").map(str::to_owned) }
    }
}

/// Of the first part of a name, as entitlements are called: `CN=Account Operators,…` is `account-operators`.
fn first_value(dn: &str) -> Option<String> {
    let (first, _) = dn.split_once(',')?;
    Some(first.split_once('=')?.1.to_lowercase().replace(' ', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_with_the_groups_that_name_it() {
        let text = "# record 1\ndn: CN=e1,DC=x\nsAMAccountName: e1\nmemberOf: CN=Account Oper\n ators,CN=Builtin,DC=x\n\
                    memberOf: CN=all-staff,DC=x\nmail: a@example.com\n\n# returned 1 records\n";
        let unfolded = unfolded(text);
        let entry = entries(&unfolded).next().unwrap();
        let seen = entry.seen(true);
        assert_eq!(seen.holds.into_iter().collect::<Vec<_>>(), ["account-operators", "all-staff"]);
        assert_eq!((entry.one("sAMAccountName"), seen.mail.as_deref()), (Some("e1"), Some("a@example.com")));
    }
}
