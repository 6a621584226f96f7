//! All SQL of identities and their versions.

use super::{Day, Filter, Identity, Status, Version};
use crate::policy::LifecyclePolicy;
use crate::states::days::Zone;
use crate::states::{self, Employment, Outlook, StateName};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::HashMap;
use types::{IdentityId, Timestamp};

macro_rules! identities {
    ($rest:literal) => {
        concat!(
            "select i.id, i.employee_id, i.given_name, i.family_name, i.email, i.department, i.job_title, i.manager, ",
            "m.employee_id as manager_employee_id, i.status, i.start_date, i.end_date, i.time_zone, i.status_since, ",
            "i.outlook, i.attributes from identities i left join identities m on m.id = i.manager ",
            $rest
        )
    };
}

macro_rules! versions {
    ($rest:literal) => {
        concat!(
            "select v.identity as id, i.employee_id, v.given_name, v.family_name, v.email, v.department, v.job_title, ",
            "v.manager, m.employee_id as manager_employee_id, v.status, v.start_date, v.end_date, v.time_zone, ",
            "v.true_from as status_since, '' as outlook, v.attributes, v.from_at, v.until_at, v.true_from from identity_versions v join identities i on i.id = v.identity ",
            "left join identities m on m.id = v.manager ",
            $rest
        )
    };
}

pub(crate) async fn get(tx: &mut ReadTx, id: &IdentityId) -> Result<Option<Identity>, DbError> {
    tx.one(identities!("where i.id = $1"), args![id]).await?.map(|mut row| identity(&mut row)).transpose()
}

/// Those of the list that there are, by id.
pub(crate) async fn of_ids(
    tx: &mut ReadTx,
    ids: impl IntoIterator<Item = &IdentityId>,
) -> Result<HashMap<IdentityId, Identity>, DbError> {
    let sql = identities!("where i.id in ($keys)");
    let found = tx.all_in(sql, ids.into_iter().map(Value::from).collect()).await?;
    found.into_iter().map(|mut row| identity(&mut row).map(|found| (found.id.clone(), found))).collect()
}

pub(crate) async fn by_email(tx: &mut ReadTx, email: &str) -> Result<Option<Identity>, DbError> {
    let sql = identities!("where i.email_key = $1 and i.state not in ('terminated', 'archived') order by i.id limit 1");
    tx.one(sql, args![email.to_lowercase()]).await?.map(|mut row| identity(&mut row)).transpose()
}

pub(crate) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Identity>, DbError> {
    let sql = identities!(
        "where (cast($1 as text) is null or i.search_key like $1 escape '!')
           and (cast($2 as text) is null or i.department = $2) and (cast($3 as text) is null or i.status = $3)
           and (cast($4 as text) is null or i.id > $4) and (cast($6 as text) is null or i.state = $6)
           order by i.id limit $5"
    );
    let query = filter.query.as_deref().map(containing);
    let status = filter.status.map(Status::as_str);
    let values = args![
        query,
        filter.department.as_deref(),
        status,
        filter.after.as_ref(),
        filter.limit,
        filter.state.map(StateName::as_str)
    ];
    tx.all(sql, values).await?.iter_mut().map(identity).collect()
}

/// Everybody, so many after one, in an order that costs no more the further it goes.
pub(crate) async fn page(tx: &mut ReadTx, after: Option<&IdentityId>, limit: u32) -> Result<Vec<Identity>, DbError> {
    let after = after.map_or("", IdentityId::as_str);
    tx.all(identities!("where i.id > $1 order by i.id limit $2"), args![after, limit])
        .await?
        .iter_mut()
        .map(identity)
        .collect()
}

/// A `like` pattern for text that holds `query`, with `!` as the escape character.
fn containing(query: &str) -> String {
    let query = query.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{query}%")
}

pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<Identity>, DbError> {
    tx.all(identities!("order by i.id"), args![]).await?.iter_mut().map(identity).collect()
}

/// Ids by employee number.
pub(crate) async fn ids(tx: &mut ReadTx) -> Result<HashMap<String, IdentityId>, DbError> {
    let rows = tx.all("select employee_id, id from identities", args![]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("employee_id")?, row.take("id")?))).collect()
}

/// People who have left, by id.
pub(crate) async fn terminated(
    tx: &mut ReadTx,
    after: Option<&IdentityId>,
    limit: u32,
) -> Result<Vec<IdentityId>, DbError> {
    let sql =
        "select id from identities where state in ('terminated', 'archived') and (cast($1 as text) is null or id > $1)
               order by id limit $2";
    let rows = tx.all(sql, args![after, limit]).await?;
    rows.into_iter().map(|mut row| row.take("id")).collect()
}

