//! All SQL of what was observed, to read it.

use crate::{Link, ObservedAccount, ObservedEntitlement, Protection};
use connectors::connector::{EntitlementKind, Status};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::{BTreeSet, HashMap};
use types::{EntitlementId, IdentityId, ObservedAccountId, Timestamp};

macro_rules! accounts {
    ($rest:literal) => {
        concat!(
            "select a.id, a.system, a.native_id, a.login, a.status, a.privileged, a.last_used_at, a.attributes, ",
            "a.from_at, a.until_at, a.identity, a.linked_by, a.protection from observed_accounts a ",
            $rest
        )
    };
}

macro_rules! entitlements {
    ($rest:literal) => {
        concat!(
            "select e.id, e.system, e.native_id, e.kind, e.name, e.slug, e.privileged, e.from_at, e.until_at ",
            "from observed_entitlements e ",
            $rest
        )
    };
}

/// Which accounts to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    pub system: Option<String>,
    pub identity: Option<IdentityId>,
    /// Whether somebody's.
    pub linked: Option<bool>,
    pub protected: Option<bool>,
    /// Whether it has power by itself or by a direct membership.
    pub privileged: Option<bool>,
    /// A part of the login or name, in any case.
    pub query: Option<String>,
    /// Continue after this one (by id).
    pub after: Option<ObservedAccountId>,
    pub limit: u32,
}

pub(crate) async fn accounts(tx: &mut ReadTx, filter: &AccountFilter) -> Result<Vec<ObservedAccount>, DbError> {
    let sql = accounts!(
        "where a.until_at is null and (cast($1 as text) is null or a.system = $1)
           and (cast($2 as text) is null or a.identity = $2)
           and ($3 = -1 or case when a.identity is null then 0 else 1 end = $3)
           and ($4 = -1 or case when a.protection is null then 0 else 1 end = $4)
           and ($5 = -1 or $5 = case when a.privileged <> '[]' or exists (
             select 1 from observed_memberships m
             join observed_entitlements e on e.system = m.system and e.native_id = m.entitlement and e.until_at is null
             where m.system = a.system and m.member = a.native_id and m.member_kind = 'account' and m.until_at is null
               and e.privileged is not null) then 1 else 0 end)
           and (cast($6 as text) is null or a.login_key like $6 escape '!' or lower(a.display_name) like $6 escape '!')
           and (cast($7 as text) is null or a.id > $7)
         order by a.id limit $8"
    );
    let flag = |flag: Option<bool>| flag.map_or(-1, i64::from);
    let query = filter.query.as_deref().map(containing);
    let values = args![
        filter.system.as_deref(),
        filter.identity.as_ref(),
        flag(filter.linked),
        flag(filter.protected),
        flag(filter.privileged),
        query,
        filter.after.as_ref(),
        filter.limit,
    ];
    tx.all(sql, values).await?.into_iter().map(account).collect()
}

/// A pattern for what holds this text as it stands.
fn containing(text: &str) -> String {
    let text = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{text}%")
}

pub(crate) async fn account_of(tx: &mut ReadTx, id: &ObservedAccountId) -> Result<Option<ObservedAccount>, DbError> {
    tx.one(accounts!("where a.id = $1"), args![id]).await?.map(account).transpose()
}

pub(crate) async fn accounts_by_id(tx: &mut ReadTx, ids: Vec<Value>) -> Result<Vec<ObservedAccount>, DbError> {
    let accounts: Vec<ObservedAccount> =
        tx.all_in(accounts!("where a.id in ($keys)"), ids).await?.into_iter().map(account).collect::<Result<_, _>>()?;
    Ok(once(accounts, |account| account.id.to_string()))
}

/// Of these accounts, those that are not there any more.
pub(crate) async fn gone(tx: &mut ReadTx, ids: Vec<Value>) -> Result<BTreeSet<ObservedAccountId>, DbError> {
    let sql = "select id from observed_accounts where until_at is not null and id in ($keys)";
    tx.all_in(sql, ids).await?.into_iter().map(|mut row| row.take("id")).collect()
}

