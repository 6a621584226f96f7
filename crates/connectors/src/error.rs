//! What can go wrong between Tenure and a live system. Holds no secret and no output beyond one line of it.

use std::time::Duration;
use types::{Failure, Kind};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    /// Nothing was decided there: the same call may be tried again.
    #[error("`{address}` cannot be reached: {detail}; try again, or check the address and the network")]
    Unreachable { address: String, detail: String },
    #[error("`{address}` is busy: {detail}; try again later")]
    Busy { address: String, detail: String },
    #[error(
        "`{address}` showed host key {shown}, but {pinned} is pinned: find out why the key changed before pinning another"
    )]
    HostKeyMismatch { address: String, pinned: String, shown: String },
    #[error("the certificate of `{address}` is not trusted: {detail}; check the host's name and the authority")]
    Untrusted { address: String, detail: String },
    #[error("`{address}` refused the certificate for `{login}`: check that the host trusts Tenure's ssh ca")]
    Refused { address: String, login: String },
    #[error("`{address}` refused the password of `{login}`: verify that account first")]
    LogInRefused { address: String, login: String },
    #[error("`{login}` may not do this: {detail}; give it the right there")]
    NotPermitted { login: String, detail: String },
    #[error("the system's own policy refused the new password: {detail}; change the password policy here to match")]
    PasswordRefused { detail: String },
    #[error("there is no account `{login}` there")]
    NoSuchAccount { login: String },
    /// Its id is on the server, outside of what is looked after.
    #[error("`{login}` was moved out of `{base}`, to `{to}`: move it back or widen `base_dn`")]
    MovedAway { login: String, base: String, to: String },
    #[error("{what} took longer than {seconds} s; try again when the host is less busy")]
    Timeout { what: String, seconds: u64 },
    #[error("`{command}` printed more than {limit_bytes} bytes, which is not read further")]
    TooMuchOutput { command: String, limit_bytes: usize },
    #[error("`{command}` went wrong on the host: {detail}")]
    Unexpected { command: String, detail: String },
    #[error("argument {index} of the command holds a nul byte, which no program can receive; remove it")]
    BadArgument { index: usize },
    #[error("`{text}` is not a public host key such as `ssh-ed25519 AAAA…`")]
    BadHostKey { text: String },
    #[error("this is not a private key as OpenSSH writes it without a passphrase")]
    BadPrivateKey,
    #[error("`{address}` cannot be used: {reason}")]
    BadServer { address: String, reason: &'static str },
    #[error("`{name}` cannot be a name there: {reason}")]
    BadName { name: String, reason: &'static str },
    #[error("the password cannot be set: {reason}")]
    BadPassword { reason: &'static str },
    #[error("`{address}` asks to wait; it is asked again by itself")]
    RateLimited { address: String, after_seconds: Option<u64> },
    /// It may have happened there or not.
    #[error("`{address}` did not answer whether it did {act}; read it before the next try")]
    AnswerLost { address: String, act: &'static str },
    #[error("an account `{login}` is there already and was not made for this: link it or choose another login")]
    AlreadyThere { login: String },
    #[error("there is no entitlement `{name}` there")]
    NoSuchEntitlement { name: String },
    #[error("this kind of system cannot {act}: do it by hand there")]
    NotSupported { act: &'static str },
    #[error("what `{address}` lists cannot be believed: {detail}; nothing is concluded from it")]
    BrokenListing { address: String, detail: String },
    #[error("`{address}` refused {act}: {detail}; mend it there or change what is asked for")]
    Rejected { address: String, act: &'static str, detail: String },
}

/// What may be done after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Try again after a while; it may have happened.
    Retry,
    RateLimited {
        after: Option<Duration>,
    },
    /// The system is away, or does not let us in: everything that goes there waits.
    Outage,
    /// The same call will never work.
    Permanent,
}

impl ConnectorError {
    pub fn class(&self) -> Class {
        match self {
            Self::Busy { .. }
            | Self::Timeout { .. }
            | Self::AnswerLost { .. }
            | Self::BrokenListing { .. }
            | Self::MovedAway { .. }
            | Self::TooMuchOutput { .. }
            | Self::Unexpected { .. } => Class::Retry,
            Self::RateLimited { after_seconds, .. } => {
                Class::RateLimited { after: after_seconds.map(Duration::from_secs) }
            }
            Self::Unreachable { .. }
            | Self::HostKeyMismatch { .. }
            | Self::Untrusted { .. }
            | Self::Refused { .. }
            | Self::LogInRefused { .. } => Class::Outage,
            Self::NotPermitted { .. }
            | Self::PasswordRefused { .. }
            | Self::NoSuchAccount { .. }
            | Self::BadArgument { .. }
            | Self::BadHostKey { .. }
            | Self::BadPrivateKey
            | Self::BadServer { .. }
            | Self::BadName { .. }
            | Self::BadPassword { .. }
            | Self::AlreadyThere { .. }
            | Self::NoSuchEntitlement { .. }
            | Self::NotSupported { .. }
            | Self::Rejected { .. } => Class::Permanent,
        }
    }
}

impl Failure for ConnectorError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unreachable { .. }
            | Self::Busy { .. }
            | Self::Timeout { .. }
            | Self::RateLimited { .. }
            | Self::AnswerLost { .. }
            | Self::BrokenListing { .. } => Kind::Unavailable,
            Self::HostKeyMismatch { .. }
            | Self::Untrusted { .. }
            | Self::Refused { .. }
            | Self::LogInRefused { .. }
            | Self::NotPermitted { .. } => Kind::Forbidden,
            Self::NoSuchAccount { .. } | Self::NoSuchEntitlement { .. } => Kind::NotFound,
            Self::AlreadyThere { .. } | Self::MovedAway { .. } => Kind::Conflict,
            Self::PasswordRefused { .. }
            | Self::BadArgument { .. }
            | Self::BadHostKey { .. }
            | Self::BadPrivateKey
            | Self::BadServer { .. }
            | Self::BadName { .. }
            | Self::BadPassword { .. }
            | Self::NotSupported { .. }
            | Self::Rejected { .. } => Kind::Invalid,
            Self::TooMuchOutput { .. } | Self::Unexpected { .. } => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "host_unreachable",
            Self::Busy { .. } => "host_busy",
            Self::HostKeyMismatch { .. } => "host_key_mismatch",
            Self::Untrusted { .. } => "host_untrusted",
            Self::Refused { .. } => "host_refused_certificate",
            Self::LogInRefused { .. } => "host_refused_password",
            Self::NotPermitted { .. } => "host_not_permitted",
            Self::PasswordRefused { .. } => "host_refused_new_password",
            Self::NoSuchAccount { .. } => "host_account_missing",
            Self::MovedAway { .. } => "account_moved_away",
            Self::Timeout { .. } => "host_timeout",
            Self::TooMuchOutput { .. } => "host_too_much_output",
            Self::Unexpected { .. } => "host_unexpected",
            Self::BadArgument { .. } => "host_bad_argument",
            Self::BadHostKey { .. } => "host_key_invalid",
            Self::BadPrivateKey => "private_key_invalid",
            Self::BadServer { .. } => "server_invalid",
            Self::BadName { .. } => "account_name_invalid",
            Self::BadPassword { .. } => "password_invalid",
            Self::RateLimited { .. } => "system_rate_limited",
            Self::AnswerLost { .. } => "system_answer_lost",
            Self::AlreadyThere { .. } => "account_already_there",
            Self::NoSuchEntitlement { .. } => "entitlement_missing",
            Self::NotSupported { .. } => "system_cannot",
            Self::BrokenListing { .. } => "system_listing_broken",
            Self::Rejected { .. } => "system_rejected",
        }
    }
}

/// The first printable line of what a host said, short enough for a message.
pub(crate) fn one_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it said nothing");
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The same of a host that was told a secret and may repeat it.
pub(crate) fn one_line_without(secret: &str, text: &str) -> String {
    if secret.is_empty() { one_line(text) } else { one_line(&text.replace(secret, "[secret]")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_repeats_a_secret_is_quoted_without_it() {
        let long = "s3cret".repeat(60);
        for (secret, said, shown) in [
            ("s3cret", "bad password 's3cret'\nmore", "bad password '[secret]'"),
            (&long, &format!("no: {long}"), "no: [secret]"),
            ("", "why", "why"),
        ] {
            assert_eq!(one_line_without(secret, said), shown);
        }
    }
}
