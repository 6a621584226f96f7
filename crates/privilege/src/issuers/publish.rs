//! What anybody may read of an issuer: certificates, public keys and revocation lists. A list is signed in the
//! transaction that makes it grow, so that no revocation waits for it.

use super::x509::{self, Ca};
use super::{Authority, Issued, Issuer, IssuerError, Key, Terms, crl, events, issued_store, keys, store};
use crate::leases::krl::{Revoked, encode};
use db::ReadTx;
use ledger::{Ctx, Write};
use russh::keys::PublicKey;
use serde_json::{Value, json};
use types::{Secret, Timestamp};

/// Where the revocation list of an X.509 issuer is fetched.
pub fn crl_path(issuer: &str) -> String {
    format!("/pki/{issuer}/crl")
}

/// Where the revocation list of an SSH issuer is fetched.
pub fn krl_path(issuer: &str) -> String {
    format!("/ssh/krl/{issuer}")
}

pub const JWKS_PATH: &str = "/.well-known/jwks.json";

pub(super) fn crl_url(origin: &str, issuer: &str) -> String {
    format!("{origin}{}", crl_path(issuer))
}

/// The key that an issuer signs with, opened.
pub(super) async fn signing_key(
    ctx: &Ctx,
    tx: &mut ReadTx,
    issuer: &Issuer,
) -> Result<(Key, Secret<Vec<u8>>), IssuerError> {
    let key = issuer.keys.last().filter(|key| key.retired.is_none());
    let key = key.ok_or_else(|| IssuerError::Damaged(issuer.name.clone()))?;
    let sealed = store::sealed_key(tx, &key.id).await?;
    Ok((key.clone(), keys::open(ctx, &issuer.name, &key.id, sealed.as_deref())?))
}

/// An X.509 issuer, ready to sign.
pub(super) async fn open_ca(ctx: &Ctx, tx: &mut ReadTx, issuer: &Issuer) -> Result<(Ca, Authority), IssuerError> {
    let (key, private) = signing_key(ctx, tx, issuer).await?;
    let authority = key.authority.ok_or_else(|| IssuerError::NoAuthority(issuer.name.clone()))?;
    let ca = x509::open(&authority, &private).ok_or_else(|| IssuerError::Damaged(issuer.name.clone()))?;
    if ctx.now() >= ca.not_after {
        return Err(IssuerError::AuthorityExpired(issuer.name.clone()));
    }
    Ok((ca, authority))
}

/// Signs the list of an X.509 issuer as it is inside this transaction.
pub(super) async fn sign_crl(ctx: &Ctx, tx: &mut Write, issuer: &Issuer) -> Result<(), IssuerError> {
    let now = tx.now();
    let since = now.minus(crl::KEEP_REVOKED);
    let (ca, _) = open_ca(ctx, tx, issuer).await?;
    let mut revoked = issued_store::revoked(tx, &issuer.name, since).await?;
    if matches!(issuer.terms, Terms::X509Root { .. }) {
        revoked.extend(withdrawn_below(tx, issuer, since).await?);
    }
    let number = store::crl(tx, &issuer.id).await?.map_or(1, |last| last.number + 1);
    let signed = crl::sign(&ca, number, &revoked, now).ok_or_else(|| IssuerError::Damaged(issuer.name.clone()))?;
    tx.also(events::crl_signed(issuer, &signed));
    store::put_crl(tx, &issuer.id, &signed).await?;
    tx.wake(super::TOPIC);
    Ok(())
}