pub(crate) async fn count_terminated(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from identities where state in ('terminated', 'archived')", args![]).await
}

/// A part of the people who have left, by its place among them.
pub(crate) async fn terminated_from(tx: &mut ReadTx, place: u64, limit: u32) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select id from identities where state in ('terminated', 'archived')
               order by state, id limit $1 offset $2";
    tx.all(sql, args![limit, place]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(crate) async fn count(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from identities", args![]).await
}

pub(crate) async fn count_active(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from identities where state not in ('terminated', 'archived')", args![]).await
}

pub(crate) async fn history(tx: &mut ReadTx, id: &IdentityId) -> Result<Vec<Version>, DbError> {
    tx.all(versions!("where v.identity = $1 order by v.version"), args![id]).await?.into_iter().map(version).collect()
}

/// Of the versions that claim to be true at `at`, the one that was recorded last.
pub(crate) async fn true_on(tx: &mut ReadTx, id: &IdentityId, at: Timestamp) -> Result<Option<Identity>, DbError> {
    let sql = versions!("where v.identity = $1 and v.true_from <= $2 order by v.version desc limit 1");
    tx.one(sql, args![id, at]).await?.map(|mut row| identity(&mut row)).transpose()
}

/// Identities whose row is not the same as their open version, or that have none.
pub(crate) async fn without_matching_version(tx: &mut ReadTx) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select i.id from identities i where not exists (
                 select 1 from identity_versions v where v.identity = i.id and v.until_at is null
                   and v.email = i.email and v.department = i.department and v.job_title = i.job_title
                   and v.given_name = i.given_name and v.family_name = i.family_name and v.status = i.status
                   and coalesce(v.manager, '') = coalesce(i.manager, '')
                   and v.time_zone = i.time_zone and v.attributes = i.attributes
                   and coalesce(v.end_date, '') = coalesce(i.end_date, '')) order by i.id";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

/// New people, each with the moment since when they are true.
pub(crate) async fn insert_all(tx: &mut WriteTx, new: &[(Identity, Timestamp)], now: Timestamp) -> Result<(), DbError> {
    let into =
        "insert into identities (id, employee_id, given_name, family_name, email, email_key, search_key, department,
                  job_title, manager, status, start_date, end_date, time_zone, status_since, attributes, state, state_since, next_change_at,
                  outlook)";
    tx.insert_all(into, new.iter().map(|(identity, _)| values(identity, now)).collect()).await?;
    let into =
        "insert into identity_versions (identity, from_at, true_from, given_name, family_name, email, department,
                  job_title, manager, status, start_date, end_date, time_zone, attributes, version)";
    let first = |(identity, true_from): &(Identity, Timestamp)| {
        let mut values = version_values(identity, *true_from, now);
        values.push(1_u64.into());
        values
    };
    tx.insert_all(into, new.iter().map(first).collect()).await
}

/// Closes the open version and opens the next.
pub(crate) async fn change(
    tx: &mut WriteTx,
    changed: &Identity,
    true_from: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "update identities set employee_id = $2, given_name = $3, family_name = $4, email = $5, email_key = $6,
           search_key = $7, department = $8, job_title = $9, manager = $10, status = $11, start_date = $12, end_date = $13,
           time_zone = $14, status_since = $15, attributes = $16, state = $17, state_since = $18, next_change_at = $19,
           outlook = $20
         where id = $1",
        values(changed, now),
    )
    .await?;
    let close = "update identity_versions set until_at = $2 where identity = $1 and until_at is null";
    tx.run_one(close, args![&changed.id, now]).await?;
    open_version(tx, changed, true_from, now).await
}

async fn open_version(tx: &mut WriteTx, new: &Identity, true_from: Timestamp, now: Timestamp) -> Result<(), DbError> {
    tx.run_one(
        "insert into identity_versions (identity, version, from_at, true_from, given_name, family_name, email, department,
           job_title, manager, status, start_date, end_date, time_zone, attributes)
         values ($1, (select coalesce(max(version), 0) + 1 from identity_versions where identity = $1),
           $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        version_values(new, true_from, now),
    )
    .await
}

fn version_values(identity: &Identity, true_from: Timestamp, now: Timestamp) -> Vec<Value> {
    args![
        &identity.id,
        now,
        true_from,
        &identity.given_name,
        &identity.family_name,
        &identity.email,
        &identity.department,
        &identity.job_title,
        identity.manager.as_ref(),
        identity.status.as_str(),
        identity.start_date.as_str(),
        identity.end_date.as_ref().map(Day::as_str),
        identity.time_zone.name(),
        attributes_text(identity),
    ]
}

