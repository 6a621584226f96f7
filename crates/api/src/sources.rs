//! Sources of people and what each says of somebody: `/sources`, `/identities/{id}/records`.

use crate::page::Page;
use crate::person::{People, Person};
use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::Path;
use connectors::sources::{Asserted, Record};
use governance::{identities, sources};
use ledger::Ctx;
use serde_json::Value;
use std::collections::BTreeMap;
use types::{IdentityId, Timestamp};

/// A source of people, and how it has been lately.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct PeopleSource {
    pub(crate) name: String,
    /// `csv`, `scim`, `ldap`, `active_directory` or `sql`.
    pub(crate) kind: String,
    pub(crate) description: String,
    /// Answers for it; `null` of the source that is there without being declared.
    pub(crate) owner: Option<Person>,
    #[schema(value_type = Object)]
    pub(crate) settings: Value,
    /// When its last whole feed was taken.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_whole_at: Option<Timestamp>,
    /// Of when that feed was true, where it said.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_as_of: Option<Timestamp>,
    /// Why its last feed was refused; `null` when it was taken.
    pub(crate) refused: Option<RefusedFeed>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RefusedFeed {
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Such as `feed_truncated`, `feed_doubled`, `feed_stale` or `feed_half_loaded`.
    pub(crate) code: String,
    pub(crate) detail: String,
}

async fn describe(
    ctx: &Ctx,
    found: Vec<(sources::Source, sources::Health)>,
) -> Result<Json<Page<PeopleSource>>, Problem> {
    let people = People::of(ctx, found.iter().filter_map(|(source, _)| source.owner.as_ref())).await?;
    let shown = |(source, health): (sources::Source, sources::Health)| PeopleSource {
        owner: source.owner.as_ref().map(|owner| people.person(owner)),
        name: source.name,
        kind: word(source.kind),
        description: source.description,
        settings: serde_json::to_value(source.settings).expect("settings are plain data"),
        last_whole_at: health.last_whole_at,
        last_as_of: health.last_as_of,
        refused: health.refused.map(|refused| RefusedFeed {
            at: refused.at,
            code: refused.code,
            detail: refused.detail,
        }),
    };
    Ok(Json(Page::whole(found.into_iter().map(shown).collect())))
}

pub(crate) fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Every source of people, by name.
#[utoipa::path(get, path = "/api/v1/sources", tag = "sources", responses((status = 200, body = Page<PeopleSource>)))]
pub(crate) async fn list(signed_in: SignedIn) -> Result<Json<Page<PeopleSource>>, Problem> {
    describe(&signed_in.ctx, sources::list(&signed_in.ctx).await?).await
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeopleSources {
    #[schema(value_type = Vec<Object>)]
    source: Vec<sources::Declaration>,
    /// Needed when one would let more through than before.
    #[serde(default)]
    reason: Option<String>,
}

/// Declare or change sources of people, all or none. Those not named stay as they are.
#[utoipa::path(put, path = "/api/v1/sources", tag = "sources", request_body = PeopleSources, responses((status = 200, body = Page<PeopleSource>), (status = 422, body = Problem)))]
pub(crate) async fn declare(
    signed_in: SignedIn,
    Json(file): Json<PeopleSources>,
) -> Result<Json<Page<PeopleSource>>, Problem> {
    let declared = sources::declare(&signed_in.ctx, &file.source, file.reason.as_deref()).await?;
    let mut all = sources::list(&signed_in.ctx).await?;
    all.retain(|(source, _)| declared.iter().any(|declared| declared.name == source.name));
    describe(&signed_in.ctx, all).await
}

/// What the sources say of somebody: the value that counts for each attribute, and the records themselves.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RecordsOfPerson {
    pub(crate) values: Vec<StatedValue>,
    pub(crate) records: Vec<SourceRecord>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct StatedValue {
    pub(crate) attribute: String,
    /// A text, a list of texts, or `null` where the source says that there is none.
    #[schema(value_type = Option<Object>)]
    pub(crate) value: Asserted,
    /// The source that has the word for it.
    pub(crate) source: String,
}

/// What one source states of one person.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SourceRecord {
    pub(crate) source: String,
    /// What the source calls the person.
    pub(crate) key: String,
    #[schema(value_type = Object)]
    pub(crate) attributes: BTreeMap<String, Asserted>,
    #[schema(value_type = Option<Object>)]
    pub(crate) employment: Value,
    /// Since when it says so.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) from: Timestamp,
    /// Since when the source does not name it any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) gone_at: Option<Timestamp>,
}

impl From<sources::Held> for SourceRecord {
    fn from(held: sources::Held) -> Self {
        let Record { key, attributes, employment } = held.record;
        let employment = serde_json::to_value(employment).expect("an employment is plain data");
        Self { source: held.source, key, attributes, employment, from: held.from, gone_at: held.gone_at }
    }
}

/// What each source says of somebody, and whose word counts.
#[utoipa::path(get, path = "/api/v1/identities/{id}/records", tag = "sources", params(("id" = String, Path)), responses((status = 200, body = RecordsOfPerson), (status = 404, body = Problem)))]
pub(crate) async fn of_identity(
    signed_in: SignedIn,
    Path(id): Path<IdentityId>,
) -> Result<Json<RecordsOfPerson>, Problem> {
    identities::get(&signed_in.ctx, &id).await?;
    let (merged, records) = sources::of_identity(&signed_in.ctx, &id).await?;
    let said = merged.into_iter().flat_map(|merged| merged.values);
    let values = said.map(|(attribute, said)| StatedValue { attribute, value: said.value, source: said.source });
    Ok(Json(RecordsOfPerson {
        values: values.collect(),
        records: records.into_iter().map(SourceRecord::from).collect(),
    }))
}
