//! Drops users: locks them out, ends their sessions, hands on what they own, drops them, and looks once more for a
//! session that was being opened meanwhile. Each step is harmless when run twice.

use super::super::session::{Fault, Session};
use super::super::unreadable;
use super::halving;
use crate::account::cut;
use crate::quote_sql::postgres_identifier;
use crate::{Batch, ConnectorError, OldUser, Server};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use types::Secret;

/// How often sessions are looked for again, 50 ms apart, before they count as not ended.
const LOOKS: u32 = 200;

pub(super) struct Dropping<'a> {
    pub(super) server: &'a Server,
    pub(super) as_login: &'a str,
    pub(super) as_password: &'a Secret<String>,
    pub(super) session: &'a mut Session,
}

struct Doomed<'a> {
    name: &'a str,
    quoted: String,
    heir: Option<String>,
    oid: String,
    owns: bool,
}

struct Found {
    oid: String,
    owns: bool,
    only_role: Option<String>,
    by_superuser: bool,
}

impl Dropping<'_> {
    pub(super) async fn all(&mut self, users: &[OldUser], batch: &mut Batch) {
        let found = match self.find(users).await {
            Ok(found) => found,
            Err(error) => return batch.fail(users.iter().map(|user| user.name.as_str()), &error),
        };
        self.end_departed(users, &found, batch).await;
        let by_superuser = found.values().all(|found| found.by_superuser);
        let doomed = self.doomed(users, &found, batch);
        let doomed = self.lock_out(doomed, by_superuser, batch).await;
        let doomed = match self.end_sessions(&doomed).await {
            Ok(alive) => remain(doomed, alive, batch),
            Err(error) => return batch.fail(doomed.iter().map(|user| user.name), &error),
        };
        let doomed = self.disown(doomed, batch).await;
        let names = |part: &[Doomed<'_>]| {
            let names: Vec<&str> = part.iter().map(|user| user.quoted.as_str()).collect();
            format!("drop role if exists {}", names.join(", "))
        };
        let (dropped, kept) = halving(self.session, "drop role", &doomed, names).await;
        batch.failed.extend(kept.into_iter().map(|(user, error)| (user.name.to_owned(), error)));
        match self.end_sessions(&dropped).await {
            Ok(alive) => {
                batch.finish(dropped.iter().map(|user| user.name).filter(|name| !alive.contains_key(*name)));
                batch.failed.extend(alive);
            }
            Err(error) => batch.fail(dropped.iter().map(|user| user.name), &error),
        }
    }

    async fn find(&mut self, users: &[OldUser]) -> Result<HashMap<String, Found>, ConnectorError> {
        let question = "select rolname::text, oid::text, exists (select from pg_shdepend \
            where refclassid = 'pg_authid'::regclass and refobjid = r.oid), \
            (select case when count(distinct g.oid) = 1 then min(g.rolname::text) end from pg_auth_members m \
            join pg_roles g on g.oid = m.roleid where m.member = r.oid and not g.rolsuper), \
            (select rolsuper from pg_roles where rolname = current_user) \
            from pg_roles r where rolname = any($1::text[]::name[])";
        let names: Vec<String> = users.iter().map(|user| user.name.clone()).collect();
        let rows = self.session.ask(question, &names).await.map_err(|fault| self.explain("finding roles", fault))?;
        let found = |row: &sqlx::postgres::PgRow| {
            let (oid, owns) = (row.try_get(1)?, row.try_get(2)?);
            let found = Found { oid, owns, only_role: row.try_get(3)?, by_superuser: row.try_get(4)? };
            Ok((row.try_get(0)?, found))
        };
        rows.iter().map(found).collect::<Result<_, sqlx::Error>>().map_err(|error| unreadable(&error))
    }

    /// Ends the sessions of users that somebody else has dropped: a session outlives its role.
    async fn end_departed(&mut self, users: &[OldUser], found: &HashMap<String, Found>, batch: &mut Batch) {
        let is_departed = |user: &&OldUser| !found.contains_key(&user.name) && postgres_identifier(&user.name).is_ok();
        let departed = users.iter().filter(is_departed).filter_map(|user| {
            let oid = user.id.as_ref().filter(|id| id.parse::<u32>().is_ok())?.clone();
            Some(Doomed { name: &user.name, quoted: String::new(), heir: None, oid, owns: false })
        });
        let departed: Vec<Doomed<'_>> = departed.collect();
        if departed.is_empty() {
            return;
        }
        match self.end_of_nobody(&departed).await {
            Ok(alive) => {
                batch.finish(departed.iter().map(|user| user.name).filter(|name| !alive.contains_key(*name)));
                batch.failed.extend(alive);
            }
            Err(error) => batch.fail(departed.iter().map(|user| user.name), &error),
        }
    }

    /// PostgreSQL gives an OID again after four billion others: then it is somebody else's.
    async fn end_of_nobody(
        &mut self,
        departed: &[Doomed<'_>],
    ) -> Result<HashMap<String, ConnectorError>, ConnectorError> {
        let question = "select oid::text from pg_roles where oid = any($1::text[]::oid[])";
        let oids: Vec<String> = departed.iter().map(|user| user.oid.clone()).collect();
        let rows = self.session.ask(question, &oids).await.map_err(|fault| self.explain("finding roles", fault))?;
        let taken = rows.iter().map(|row| row.try_get(0)).collect::<Result<BTreeSet<String>, _>>();
        let taken = taken.map_err(|error| unreadable(&error))?;
        let nobodys: Vec<&Doomed<'_>> = departed.iter().filter(|user| !taken.contains(&user.oid)).collect();
        self.end_sessions(&nobodys).await
    }

    /// Leaves out who is gone already, and who cannot be dropped.
    fn doomed<'u>(&self, users: &'u [OldUser], found: &HashMap<String, Found>, batch: &mut Batch) -> Vec<Doomed<'u>> {
        let mut doomed = Vec::new();
        for OldUser { name, id, role } in users {
            let there = found.get(name);
            let heir = role.as_ref().or(there.and_then(|found| found.only_role.as_ref()));
            let heir = heir.map(|role| postgres_identifier(role)).transpose();
            match (postgres_identifier(name).and_then(|name| Ok((name, heir?))), there) {
                (Err(error), _) => batch.fail([name.as_str()], &error),
                (Ok(_), None) if id.is_some() => {}
                (Ok(_), None) => batch.finish([name.as_str()]),
                (Ok(_), Some(_)) if name == self.as_login => {
                    let detail = "it cannot drop itself".to_owned();
                    batch.fail([name.as_str()], &ConnectorError::NotPermitted { login: cut(name), detail });
                }
                (Ok((quoted, heir)), Some(Found { oid, owns, .. })) => {
                    doomed.push(Doomed { name, quoted, heir, oid: oid.clone(), owns: *owns });
                }
            }
        }
        doomed
    }

    /// Who is no superuser may end sessions and reassign objects only of roles that it is a member of.
    async fn lock_out<'u>(
        &mut self,
        doomed: Vec<Doomed<'u>>,
        by_superuser: bool,
        batch: &mut Batch,
    ) -> Vec<Doomed<'u>> {
        let statement = |part: &[Doomed<'_>]| {
            let one = |user: &Doomed<'_>| match (&user.quoted, by_superuser) {
                (name, true) => format!("alter role {name} nologin"),
                (name, false) => format!("alter role {name} nologin; grant {name} to current_user"),
            };
            part.iter().map(one).collect::<Vec<_>>().join(";")
        };
        let (_, failed) = halving(self.session, "alter role", &doomed, statement).await;
        let failed: HashMap<String, ConnectorError> =
            failed.into_iter().map(|(user, error)| (user.name.to_owned(), error)).collect();
        remain(doomed, failed, batch)
    }

    /// Returns when no session is left, of roles that are there or were; or else with whose sessions will not end.
    async fn end_sessions(
        &mut self,
        users: &[impl std::borrow::Borrow<Doomed<'_>>],
    ) -> Result<HashMap<String, ConnectorError>, ConnectorError> {
        let question = "select usesysid::text, pg_terminate_backend(pid) from pg_stat_activity \
            where usesysid = any($1::text[]::oid[])";
        let oids: Vec<String> = users.iter().map(|user| user.borrow().oid.clone()).collect();
        let mut alive = BTreeSet::new();
        for _ in 0..LOOKS {
            let rows = self.session.ask(question, &oids).await;
            let rows = rows.map_err(|fault| self.explain("ending sessions", fault))?;
            let whose = rows.iter().map(|row| row.try_get(0)).collect::<Result<BTreeSet<String>, _>>();
            alive = whose.map_err(|error| unreadable(&error))?;
            if alive.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let what = format!("ending sessions on `{}`", self.session.address());
        let error = ConnectorError::Timeout { what, seconds: 10 };
        let alive = users.iter().map(std::borrow::Borrow::borrow).filter(|user| alive.contains(&user.oid));
        Ok(alive.map(|user| (user.name.to_owned(), error.clone())).collect())
    }

    /// In every database where a user owns something or was granted something.
    async fn disown<'u>(&mut self, doomed: Vec<Doomed<'u>>, batch: &mut Batch) -> Vec<Doomed<'u>> {
        let owners: Vec<&Doomed<'u>> = doomed.iter().filter(|user| user.owns).collect();
        if owners.is_empty() {
            return doomed;
        }
        let mut failed = HashMap::new();
        match self.databases(&owners).await {
            Ok(databases) => {
                for (database, users) in databases {
                    self.disown_in(database, &users, &mut failed).await;
                }
            }
            Err(error) => failed.extend(owners.iter().map(|user| (user.name.to_owned(), error.clone()))),
        }
        remain(doomed, failed, batch)
    }

    /// The users of each database; what all databases share can be handed on from any of them: `None`.
    async fn databases<'o, 'u>(
        &mut self,
        owners: &[&'o Doomed<'u>],
    ) -> Result<BTreeMap<Option<String>, Vec<&'o Doomed<'u>>>, ConnectorError> {
        let question = "select distinct s.refobjid::text, d.datname::text from pg_shdepend s \
            left join pg_database d on d.oid = s.dbid \
            where s.refclassid = 'pg_authid'::regclass and s.refobjid = any($1::text[]::oid[])";
        let oids: Vec<String> = owners.iter().map(|user| user.oid.clone()).collect();
        let rows = self.session.ask(question, &oids).await.map_err(|fault| self.explain("finding owners", fault))?;
        let mut databases: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in rows {
            let (oid, database) = row
                .try_get(0)
                .and_then(|oid: String| Ok((oid, row.try_get::<Option<String>, _>(1)?)))
                .map_err(|error| unreadable(&error))?;
            databases.entry(database).or_default().extend(owners.iter().copied().filter(|user| user.oid == oid));
        }
        Ok(databases)
    }

    async fn disown_in(
        &mut self,
        database: Option<String>,
        users: &[&Doomed<'_>],
        failed: &mut HashMap<String, ConnectorError>,
    ) {
        let server = Server { database: database.or(self.server.database.clone()), ..self.server.clone() };
        let mut there = match Session::open(&server, self.as_login, self.as_password).await {
            Ok(there) => there,
            Err(error) => return failed.extend(users.iter().map(|user| (user.name.to_owned(), error.clone()))),
        };
        for Doomed { name, quoted, heir, .. } in users {
            let Some(heir) = heir else {
                failed.insert((*name).to_owned(), no_heir());
                continue;
            };
            let statements = format!("reassign owned by {quoted} to {heir}; drop owned by {quoted}");
            if let Err(fault) = there.run(statements).await {
                failed.insert((*name).to_owned(), there.explain("reassign owned", fault));
            }
        }
        there.close().await;
    }

    fn explain(&self, command: &str, fault: Fault) -> ConnectorError {
        self.session.explain(command, fault)
    }
}

fn no_heir() -> ConnectorError {
    let detail = "it owns something or was granted something, and is not in exactly one role that could inherit it: \
        see to that by hand, then drop it";
    ConnectorError::Unexpected { command: "reassign owned".to_owned(), detail: detail.to_owned() }
}

fn remain<'u>(
    doomed: Vec<Doomed<'u>>,
    mut failed: HashMap<String, ConnectorError>,
    batch: &mut Batch,
) -> Vec<Doomed<'u>> {
    let (kept, remain): (Vec<_>, Vec<_>) = doomed.into_iter().partition(|user| failed.contains_key(user.name));
    batch.failed.extend(kept.iter().filter_map(|user| failed.remove_entry(user.name)));
    remain
}
