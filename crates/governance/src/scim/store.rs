//! All SQL of what is pushed by SCIM.

use super::agents::Agent;
use super::model::Related;
use super::{Client, Dialect, Resource, ResourceKind};
use connectors::scim::language::Object;
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::{BTreeSet, HashMap};
use types::{IdentityId, ScimResourceId, Timestamp};

macro_rules! resources {
    ($rest:literal) => {
        concat!(
            "select id, source, type, version, body, created_at, modified_at from scim_resources ",
            "where deleted_at is null and ",
            $rest
        )
    };
}

pub(super) async fn client(tx: &mut ReadTx, source: &str) -> Result<Option<Client>, DbError> {
    let sql = "select source, client, pushed_by, declared_at from scim_clients where source = $1";
    let Some(mut row) = tx.one(sql, args![source]).await? else { return Ok(None) };
    let (source, dialect): (String, String) = (row.take("source")?, row.take("client")?);
    let dialect = dialect.parse::<Dialect>().map_err(|e| DbError::impossible("scim_clients", "client", &source, e))?;
    Ok(Some(Client { dialect, pushed_by: row.take("pushed_by")?, declared_at: row.take("declared_at")?, source }))
}

pub(super) async fn declare(tx: &mut WriteTx, client: &Client) -> Result<(), DbError> {
    tx.run_one(
        "insert into scim_clients (source, client, pushed_by, declared_at) values ($1, $2, $3, $4)
         on conflict (source) do update set client = excluded.client, pushed_by = excluded.pushed_by",
        args![&client.source, client.dialect.as_str(), client.pushed_by.as_ref(), client.declared_at],
    )
    .await
}

pub(super) async fn get(
    tx: &mut ReadTx,
    source: &str,
    kind: ResourceKind,
    id: &ScimResourceId,
) -> Result<Option<Resource>, DbError> {
    let row = tx.one(resources!("source = $1 and type = $2 and id = $3"), args![source, kind.as_str(), id]).await?;
    Ok(whole(tx, row.into_iter().collect()).await?.pop())
}