/// What accounts are called on their systems, also those that are gone.
pub(crate) async fn logins(tx: &mut ReadTx, ids: Vec<Value>) -> Result<HashMap<ObservedAccountId, String>, DbError> {
    let found = tx.all_in("select id, login from observed_accounts where id in ($keys)", ids).await?;
    found.into_iter().map(|mut row| Ok((row.take("id")?, row.take("login")?))).collect()
}

/// What entitlements are called on their systems, also those that are gone.
pub(crate) async fn entitlement_names(
    tx: &mut ReadTx,
    ids: Vec<Value>,
) -> Result<HashMap<EntitlementId, String>, DbError> {
    let found = tx.all_in("select id, name from observed_entitlements where id in ($keys)", ids).await?;
    found.into_iter().map(|mut row| Ok((row.take("id")?, row.take("name")?))).collect()
}

/// What gives these accounts power among their direct memberships, by name.
pub(crate) async fn powers(
    tx: &mut ReadTx,
    ids: Vec<Value>,
) -> Result<HashMap<ObservedAccountId, Vec<String>>, DbError> {
    let sql = "select distinct a.id, e.name from observed_accounts a
               join observed_memberships m on m.system = a.system and m.member = a.native_id
                 and m.member_kind = 'account' and m.until_at is null
               join observed_entitlements e on e.system = m.system and e.native_id = m.entitlement and e.until_at is null
               where a.until_at is null and e.privileged is not null and a.id in ($keys) order by e.name";
    let mut powers: HashMap<ObservedAccountId, Vec<String>> = HashMap::new();
    for mut row in tx.all_in(sql, ids).await? {
        powers.entry(row.take("id")?).or_default().push(row.take("name")?);
    }
    Ok(powers)
}

/// Those that are there, by keys of logins.
pub(crate) async fn accounts_by_login(
    tx: &mut ReadTx,
    system: &str,
    logins: Vec<Value>,
) -> Result<Vec<ObservedAccount>, DbError> {
    let sql = accounts!("where a.system = $1 and a.until_at is null and a.login_key in ($keys)");
    tx.all_behind(sql, args![system], logins).await?.into_iter().map(account).collect()
}

/// Those that are there, by what their system calls them.
pub(crate) async fn accounts_by_native(
    tx: &mut ReadTx,
    system: &str,
    natives: Vec<Value>,
) -> Result<Vec<ObservedAccount>, DbError> {
    let sql = accounts!("where a.system = $1 and a.until_at is null and a.native_id in ($keys)");
    let found: Vec<ObservedAccount> =
        tx.all_behind(sql, args![system], natives).await?.into_iter().map(account).collect::<Result<_, _>>()?;
    Ok(once(found, |account| account.native_id.clone()))
}

/// Those of a person that are there.
pub(crate) async fn accounts_of(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<ObservedAccount>, DbError> {
    let sql = accounts!("where a.identity = $1 and a.until_at is null order by a.system, a.id");
    tx.all(sql, args![identity]).await?.into_iter().map(account).collect()
}

/// Who of these people has an enabled account that may be changed, and that no order disables.
pub(crate) async fn exposed(
    tx: &mut ReadTx,
    people: Vec<Value>,
    linked_until: Timestamp,
) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select distinct a.identity from observed_accounts a
               where a.until_at is null and a.status = 'enabled' and a.protection is null
                 and not exists (select 1 from orders o where o.account = a.id and o.act in ('disable', 'delete')
                   and o.state not in ('superseded', 'observed'))
                 and coalesce(a.linked_at, a.from_at) <= $1 and a.identity in ($keys)";
    let rows = tx.all_behind(sql, args![linked_until], people).await?;
    let mut found: Vec<IdentityId> = rows.into_iter().map(|mut row| row.take("identity")).collect::<Result<_, _>>()?;
    found.sort();
    found.dedup();
    Ok(found)
}

pub(crate) async fn entitlements_by_id(tx: &mut ReadTx, ids: Vec<Value>) -> Result<Vec<ObservedEntitlement>, DbError> {
    let found = tx.all_in(entitlements!("where e.id in ($keys)"), ids).await?;
    let found: Vec<ObservedEntitlement> = found.into_iter().map(entitlement).collect::<Result<_, _>>()?;
    Ok(once(found, |entitlement| entitlement.id.to_string()))
}

