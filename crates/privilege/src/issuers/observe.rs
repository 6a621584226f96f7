//! Seeing with our own eyes that a revocation is published: whoever fetches a list back, as anybody would, hands it in
//! here. What is on a list that verifies is gone; a token is gone when the key that signed it is not published.

use super::{Cause, Form, Issued, IssuerError, State, Terms, crl, events, issued_store, publish, store, x509};
use ledger::Ctx;
use serde_json::Value;
use types::SigningKeyId;

/// What is published at a path, and holds ends that nobody has seen there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub path: String,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Crl { issuer: String },
    Krl { issuer: String },
    Keys,
}

/// What to fetch now.
pub async fn due(ctx: &Ctx) -> Result<Vec<Publication>, IssuerError> {
    let mut due = Vec::new();
    for (issuer, form, cause) in issued_store::unseen(&mut ctx.read().await?).await? {
        let (path, what) = match (form, cause) {
            (Form::X509, _) => (publish::crl_path(&issuer), What::Crl { issuer }),
            (Form::Ssh, _) => (publish::krl_path(&issuer), What::Krl { issuer }),
            (Form::Jwt, Cause::KeyWithdrawn) => (publish::JWKS_PATH.to_owned(), What::Keys),
            // Nobody need ask whether a token is revoked: it is gone when it expires.
            (Form::Jwt, _) => continue,
        };
        let publication = Publication { path, what };
        if !due.contains(&publication) {
            due.push(publication);
        }
    }
    Ok(due)
}

/// Takes what was fetched there, and records what is proven gone by it; returns how many.
pub async fn seen(ctx: &Ctx, publication: &Publication, fetched: &[u8]) -> Result<usize, IssuerError> {
    let gone = match &publication.what {
        What::Crl { issuer } => on_crl(ctx, issuer, fetched).await?,
        What::Krl { issuer } => on_krl(ctx, issuer, fetched).await?,
        What::Keys => without_key(ctx, fetched).await?,
    };
    let by = match publication.what {
        What::Crl { .. } => "crl",
        What::Krl { .. } => "krl",
        What::Keys => "jwks",
    };
    record(ctx, &gone, by).await
}

async fn on_crl(ctx: &Ctx, name: &str, fetched: &[u8]) -> Result<Vec<Issued>, IssuerError> {
    let mut tx = ctx.read().await?;
    let issuer = store::required(&mut tx, name).await?;
    let authority = issuer.keys.last().and_then(|key| key.authority.as_ref());
    let ders = authority.and_then(|authority| x509::ders(&authority.certificate)).unwrap_or_default();
    let Some(certificate) = ders.first().and_then(|der| x509::parse(der)) else {
        return Err(IssuerError::Damaged(issuer.name));
    };
    let Ok(listed) = crl::read(fetched, &certificate, ctx.now()) else { return Ok(Vec::new()) };
    let mut ended = issued_store::ended_not_gone(&mut tx, name).await?;
    ended.retain(|issued| issued.form == Form::X509 && listed.contains(&issued.serial));
    Ok(ended)
}

/// The list bears no signature: it proves what it holds when it is, byte for byte, the one that was to be published.
async fn on_krl(ctx: &Ctx, name: &str, fetched: &[u8]) -> Result<Vec<Issued>, IssuerError> {
    let ended = issued_store::ended_not_gone(&mut ctx.read().await?, name).await?;
    if publish::krl(ctx, name).await? != fetched {
        return Ok(Vec::new());
    }
    Ok(ended.into_iter().filter(|issued| issued.form == Form::Ssh).collect())
}

async fn without_key(ctx: &Ctx, fetched: &[u8]) -> Result<Vec<Issued>, IssuerError> {
    let Ok(Value::Object(set)) = serde_json::from_slice(fetched) else { return Ok(Vec::new()) };
    let Some(Value::Array(keys)) = set.get("keys") else { return Ok(Vec::new()) };
    let published = |id: &SigningKeyId| keys.iter().any(|key| key["kid"].as_str() == Some(id.as_str()));
    let mut tx = ctx.read().await?;
    let mut ended = issued_store::of_withdrawn_keys(&mut tx).await?;
    ended.retain(|issued| !published(&issued.key));
    Ok(ended)
}

async fn record(ctx: &Ctx, gone: &[Issued], by: &'static str) -> Result<usize, IssuerError> {
    if gone.is_empty() {
        return Ok(0);
    }
    let mut tx = ctx.decide().await?;
    let (now, mut count) = (tx.now(), 0);
    for issued in gone {
        let current = issued_store::get(&mut tx, &issued.id).await?;
        if current.is_some_and(|current| matches!(current.state, State::Ended { .. })) {
            tx.also(events::gone(issued, by));
            issued_store::gone(&mut tx, issued, now).await?;
            count += 1;
        }
    }
    if count > 0 {
        tx.wake(grants::TOPIC);
        tx.commit().await?;
    }
    Ok(count)
}

/// How the lists of X.509 issuers differ from what they must be: fresh, signed, and with every revoked serial.
pub(crate) async fn stale_lists(ctx: &Ctx) -> Result<Vec<Option<String>>, IssuerError> {
    let mut found = Vec::new();
    let mut tx = ctx.read().await?;
    let now = ctx.now();
    for issuer in store::list(&mut tx).await? {
        let authority = issuer.keys.last().and_then(|key| key.authority.as_ref()).filter(|_| issuer.terms.is_x509());
        let Some(authority) = authority else { continue };
        let ders = x509::ders(&authority.certificate).unwrap_or_default();
        let facts = ders.first().and_then(|der| x509::facts(der));
        if facts.is_some_and(|facts| facts.not_after <= now) {
            continue;
        }
        let mut wanted = issued_store::revoked(&mut tx, &issuer.name, now).await?;
        if matches!(issuer.terms, Terms::X509Root { .. }) {
            wanted.extend(publish::withdrawn_below(&mut tx, &issuer, now).await?);
        }
        let list = store::crl(&mut tx, &issuer.id).await?.map(|crl| crl.der).unwrap_or_default();
        let certificate = ders.first().and_then(|der| x509::parse(der));
        let listed = certificate.ok_or("has no authority").and_then(|one| crl::read(&list, &one, now));
        let problem = match listed {
            Err(why) => Some(format!("the revocation list of `{}` {why}", issuer.name)),
            Ok(listed) => wanted
                .iter()
                .find(|one| !listed.contains(&one.serial))
                .map(|one| format!("the revocation list of `{}` lacks the serial {}", issuer.name, one.serial)),
        };
        found.push(problem);
    }
    Ok(found)
}
