//! Making issuers, certifying them, renewing their keys, and withdrawing them.

use super::x509::{self, CaTerms};
use super::{
    Algorithm, Authority, Cause, Declaration, Issuer, IssuerError, Key, Retired, TOPIC, Terms, ends, events,
    issued_store, jwt, keys, publish, rules, ssh, store,
};
use crate::{services, targets};
use ledger::{Ctx, Write};
use types::{IssuerId, Secret, SigningKeyId};

/// Makes an issuer with a key of its own. `origin` is where its revocation list will be fetched.
pub async fn create(ctx: &Ctx, origin: &str, new: &Declaration) -> Result<Issuer, IssuerError> {
    rules::check_declaration(new)?;
    let private = keys::generate(algorithm(&new.terms))?;
    let mut tx = ctx.decide().await?;
    let taken = store::get(&mut tx, &new.name).await?.is_some()
        || targets::exists(&mut tx, &new.name).await?
        || services::exists(&mut tx, &new.name).await?;
    if taken {
        return Err(IssuerError::Taken(new.name.clone()));
    }
    let id = SigningKeyId::new(ctx.clock(), ctx.chance());
    let damaged = || IssuerError::Damaged(new.name.clone());
    let public_key = public_key(&new.terms, &id, &private).ok_or_else(damaged)?;
    let authority = certify(ctx, &mut tx, origin, new, &private).await?;
    let key = Key { id, public_key, authority, created_at: tx.now(), retired: None };
    let issuer = Issuer {
        id: IssuerId::new(ctx.clock(), ctx.chance()),
        name: new.name.clone(),
        terms: new.terms.clone(),
        created_at: tx.now(),
        withdrawn_at: None,
        keys: vec![key.clone()],
    };
    tx.also(events::created(&issuer, &key));
    store::insert(&mut tx, &issuer).await?;
    let sealed = ctx.seal().seal(keys::record(&key.id), private.expose())?;
    store::insert_key(&mut tx, &issuer.id, &key, sealed).await?;
    if let Some(authority) = &key.authority {
        tx.also(events::certified(&issuer, &key, &x509::facts_of(authority).ok_or_else(damaged)?));
        publish::sign_crl(ctx, &mut tx, &issuer).await?;
    }
    tx.commit().await?;
    Ok(issuer)
}

fn algorithm(terms: &Terms) -> Algorithm {
    match terms {
        Terms::X509Root { algorithm, .. } | Terms::X509Intermediate { algorithm, .. } | Terms::Jwt { algorithm } => {
            *algorithm
        }
        Terms::Ssh {} => Algorithm::Ed25519,
    }
}

fn public_key(terms: &Terms, id: &SigningKeyId, private: &Secret<Vec<u8>>) -> Option<String> {
    match terms {
        Terms::X509Root { .. } | Terms::X509Intermediate { .. } => Some(x509::key_pair(private).ok()?.public_key_pem()),
        Terms::Jwt { algorithm } => Some(jwt::jwk(*algorithm, id, private)?.to_string()),
        Terms::Ssh {} => ssh::authority(private)?.public_key().to_openssh().ok(),
    }
}

