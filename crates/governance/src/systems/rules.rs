//! Which names a system and its logins may have. A login becomes a certificate's principal, so nothing in it may
//! mean more than itself to a shell, to sshd, or in `LOGIN@SYSTEM`.

/// Host-like: lower case letters, digits, `.`, `_` and `-`, at most 63.
pub(super) fn is_system_name(name: &str) -> bool {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    let starts = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    starts && name.len() <= 63 && name.bytes().all(inside)
}

/// Portable user names (POSIX 3.437), at most 32 as on Linux, never starting with `-` or a digit.
pub(super) fn is_login(login: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let starts = login.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    starts && login.len() <= 32 && login.bytes().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_taken_and_names_with_a_second_meaning_are_refused() {
        for name in ["web-1", "db.example.com", "7up"] {
            assert!(is_system_name(name), "{name}");
        }
        for name in ["", "-web", "web 1", "web@1", "Web", "web,1", "wéb", &"a".repeat(64)] {
            assert!(!is_system_name(name), "{name}");
        }
        for login in ["root", "deploy", "_apt", "j.doe-2"] {
            assert!(is_login(login), "{login}");
        }
        for login in ["", "-oProxyCommand", "root,admin", "root@web", "ro ot", "0day", "root%web", &"a".repeat(33)] {
            assert!(!is_login(login), "{login}");
        }
    }
}
