//! The ledger itself: entries, raw bytes, checkpoints and consistency proofs, for people and for verifiers.

use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::SignedIn;
use crate::story::{StoryLine, actors, story_line};
use axum::Json;
use axum::extract::Query;
use ledger::{bundle, timeline};

const RAW_PAGE: u32 = 1000;

/// Entries, newest first; `after` is a sequence number.
#[utoipa::path(get, path = "/api/v1/ledger/entries", tag = "ledger", params(PageQuery), responses((status = 200, body = Page<StoryLine>)))]
pub(crate) async fn entries(
    signed_in: SignedIn,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<StoryLine>>, Problem> {
    let lines = timeline::before(&signed_in.ctx, page.after()?, page.and_one_more()).await?;
    let people = actors(&signed_in.ctx, lines.iter()).await?;
    let items = lines.into_iter().map(|line| story_line(&signed_in.caller, &people, line)).collect();
    Ok(Json(Page::new(items, page.limit(), |line| line.seq.to_string())))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct From {
    /// First sequence number.
    #[serde(default)]
    from: u64,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RawEntry {
    pub(crate) seq: u64,
    /// The bytes that are hashed, as text.
    pub(crate) entry: String,
}

/// Entries exactly as hashed, oldest first, 1,000 at most; for verifiers.
#[utoipa::path(get, path = "/api/v1/ledger/raw", tag = "ledger", params(From), responses((status = 200, body = Page<RawEntry>)))]
pub(crate) async fn raw(signed_in: SignedIn, Query(query): Query<From>) -> Result<Json<Page<RawEntry>>, Problem> {
    let mut items = Vec::new();
    for stored in timeline::raw(&signed_in.ctx, query.from, RAW_PAGE + 1).await? {
        let entry = String::from_utf8(stored.bytes).map_err(|e| Problem::internal(&e))?;
        items.push(RawEntry { seq: stored.seq, entry });
    }
    Ok(Json(Page::new(items, RAW_PAGE, |entry: &RawEntry| (entry.seq + 1).to_string())))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SignedCheckpoint {
    /// C2SP tlog-checkpoint.
    pub(crate) note: String,
    pub(crate) size: u64,
    /// Hex.
    pub(crate) root: String,
    /// C2SP verifier key.
    pub(crate) key: String,
}

/// The signed size and root of the log now.
#[utoipa::path(get, path = "/api/v1/ledger/checkpoint", tag = "ledger", responses((status = 200, body = SignedCheckpoint)))]
pub(crate) async fn checkpoint(signed_in: SignedIn) -> Result<Json<SignedCheckpoint>, Problem> {
    let ledger = signed_in.ctx.ledger();
    let (checkpoint, note) = ledger.checkpoint().await?;
    let root = data_encoding::HEXLOWER.encode(&checkpoint.root);
    Ok(Json(SignedCheckpoint { note, size: checkpoint.size, root, key: ledger.verifying_key().to_string() }))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sizes {
    old: u64,
    new: u64,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Consistency {
    /// Base64 hashes (RFC 9162 section 2.1.4).
    pub(crate) proof: Vec<String>,
}

/// Proof that the log of `old` entries is the beginning of the log of `new` entries.
#[utoipa::path(get, path = "/api/v1/ledger/consistency", tag = "ledger", params(Sizes), responses((status = 200, body = Consistency), (status = 404, body = Problem)))]
pub(crate) async fn consistency(signed_in: SignedIn, Query(sizes): Query<Sizes>) -> Result<Json<Consistency>, Problem> {
    let (now, _) = signed_in.ctx.ledger().checkpoint().await?;
    if sizes.new > now.size {
        return Err(Problem::invalid(format!("the log has {} entries, not {}", now.size, sizes.new)));
    }
    let proof = bundle::consistency(&signed_in.ctx, sizes.old, sizes.new).await?;
    Ok(Json(Consistency { proof: bundle::encode(&proof) }))
}
