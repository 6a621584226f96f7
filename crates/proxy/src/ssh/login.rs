//! The SSH user name says which account on which target: `LOGIN@TARGET` or `LOGIN%TARGET`. Pure.

/// What the user asked for. Nothing here is checked against grants or targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub login: String,
    pub target: String,
}

/// For whoever writes the user name in another way.
pub(super) const SYNTAX: &str =
    "name the account and the target: `ssh -p PORT LOGIN@TARGET@GATEWAY`, as in `ssh -p 2222 root@web-1@gateway`";

impl Login {
    /// `None` when the name has no target, or characters that no login and no target may have.
    pub(super) fn parse(user: &str) -> Option<Self> {
        let (login, target) = user.rsplit_once(['@', '%'])?;
        let well_formed = |text: &str, more: &str| {
            (1..=128).contains(&text.len())
                && !text.starts_with('-')
                && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        (well_formed(login, "._-$\\@") && well_formed(target, "._-"))
            .then(|| Self { login: login.to_owned(), target: target.to_owned() })
    }
}

impl std::fmt::Display for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.login, self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_name_is_the_account_and_the_target() {
        for (user, login, target) in [
            ("root@web-1", "root", "web-1"),
            ("root%web-1", "root", "web-1"),
            ("svc.deploy@db_2.example.org", "svc.deploy", "db_2.example.org"),
            ("alice@corp.example%files", "alice@corp.example", "files"),
        ] {
            assert_eq!(Login::parse(user), Some(Login { login: login.into(), target: target.into() }), "{user}");
        }
    }

    #[test]
    fn a_name_without_a_target_or_with_odd_characters_is_none() {
        for user in
            ["root", "", "@", "root@", "@web-1", "ro ot@web-1", "root@we b", "root,admin@web", "-o@web", "a\n@b"]
        {
            assert_eq!(Login::parse(user), None, "{user}");
        }
    }
}