/// In the order of the ids.
pub(super) async fn of_ids(tx: &mut ReadTx, ids: &[ScimResourceId]) -> Result<Vec<Resource>, DbError> {
    let rows = tx.all_in(resources!("id in ($keys)"), ids.iter().map(Value::from).collect()).await?;
    let mut found: HashMap<ScimResourceId, Resource> =
        whole(tx, rows).await?.into_iter().map(|resource| (resource.id.clone(), resource)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Those with this name, in whatever case.
pub(super) async fn named(
    tx: &mut ReadTx,
    source: &str,
    kind: ResourceKind,
    name_key: &str,
) -> Result<Vec<Resource>, DbError> {
    let sql = resources!("source = $1 and type = $2 and name_key = $3 order by id");
    let rows = tx.all(sql, args![source, kind.as_str(), name_key]).await?;
    whole(tx, rows).await
}

pub(super) async fn known_outside_as(
    tx: &mut ReadTx,
    source: &str,
    kind: ResourceKind,
    external_id: &str,
) -> Result<Vec<Resource>, DbError> {
    let sql = resources!("source = $1 and type = $2 and external_id = $3 order by id");
    let rows = tx.all(sql, args![source, kind.as_str(), external_id]).await?;
    whole(tx, rows).await
}

pub(super) async fn count(tx: &mut ReadTx, source: &str, kind: ResourceKind) -> Result<u64, DbError> {
    let sql = "select count(*) as n from scim_resources where source = $1 and type = $2 and deleted_at is null";
    tx.count(sql, args![source, kind.as_str()]).await
}

/// A page by position, from 0.
pub(super) async fn page(
    tx: &mut ReadTx,
    source: &str,
    kind: ResourceKind,
    skip: u64,
    limit: u64,
) -> Result<Vec<Resource>, DbError> {
    let sql = resources!("source = $1 and type = $2 order by id limit $3 offset $4");
    let rows = tx.all(sql, args![source, kind.as_str(), limit, skip]).await?;
    whole(tx, rows).await
}

/// A page behind an id.
pub(super) async fn after(
    tx: &mut ReadTx,
    source: &str,
    kind: ResourceKind,
    after: Option<&ScimResourceId>,
    limit: u64,
) -> Result<Vec<Resource>, DbError> {
    let sql = resources!("source = $1 and type = $2 and (cast($3 as text) is null or id > $3) order by id limit $4");
    let rows = tx.all(sql, args![source, kind.as_str(), after, limit]).await?;
    whole(tx, rows).await
}

/// Ids of users that were removed.
pub(super) async fn users_gone(tx: &mut ReadTx, source: &str) -> Result<Vec<String>, DbError> {
    let sql =
        "select id from scim_resources where source = $1 and type = 'User' and deleted_at is not null order by id";
    tx.all(sql, args![source]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn is_gone(tx: &mut ReadTx, source: &str, id: &str) -> Result<bool, DbError> {
    let sql = "select count(*) as n from scim_resources where id = $2 and source = $1 and deleted_at is not null";
    Ok(tx.count(sql, args![source, id]).await? == 1)
}

/// What stands for each of these ids, where there is one.
pub(super) async fn related(
    tx: &mut ReadTx,
    source: &str,
    ids: Vec<Value>,
) -> Result<HashMap<String, Related>, DbError> {
    let sql = "select id, source, type, name from scim_resources where deleted_at is null and id in ($keys)";
    let mut found = HashMap::new();
    for mut row in tx.all_in(sql, ids).await? {
        if row.take::<String>("source")? == source {
            let related = relation(&mut row, "id")?;
            found.insert(related.id.to_string(), related);
        }
    }
    Ok(found)
}

/// Resources with their members and their groups.
async fn whole(tx: &mut ReadTx, rows: Vec<Row>) -> Result<Vec<Resource>, DbError> {
    let mut resources = rows.into_iter().map(resource).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<Value> = resources.iter().map(|resource| Value::from(&resource.id)).collect();
    let members = "select m.container as owner, r.id, r.type, r.name from scim_members m join scim_resources r
                   on r.id = m.member where m.container in ($keys) order by m.container, m.member";
    let mut members = by_owner(tx.all_in(members, ids.clone()).await?)?;
    let groups = "select m.member as owner, r.id, r.type, r.name from scim_members m join scim_resources r
                  on r.id = m.container where m.member in ($keys) order by m.member, m.container";
    let mut groups = by_owner(tx.all_in(groups, ids).await?)?;
    for resource in &mut resources {
        resource.members = members.remove(&resource.id).unwrap_or_default();
        resource.groups = groups.remove(&resource.id).unwrap_or_default();
    }
    Ok(resources)
}

fn by_owner(rows: Vec<Row>) -> Result<HashMap<ScimResourceId, Vec<Related>>, DbError> {
    let mut found: HashMap<ScimResourceId, Vec<Related>> = HashMap::new();
    for mut row in rows {
        let related = relation(&mut row, "id")?;
        found.entry(row.take("owner")?).or_default().push(related);
    }
    Ok(found)
}

fn relation(row: &mut Row, column: &str) -> Result<Related, DbError> {
    let id: ScimResourceId = row.take(column)?;
    Ok(Related { kind: kind(row, &id)?, name: row.take("name")?, id })
}

fn kind(row: &mut Row, id: &ScimResourceId) -> Result<ResourceKind, DbError> {
    let text: String = row.take("type")?;
    ResourceKind::called(&text)
        .ok_or_else(|| DbError::impossible("scim_resources", "type", id, format!("unknown type {text}")))
}

fn resource(mut row: Row) -> Result<Resource, DbError> {
    let (id, body): (ScimResourceId, String) = (row.take("id")?, row.take("body")?);
    let body: Object =
        serde_json::from_str(&body).map_err(|e| DbError::impossible("scim_resources", "body", &id, e))?;
    Ok(Resource {
        kind: kind(&mut row, &id)?,
        source: row.take("source")?,
        version: row.take("version")?,
        body,
        created_at: row.take("created_at")?,
        modified_at: row.take("modified_at")?,
        members: Vec::new(),
        groups: Vec::new(),
        id,
    })
}

fn body(resource: &Resource) -> String {
    serde_json::to_string(&resource.body).expect("an object of JSON is plain data")
}

fn name_key(resource: &Resource) -> String {
    super::name_key(resource.name())
}

/// Counts a resource of a source that comes or goes; `false` when it has as many as it may have.
pub(super) async fn count_resource(tx: &mut WriteTx, source: &str, more: i64, most: u64) -> Result<bool, DbError> {
    let sql = "update scim_clients set resources = resources + $2
               where source = $1 and ($2 <= 0 or resources + $2 <= $3)";
    Ok(tx.run(sql, args![source, more, most]).await? == 1)
}

/// Counts memberships that come and go; `false` when those that come are more than it may have.
pub(super) async fn count_memberships(tx: &mut WriteTx, source: &str, more: i64, most: u64) -> Result<bool, DbError> {
    let sql = "update scim_clients set memberships = memberships + $2
               where source = $1 and ($2 <= 0 or memberships + $2 <= $3)";
    Ok(more == 0 || tx.run(sql, args![source, more, most]).await? == 1)
}

pub(super) async fn insert(tx: &mut WriteTx, resource: &Resource) -> Result<(), DbError> {
    tx.run_one(
        "insert into scim_resources (id, source, type, version, name, name_key, external_id, body, created_at,
           modified_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            &resource.id,
            &resource.source,
            resource.kind.as_str(),
            resource.version,
            resource.name(),
            name_key(resource),
            resource.external_id(),
            body(resource),
            resource.created_at,
            resource.modified_at,
        ],
    )
    .await?;
    add_members(tx, resource, resource.members.iter().collect(), resource.modified_at).await
}

pub(super) async fn update(tx: &mut WriteTx, before: &Resource, after: &Resource) -> Result<(), DbError> {
    tx.run_one(
        "update scim_resources set version = $2, name = $3, name_key = $4, external_id = $5, body = $6, modified_at = $7
         where id = $1 and deleted_at is null and version = $8",
        args![
            &after.id,
            after.version,
            after.name(),
            name_key(after),
            after.external_id(),
            body(after),
            after.modified_at,
            before.version,
        ],
    )
    .await?;
    let keys = |members: &[Related]| -> std::collections::HashSet<ScimResourceId> {
        members.iter().map(|member| member.id.clone()).collect()
    };
    let (old, new) = (keys(&before.members), keys(&after.members));
    let gone: Vec<Value> = old.difference(&new).map(Value::from).collect();
    if !gone.is_empty() {
        let sql = "delete from scim_members where container = $1 and member in ($keys)";
        tx.run_in(sql, args![&after.id], gone.clone()).await?;
        look_otherwise(tx, gone, after.modified_at).await?;
    }
    let joined = after.members.iter().filter(|member| !old.contains(&member.id)).collect();
    add_members(tx, after, joined, after.modified_at).await
}

async fn add_members(
    tx: &mut WriteTx,
    resource: &Resource,
    members: Vec<&Related>,
    now: Timestamp,
) -> Result<(), DbError> {
    let ids = members.iter().map(|member| Value::from(&member.id)).collect();
    let rows = members.into_iter().map(|member| args![&resource.id, &member.id]).collect();
    tx.insert_all("insert into scim_members (container, member)", rows).await?;
    look_otherwise(tx, ids, now).await
}

/// Whoever comes into a group or goes out of one shows it, and so is another version.
async fn look_otherwise(tx: &mut WriteTx, ids: Vec<Value>, now: Timestamp) -> Result<(), DbError> {
    let sql = "update scim_resources set version = version + 1, modified_at = $1 where id in ($keys)";
    tx.run_in(sql, args![now], ids).await
}

pub(super) async fn agent(tx: &mut ReadTx, id: &ScimResourceId) -> Result<Option<Agent>, DbError> {
    let row = tx.one("select resource, machine, waits, owner from scim_agents where resource = $1", args![id]).await?;
    let agent = |mut row: Row| {
        let waits = row.take::<u64>("waits")? == 1;
        Ok(Agent { resource: row.take("resource")?, machine: row.take("machine")?, owner: row.take("owner")?, waits })
    };
    row.map(agent).transpose()
}

pub(super) async fn waiting_agents(tx: &mut ReadTx) -> Result<Vec<ScimResourceId>, DbError> {
    let rows = tx.all("select resource from scim_agents where waits = 1 order by resource", args![]).await?;
    rows.into_iter().map(|mut row| row.take("resource")).collect()
}

/// Those of which was not kept whom their source named.
pub(super) async fn unnamed_agents(tx: &mut ReadTx) -> Result<Vec<ScimResourceId>, DbError> {
    let sql = "select a.resource from scim_agents a join machines m on m.identity = a.machine
               where a.owner is null and m.state = 'active' order by a.resource";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("resource")).collect()
}

pub(super) async fn set_named(tx: &mut WriteTx, id: &ScimResourceId, owner: &IdentityId) -> Result<(), DbError> {
    let sql = "update scim_agents set owner = $2 where resource = $1 and owner is null";
    tx.run(sql, args![id, owner]).await.map(drop)
}

pub(super) async fn keep_agent(tx: &mut WriteTx, agent: &Agent) -> Result<(), DbError> {
    tx.run_one(
        "insert into scim_agents (resource, machine, waits, owner) values ($1, $2, $3, $4)
         on conflict (resource) do update set machine = excluded.machine, waits = excluded.waits, owner = excluded.owner",
        args![&agent.resource, agent.machine.as_ref(), u64::from(agent.waits), agent.owner.as_ref()],
    )
    .await
}

/// It is gone, and in no group any more.
pub(super) async fn delete(tx: &mut WriteTx, resource: &Resource, now: Timestamp) -> Result<(), DbError> {
    let related = resource.groups.iter().chain(&resource.members).map(|other| &other.id);
    let related: BTreeSet<&ScimResourceId> = related.collect();
    look_otherwise(tx, related.into_iter().map(Value::from).collect(), now).await?;
    tx.run("delete from scim_members where container = $1 or member = $1", args![&resource.id]).await?;
    let sql = "update scim_resources set deleted_at = $2, version = version + 1 where id = $1 and deleted_at is null";
    tx.run_one(sql, args![&resource.id, now]).await
}
