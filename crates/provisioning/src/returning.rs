//! Whether what a system has again is what it had before. Pure.

use crate::past_store::{PastAccount, PastEntitlement, Went};
use connectors::connector::Account;
use std::time::Duration;
use types::Timestamp;

/// What a listing lacked for longer is another one when it is there again.
const WITHIN: Duration = Duration::from_secs(24 * 3600);

impl Went {
    fn is_back(self, now: Timestamp) -> bool {
        self.was_missing && now < self.at.plus(WITHIN)
    }
}

impl PastAccount {
    /// An id that is made of the login belongs to whoever makes an account of that name.
    pub(crate) fn is(&self, account: &Account, now: Timestamp) -> bool {
        self.went.is_back(now) && self.login == account.login && !is_made_of(&account.id.0, &account.login)
    }
}

impl PastEntitlement {
    pub(crate) fn is_back(&self, now: Timestamp) -> bool {
        self.went.is_back(now)
    }
}

/// Whether an id names the login, alone or as one of its parts.
fn is_made_of(id: &str, login: &str) -> bool {
    let (id, login) = (id.to_lowercase(), login.to_lowercase());
    let is_part = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let stands_alone =
        |at: usize| is_part(id[..at].chars().next_back()) && is_part(id[at + login.len()..].chars().next());
    !login.is_empty() && id.match_indices(&login).any(|(at, _)| stands_alone(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_the_login_where_it_names_it_as_a_whole() {
        for (id, login, made) in [
            ("alice", "alice", true),
            ("Alice", "alice", true),
            ("alice@%", "alice", true),
            ("alice@%", "alice@%", true),
            ("1001:alice", "alice", true),
            ("uid=alice,ou=people", "alice", true),
            ("alice2", "alice", false),
            ("1001", "alice", false),
            ("6a1c-a-77", "a", true),
            ("6a1c77", "a", false),
            ("16384", "", false),
        ] {
            assert_eq!(is_made_of(id, login), made, "{id} of {login}");
        }
    }
}
