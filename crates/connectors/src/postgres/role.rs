//! A role as the server describes it, and what of it is an account, an entitlement, or power. Pure, but for the question.

use super::unreadable;
use crate::ConnectorError;
use crate::connector::{Account, AccountKind, Attributes, Entitlement, EntitlementKind, NativeId, Status};
use sqlx::Row;
use sqlx::postgres::PgRow;
use types::Timestamp;

/// Roles made by `initdb` have lower OIDs (`FirstNormalObjectId`).
const FIRST_MADE: u64 = 16_384;

/// What follows says which roles.
macro_rules! select_roles {
    ($which:literal) => {
        concat!(
            "select r.oid::text, r.rolname::text, r.rolcanlogin, r.rolconnlimit, ",
            "r.rolsuper, r.rolcreaterole, r.rolbypassrls, r.rolreplication, ",
            "case when isfinite(r.rolvaliduntil) then (extract(epoch from r.rolvaliduntil) * 1000000)::int8 end, ",
            "shobj_description(r.oid, 'pg_authid'), ",
            "exists (select 1 from pg_auth_members m where m.roleid = r.oid) ",
            "from pg_roles r ",
            $which
        )
    };
}
pub(super) use select_roles;

/// Rights that a role has by itself, in the order of the question, as statements name them.
pub(super) const POWERS: [&str; 4] = ["superuser", "createrole", "bypassrls", "replication"];
const POWER: &str = "power:";

/// The entitlement that a power of one's own is shown as.
pub(super) fn power(name: &str) -> NativeId {
    NativeId(format!("{POWER}{name}"))
}

pub(super) fn as_power(id: &NativeId) -> Option<&'static str> {
    let name = id.0.strip_prefix(POWER)?;
    POWERS.into_iter().find(|power| *power == name)
}

pub(super) fn powers() -> impl Iterator<Item = Entitlement> {
    POWERS.into_iter().map(|name| Entitlement {
        id: power(name),
        kind: EntitlementKind::Other,
        name: name.to_owned(),
        privileged: Some(name.to_owned()),
    })
}

/// Roles of the server's own that reach beyond its tables, or every one of them.
const STRONG: [&str; 6] = [
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_signal_backend",
];

#[derive(Debug)]
pub(super) struct Role {
    pub(super) oid: String,
    pub(super) name: String,
    can_login: bool,
    connection_limit: i32,
    powers: Vec<&'static str>,
    valid_until: Option<Timestamp>,
    pub(super) comment: Option<String>,
    has_members: bool,
}

impl Role {
    /// # Errors
    /// `Unexpected`: an answer of another shape.
    pub(super) fn of(row: &PgRow) -> Result<Self, ConnectorError> {
        let read = || -> Result<Self, sqlx::Error> {
            let mut powers = Vec::new();
            for (place, power) in POWERS.into_iter().enumerate() {
                if row.try_get(4 + place)? {
                    powers.push(power);
                }
            }
            Ok(Self {
                oid: row.try_get(0)?,
                name: row.try_get(1)?,
                can_login: row.try_get(2)?,
                connection_limit: row.try_get(3)?,
                powers,
                valid_until: row.try_get::<Option<i64>, _>(8)?.map(Timestamp::from_micros),
                comment: row.try_get(9)?,
                has_members: row.try_get(10)?,
            })
        };
        read().map_err(|error| unreadable(&error))
    }

    pub(super) const fn is_account(&self) -> bool {
        self.can_login || self.connection_limit == 0
    }

    /// Of the server itself, or the one that we are.
    pub(super) fn is_built_in(&self, our_login: &str) -> bool {
        let made = self.oid.parse::<u64>().is_ok_and(|oid| oid >= FIRST_MADE);
        !made || self.name == our_login
    }

    pub(super) fn account(&self, our_login: &str) -> Option<Account> {
        let attribute = |name: &str, value: String| (name.to_owned(), vec![value]);
        let comment = self.comment.iter().map(|comment| attribute("comment", comment.clone()));
        let until = self.valid_until.iter().map(|until| attribute("valid_until", until.to_string()));
        self.is_account().then(|| Account {
            id: NativeId(self.oid.clone()),
            login: self.name.clone(),
            status: if self.can_login { Status::Enabled } else { Status::Disabled },
            attributes: Attributes::from_iter(comment.chain(until)),
            privileged: self.powers.iter().map(|power| (*power).to_owned()).collect(),
            last_used_at: None,
            kind: if self.is_built_in(our_login) { AccountKind::BuiltIn } else { AccountKind::Ordinary },
        })
    }

    /// Also of an account that somebody else is a member of.
    pub(super) fn entitlement(&self) -> Option<Entitlement> {
        let power = (!self.powers.is_empty())
            .then(|| format!("its members may become it, and it has {}", self.powers.join(", ")));
        let strong = STRONG.contains(&self.name.as_str()).then(|| "it reaches files, programs or all data".to_owned());
        (!self.is_account() || self.has_members).then(|| Entitlement {
            id: NativeId(self.oid.clone()),
            kind: EntitlementKind::Role,
            name: self.name.clone(),
            privileged: power.or(strong),
        })
    }

    /// The powers that it holds as an account.
    pub(super) fn held_powers(&self) -> impl Iterator<Item = NativeId> {
        let held = if self.is_account() { self.powers.as_slice() } else { &[] };
        held.iter().map(|name| power(name))
    }
}
