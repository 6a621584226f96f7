//! What a value that lies open leads to: a finding while it is a value of the vault, and a new credential. Holds no value.

use super::model::{Told, Value};
use super::store::{self, Found};
use super::{HygieneError, events, usable};
use crate::accounts::{self, AccountError, CredentialKind};
use crate::rotation::{self, Cause};
use crate::secrets;
use db::ReadTx;
use ledger::{Ctx, Write, finding};
use std::collections::BTreeSet;
use types::{IdentityId, ManagedAccountId, RotationId, ScanId, SecretId};

const LEAKED: &str = "leaked_secret";

const MOST_TOLD: usize = 200;
const MOST_PLACES: usize = 20;
const LONGEST_PLACE: usize = 500;
/// Named in a finding.
const SHOWN: usize = 3;
const UNTOLD: &str = "a place that the scan did not tell";

/// Orders a new credential for an account in use whose own was found outside, where its settings say so.
pub(super) async fn rotate(ctx: &Ctx, tx: &mut Write, value: &Value) -> Result<Option<RotationId>, HygieneError> {
    let Value::Account { id, is_live: true, .. } = value else { return Ok(None) };
    if !accounts::find(tx, id).await?.settings.rotate_on_leak {
        return Ok(None);
    }
    match rotation::order(ctx, tx, id, Cause::Leak).await {
        Ok(rotation) => Ok(Some(rotation.id)),
        Err(AccountError::ByHand(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Tells where a scan found what it found, and ends it.
pub async fn tell(ctx: &Ctx, who: &IdentityId, id: &ScanId, told: &[Told]) -> Result<(), HygieneError> {
    check(told)?;
    let mut tx = ctx.decide().await?;
    usable(ctx, &mut tx, who, id).await?;
    let mut leaked = BTreeSet::new();
    for Told { digest, places, more } in told {
        let matches = store::matches(&mut tx, id, *digest).await?;
        if matches.is_empty() {
            return Err(HygieneError::NotMatched(*digest));
        }
        for found in matches.iter().filter(|found| found.is_live) {
            if put(&mut tx, id, found, places, *more).await? {
                leaked.insert((found.subject.clone(), found.version));
            }
        }
    }
    raise_all(ctx, &mut tx, leaked).await?;
    let now = tx.now();
    store::end(&mut tx, id, now).await?;
    tx.also(events::ended(id, "done"));
    Ok(tx.commit().await?)
}

fn check(told: &[Told]) -> Result<(), HygieneError> {
    let refuse = |why| Err(HygieneError::Places(why));
    if told.len() > MOST_TOLD {
        return refuse("one scan tells the places of at most 200 values");
    }
    for Told { places, .. } in told {
        if !(1..=MOST_PLACES).contains(&places.len()) {
            return refuse("name 1 to 20 places of each value");
        }
        if places.iter().any(|p| p.is_empty() || p.len() > LONGEST_PLACE || p.chars().any(char::is_control)) {
            return refuse("a place is one line of 1 to 500 bytes");
        }
    }
    Ok(())
}

/// Says whether any of the places is a new one.
async fn put(tx: &mut Write, id: &ScanId, found: &Found, places: &[String], more: u64) -> Result<bool, HygieneError> {
    let (now, mut new) = (tx.now(), false);
    for place in places {
        new |= store::insert_place(tx, id, found, place, now).await?;
    }
    if more > 0 {
        new |= store::insert_place(tx, id, found, &format!("{more} more places of {id}"), now).await?;
    }
    Ok(new)
}

/// One finding for each secret or account; it is raised again when more is known.
async fn raise_all(ctx: &Ctx, tx: &mut Write, leaked: BTreeSet<(String, u32)>) -> Result<(), HygieneError> {
    let subjects: BTreeSet<&str> = leaked.iter().map(|(subject, _)| subject.as_str()).collect();
    for subject in subjects {
        let mut versions: BTreeSet<u32> = standing(tx, subject).await?.into_iter().collect();
        versions.extend(leaked.iter().filter(|(of, _)| of == subject).map(|(_, version)| *version));
        let places: Vec<_> =
            store::places(tx, subject).await?.into_iter().filter(|(v, _)| versions.contains(v)).collect();
        let detail = format!("{} {}", name(tx, subject, &versions).await?, advice(tx, subject, &places).await?);
        finding::clear_in(tx, LEAKED, subject).await?;
        finding::raise_in(ctx, tx, LEAKED, subject, &detail).await?;
    }
    Ok(())
}

/// The versions found outside that still are values of the vault: of a secret not destroyed, of an account in use.
async fn standing(tx: &mut ReadTx, subject: &str) -> Result<Vec<u32>, HygieneError> {
    let kept = match (subject.parse::<SecretId>(), subject.parse::<ManagedAccountId>()) {
        (Ok(secret), _) => secrets::kept_versions(tx, &secret).await?,
        (_, Ok(account)) => accounts::live_versions(tx, &account).await?,
        _ => Vec::new(),
    };
    let mut leaked = store::leaked_versions(tx, subject).await?;
    leaked.retain(|version| kept.contains(version));
    Ok(leaked)
}

async fn name(tx: &mut Write, subject: &str, versions: &BTreeSet<u32>) -> Result<String, HygieneError> {
    let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
    let name = match subject.parse::<ManagedAccountId>() {
        Ok(id) => accounts::find(tx, &id).await?.name(),
        Err(_) => secret_name(tx, subject).await?,
    };
    Ok(format!("`{name}` (version {})", versions.join(", ")))
}

async fn secret_name(tx: &mut Write, subject: &str) -> Result<String, HygieneError> {
    let Ok(id) = subject.parse::<SecretId>() else { return Ok(subject.to_owned()) };
    Ok(secrets::name_of(tx, &id).await?.map_or_else(|| id.to_string(), |name| name.to_string()))
}

async fn advice(tx: &mut Write, subject: &str, places: &[(u32, String)]) -> Result<String, HygieneError> {
    let mut shown: Vec<&str> = places.iter().map(|(_, place)| place.as_str()).take(SHOWN).collect();
    let rest = format!("{} more", places.len().saturating_sub(SHOWN));
    if places.len() > SHOWN {
        shown.push(&rest);
    }
    let next = match subject.parse::<ManagedAccountId>() {
        Ok(id) => {
            let account = accounts::find(tx, &id).await?;
            let by_tenure = matches!(account.credential, CredentialKind::Password | CredentialKind::SshKey);
            match (by_tenure, account.settings.rotate_on_leak) {
                (true, true) => "it is being rotated",
                (true, false) => "rotate it by `tenure rotate`",
                (false, _) => "make a new one and give it by `tenure accounts give`",
            }
        }
        Err(_) => "change it where it is used, and destroy that version",
    };
    Ok(format!("lies open in {}: {next}", shown.join("; ")))
}

/// Ends scans whose time is over, and clears findings about what is no value of the vault any more.
pub(crate) async fn run_once(ctx: &Ctx) -> Result<(), HygieneError> {
    for scan in store::expired(&mut ctx.read().await?, ctx.now()).await? {
        let mut tx = ctx.decide().await?;
        let mut leaked = BTreeSet::new();
        for found in store::untold(&mut tx, &scan.id).await? {
            put(&mut tx, &scan.id, &found, &[UNTOLD.to_owned()], 0).await?;
            leaked.insert((found.subject, found.version));
        }
        raise_all(ctx, &mut tx, leaked).await?;
        let now = tx.now();
        store::end(&mut tx, &scan.id, now).await?;
        tx.also(events::ended(&scan.id, "expired"));
        tx.commit().await?;
    }
    for open in finding::open(ctx, LEAKED).await? {
        if standing(&mut ctx.read().await?, &open.subject).await?.is_empty() {
            finding::clear(ctx, LEAKED, &open.subject).await?;
        }
    }
    Ok(())
}
