//! What every system with accounts and entitlements can be asked, whatever it speaks. One value is one system with the
//! log-in of a service account; it decides nothing, keeps nothing between calls and never tries twice by itself.

use crate::ConnectorError;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use std::collections::BTreeMap;
use std::num::NonZeroU8;
use types::{Secret, Timestamp};

pub type Answer<'a, T> = BoxFuture<'a, Result<T, ConnectorError>>;
pub type Pages<'a> = BoxStream<'a, Result<Page, ConnectorError>>;

/// Names as the system or its mapping knows them, each with its values.
pub type Attributes = BTreeMap<String, Vec<String>>;

/// The attribute of an account that holds the ids of the groups that it cannot be without: nobody can take it out of its
/// primary group, only give it another one.
pub const PRIMARY_GROUP: &str = "primary_group";

/// Every act is idempotent: what is so already is a success. After [`crate::Class::Retry`] it may have happened or not:
/// read before the next try.
pub trait Connector: Send + Sync {
    fn capabilities(&self) -> Capabilities;

    /// Reaches it, logs in, and says what it is. Changes nothing.
    fn test(&self) -> Answer<'_, Health>;

    /// Everything, in no promised order. Only [`Page::End`] proves that it was whole.
    fn list(&self) -> Pages<'_>;

    /// One account with its direct memberships; `None` when it is surely not there.
    fn read<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, Option<Held>>;

    /// Its direct members; `None` when there is no such entitlement.
    fn members<'a>(&'a self, entitlement: &'a NativeId) -> Answer<'a, Option<Vec<Member>>>;

    /// Makes an account, or finds the one that an earlier try with the same mark has made.
    ///
    /// # Errors
    /// `AlreadyThere`: an account of that login which is not provably of this mark.
    fn create<'a>(&'a self, new: &'a NewAccount) -> Answer<'a, AccountRef>;

    /// Sets these attributes and leaves all others. The answer differs from what was asked where the login changed.
    fn change<'a>(&'a self, account: &'a AccountRef, attributes: &'a Attributes) -> Answer<'a, AccountRef>;

    fn set_status<'a>(&'a self, account: &'a AccountRef, to: Status) -> Answer<'a, ()>;

    fn delete<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, ()>;

    /// # Errors
    /// `NoSuchAccount`, `NoSuchEntitlement`.
    fn grant<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()>;

    fn revoke<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()>;

    fn set_password<'a>(&'a self, account: &'a AccountRef, password: &'a Secret<String>) -> Answer<'a, ()>;
}

/// What a system calls one of its own objects, for as long as that object lives: an object GUID, an OID, a user id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct NativeId(pub String);

/// A part of a listing: at most [`PAGE_OBJECTS`] accounts and entitlements together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    Part(Part),
    Unread(Unread),
    /// The listing is whole.
    End,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    pub accounts: Vec<Account>,
    pub entitlements: Vec<Entitlement>,
    pub memberships: Vec<Membership>,
    /// Of a listing of changes: what is not there any more.
    pub gone: Vec<NativeId>,
}

/// Listed accounts of which it could not be read which entitlements of a kind they have: nothing is concluded of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    pub accounts: Vec<NativeId>,
    pub kind: EntitlementKind,
}

pub const PAGE_OBJECTS: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: NativeId,
    /// What its holder signs in with there: any text, not only what fits `LOGIN@TARGET`.
    pub login: String,
    pub status: Status,
    pub attributes: Attributes,
    /// Why it has power by itself, beside its memberships (`superuser`); empty: it has none.
    pub privileged: Vec<String>,
    pub last_used_at: Option<Timestamp>,
    pub kind: AccountKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    Ordinary,
    /// The system's own, such as `postgres`, `krbtgt` or `daemon`, or the one that we log in with: never to be changed.
    BuiltIn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Enabled,
    Disabled,
}

/// Something that an account can be a member of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    pub id: NativeId,
    pub kind: EntitlementKind,
    pub name: String,
    /// Why it gives power, where it does.
    pub privileged: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntitlementKind {
    Group,
    Role,
    DatabaseGrant,
    SudoRule,
    SshKey,
    Other,
}

impl EntitlementKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Role => "role",
            Self::DatabaseGrant => "database_grant",
            Self::SudoRule => "sudo_rule",
            Self::SshKey => "ssh_key",
            Self::Other => "other",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Membership {
    pub member: Member,
    pub entitlement: NativeId,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    Account(NativeId),
    Entitlement(NativeId),
}

/// An account and what it is a direct member of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub account: Account,
    pub entitlements: Vec<Entitlement>,
}

/// By its id where that is known, by its login otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRef {
    pub id: Option<NativeId>,
    pub login: String,
}

#[derive(Debug, Clone)]
pub struct NewAccount {
    pub login: String,
    pub attributes: Attributes,
    /// Without one the account can be used by nobody until it gets one.
    pub password: Option<Secret<String>>,
    /// Kept on the account where the system has a place for it; a repeated try knows its own work by it.
    pub mark: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What the system says of itself, in one line.
    pub says: String,
}

/// What a system can do through us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    pub create: Can,
    pub disable: Can,
    pub delete: Can,
    pub grant: Can,
    pub set_password: Can,
    /// Entitlements can be members of entitlements.
    pub nested: Can,
    pub last_use: Can,
    /// Keeps a mark on what it made.
    pub marks: Can,
    /// Acts at once that it bears.
    pub parallel: NonZeroU8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Can {
    Yes,
    No,
}
