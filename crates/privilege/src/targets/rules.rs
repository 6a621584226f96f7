//! What may be declared as a target. Pure.

use super::{Declaration, Target, TargetError};
use connectors::linux::{self, HostKeyPin};
use types::{is_login, is_target};

const LONGEST_DESCRIPTION: usize = 1024;
const MOST_RULES: usize = 100;

fn is_host(host: &str) -> bool {
    let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_');
    host.parse::<std::net::IpAddr>().is_ok()
        || ((1..=253).contains(&host.len())
            && host.bytes().all(inner)
            && !host.starts_with(['-', '.'])
            && !ends_in_a_number(host))
}

/// Resolvers take `10.1`, `167772161` and `0x0a.1` for 10.0.0.1: other spellings of one address. No name's last label
/// is a number (the URL Standard, section 3.5, "ends in a number checker").
fn ends_in_a_number(host: &str) -> bool {
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let digits = |text: &str, digit: fn(&u8) -> bool| text.as_bytes().iter().all(digit);
    match last.strip_prefix("0x") {
        Some(hex) => digits(hex, u8::is_ascii_hexdigit),
        None => digits(&last, u8::is_ascii_digit),
    }
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
    if !is_target(&new.name) {
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
    if new.description.len() > LONGEST_DESCRIPTION || new.description.contains('\0') {
        return Err(TargetError::BadDescription(new.name.clone()));
    }
    if new.sudo.len() > MOST_RULES {
        return Err(TargetError::TooManyRules(new.name.clone()));
    }
    linux::Scope { sudo: new.sudo.clone() }.check()?;
    Ok(new.host_key.parse()?)
}

/// Whether no other target has its address or host key. The owner of a target decides who reaches that host; a second
/// name for it would have a second owner.
pub(super) fn is_alone(target: &Target, all: &[&Target]) -> Result<(), TargetError> {
    for other in all.iter().filter(|other| other.name != target.name) {
        if other.port == target.port && one_spelling(&other.host) == one_spelling(&target.host) {
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
pub(crate) fn one_spelling(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host.parse::<std::net::IpAddr>().map_or(host, |address| address.to_canonical().to_string())
}
