//! Reads every role with its memberships, and what was granted on objects directly, from one snapshot. Changes nothing.

use super::role::{POWERS, Role, as_power, powers, select_roles};
use super::session::{Fault, Session};
use super::system::System;
use super::{number, strings, unreadable};
use crate::ConnectorError;
use crate::connector::{
    AccountRef, Entitlement, EntitlementKind, Health, Held, Member, Membership, NativeId, PAGE_OBJECTS, Page, Pages,
    Part,
};
use futures::StreamExt;
use std::collections::{HashSet, VecDeque};

/// A role can be both an account and an entitlement.
const ROLES_A_PAGE: usize = 400;

pub(super) async fn health(session: &mut Session) -> Result<Health, ConnectorError> {
    let question = "select version(), r.rolname::text, case when r.rolsuper then 'superuser' \
        when r.rolcreaterole then 'createrole' else 'no right to change roles' end \
        from pg_roles r where r.rolname = current_user and $1::text[] is not null";
    let rows = ask(session, question, &[]).await?;
    let row = rows.first().ok_or_else(|| unreadable(&sqlx::Error::RowNotFound))?;
    let [version, who, may] = strings(row)?;
    let version = version.split(" on ").next().unwrap_or_default();
    Ok(Health { says: format!("{version} as {who}, {may}") })
}

/// # Errors
/// In the stream: those of logging in, `Busy`, `Unexpected`, `BrokenListing` where the server counts other roles than it gave.
pub(super) fn list(system: &System) -> Pages<'_> {
    let pages = futures::stream::try_unfold(Some(Reading::default()), move |reading| async move {
        let Some(mut reading) = reading else { return Ok(None) };
        loop {
            if let Some(part) = reading.waiting.pop_front() {
                return Ok(Some((Page::Part(part), Some(reading))));
            }
            if reading.exhausted {
                reading.end().await?;
                return Ok(Some((Page::End, None)));
            }
            reading.read_more(system).await?;
        }
    });
    pages.boxed()
}

#[derive(Default)]
struct Reading {
    /// None before the first page.
    session: Option<Session>,
    /// The last OID seen.
    after: String,
    roles: i64,
    /// Entitlements of grants on objects that were given already.
    grants: HashSet<NativeId>,
    waiting: VecDeque<Part>,
    exhausted: bool,
}

impl Reading {
    async fn read_more(&mut self, system: &System) -> Result<(), ConnectorError> {
        if self.session.is_none() {
            let mut session = system.fresh().await?;
            let begun = session.run("begin isolation level repeatable read read only".to_owned()).await;
            begun.map_err(|fault| session.explain("begin", fault))?;
            self.session = Some(session);
            self.after = "0".to_owned();
            self.waiting.push_back(Part { entitlements: powers().collect(), ..Part::default() });
        }
        let session = self.session.as_mut().expect("it was opened above");
        let question = select_roles!("where r.oid > ($1::text[])[1]::oid order by r.oid limit 400");
        let rows = ask(session, question, std::slice::from_ref(&self.after)).await?;
        let roles = rows.iter().map(Role::of).collect::<Result<Vec<_>, _>>()?;
        self.exhausted = roles.len() < ROLES_A_PAGE;
        self.roles += i64::try_from(roles.len()).unwrap_or(i64::MAX);
        let Some(last) = roles.last() else { return Ok(()) };
        self.after.clone_from(&last.oid);
        let oids: Vec<String> = roles.iter().map(|role| role.oid.clone()).collect();

        let granted = granted(session, &oids).await?;
        let new: Vec<Entitlement> = granted
            .iter()
            .map(|(_, grant)| grant)
            .filter(|grant| self.grants.insert(grant.id.clone()))
            .cloned()
            .collect();
        for some in new.chunks(PAGE_OBJECTS) {
            self.waiting.push_back(Part { entitlements: some.to_vec(), ..Part::default() });
        }
        let accounts: HashSet<&str> =
            roles.iter().filter(|role| role.is_account()).map(|role| role.oid.as_str()).collect();
        let mut memberships: Vec<Membership> = held_by(session, &oids)
            .await?
            .into_iter()
            .map(|(member, role)| {
                let of = NativeId(member.clone());
                let member =
                    if accounts.contains(member.as_str()) { Member::Account(of) } else { Member::Entitlement(of) };
                Membership { member, entitlement: NativeId(role) }
            })
            .collect();
        let account = |oid: &str| Member::Account(NativeId(oid.to_owned()));
        memberships.extend(roles.iter().flat_map(|role| {
            role.held_powers().map(|entitlement| Membership { member: account(&role.oid), entitlement })
        }));
        memberships.extend(
            granted.into_iter().map(|(oid, grant)| Membership { member: account(&oid), entitlement: grant.id }),
        );
        self.waiting.push_back(Part {
            accounts: roles.iter().filter_map(|role| role.account(&system.login)).collect(),
            entitlements: roles.iter().filter_map(Role::entitlement).collect(),
            memberships,
            gone: Vec::new(),
        });
        Ok(())
    }

