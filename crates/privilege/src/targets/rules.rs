//! Which names and addresses a target and its logins may have. Pure.

use super::{Declaration, Target, TargetError};
use connectors::linux::HostKeyPin;

/// What can stand in `login@target` on a command line. The name of a target is the name of its system, so exactly
/// what governance takes for a system: lower case letters, digits, `.`, `_` and `-`, at most 63.
fn is_name(name: &str) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'_' | b'-');
    (1..=63).contains(&name.len()) && name.bytes().all(inner) && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// A login that can be the one principal of a certificate: no comma, no wildcard, nothing that sshd reads as more.
pub(crate) fn is_login(login: &str) -> bool {
    let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.');
    (1..=32).contains(&login.len())
        && login.bytes().all(inner)
        && login.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

fn is_host(host: &str) -> bool {
    let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_');
    host.parse::<std::net::IpAddr>().is_ok()
        || ((1..=253).contains(&host.len()) && host.bytes().all(inner) && !host.starts_with(['-', '.']))
}

/// The pins of declarations whose every word is fit to be used.
pub(super) fn check(declarations: &[Declaration]) -> Result<Vec<HostKeyPin>, TargetError> {
    let twice = |(at, new): (usize, &Declaration)| declarations[..at].iter().any(|earlier| earlier.name == new.name);
    let pins = declarations.iter().map(check_one).collect::<Result<_, _>>()?;
    match declarations.iter().enumerate().find(|one| twice(*one)) {
        Some((_, new)) => Err(TargetError::Twice(new.name.clone())),
        None => Ok(pins),
    }
}

fn check_one(new: &Declaration) -> Result<HostKeyPin, TargetError> {
    if !is_name(&new.name) {
        return Err(TargetError::BadName(new.name.chars().take(70).collect()));
    }
    if !is_host(&new.host) || new.port == 0 {
        return Err(TargetError::BadAddress(format!(
            "{}:{}",
            new.host.chars().take(260).collect::<String>(),
            new.port
        )));
    }
    if !is_login(&new.discovery_login) {
        return Err(TargetError::BadLogin(new.discovery_login.chars().take(40).collect()));
    }
    Ok(new.host_key.parse()?)
}

/// Whether no other target has its address or host key. The owner of a target decides who reaches that host; a second
/// name for it would have a second owner.
pub(super) fn is_alone(target: &Target, all: &[&Target]) -> Result<(), TargetError> {
    for other in all.iter().filter(|other| other.name != target.name) {
        if other.port == target.port && host(other) == host(target) {
            return Err(TargetError::AddressTaken { address: target.address(), other: other.name.clone() });
        }
        if other.host_key_pin == target.host_key_pin {
            let fingerprint = target.host_key_pin.fingerprint();
            return Err(TargetError::HostKeyTaken { fingerprint, other: other.name.clone() });
        }
    }
    Ok(())
}

/// One spelling for a host, of the many that lead to it.
fn host(target: &Target) -> String {
    let host = target.host.trim_end_matches('.').to_ascii_lowercase();
    host.parse::<std::net::IpAddr>().map_or(host, |address| address.to_canonical().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_logins_hold_nothing_that_a_shell_a_terminal_or_sshd_reads_as_more() {
        for (name, good) in [
            ("web-1", true),
            ("db.prod.example", true),
            ("1", true),
            ("", false),
            ("Web", false),
            ("-web", false),
            ("db_main-", true),
            ("_web", false),
            ("web 1", false),
            ("web@1", false),
            ("web%1", false),
            ("../etc", false),
            ("w\n", false),
            ("é", false),
        ] {
            assert_eq!(is_name(name), good, "{name}");
        }
        assert!(!is_name(&"a".repeat(64)));
        for (login, good) in [
            ("root", true),
            ("_apt", true),
            ("svc.backup-1", true),
            ("Admin", true),
            ("", false),
            ("-root", false),
            ("root,alice", false),
            ("*", false),
            ("root\0", false),
            ("ro ot", false),
            ("1root", false),
        ] {
            assert_eq!(is_login(login), good, "{login}");
        }
        assert!(!is_login(&"a".repeat(33)));
    }
}