/// The same, unless the authority has expired: nothing that it signed is believed any more. Says whether it signed.
pub(super) async fn sign_crl_while_valid(ctx: &Ctx, tx: &mut Write, issuer: &Issuer) -> Result<bool, IssuerError> {
    match sign_crl(ctx, tx, issuer).await {
        Ok(()) => Ok(true),
        Err(IssuerError::AuthorityExpired(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Intermediates below a root of ours that issue nothing any more.
pub(super) async fn withdrawn_below(
    tx: &mut ReadTx,
    root: &Issuer,
    since: Timestamp,
) -> Result<Vec<crl::Revoked>, IssuerError> {
    let below = |other: &Issuer| {
        let Terms::X509Intermediate { parent, .. } = &other.terms else { return None };
        let at = other.withdrawn_at.filter(|_| parent.as_ref() == Some(&root.name))?;
        let facts = x509::facts_of(other.keys.last()?.authority.as_ref()?)?;
        let cause = super::Cause::Revoked;
        (facts.not_after > since).then_some(crl::Revoked { serial: facts.serial, at, cause })
    };
    Ok(store::list(tx).await?.iter().filter_map(below).collect())
}

/// The revocation list of an X.509 issuer, in DER.
pub async fn crl(ctx: &Ctx, issuer: &str) -> Result<Vec<u8>, IssuerError> {
    let mut tx = ctx.read().await?;
    let issuer = store::required(&mut tx, issuer).await?;
    let found = store::crl(&mut tx, &issuer.id).await?;
    found.map(|crl| crl.der).ok_or(IssuerError::NotFound(issuer.name))
}

/// The certificate of an X.509 issuer and those above it, in PEM.
pub async fn chain(ctx: &Ctx, issuer: &str) -> Result<String, IssuerError> {
    let issuer = super::get(ctx, issuer).await?;
    let authority = issuer.keys.last().and_then(|key| key.authority.as_ref());
    let text = authority.map(|authority| format!("{}{}", authority.certificate, authority.above));
    text.ok_or(IssuerError::NotFound(issuer.name))
}

/// The line for `TrustedUserCAKeys`, or for `@cert-authority` in `known_hosts`.
pub async fn ssh_authority(ctx: &Ctx, issuer: &str) -> Result<String, IssuerError> {
    let issuer = super::get(ctx, issuer).await?;
    let key = issuer.keys.last().filter(|_| matches!(issuer.terms, Terms::Ssh {}));
    key.map(|key| key.public_key.clone()).ok_or(IssuerError::NotFound(issuer.name))
}

/// The revocation list of an SSH issuer, for `RevokedKeys`. The same bytes as long as nothing has changed.
pub async fn krl(ctx: &Ctx, issuer: &str) -> Result<Vec<u8>, IssuerError> {
    let line = ssh_authority(ctx, issuer).await?;
    let damaged = || IssuerError::Damaged(issuer.to_owned());
    let key = PublicKey::from_openssh(&line).map_err(|_| damaged())?;
    let mut tx = ctx.read().await?;
    let revoked = issued_store::revoked(&mut tx, issuer, ctx.now().minus(crl::KEEP_REVOKED)).await?;
    let (version, latest) = issued_store::ends(&mut tx, issuer).await?;
    let mut serials: Vec<u64> =
        revoked.iter().map(|one| one.serial.parse().map_err(|_| damaged())).collect::<Result<_, _>>()?;
    serials.sort_unstable();
    let generated_at = latest.unwrap_or(Timestamp::from_micros(0));
    let list = Revoked { authority: &key, serials: &serials, version, generated_at };
    encode(&list).map_err(|_| damaged())
}

/// The public keys of every issuer of tokens (RFC 7517): those that sign, and retired ones until the last token of
/// theirs has expired.
pub async fn jwks(ctx: &Ctx) -> Result<Value, IssuerError> {
    let now = ctx.now();
    let mut keys = Vec::new();
    for issuer in super::list(ctx).await? {
        if !matches!(issuer.terms, Terms::Jwt { .. }) {
            continue;
        }
        let published = |key: &&Key| key.retired.is_none_or(|retired| retired.published_until > now);
        for key in issuer.keys.iter().filter(published) {
            let jwk: Value =
                serde_json::from_str(&key.public_key).map_err(|_| IssuerError::Damaged(issuer.name.clone()))?;
            keys.push(jwk);
        }
    }
    Ok(json!({ "keys": keys }))
}

/// Tokens that were revoked and would verify still, for whoever asks. Most verifiers do not: a short life is the main
/// defence.
pub async fn revoked_tokens(ctx: &Ctx) -> Result<Vec<Issued>, IssuerError> {
    Ok(issued_store::revoked_tokens(&mut ctx.read().await?, ctx.now()).await?)
}