    async fn end(mut self) -> Result<(), ConnectorError> {
        let Some(mut session) = self.session.take() else { return Ok(()) };
        let rows = ask(&mut session, "select count(*) from pg_roles where $1::text[] is not null", &[]).await?;
        let counted = rows.first().map(|row| number(row, 0)).transpose()?;
        let address = session.address().to_owned();
        session.close().await;
        if counted == Some(self.roles) {
            return Ok(());
        }
        let detail = format!("{} roles came, and there are {}", self.roles, counted.unwrap_or_default());
        Err(ConnectorError::BrokenListing { address, detail })
    }
}

/// # Errors
/// `Busy`, `Unexpected`, those of a lost connection.
pub(super) async fn read(
    session: &mut Session,
    our_login: &str,
    account: &AccountRef,
) -> Result<Option<Held>, ConnectorError> {
    let Some(role) = find(session, account).await? else { return Ok(None) };
    let Some(account) = role.account(our_login) else { return Ok(None) };
    let own = std::slice::from_ref(&role.oid);
    let roles: Vec<String> = held_by(session, own).await?.into_iter().map(|(_, role)| role).collect();
    let rows = ask(session, select_roles!("where r.oid = any($1::text[]::oid[])"), &roles).await?;
    let mut entitlements = Vec::new();
    for row in &rows {
        entitlements.extend(Role::of(row)?.entitlement());
    }
    let held: HashSet<NativeId> = role.held_powers().collect();
    entitlements.extend(powers().filter(|power| held.contains(&power.id)));
    entitlements.extend(granted(session, own).await?.into_iter().map(|(_, grant)| grant));
    Ok(Some(Held { account, entitlements }))
}

/// # Errors
/// As of [`read`].
pub(super) async fn members(
    session: &mut Session,
    entitlement: &NativeId,
) -> Result<Option<Vec<Member>>, ConnectorError> {
    if entitlement.0.starts_with(GRANT) {
        let holders = granted_to_all(session).await?.into_iter().filter(|(_, grant)| grant.id == *entitlement);
        let members: Vec<Member> = holders.map(|(oid, _)| Member::Account(NativeId(oid))).collect();
        return Ok((!members.is_empty()).then_some(members));
    }
    let (rows, exists) = match as_power(entitlement) {
        Some(power) => {
            let place = POWERS.iter().position(|one| *one == power).map_or(0, |place| place + 1).to_string();
            let question = select_roles!(
                "where (array[r.rolsuper, r.rolcreaterole, r.rolbypassrls, r.rolreplication])[($1::text[])[1]::int] \
                 and (r.rolcanlogin or r.rolconnlimit = 0)"
            );
            (ask(session, question, &[place]).await?, true)
        }
        None => {
            let oid = std::slice::from_ref(&entitlement.0);
            let exists = is_oid(&entitlement.0)
                && !ask(session, "select oid::text from pg_roles where oid = ($1::text[])[1]::oid", oid)
                    .await?
                    .is_empty();
            let question = select_roles!(
                "where r.oid in (select member from pg_auth_members where roleid = ($1::text[])[1]::oid)"
            );
            (if exists { ask(session, question, oid).await? } else { Vec::new() }, exists)
        }
    };
    let member = |role: Role| {
        let id = NativeId(role.oid.clone());
        if role.is_account() { Member::Account(id) } else { Member::Entitlement(id) }
    };
    let members = rows.iter().map(|row| Role::of(row).map(member)).collect::<Result<_, _>>()?;
    Ok(exists.then_some(members))
}

