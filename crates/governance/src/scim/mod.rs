//! What clients push to sources by SCIM 2.0 (RFC 7644): users and groups, kept as they were pushed. What they mean for
//! people here is decided where the records of all sources meet.

mod agents;
mod error;
mod events;
pub mod limits;
mod model;
mod query;
mod records;
mod store;
mod taking;

pub use agents::WITHOUT_OWNER;
pub(crate) use agents::settle_waiting;
pub use error::ScimFault;
pub use events::KINDS;
pub use model::{Client, Dialect, Expected, Resource, ResourceKind};
pub use query::{Listed, list, me};
pub use records::ATTRIBUTES;
pub use taking::NOT_TAKEN;
pub(crate) use taking::handlers;

use crate::sources::{SourceError, SourceKind};
use crate::{identities, machines, sources};
use agents::Presence;
use authn::Caller;
use connectors::scim::language::{self, Object, Operation, ScimError, ScimType};
use db::{ReadTx, Value as Sql};
use ledger::{Ctx, Write};
use model::Related;
use serde_json::Value;
use types::{IdentityId, Permission, ScimResourceId};

/// A change of a resource.
#[derive(Debug, Clone)]
pub enum Change {
    /// RFC 7644 section 3.5.1.
    Replace(Object),
    /// RFC 7644 section 3.5.2.
    Patch(Vec<Operation>),
}

