//! What the file says. Read and checked as a whole, so that a fault is told with its line before anything is called.

use super::paging::Paging;
use super::template::{Body, Place};
use crate::connector::EntitlementKind;
use serde_json::Value;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;
use std::num::NonZeroU16;

/// The longest file, in bytes.
const LONGEST: usize = 64 << 10;
/// The most calls of one second that can be asked for.
const MOST_PER_SECOND: u16 = 1_000;

/// An API as its file describes it. The server, the login and its secret are not part of it.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Before every path.
    #[serde(default)]
    pub(super) base: Option<Spanned<Place>>,
    /// Whether the server may be one of a private network.
    #[serde(default)]
    pub(super) private: bool,
    pub(super) auth: Spanned<Auth>,
    /// The most calls of one second; ten where nothing is said.
    #[serde(default)]
    per_second: Option<Spanned<NonZeroU16>>,
    /// Of every call.
    #[serde(default)]
    pub(super) headers: Option<Spanned<Headers>>,
    pub(super) accounts: Accounts,
    #[serde(default)]
    pub(super) entitlements: Option<Entitlements>,
    #[serde(default)]
    pub(super) memberships: Option<Memberships>,
    #[serde(default)]
    pub(super) acts: Acts,
    /// Answers that say that something is not there.
    #[serde(default = "gone")]
    pub(super) gone_when: Vec<u16>,
    /// Answers that say that something is there already.
    #[serde(default = "taken")]
    pub(super) taken_when: Vec<u16>,
}

/// Who gets to see the secret of a described API, besides the server that it is declared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    base: Option<Place>,
    private: bool,
    auth: Auth,
}

pub(super) type Headers = BTreeMap<String, String>;

#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Auth {
    /// The secret is the token (RFC 6750).
    Bearer,
    /// The login and the secret (RFC 7617).
    Basic,
    /// The login and the secret are those of a client, which get a token (RFC 6749, 4.4).
    Oauth2ClientCredentials {
        /// A path on the same server, or an address that begins with `https://`.
        token: String,
        #[serde(default)]
        scope: Option<String>,
    },
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Accounts {
    pub(super) list: List,
    /// By `{id}`.
    #[serde(default)]
    pub(super) read: Option<One>,
    /// Those with `{login}`, perhaps among others.
    #[serde(default)]
    pub(super) find: Option<List>,
    pub(super) id: Pointer,
    pub(super) login: Pointer,
    /// Without it every account is enabled.
    #[serde(default)]
    pub(super) enabled: Option<Enabled>,
    /// Where the mark of who made an account is kept.
    #[serde(default)]
    pub(super) mark: Option<Pointer>,
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, Pointer>,
}

/// An account is enabled when this is so.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enabled {
    pub(super) at: Pointer,
    pub(super) is: Value,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entitlements {
    pub(super) list: List,
    /// By `{entitlement}`.
    #[serde(default)]
    pub(super) read: Option<One>,
    pub(super) id: Pointer,
    pub(super) name: Pointer,
    #[serde(default = "other")]
    pub(super) kind: EntitlementKind,
    /// Where each says itself which accounts are in it.
    #[serde(default)]
    pub(super) members: Option<Members>,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Members {
    /// A list.
    pub(super) at: Pointer,
    /// The id of the account in each of its parts.
    #[serde(default)]
    pub(super) account: Pointer,
}

/// Who is in what, where that is listed by itself.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Memberships {
    pub(super) list: List,
    /// Only those of the account `{id}`.
    #[serde(default)]
    pub(super) of_account: Option<List>,
    /// Only those in `{entitlement}`.
    #[serde(default)]
    pub(super) of_entitlement: Option<List>,
    pub(super) account: Pointer,
    pub(super) entitlement: Pointer,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) path: Spanned<Place>,
    /// Where in an answer the list is.
    #[serde(default)]
    pub(super) items: Pointer,
    /// Where an answer says how many there are in all.
    #[serde(default)]
    pub(super) total: Option<Pointer>,
    #[serde(default)]
    pub(super) paging: Paging,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct One {
    pub(super) path: Spanned<Place>,
    #[serde(default)]
    pub(super) item: Pointer,
}

#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Acts {
    pub(super) create: Option<Act>,
    pub(super) change: Option<Act>,
    pub(super) enable: Option<Act>,
    pub(super) disable: Option<Act>,
    pub(super) delete: Option<Act>,
    pub(super) set_password: Option<Act>,
    pub(super) grant: Option<Act>,
    pub(super) revoke: Option<Act>,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Act {
    pub(super) method: Method,
    pub(super) path: Spanned<Place>,
    #[serde(default)]
    pub(super) headers: Option<Spanned<Headers>>,
    #[serde(default)]
    pub(super) body: Option<Spanned<Body>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    Post,
    Put,
    Patch,
    Delete,
}

/// Where something is in an answer (RFC 6901); the whole of it where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Pointer(String);

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() || text.starts_with('/') {
            return Ok(Self(text));
        }
        Err(format!("`{}` points nowhere: write `/{}`", crate::account::cut(&text), crate::account::cut(&text)))
    }
}

impl Pointer {
    pub(super) fn of<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        value.pointer(&self.0).filter(|found| !found.is_null())
    }
}

fn gone() -> Vec<u16> {
    vec![404, 410]
}

fn taken() -> Vec<u16> {
    vec![409, 412]
}

const fn other() -> EntitlementKind {
    EntitlementKind::Other
}

/// A fault of the file. Line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct DescriptionError {
    pub line: u64,
    pub column: u64,
    pub problem: String,
}