/// The CA certificate that can be made here: of a root, and of an intermediate below a root of ours.
async fn certify(
    ctx: &Ctx,
    tx: &mut Write,
    origin: &str,
    new: &Declaration,
    private: &Secret<Vec<u8>>,
) -> Result<Option<Authority>, IssuerError> {
    let damaged = |_| IssuerError::Damaged(new.name.clone());
    let (now, serial) = (tx.now(), x509::serial(ctx.chance()));
    match &new.terms {
        Terms::X509Root { common_name, days, path_length, .. } => {
            let terms = CaTerms {
                common_name,
                path_length: *path_length,
                permitted_dns: &[],
                not_before: now.minus(x509::EARLY),
                not_after: now.plus(rules::days(*days)),
                crl: None,
            };
            let key = x509::key_pair(private).map_err(damaged)?;
            let certificate = x509::root(&terms, &key, serial).map_err(damaged)?;
            Ok(Some(Authority { certificate, above: String::new() }))
        }
        Terms::X509Intermediate { common_name, days, path_length, permitted_dns, parent: Some(parent), .. } => {
            let root = signing_root(tx, parent, new, *path_length).await?;
            let (ca, above) = publish::open_ca(ctx, tx, &root).await?;
            let terms = CaTerms {
                common_name,
                path_length: *path_length,
                permitted_dns,
                not_before: now.minus(x509::EARLY),
                not_after: now.plus(rules::days(*days)),
                crl: Some(publish::crl_url(origin, parent)),
            };
            if terms.not_after > ca.not_after {
                return Err(bad(new, "it would outlive its root: give it fewer days"));
            }
            let key = x509::key_pair(private).map_err(damaged)?;
            let certificate = x509::intermediate(&terms, &key, &ca, serial).map_err(damaged)?;
            Ok(Some(Authority { certificate, above: above.certificate }))
        }
        Terms::X509Intermediate { .. } | Terms::Jwt { .. } | Terms::Ssh {} => Ok(None),
    }
}

async fn signing_root(tx: &mut Write, parent: &str, new: &Declaration, below: u8) -> Result<Issuer, IssuerError> {
    let root = store::required(tx, parent).await?;
    if root.withdrawn_at.is_some() {
        return Err(IssuerError::Withdrawn(root.name));
    }
    match root.terms {
        Terms::X509Root { path_length, .. } if below < path_length => Ok(root),
        Terms::X509Root { .. } => {
            Err(bad(new, "its root allows no authority so far below: give it a smaller path length"))
        }
        _ => Err(bad(new, "its parent is not a root")),
    }
}

fn bad(new: &Declaration, problem: &str) -> IssuerError {
    IssuerError::BadTerms { name: new.name.clone(), problem: problem.to_owned() }
}

/// The certificate request of an intermediate, in PEM, for a root elsewhere.
pub async fn request(ctx: &Ctx, name: &str) -> Result<String, IssuerError> {
    let mut tx = ctx.read().await?;
    let issuer = store::required(&mut tx, name).await?;
    let Terms::X509Intermediate { common_name, .. } = &issuer.terms else {
        return Err(IssuerError::WrongKind(issuer.name, "only an intermediate is signed by others"));
    };
    let private = signing_key(ctx, &mut tx, &issuer).await?;
    let key = x509::key_pair(&private).map_err(|_| IssuerError::Damaged(issuer.name.clone()))?;
    x509::request(common_name, &key).map_err(|_| IssuerError::Damaged(issuer.name.clone()))
}

/// Takes the certificate that was made elsewhere of that request.
pub async fn import(ctx: &Ctx, name: &str, pem: &str) -> Result<Issuer, IssuerError> {
    let mut tx = ctx.decide().await?;
    let mut issuer = store::required(&mut tx, name).await?;
    let Terms::X509Intermediate { permitted_dns, .. } = &issuer.terms else {
        return Err(IssuerError::WrongKind(issuer.name, "only an intermediate is signed by others"));
    };
    let private = signing_key(ctx, &mut tx, &issuer).await?;
    let damaged = || IssuerError::Damaged(name.to_owned());
    let key = x509::key_pair(&private).map_err(|_| damaged())?;
    let authority = x509::import(pem, &key, permitted_dns, tx.now())?;
    let Some(key) = issuer.keys.last_mut() else { return Err(damaged()) };
    if key.authority.is_some() {
        return Err(IssuerError::WrongKind(issuer.name, "it has a certificate already: make a new issuer"));
    }
    let facts = x509::facts_of(&authority).ok_or_else(damaged)?;
    if x509::open(&authority, &private).is_none() {
        return Err(IssuerError::BadAuthority("its subject cannot be signed with".to_owned()));
    }
    store::certify(&mut tx, &key.id, &authority).await?;
    key.authority = Some(authority);
    let key = key.clone();
    tx.also(events::certified(&issuer, &key, &facts));
    publish::sign_crl(ctx, &mut tx, &issuer).await?;
    tx.commit().await?;
    Ok(issuer)
}