pub(crate) async fn entitlements_by_native(
    tx: &mut ReadTx,
    system: &str,
    natives: Vec<Value>,
) -> Result<Vec<ObservedEntitlement>, DbError> {
    let sql = entitlements!("where e.system = $1 and e.until_at is null and e.native_id in ($keys)");
    let found = tx.all_behind(sql, args![system], natives).await?;
    let found: Vec<ObservedEntitlement> = found.into_iter().map(entitlement).collect::<Result<_, _>>()?;
    Ok(once(found, |entitlement| entitlement.native_id.clone()))
}

pub(crate) async fn entitlement_of(
    tx: &mut ReadTx,
    id: &EntitlementId,
) -> Result<Option<ObservedEntitlement>, DbError> {
    tx.one(entitlements!("where e.id = $1"), args![id]).await?.map(entitlement).transpose()
}

pub(crate) async fn entitlement_by_slug(
    tx: &mut ReadTx,
    system: &str,
    slug: &str,
) -> Result<Option<ObservedEntitlement>, DbError> {
    let sql = entitlements!("where e.system = $1 and e.slug = $2 and e.until_at is null");
    tx.one(sql, args![system, slug]).await?.map(entitlement).transpose()
}

pub(crate) async fn entitlements_by_slug(
    tx: &mut ReadTx,
    system: &str,
    slugs: Vec<Value>,
) -> Result<Vec<ObservedEntitlement>, DbError> {
    let sql = entitlements!("where e.system = $1 and e.until_at is null and e.slug in ($keys)");
    tx.all_behind(sql, args![system], slugs).await?.into_iter().map(entitlement).collect()
}

/// Those of a system that are there, after one.
pub(crate) async fn entitlements(
    tx: &mut ReadTx,
    system: Option<&str>,
    after: Option<&EntitlementId>,
    limit: u32,
) -> Result<Vec<ObservedEntitlement>, DbError> {
    let sql = entitlements!(
        "where e.until_at is null and (cast($1 as text) is null or e.system = $1)
           and (cast($2 as text) is null or e.id > $2) order by e.id limit $3"
    );
    tx.all(sql, args![system, after, limit]).await?.into_iter().map(entitlement).collect()
}

/// What an account is a direct member of.
pub(crate) async fn direct_of(
    tx: &mut ReadTx,
    system: &str,
    account: &str,
) -> Result<Vec<ObservedEntitlement>, DbError> {
    let sql = entitlements!(
        "join observed_memberships m on m.system = e.system and m.entitlement = e.native_id
         where m.system = $1 and m.member = $2 and m.member_kind = 'account' and m.until_at is null
           and e.until_at is null order by e.id"
    );
    tx.all(sql, args![system, account]).await?.into_iter().map(entitlement).collect()
}

/// Who is a direct member, after one.
pub(crate) async fn members_of(
    tx: &mut ReadTx,
    entitlement: &ObservedEntitlement,
    after: Option<&ObservedAccountId>,
    limit: u32,
) -> Result<Vec<ObservedAccount>, DbError> {
    let sql = accounts!(
        "join observed_memberships m on m.system = a.system and m.member = a.native_id
         where m.system = $1 and m.entitlement = $2 and m.member_kind = 'account' and m.until_at is null
           and a.until_at is null and (cast($3 as text) is null or a.id > $3) order by a.id limit $4"
    );
    let values = args![&entitlement.system, &entitlement.native_id, after, limit];
    tx.all(sql, values).await?.into_iter().map(account).collect()
}