impl Description {
    /// # Errors
    /// The first fault, with where it is.
    pub fn parse(text: &str) -> Result<Self, DescriptionError> {
        let at_once = |problem: &str| DescriptionError { line: 1, column: 1, problem: problem.to_owned() };
        if text.len() > LONGEST {
            return Err(at_once("the file is longer than 64 KiB: an API is described in less"));
        }
        let options = serde_saphyr::options! { with_snippet: false };
        let read: Self = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let at = error.location();
            let words = error.to_string();
            DescriptionError {
                line: at.map_or(1, |at| at.line()),
                column: at.map_or(1, |at| at.column()),
                problem: crate::error::one_line(&words),
            }
        })?;
        read.check()?;
        Ok(read)
    }

    /// What of the file says where its secret is sent, and as what.
    pub fn destination(&self) -> Destination {
        let base = self.base.as_ref().map(|base| base.value.clone());
        Destination { base, private: self.private, auth: self.auth.value.clone() }
    }

    pub(super) fn per_second(&self) -> u32 {
        self.per_second.as_ref().map_or(10, |most| most.value.get().into())
    }

    fn check(&self) -> Result<(), DescriptionError> {
        let Self { accounts, entitlements, memberships, acts, .. } = self;
        if let Some(base) = &self.base {
            places(base, base.value.places(), &[])?;
        }
        if let Some(per_second) = self.per_second.as_ref().filter(|most| most.value.get() > MOST_PER_SECOND) {
            return Err(fault(per_second, "`per_second` is at most 1,000"));
        }
        if let Auth::Oauth2ClientCredentials { token, .. } = &self.auth.value
            && !token.starts_with("https://")
            && Place::try_from(token.clone()).is_err()
        {
            return Err(fault(&self.auth, "`token` is a path on the server, or begins with `https://`"));
        }
        self.headers.as_ref().map_or(Ok(()), headers)?;
        accounts.list.check(&[])?;
        accounts.read.as_ref().map_or(Ok(()), |read| places(&read.path, read.path.value.places(), &["id"]))?;
        accounts.find.as_ref().map_or(Ok(()), |find| find.check(&["login"]))?;
        if let Some(entitlements) = entitlements {
            entitlements.list.check(&[])?;
            let read = entitlements.read.as_ref();
            read.map_or(Ok(()), |read| places(&read.path, read.path.value.places(), &["entitlement"]))?;
        }
        if let Some(memberships) = memberships {
            memberships.list.check(&[])?;
            memberships.of_account.as_ref().map_or(Ok(()), |list| list.check(&["id", "login"]))?;
            memberships.of_entitlement.as_ref().map_or(Ok(()), |list| list.check(&["entitlement"]))?;
            if entitlements.as_ref().is_none_or(|entitlements| entitlements.members.is_some()) {
                let problem = "`memberships` go with `entitlements` that do not say their `members` themselves";
                return Err(fault(&memberships.list.path, problem));
            }
        } else if let Some(entitlements) = entitlements.as_ref().filter(|found| found.members.is_none()) {
            let problem = "say who is in an entitlement: by `members` of each, or by a list of `memberships`";
            return Err(fault(&entitlements.list.path, problem));
        }
        let own: Vec<&str> = accounts.attributes.keys().map(String::as_str).collect();
        for (act, more) in [
            (&acts.create, [&["login", "mark", "password"], &own[..]].concat()),
            (&acts.change, [&["id", "login"], &own[..]].concat()),
            (&acts.enable, vec!["id", "login"]),
            (&acts.disable, vec!["id", "login"]),
            (&acts.delete, vec!["id", "login"]),
            (&acts.set_password, vec!["id", "login", "password"]),
            (&acts.grant, vec!["id", "login", "entitlement"]),
            (&acts.revoke, vec!["id", "login", "entitlement"]),
        ] {
            act.as_ref().map_or(Ok(()), |act| act.check(&more))?;
        }
        Ok(())
    }
}

impl List {
    fn check(&self, known: &[&str]) -> Result<(), DescriptionError> {
        places(&self.path, self.path.value.places(), known)
    }
}

impl Act {
    fn check(&self, known: &[&str]) -> Result<(), DescriptionError> {
        let in_path: Vec<&str> =
            known.iter().copied().filter(|name| ["id", "login", "entitlement"].contains(name)).collect();
        places(&self.path, self.path.value.places(), &in_path)?;
        self.headers.as_ref().map_or(Ok(()), headers)?;
        let Some(body) = &self.body else { return Ok(()) };
        places(body, body.value.places().iter().map(String::as_str), known)
    }
}

fn places<'a, T>(
    at: &Spanned<T>,
    found: impl IntoIterator<Item = &'a str>,
    known: &[&str],
) -> Result<(), DescriptionError> {
    match found.into_iter().find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) if known.is_empty() => Err(fault(at, &format!("nothing can stand for `{{{name}}}` here"))),
        Some(name) => {
            let known: Vec<String> = known.iter().map(|name| format!("`{{{name}}}`")).collect();
            Err(fault(at, &format!("nothing is called `{{{name}}}` here: use {}", known.join(", "))))
        }
    }
}

/// Headers are fixed, and none of those that say who asks or what comes.
fn headers(all: &Spanned<Headers>) -> Result<(), DescriptionError> {
    for (name, value) in &all.value {
        let is_ours = ["authorization", "connection", "content-length", "cookie", "host", "transfer-encoding"]
            .contains(&name.to_ascii_lowercase().as_str());
        let name_fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_ours || !name_fits || value.bytes().any(|byte| !(b' '..=b'~').contains(&byte)) {
            return Err(fault(all, &format!("`{}` is no header that a file can set", crate::account::cut(name))));
        }
    }
    Ok(())
}

fn fault<T>(at: &Spanned<T>, problem: &str) -> DescriptionError {
    let place = at.defined;
    DescriptionError { line: place.line(), column: place.column(), problem: problem.to_owned() }
}