/// What becomes of what the old key signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Old {
    /// Tokens verify until they expire.
    Expires,
    /// The old key may be known to others: every token of it ends now.
    Withdrawn,
}

/// Lets an issuer of tokens sign with a new key.
pub async fn rotate(ctx: &Ctx, name: &str, old: Old) -> Result<Issuer, IssuerError> {
    let mut tx = ctx.decide().await?;
    let issuer = store::required(&mut tx, name).await?;
    let Terms::Jwt { algorithm } = issuer.terms else {
        return Err(IssuerError::WrongKind(issuer.name, "only an issuer of tokens has keys that rotate"));
    };
    // The key of one that issues nothing any more can still become known to others.
    if issuer.withdrawn_at.is_some() && old == Old::Expires {
        return Err(IssuerError::Withdrawn(issuer.name));
    }
    let now = tx.now();
    let mut published_until = now;
    for key in issuer.keys.iter().filter(|key| key.retired.is_none_or(|retired| retired.published_until > now)) {
        let until = match old {
            Old::Expires => issued_store::latest_expiry(&mut tx, &key.id).await?.map_or(now, |until| until.max(now)),
            Old::Withdrawn => now,
        };
        let at = key.retired.map_or(now, |retired| retired.at);
        store::retire(&mut tx, &key.id, Retired { at, published_until: until }).await?;
        if old == Old::Withdrawn {
            let live = issued_store::live_by_key(&mut tx, &key.id).await?;
            ends::end_all(ctx, &mut tx, &live, Cause::KeyWithdrawn, None).await?;
        }
        published_until = published_until.max(until);
    }
    let private = keys::generate(algorithm)?;
    let id = SigningKeyId::new(ctx.clock(), ctx.chance());
    let jwk = jwt::jwk(algorithm, &id, &private).ok_or_else(|| IssuerError::Damaged(name.to_owned()))?;
    let key = Key { id, public_key: jwk.to_string(), authority: None, created_at: now, retired: None };
    tx.also(events::rotated(&issuer, &key, published_until));
    let sealed = ctx.seal().seal(keys::record(&key.id), private.expose())?;
    store::insert_key(&mut tx, &issuer.id, &key, sealed).await?;
    tx.wake(TOPIC);
    tx.commit().await?;
    super::get(ctx, name).await
}

/// Lets an issuer issue nothing any more. What it issued goes on until it ends; an intermediate goes onto the revocation
/// list of its root, where that is ours.
pub async fn withdraw(ctx: &Ctx, name: &str) -> Result<Issuer, IssuerError> {
    let mut tx = ctx.decide().await?;
    let issuer = store::required(&mut tx, name).await?;
    if issuer.withdrawn_at.is_some() {
        return Err(IssuerError::Withdrawn(issuer.name));
    }
    tx.also(events::withdrawn(&issuer));
    let now = tx.now();
    store::withdraw(&mut tx, &issuer.id, now).await?;
    if let Terms::X509Intermediate { parent: Some(parent), .. } = &issuer.terms {
        let root = store::required(&mut tx, parent).await?;
        publish::sign_crl_while_valid(ctx, &mut tx, &root).await?;
    }
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(Issuer { withdrawn_at: Some(now), ..issuer })
}

async fn signing_key(ctx: &Ctx, tx: &mut db::ReadTx, issuer: &Issuer) -> Result<Secret<Vec<u8>>, IssuerError> {
    publish::signing_key(ctx, tx, issuer).await.map(|(_, private)| private)
}