/// Who is a member directly or through what is one, after one.
pub(crate) async fn all_members_of(
    tx: &mut ReadTx,
    entitlement: &ObservedEntitlement,
    after: Option<&ObservedAccountId>,
    limit: u32,
) -> Result<Vec<ObservedAccount>, DbError> {
    let sql = accounts!(
        "where a.system = $1 and a.until_at is null and (cast($3 as text) is null or a.id > $3) and exists (
           select 1 from observed_memberships m where m.system = a.system and m.member = a.native_id
             and m.member_kind = 'account' and m.until_at is null and (m.entitlement = $2 or exists (
               select 1 from entitlement_closure c
               where c.system = m.system and c.inner_id = m.entitlement and c.outer_id = $2)))
         order by a.id limit $4"
    );
    let values = args![&entitlement.system, &entitlement.native_id, after, limit];
    tx.all(sql, values).await?.into_iter().map(account).collect()
}

/// The shortest way from a direct membership of an account to an entitlement, by native ids; empty where there is none.
pub(crate) async fn way_to(
    tx: &mut ReadTx,
    account: &ObservedAccount,
    to: &ObservedEntitlement,
) -> Result<Vec<String>, DbError> {
    let sql = "select m.entitlement, c.path from observed_memberships m
               left join entitlement_closure c
                 on c.system = m.system and c.inner_id = m.entitlement and c.outer_id = $3
               where m.system = $1 and m.member = $2 and m.member_kind = 'account' and m.until_at is null
                 and (m.entitlement = $3 or c.outer_id is not null)
               order by m.entitlement";
    let mut ways: Vec<Vec<String>> = Vec::new();
    for mut row in tx.all(sql, args![&account.system, &account.native_id, &to.native_id]).await? {
        let direct: String = row.take("entitlement")?;
        let path: Option<String> = row.take("path")?;
        ways.push(match path {
            Some(path) if direct != to.native_id => serde_json::from_str(&path)
                .map_err(|e| DbError::impossible("entitlement_closure", "path", &to.id, e))?,
            _ => vec![direct],
        });
    }
    Ok(ways.into_iter().min_by_key(Vec::len).unwrap_or_default())
}

/// What brings what along, by native ids.
pub(crate) async fn brings(tx: &mut ReadTx, system: &str) -> Result<Vec<(String, String)>, DbError> {
    let sql = "select inner_id, outer_id from entitlement_closure where system = $1";
    let pair = |mut row: Row| Ok((row.take("inner_id")?, row.take("outer_id")?));
    tx.all(sql, args![system]).await?.into_iter().map(pair).collect()
}

/// Of those that bring one of these along, the native ids.
pub(crate) async fn bringing(tx: &mut ReadTx, system: &str, natives: Vec<Value>) -> Result<Vec<String>, DbError> {
    let sql = "select distinct inner_id from entitlement_closure where system = $1 and outer_id in ($keys)";
    tx.all_behind(sql, args![system], natives).await?.into_iter().map(|mut row| row.take("inner_id")).collect()
}

/// Accounts with power of their own, and direct members of one of these, in order of their ids, after one.
pub(crate) async fn powerful(
    tx: &mut ReadTx,
    system: &str,
    natives: Vec<Value>,
    after: Option<&ObservedAccountId>,
    limit: u32,
) -> Result<Vec<ObservedAccount>, DbError> {
    let sql = accounts!(
        "where a.system = $1 and a.until_at is null and (cast($2 as text) is null or a.id > $2)
           and (a.privileged <> '[]' or exists (
             select 1 from observed_memberships m where m.system = a.system and m.member = a.native_id
               and m.member_kind = 'account' and m.until_at is null and m.entitlement in ($keys)))
         order by a.id limit $3"
    );
    let found = tx.all_behind(sql, args![system, after, limit], natives).await?;
    let mut found: Vec<ObservedAccount> = found.into_iter().map(account).collect::<Result<_, _>>()?;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.dedup_by(|a, b| a.id == b.id);
    found.truncate(limit as usize);
    Ok(found)
}