/// Says who pushes to a source of the kind `scim`, by the name of a machine identity or the mail address of a person, and how they speak.
/// Declaring the same again changes nothing.
pub async fn declare(ctx: &Ctx, source: &str, dialect: Dialect, pushed_by: Option<&str>) -> Result<Client, ScimFault> {
    if !types::is_target(source) {
        return Err(ScimFault::BadSource(source.chars().take(60).collect()));
    }
    let mut tx = ctx.decide().await?;
    let declared = sources::existing(&mut tx, source).await.map_err(Box::new)?;
    if declared.kind != SourceKind::Scim {
        return Err(Box::new(SourceError::NotScim(declared.name)).into());
    }
    let pushed_by = match pushed_by {
        Some(who) => Some(pusher(&mut tx, who).await?.ok_or_else(|| ScimFault::NoSuchPusher(shown(who)))?),
        None => None,
    };
    let before = store::client(&mut tx, source).await?;
    let declared_at = before.as_ref().map_or(tx.now(), |client| client.declared_at);
    let client = Client { source: source.to_owned(), dialect, pushed_by, declared_at };
    if before.as_ref() == Some(&client) {
        return Ok(client);
    }
    tx.also(events::declared(&client));
    store::declare(&mut tx, &client).await?;
    taking::later(ctx, &mut tx, source).await?;
    tx.commit().await?;
    Ok(client)
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

async fn pusher(tx: &mut Write, who: &str) -> Result<Option<IdentityId>, ScimFault> {
    let machine = machines::store::by_name(tx, who).await?;
    if let Some(machine) = machine {
        return Ok((machine.state == machines::State::Active).then_some(machine.id));
    }
    let now = tx.now();
    let person = identities::store::by_email(tx, who).await?;
    Ok(person.filter(|person| person.standing(now) == identities::Standing::Working).map(|person| person.id))
}

/// Who pushes to a source.
pub async fn client(ctx: &Ctx, source: &str) -> Result<Client, ScimFault> {
    let found = store::client(&mut ctx.read().await?, source).await?;
    found.ok_or_else(|| ScimFault::NoSuchSource(shown(source)))
}

/// The client of a source when this caller is it, or an administrator. To everybody else there is no such source.
pub async fn opened(ctx: &Ctx, caller: &Caller, source: &str) -> Result<Client, ScimFault> {
    let client = client(ctx, source).await?;
    let named = client.pushed_by.as_ref() == Some(&caller.identity);
    let administers = caller.roles.iter().any(|role| role.permits(Permission::SourcesWrite));
    if named || administers { Ok(client) } else { Err(ScimFault::NoSuchSource(client.source)) }
}

pub async fn get(ctx: &Ctx, client: &Client, kind: ResourceKind, id: &str) -> Result<Resource, ScimFault> {
    existing(&mut ctx.read().await?, client, kind, id).await
}

async fn existing(tx: &mut ReadTx, client: &Client, kind: ResourceKind, id: &str) -> Result<Resource, ScimFault> {
    let found = match id.parse::<ScimResourceId>() {
        Ok(id) => store::get(tx, &client.source, kind, &id).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| ScimFault::NotFound { kind: kind.as_str(), id: shown(id) })
}

/// The client pushes a new resource.
pub async fn create(ctx: &Ctx, client: &Client, kind: ResourceKind, body: Object) -> Result<Resource, ScimFault> {
    let body = language::accept(kind.resource_type(), body, client.dialect)?;
    let (inside, client) = (ctx.clone(), client.clone());
    ctx.together(move |tx| {
        Box::pin(async move {
            let now = tx.now();
            let mut resource = Resource {
                id: ScimResourceId::new(inside.clock(), inside.chance()),
                source: client.source,
                kind,
                version: 1,
                body: Object::new(),
                created_at: now,
                modified_at: now,
                members: Vec::new(),
                groups: Vec::new(),
            };
            fill(tx, &mut resource, body).await?;
            has_room(tx, &resource).await?;
            tx.also(events::created(&resource));
            store::insert(tx, &resource).await?;
            pushed(&inside, tx, &resource, Presence::There).await?;
            Ok(resource)
        })
    })
    .await
}

/// The client changes a resource; without a difference nothing happens.
pub async fn change(
    ctx: &Ctx,
    client: &Client,
    kind: ResourceKind,
    id: &str,
    expected: Expected,
    change: Change,
) -> Result<Resource, ScimFault> {
    let (inside, client, id) = (ctx.clone(), client.clone(), id.to_owned());
    ctx.together(move |tx| {
        Box::pin(async move {
            let before = existing(tx, &client, kind, &id).await?;
            as_expected(&before, &expected)?;
            let (of, written) = (kind.resource_type(), before.written());
            let body = match change {
                Change::Replace(body) => language::replace(of, &written, body, client.dialect)?,
                Change::Patch(operations) => language::apply(of, &written, &operations, client.dialect)?,
            };
            let mut after = before.clone();
            fill(tx, &mut after, body).await?;
            if after == before {
                return Ok(after);
            }
            count_members(tx, &after, before.members.len()).await?;
            after.version += 1;
            after.modified_at = tx.now();
            tx.also(events::changed(&before, &after));
            store::update(tx, &before, &after).await?;
            pushed(&inside, tx, &after, Presence::There).await?;
            Ok(after)
        })
    })
    .await
}

/// The client says that a resource is not there any more.
pub async fn delete(
    ctx: &Ctx,
    client: &Client,
    kind: ResourceKind,
    id: &str,
    expected: Expected,
) -> Result<(), ScimFault> {
    let (inside, client, id) = (ctx.clone(), client.clone(), id.to_owned());
    ctx.together(move |tx| {
        Box::pin(async move {
            let resource = existing(tx, &client, kind, &id).await?;
            as_expected(&resource, &expected)?;
            let now = tx.now();
            tx.also(events::deleted(&resource));
            let gone = resource.members.len() + resource.groups.len();
            let gone = i64::try_from(gone).unwrap_or(i64::MAX);
            store::count_memberships(tx, &resource.source, -gone, limits::MOST_MEMBERSHIPS).await?;
            store::count_resource(tx, &resource.source, -1, limits::MOST_RESOURCES).await?;
            store::delete(tx, &resource, now).await?;
            pushed(&inside, tx, &resource, Presence::Gone).await
        })
    })
    .await
}

/// Whether the source may keep one more resource, and its members.
async fn has_room(tx: &mut Write, resource: &Resource) -> Result<(), ScimFault> {
    if store::count_resource(tx, &resource.source, 1, limits::MOST_RESOURCES).await? {
        return count_members(tx, resource, 0).await;
    }
    let most = limits::MOST_RESOURCES;
    Err(limits::too_many(format!(
        "a source keeps at most {most} resources: remove some, or ask an administrator for another source"
    ))
    .into())
}

async fn count_members(tx: &mut Write, resource: &Resource, before: usize) -> Result<(), ScimFault> {
    let size = |members: usize| i64::try_from(members).unwrap_or(i64::MAX);
    let (more, most) = (size(resource.members.len()) - size(before), limits::MOST_MEMBERSHIPS);
    if store::count_memberships(tx, &resource.source, more, most).await? {
        return Ok(());
    }
    Err(limits::too_many(format!("a source keeps at most {most} memberships: push fewer groups")).into())
}

/// What a push means here at once.
async fn pushed(ctx: &Ctx, tx: &mut Write, resource: &Resource, presence: Presence) -> Result<(), ScimFault> {
    match resource.kind {
        ResourceKind::Agent => agents::settle(ctx, tx, resource, presence).await,
        ResourceKind::User | ResourceKind::Group => Ok(taking::later(ctx, tx, &resource.source).await?),
        ResourceKind::AgenticApplication => Ok(()),
    }
}

fn as_expected(resource: &Resource, expected: &Expected) -> Result<(), ScimFault> {
    if expected.holds(&resource.etag()) { Ok(()) } else { Err(ScimFault::OtherVersion(resource.etag())) }
}

/// How names are compared: in whatever case.
pub(super) fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// Gives a resource the body that a client wrote, when its name is free and its members are there.
async fn fill(tx: &mut Write, resource: &mut Resource, mut body: Object) -> Result<(), ScimFault> {
    let members = body.remove("members");
    model::references(resource.kind.resource_type(), &mut body, |_, value| drop(value.remove("$ref")));
    resource.body = body;
    let (attribute, unique) = resource.kind.name();
    if unique {
        let key = name_key(resource.name());
        let others = store::named(tx, &resource.source, resource.kind, &key).await?;
        if others.iter().any(|other| other.id != resource.id) {
            let detail = format!("`{attribute}` belongs to another {}: choose another", resource.kind.as_str());
            return Err(ScimError::new(ScimType::Uniqueness, detail).into());
        }
    }
    limits::body(resource)?;
    // One that is put to rest needs nobody: its owner may be gone already.
    if resource.kind == ResourceKind::Agent && model::is_active(&resource.body) {
        agents::has_owner(tx, resource).await?;
    }
    if let Some(Value::Array(members)) = members {
        resource.members = members_of(tx, resource, &members).await?;
    } else {
        resource.members.clear();
    }
    Ok(())
}

async fn members_of(tx: &mut Write, resource: &Resource, listed: &[Value]) -> Result<Vec<Related>, ScimFault> {
    limits::members(listed.len())?;
    let wrong = |detail: String| ScimFault::from(ScimError::new(ScimType::InvalidValue, detail));
    let mut ids = std::collections::BTreeSet::new();
    for member in listed {
        let id = member.get("value").and_then(Value::as_str);
        ids.insert(id.ok_or_else(|| wrong("each member needs a `value`, the id of a user or a group".into()))?);
    }
    if ids.contains(resource.id.as_str()) {
        return Err(wrong("a group is no member of itself".into()));
    }
    let mut found = store::related(tx, &resource.source, ids.iter().map(|id| Sql::from(*id)).collect()).await?;
    let taken = ids.into_iter().map(|id| {
        found
            .remove(id)
            .ok_or_else(|| wrong(format!("there is no resource `{}` to be a member: push it first", shown(id))))
    });
    taken.collect()
}
