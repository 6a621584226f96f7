//! Lists of what was pushed. A name or an outside id is looked up; any other filter, and every order, reads all of its
//! kind, some at a time.

use super::{Client, Resource, ResourceKind, ScimFault, name_key, store};
use crate::identities;
use connectors::scim::language::{Query, SortKey};
use db::ReadTx;
use ledger::Ctx;
use types::{IdentityId, ScimResourceId};

/// Resources read at once.
const AT_ONCE: u64 = 500;

/// A page of resources, and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub total: u64,
    pub resources: Vec<Resource>,
}

/// `base` is the address of the source's SCIM service, which filters may look at.
pub async fn list(
    ctx: &Ctx,
    client: &Client,
    kind: ResourceKind,
    query: &Query,
    base: &str,
) -> Result<Listed, ScimFault> {
    let mut tx = ctx.read().await?;
    let skip = query.start - 1;
    if query.filter.is_none() && query.sort.is_none() {
        let total = store::count(&mut tx, &client.source, kind).await?;
        let resources = store::page(&mut tx, &client.source, kind, skip, query.count).await?;
        return Ok(Listed { total, resources });
    }
    let mut found = match looked_up(&mut tx, client, kind, query).await? {
        Some(few) => few.iter().filter_map(|resource| passes(query, resource, base)).collect(),
        None => all(&mut tx, client, kind, query, base).await?,
    };
    found.sort_by(|(a, _), (b, _)| query.compare(a, b));
    let page = found.iter().skip(usize::try_from(skip).unwrap_or(usize::MAX));
    let ids: Vec<ScimResourceId> = page.take(query.count as usize).map(|(_, id)| id.clone()).collect();
    Ok(Listed { total: found.len() as u64, resources: store::of_ids(&mut tx, &ids).await? })
}

fn passes(query: &Query, resource: &Resource, base: &str) -> Option<(SortKey, ScimResourceId)> {
    let document = resource.document(base);
    let passes = query.filter.as_ref().is_none_or(|filter| filter.matches(&document));
    passes.then(|| (query.key(&document), resource.id.clone()))
}

/// The few that a filter for one name, one id or one outside id can find; `None` for any other filter.
async fn looked_up(
    tx: &mut ReadTx,
    client: &Client,
    kind: ResourceKind,
    query: &Query,
) -> Result<Option<Vec<Resource>>, ScimFault> {
    let Some((attribute, value)) = query.filter.as_ref().and_then(|filter| filter.only_equal()) else {
        return Ok(None);
    };
    let source = &client.source;
    Ok(match attribute {
        "id" => match value.parse() {
            Ok(id) => Some(store::get(tx, source, kind, &id).await?.into_iter().collect()),
            Err(_) => Some(Vec::new()),
        },
        "externalId" => Some(store::known_outside_as(tx, source, kind, value).await?),
        name if name == kind.name().0 => Some(store::named(tx, source, kind, &name_key(value)).await?),
        _ => None,
    })
}

async fn all(
    tx: &mut ReadTx,
    client: &Client,
    kind: ResourceKind,
    query: &Query,
    base: &str,
) -> Result<Vec<(SortKey, ScimResourceId)>, ScimFault> {
    let (mut found, mut last) = (Vec::new(), None);
    loop {
        let some = store::after(tx, &client.source, kind, last.as_ref(), AT_ONCE).await?;
        found.extend(some.iter().filter_map(|resource| passes(query, resource, base)));
        match some.last() {
            Some(resource) if some.len() as u64 == AT_ONCE => last = Some(resource.id.clone()),
            _ => return Ok(found),
        }
    }
}

/// The user of a source who is this person: whose user name is their mail address (RFC 7644 section 3.11).
pub async fn me(ctx: &Ctx, client: &Client, who: &IdentityId) -> Result<Resource, ScimFault> {
    let mut tx = ctx.read().await?;
    let person = identities::store::get(&mut tx, who).await?.ok_or(ScimFault::NotAUser)?;
    let named = store::named(&mut tx, &client.source, ResourceKind::User, &name_key(&person.email)).await?;
    named.into_iter().next().ok_or(ScimFault::NotAUser)
}