/// What an entitlement brings with it, each with the way there by native ids.
pub(crate) async fn reach_of(
    tx: &mut ReadTx,
    inner: &ObservedEntitlement,
) -> Result<Vec<(ObservedEntitlement, Vec<String>)>, DbError> {
    let sql = "select e.id, e.system, e.native_id, e.kind, e.name, e.slug, e.privileged, e.from_at, e.until_at, c.path
               from entitlement_closure c
               join observed_entitlements e on e.system = c.system and e.native_id = c.outer_id and e.until_at is null
               where c.system = $1 and c.inner_id = $2 order by e.id";
    let row = |mut row: Row| {
        let path: String = row.take("path")?;
        let outer = entitlement(row)?;
        let bad = |e| DbError::impossible("entitlement_closure", "path", &outer.id, e);
        Ok((outer.clone(), serde_json::from_str(&path).map_err(bad)?))
    };
    tx.all(sql, args![&inner.system, &inner.native_id]).await?.into_iter().map(row).collect()
}

pub(crate) async fn set_link(
    tx: &mut WriteTx,
    id: &ObservedAccountId,
    link: Option<&Link>,
    now: Timestamp,
) -> Result<(), DbError> {
    let (identity, by) = (link.map(|link| &link.identity), link.map(|link| link.by.as_str()));
    let sql = "update observed_accounts set identity = $2, linked_by = $3, linked_at = $4 where id = $1";
    tx.run_one(sql, args![id, identity, by, now]).await
}

pub(crate) async fn set_protection(
    tx: &mut WriteTx,
    id: &ObservedAccountId,
    protection: Option<Protection>,
) -> Result<(), DbError> {
    let word = protection.map(protection_word);
    tx.run_one("update observed_accounts set protection = $2 where id = $1", args![id, word]).await
}

pub(crate) const fn protection_word(protection: Protection) -> &'static str {
    match protection {
        Protection::BuiltIn => "built_in",
        Protection::Declared => "declared",
    }
}

pub(crate) const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Enabled => "enabled",
        Status::Disabled => "disabled",
    }
}

/// What a statement for several keys at once may give more than once.
fn once<T>(mut rows: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(key(row)));
    rows
}

fn account(mut row: Row) -> Result<ObservedAccount, DbError> {
    let id: ObservedAccountId = row.take("id")?;
    let bad = |column, e: serde_json::Error| DbError::impossible("observed_accounts", column, &id, e);
    let (privileged, attributes): (String, String) = (row.take("privileged")?, row.take("attributes")?);
    let status = match row.take::<String>("status")?.as_str() {
        "enabled" => Status::Enabled,
        "disabled" => Status::Disabled,
        other => {
            return Err(DbError::impossible("observed_accounts", "status", &id, format!("unknown status {other}")));
        }
    };
    let protection = match row.take::<Option<String>>("protection")?.as_deref() {
        None => None,
        Some("built_in") => Some(Protection::BuiltIn),
        Some("declared") => Some(Protection::Declared),
        Some(other) => {
            return Err(DbError::impossible("observed_accounts", "protection", &id, format!("unknown word {other}")));
        }
    };
    let identity: Option<IdentityId> = row.take("identity")?;
    let by: Option<String> = row.take("linked_by")?;
    Ok(ObservedAccount {
        system: row.take("system")?,
        native_id: row.take("native_id")?,
        login: row.take("login")?,
        attributes: serde_json::from_str(&attributes).map_err(|e| bad("attributes", e))?,
        status,
        privileged: serde_json::from_str(&privileged).map_err(|e| bad("privileged", e))?,
        last_used_at: row.take::<Option<Timestamp>>("last_used_at")?,
        from: row.take("from_at")?,
        until: row.take("until_at")?,
        link: identity.map(|identity| Link { identity, by: by.unwrap_or_default() }),
        protection,
        id,
    })
}

fn entitlement(mut row: Row) -> Result<ObservedEntitlement, DbError> {
    let id: EntitlementId = row.take("id")?;
    let word: String = row.take("kind")?;
    let quoted = serde_json::Value::String(word);
    let bad = |e| DbError::impossible("observed_entitlements", "kind", &id, e);
    Ok(ObservedEntitlement {
        system: row.take("system")?,
        native_id: row.take("native_id")?,
        kind: serde_json::from_value::<EntitlementKind>(quoted).map_err(bad)?,
        name: row.take("name")?,
        slug: row.take("slug")?,
        privileged: row.take("privileged")?,
        from: row.take("from_at")?,
        until: row.take("until_at")?,
        id,
    })
}