fn attributes_text(identity: &Identity) -> String {
    serde_json::to_string(&identity.attributes).expect("attributes are plain data")
}

/// Keeps what somebody is and will be, when nothing else about them changed.
pub(crate) async fn look(tx: &mut WriteTx, identity: &Identity, now: Timestamp) -> Result<(), DbError> {
    let sql = "update identities set state = $2, state_since = $3, next_change_at = $4, outlook = $5 where id = $1";
    let mut values = args![&identity.id];
    values.extend(outlook_values(&identity.outlook, now));
    tx.run_one(sql, values).await
}

/// Whose state must be derived again, the longest overdue first.
pub(crate) async fn due(tx: &mut ReadTx, now: Timestamp, limit: u32) -> Result<Vec<IdentityId>, DbError> {
    let sql = "select id from identities where next_change_at <= $1 order by next_change_at, id limit $2";
    tx.all(sql, args![now, limit]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(crate) async fn make_due(tx: &mut WriteTx, now: Timestamp) -> Result<(), DbError> {
    tx.run("update identities set next_change_at = $1", args![now]).await.map(drop)
}

fn outlook_values(outlook: &Outlook, now: Timestamp) -> Vec<Value> {
    let text = serde_json::to_string(outlook).expect("an outlook is plain data");
    args![outlook.settled().name().as_str(), outlook.since(), outlook.next_change(now), text]
}

fn values(identity: &Identity, now: Timestamp) -> Vec<Value> {
    let search_key =
        [&identity.name(), &identity.email, &identity.employee_id].map(|part| part.to_lowercase()).join(" ");
    let mut values = args![
        &identity.id,
        &identity.employee_id,
        &identity.given_name,
        &identity.family_name,
        &identity.email,
        identity.email.to_lowercase(),
        search_key,
        &identity.department,
        &identity.job_title,
        identity.manager.as_ref(),
        identity.status.as_str(),
        identity.start_date.as_str(),
        identity.end_date.as_ref().map(Day::as_str),
        identity.time_zone.name(),
        identity.status_since,
        attributes_text(identity),
    ];
    values.extend(outlook_values(&identity.outlook, now));
    values
}

fn version(mut row: Row) -> Result<Version, DbError> {
    Ok(Version {
        identity: identity(&mut row)?,
        true_from: row.take("true_from")?,
        from: row.take("from_at")?,
        until: row.take("until_at")?,
    })
}

fn identity(row: &mut Row) -> Result<Identity, DbError> {
    let id: IdentityId = row.take("id")?;
    let status: String = row.take("status")?;
    let status = match status.as_str() {
        "active" => Status::Active,
        "leave" => Status::Leave,
        "terminated" => Status::Terminated,
        other => return Err(DbError::impossible("identities", "status", &id, format!("unknown status {other}"))),
    };
    let day = |column: &'static str, text: String| {
        text.parse::<Day>().map_err(|e| DbError::impossible("identities", column, &id, e))
    };
    let start_date = day("start_date", row.take("start_date")?)?;
    let end_date = row.take::<Option<String>>("end_date")?.map(|text| day("end_date", text)).transpose()?;
    let zone: String = row.take("time_zone")?;
    let time_zone: Zone = zone.parse().map_err(|e| DbError::impossible("identities", "time_zone", &id, e))?;
    let (status_since, outlook): (Timestamp, String) = (row.take("status_since")?, row.take("outlook")?);
    let employment = Employment::alone(status, &start_date, end_date.as_ref(), &time_zone, status_since);
    let outlook = match outlook.as_str() {
        // A version keeps none, nor does a row of before there were any: it follows from the record.
        "" => states::rules::outlook_of(&[employment], &[], LifecyclePolicy::default(), None, status_since),
        text => serde_json::from_str(text).map_err(|e| DbError::impossible("identities", "outlook", &id, e))?,
    };
    let attributes: String = row.take("attributes")?;
    let attributes =
        serde_json::from_str(&attributes).map_err(|e| DbError::impossible("identities", "attributes", &id, e))?;
    Ok(Identity {
        attributes,
        employee_id: row.take("employee_id")?,
        given_name: row.take("given_name")?,
        family_name: row.take("family_name")?,
        email: row.take("email")?,
        department: row.take("department")?,
        job_title: row.take("job_title")?,
        manager: row.take("manager")?,
        manager_employee_id: row.take("manager_employee_id")?,
        status,
        start_date,
        end_date,
        time_zone,
        status_since,
        outlook,
        id,
    })
}
