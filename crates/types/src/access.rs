//! A login on a target, as people write it: `LOGIN@TARGET`. The one place that says which names both may have.

/// What somebody asks for. Nothing here is checked against systems, grants or targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub login: String,
    pub target: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadAccess;

impl std::fmt::Display for BadAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("say which login on which target, such as `root@web-1`")
    }
}

impl std::error::Error for BadAccess {}

impl std::str::FromStr for Access {
    type Err = BadAccess;

    /// Also `LOGIN%TARGET`, for clients that split at the first `@`. Takes more than [`is_login`] does, so that whoever
    /// asks for what cannot be is told that there is no grant, and not how to write.
    fn from_str(text: &str) -> Result<Self, BadAccess> {
        let (login, target) = text.rsplit_once(['@', '%']).ok_or(BadAccess)?;
        let written = |text: &str, more: &str| {
            (1..=128).contains(&text.len())
                && !text.starts_with('-')
                && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        if !written(login, "._-$\\@") || !written(target, "._-") {
            return Err(BadAccess);
        }
        Ok(Self { login: login.to_owned(), target: target.to_owned() })
    }
}

impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.login, self.target)
    }
}

/// A name of a system, and so of a target. Host-like: lower case letters, digits, `.`, `_` and `-`, at most 63.
pub fn is_target(name: &str) -> bool {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    let starts = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    starts && name.len() <= 63 && name.bytes().all(inside)
}

/// Portable user names (POSIX 3.437), at most 32 as on Linux, never starting with `-` or a digit. A login becomes the
/// one principal of a certificate, so nothing in it means more than itself to a shell, to sshd, or in `LOGIN@TARGET`.
pub fn is_login(login: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let starts = login.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    starts && login.len() <= 32 && login.bytes().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_is_the_login_and_the_target() {
        for (text, login, target) in [
            ("root@web-1", "root", "web-1"),
            ("root%web-1", "root", "web-1"),
            ("svc.deploy@db_2.example.org", "svc.deploy", "db_2.example.org"),
            ("alice@corp.example%files", "alice@corp.example", "files"),
            ("alice@corp@web-1", "alice@corp", "web-1"),
        ] {
            assert_eq!(text.parse(), Ok(Access { login: login.into(), target: target.into() }), "{text}");
        }
    }

    #[test]
    fn a_text_without_a_target_or_with_odd_characters_is_no_access() {
        for text in
            ["root", "", "@", "root@", "@web-1", "ro ot@web-1", "root@we b", "root,admin@web", "-o@web", "a\n@b"]
        {
            assert_eq!(text.parse::<Access>(), Err(BadAccess), "{text}");
        }
    }

    #[test]
    fn ordinary_names_are_taken_and_names_with_a_second_meaning_are_refused() {
        for name in ["web-1", "db.example.com", "7up", "1", "db_main-"] {
            assert!(is_target(name), "{name}");
        }
        for name in
            ["", "-web", "_web", "web 1", "web@1", "web%1", "../etc", "w\n", "Web", "web,1", "wéb", &"a".repeat(64)]
        {
            assert!(!is_target(name), "{name}");
        }
        for login in ["root", "deploy", "_apt", "svc.backup-1", "Admin"] {
            assert!(is_login(login), "{login}");
        }
        let many = "a".repeat(33);
        let refused =
            ["", "-oProxyCommand", "root,admin", "root@web", "ro ot", "0day", "root%web", "*", "root\0", &many];
        for login in refused {
            assert!(!is_login(login), "{login}");
        }
    }
}
