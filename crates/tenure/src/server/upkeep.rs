//! What runs by itself: the duties of both planes, the continuous check of every invariant, the room for recordings,
//! what is published, and data keys that any node added. Each looks at the state and is harmless when run twice.

use super::published::KeysSeen;
use super::sealed_file::SealedFile;
use super::unsealing::unseal_key_alone;
use crate::config::Config;
use api::Resealing;
use axum::Router;
use ledger::{Ctx, rekey};
use privilege::invariants::Depth;
use privilege::issuers::{self, observe};
use privilege::recordings;
use privilege::sessions::Node;
use seal::{SealError, State};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use types::Actor;

const DUTIES_EVERY: Duration = Duration::from_secs(1);
/// Where a test moves the clock, duties must not lag behind it.
const DUTIES_IN_TESTS: Duration = Duration::from_millis(50);
const CHECK_EVERY: Duration = Duration::from_secs(60);
const PUBLICATIONS_EVERY: Duration = Duration::from_secs(5);
const ROOM_EVERY: Duration = Duration::from_secs(10);
/// The check of a large log takes at most this share of the time.
const CHECK_SHARE: u32 = 20;

pub(crate) async fn duties(ctx: Ctx) {
    let every = if ctx.clock().is_test() { DUTIES_IN_TESTS } else { DUTIES_EVERY };
    let mut wakes = ctx.db().wakes();
    let mut signed_at = ctx.now();
    loop {
        if let Err(error) = governance::duties::run_once(&ctx.acting_as(Actor::duty("governance"))).await {
            tracing::warn!(%error, "the duties of governance are postponed");
        }
        if let Err(error) = privilege::duties::run_once(&ctx.acting_as(Actor::duty("privilege"))).await {
            tracing::warn!(%error, "the duties of privilege are postponed");
        }
        if ctx.now().since(signed_at) >= CHECK_EVERY {
            signed_at = ctx.now();
            if let Err(error) = ctx.ledger().checkpoint().await {
                tracing::warn!(%error, "the checkpoint is postponed");
            }
        }
        wakes.next(grants::TOPIC, every).await;
    }
}

pub(crate) async fn invariants(ctx: Ctx, node: Node, broken: Arc<AtomicI64>) {
    loop {
        let began = Instant::now();
        match api::invariants::verify(&ctx, &node, Depth::Running).await {
            Ok(found) => {
                broken.store(i64::try_from(found.broken).unwrap_or(i64::MAX), Ordering::Relaxed);
                metrics::gauge!("tenure_invariants_broken").set(found.broken as f64);
                for problem in found.problems {
                    tracing::error!(invariant = problem.invariant, detail = problem.detail, "an invariant is broken");
                }
            }
            Err(problem) => tracing::warn!(detail = problem.detail, "the invariants could not be checked"),
        }
        tokio::time::sleep(CHECK_EVERY.max(began.elapsed() * CHECK_SHARE)).await;
    }
}

pub(crate) async fn room(ctx: Ctx, node: Node) {
    let ctx = ctx.acting_as(Actor::duty("privilege.room"));
    loop {
        match recordings::watch_room(&ctx, &node).await {
            Ok(free) => metrics::gauge!("tenure_recordings_free_bytes").set(free as f64),
            Err(error) => tracing::warn!(%error, "the room for recordings could not be looked at"),
        }
        tokio::time::sleep(ROOM_EVERY).await;
    }
}

/// Fetches the revocation lists and keys back as anybody would, wherever ends wait to be seen published.
pub(crate) async fn publications(ctx: Ctx, router: Router) {
    let ctx = ctx.acting_as(Actor::duty("privilege.publications"));
    let mut wakes = ctx.db().wakes();
    loop {
        if let Err(error) = look_at_publications(&ctx, &router).await {
            tracing::warn!(%error, "what is published could not be looked at");
        }
        wakes.next(issuers::TOPIC, PUBLICATIONS_EVERY).await;
    }
}

async fn look_at_publications(ctx: &Ctx, router: &Router) -> Result<(), issuers::IssuerError> {
    for publication in observe::due(ctx).await? {
        match api::fetch(router, &publication.path).await {
            Some(fetched) => while observe::seen(ctx, &publication, &fetched).await? > 0 {},
            None => tracing::warn!(path = publication.path, "a revocation list is not published"),
        }
    }
    Ok(())
}

/// Reads the keys that any node changed, seals the files of this node under the newest data key, and tells what it saw.
pub(crate) async fn data_keys(ctx: Ctx, config: Config, files: Vec<SealedFile>, tell: impl Fn(KeysSeen)) {
    let mut wakes = ctx.db().wakes();
    loop {
        if let Err(error) = load(&ctx, &config).await {
            tracing::warn!(
                error = format!("{error:#}"),
                "keys of the seal that changed could not be read: start this node again"
            );
        }
        let mut sealed = true;
        for file in &files {
            match file.reseal(ctx.seal()) {
                Ok(true) => tracing::info!(?file, "a file was sealed again under the newest data key"),
                Ok(false) => {}
                Err(error) => {
                    sealed = false;
                    tracing::error!(error = format!("{error:#}"), "a file could not be sealed again");
                }
            }
        }
        if sealed && let Err(error) = rekey::note_node(&ctx, &config.node).await {
            tracing::warn!(%error, "the newest data key of this node could not be noted");
        }
        match keys_seen(&ctx).await {
            Ok(seen) => tell(seen),
            Err(error) => tracing::warn!(%error, "the state of the seal could not be read"),
        }
        wakes.next(rekey::TOPIC, CHECK_EVERY).await;
    }
}

/// Reads the keys as they are now; after a migration, by the unseal key that the configuration has for the new kind.
async fn load(ctx: &Ctx, config: &Config) -> anyhow::Result<()> {
    match ctx.seal().load(ctx.db()).await {
        Err(SealError::WrongKey | SealError::Unreadable | SealError::Refused { .. }) => {
            let state = State::read(&mut ctx.read().await?).await?.ok_or(SealError::NotInitialised)?;
            let key = unseal_key_alone(config, state.kind())?;
            Ok(ctx.seal().load_by(ctx.db(), &key).await?)
        }
        loaded => Ok(loaded?),
    }
}

async fn keys_seen(ctx: &Ctx) -> Result<KeysSeen, SealError> {
    let mut tx = ctx.read().await?;
    let state = State::read(&mut tx).await?.ok_or(SealError::NotInitialised)?;
    let older_keys = seal::reseal::data_keys(&mut tx).await?.len() > 1;
    let resealing = seal::reseal::progress(&mut tx).await?.map(|progress| Resealing {
        data_key: progress.version,
        total: progress.total,
        done: progress.done.min(progress.total),
        finished: progress.finished_at.is_some(),
        older_keys,
    });
    Ok(KeysSeen { data_key: ctx.seal().version(), resealing, state })
}
