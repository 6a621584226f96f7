//! The distinguished name of a login: found in the directory, or made where people stand.

use super::session::{Session, check};
use crate::account::cut;
use crate::{ConnectorError, Server};
use ldap3::{Scope, SearchEntry, dn_escape, ldap_escape};
use types::Secret;

/// The name of the entry `uid=LOGIN` directly below `base` (RFC 4514). Whether it is there is not asked.
///
/// # Errors
/// `BadName`.
pub fn person_dn(base: &str, login: &str) -> Result<String, ConnectorError> {
    check(login)?;
    let dn = format!("uid={},{base}", dn_escape(login));
    check(&dn).map(|()| dn)
}

/// The name of the one entry below `base` whose `uid` is `login`; `None` when there is none.
///
/// # Errors
/// Those of binding as `as_dn`; `BadName`, `NotPermitted`, `Busy`; `Unexpected` when several have that `uid`.
pub async fn find_dn(
    server: &Server,
    as_dn: &str,
    as_password: &Secret<String>,
    base: &str,
    login: &str,
) -> Result<Option<String>, ConnectorError> {
    check(login)?;
    let filter = format!("(uid={})", ldap_escape(login));
    let mut session = Session::open(server, as_dn, as_password).await?;
    let found = search(&mut session, base, &filter, login).await;
    session.close().await;
    found
}

async fn search(
    session: &mut Session,
    base: &str,
    filter: &str,
    login: &str,
) -> Result<Option<String>, ConnectorError> {
    let options = ldap3::SearchOptions::new().sizelimit(2);
    let answer = session.operation().with_search_options(options).search(base, Scope::Subtree, filter, ["1.1"]).await;
    let ldap3::SearchResult(entries, result) = answer.map_err(|error| session.lost(error))?;
    // No such object: there is not even a base. Size limit exceeded: there are more than two.
    match (result.rc, entries.len()) {
        (0 | 32, 0) => Ok(None),
        (0, 1) => Ok(entries.into_iter().map(|entry| SearchEntry::construct(entry).dn).next()),
        (0 | 4, _) => {
            let detail = format!("several entries have the uid `{}`", cut(login));
            Err(ConnectorError::Unexpected { command: "search".to_owned(), detail })
        }
        (code, _) => Err(session.explain("search", code, &result.text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads the first value of a name as a directory does: up to the first comma that nothing escapes.
    fn first_value(dn: &str) -> Option<(String, &str)> {
        let bytes = dn.strip_prefix("uid=")?.as_bytes();
        let (mut value, mut at) = (Vec::new(), 0);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b',' => return Some((String::from_utf8(value).ok()?, &dn["uid=".len() + at + 1..])),
                b'\\' => {
                    let hex = std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok()?;
                    value.push(u8::from_str_radix(hex, 16).ok()?);
                    at += 3;
                }
                b'"' | b'+' | b';' | b'<' | b'>' => return None,
                other => {
                    value.push(*other);
                    at += 1;
                }
            }
        }
        None
    }

    proptest! {
        #[test]
        fn a_login_in_a_name_reads_back_as_it_was(login in "(?s)[,+\"\\\\<>;=# a-zé€\n]{1,30}") {
            prop_assume!(!login.trim().is_empty());
            let dn = person_dn("dc=example", &login).unwrap();
            prop_assert_eq!(first_value(&dn), Some((login, "dc=example")));
        }
    }
}
