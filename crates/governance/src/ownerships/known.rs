//! Shared accounts whose credential somebody who left may know: it is changed where Tenure keeps it, and elsewhere a person is
//! told.

use super::OwnershipError;
use super::things::name_of;
use crate::account_links::known::{self, KnownToLeaver};
use connectors::connector::Status;
use db::ReadTx;
use ledger::{Ctx, Write, finding};
use provisioning::ownership as elsewhere;
use std::collections::BTreeSet;
use types::{IdentityId, ObservedAccountId};

/// The finding while a shared account has a credential that somebody who left may know, and that Tenure does not keep.
pub const KNOWN_TO_LEAVER: &str = "shared_credential_known_to_leaver";

/// Whoever answered for it may know its credential. Where that is not under management, a person has to change it.
pub(super) async fn distrust(
    ctx: &Ctx,
    tx: &mut Write,
    (id, name): (&ObservedAccountId, &str),
    left: &IdentityId,
) -> Result<(), OwnershipError> {
    if !elsewhere::distrust(tx, name, left).await? {
        known::keep(tx, id, left).await?;
        finding::raise_in(ctx, tx, KNOWN_TO_LEAVER, id.as_str(), &line(name)).await?;
    }
    Ok(())
}

fn line(name: &str) -> String {
    format!(
        "whoever answered for the shared account `{name}` before may know its credential, which is not under management: \
         take the account under management, and it gets another one, or disable it"
    )
}

/// Follows accounts whose credential somebody who left may know, whatever they are called. One that comes under management
/// gets another credential, and the finding stands until it has it; it rests only while the account is gone or disabled.
pub(super) async fn follow(ctx: &Ctx) -> Result<(), OwnershipError> {
    let told = open(ctx).await?;
    let mut usable = BTreeSet::new();
    for one in known::all(&mut ctx.read().await?).await? {
        let (name, subject) = (name_of(&one.account), one.account.id.to_string());
        if is_managed(ctx, &one, &name).await? || one.account.status != Status::Enabled {
            continue;
        }
        if !told.contains(&subject) {
            tell(ctx, &one, &name).await?;
        }
        usable.insert(subject);
    }
    for subject in open(ctx).await?.difference(&usable) {
        if !is_distrusted(&mut ctx.read().await?, subject).await? {
            finding::clear(ctx, KNOWN_TO_LEAVER, subject).await?;
        }
    }
    Ok(())
}

async fn open(ctx: &Ctx) -> Result<BTreeSet<String>, OwnershipError> {
    Ok(finding::open(ctx, KNOWN_TO_LEAVER).await?.into_iter().map(|open| open.subject).collect())
}

async fn tell(ctx: &Ctx, known: &KnownToLeaver, name: &str) -> Result<(), OwnershipError> {
    let mut tx = ctx.decide().await?;
    if finding::raise_in(ctx, &mut tx, KNOWN_TO_LEAVER, known.account.id.as_str(), &line(name)).await? {
        known::recognise(&mut tx, known).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whether it is under management by now, so that privilege has it changed.
async fn is_managed(ctx: &Ctx, known: &KnownToLeaver, name: &str) -> Result<bool, OwnershipError> {
    if !elsewhere::is_managed(&mut ctx.read().await?, name).await? {
        return Ok(false);
    }
    let mut tx = ctx.decide().await?;
    if !elsewhere::distrust(&mut tx, name, &known.left).await? {
        return Ok(false);
    }
    known::is_kept_elsewhere(&mut tx, known).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether privilege has not changed it yet, by whichever name it manages it.
async fn is_distrusted(tx: &mut ReadTx, subject: &str) -> Result<bool, OwnershipError> {
    let Ok(id) = subject.parse::<ObservedAccountId>() else { return Ok(false) };
    for name in known::names(tx, &id).await? {
        if elsewhere::is_distrusted(tx, &name).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