/// The role that is meant: by its OID where that is known, whatever its name is by now.
///
/// # Errors
/// As of [`read`].
pub(super) async fn find(session: &mut Session, account: &AccountRef) -> Result<Option<Role>, ConnectorError> {
    let rows = match &account.id {
        Some(id) if !is_oid(&id.0) => return Ok(None),
        Some(id) => {
            ask(session, select_roles!("where r.oid = ($1::text[])[1]::oid"), std::slice::from_ref(&id.0)).await?
        }
        None => {
            let name = std::slice::from_ref(&account.login);
            ask(session, select_roles!("where r.rolname::text = any($1::text[])"), name).await?
        }
    };
    rows.first().map(Role::of).transpose()
}

pub(super) fn is_oid(text: &str) -> bool {
    text.parse::<u32>().is_ok_and(|oid| oid.to_string() == text)
}

/// Pairs of a member and a role, each once, whoever granted it.
async fn held_by(session: &mut Session, oids: &[String]) -> Result<Vec<(String, String)>, ConnectorError> {
    let question = "select distinct member::text, roleid::text from pg_auth_members \
        where member = any($1::text[]::oid[]) order by 1, 2";
    ask(session, question, oids).await?.iter().map(|row| strings(row).map(|[member, role]| (member, role))).collect()
}

const GRANT: &str = "grant:";

/// What was granted to accounts directly on objects of this database, one entitlement for each place and privilege.
macro_rules! select_grants {
    ($which:literal) => {
        concat!(
            "select distinct g.grantee::text, current_database()::text, g.place, g.privilege_type::text from ( ",
            "select a.grantee, 'tables of schema ' || n.nspname as place, a.privilege_type from pg_class c ",
            "join pg_namespace n on n.oid = c.relnamespace, lateral aclexplode(c.relacl) a where a.grantee <> c.relowner ",
            "union all select a.grantee, 'schema ' || n.nspname, a.privilege_type ",
            "from pg_namespace n, lateral aclexplode(n.nspacl) a where a.grantee <> n.nspowner ",
            "union all select a.grantee, 'database ' || d.datname, a.privilege_type ",
            "from pg_database d, lateral aclexplode(d.datacl) a where a.grantee <> d.datdba ",
            ") g join pg_roles r on r.oid = g.grantee where (r.rolcanlogin or r.rolconnlimit = 0) ",
            $which,
            " order by 1, 2, 3, 4"
        )
    };
}

async fn granted(session: &mut Session, oids: &[String]) -> Result<Vec<(String, Entitlement)>, ConnectorError> {
    as_grants(ask(session, select_grants!("and g.grantee = any($1::text[]::oid[])"), oids).await?)
}

async fn granted_to_all(session: &mut Session) -> Result<Vec<(String, Entitlement)>, ConnectorError> {
    as_grants(ask(session, select_grants!("and $1::text[] is not null"), &[]).await?)
}

fn as_grants(rows: Vec<sqlx::postgres::PgRow>) -> Result<Vec<(String, Entitlement)>, ConnectorError> {
    let grant = |row: &sqlx::postgres::PgRow| {
        let [grantee, database, place, privilege] = strings(row)?;
        let privilege = privilege.to_lowercase();
        let entitlement = Entitlement {
            id: NativeId(format!("{GRANT}{database}/{place}/{privilege}")),
            kind: EntitlementKind::DatabaseGrant,
            name: format!("{privilege} on {place} in {database}"),
            privileged: None,
        };
        Ok((grantee, entitlement))
    };
    rows.iter().map(grant).collect()
}

/// Whether an entitlement is one that cannot be given or taken through roles.
pub(super) fn is_grant(id: &NativeId) -> bool {
    id.0.starts_with(GRANT)
}

pub(super) async fn ask(
    session: &mut Session,
    question: &'static str,
    texts: &[String],
) -> Result<Vec<sqlx::postgres::PgRow>, ConnectorError> {
    let answer: Result<_, Fault> = session.ask(question, texts).await;
    answer.map_err(|fault| session.explain("reading roles", fault))
}
