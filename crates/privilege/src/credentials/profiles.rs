//! Profiles: declared like targets, and looked up by whoever asks for a credential.

use super::{CredentialError, Declaration, Kind, Profile, events, rules, store};
use crate::services::{self, Service, ServiceKind};
use ledger::{Ctx, Write};

/// Registers profiles, or brings existing ones up to date; all or none. Those that are not named stay as they are.
/// Harmless when repeated. What was made stays as it was made.
pub async fn declare(ctx: &Ctx, declarations: &[Declaration]) -> Result<Vec<Profile>, CredentialError> {
    rules::check(declarations)?;
    for new in declarations {
        let service = services::get(ctx, &new.service).await?;
        fits(new, &service)?;
    }
    let mut tx = ctx.decide().await?;
    let (mut declared, mut changed) = (Vec::new(), false);
    for new in declarations {
        let before = store::profile(&mut tx, &new.service, &new.name).await?;
        let declared_at = before.as_ref().map_or(tx.now(), |before| before.declared_at);
        let profile = new.profile(declared_at);
        changed |= keep(&mut tx, before.as_ref(), &profile).await?;
        declared.push(profile);
    }
    if changed {
        tx.commit().await?;
    }
    Ok(declared)
}

fn fits(new: &Declaration, service: &Service) -> Result<(), CredentialError> {
    match (&new.kind, service.kind) {
        (Kind::DatabaseUser { .. }, ServiceKind::Postgres | ServiceKind::Mariadb) => Ok(()),
        (Kind::DatabaseUser { .. }, _) => {
            Err(CredentialError::NoDatabase { profile: new.name.clone(), service: new.service.clone() })
        }
    }
}

/// Says whether anything changed.
async fn keep(tx: &mut Write, before: Option<&Profile>, profile: &Profile) -> Result<bool, CredentialError> {
    match before {
        Some(before) if before == profile => return Ok(false),
        Some(before) if before.kind.as_str() != profile.kind.as_str() => {
            return Err(CredentialError::OtherKind { service: profile.service.clone(), profile: profile.name.clone() });
        }
        Some(_) => {
            tx.also(events::changed(profile));
            store::update_profile(tx, profile).await?;
        }
        None => {
            tx.also(events::declared(profile));
            store::insert_profile(tx, profile).await?;
        }
    }
    Ok(true)
}

/// By service and name.
pub async fn profiles(ctx: &Ctx) -> Result<Vec<Profile>, CredentialError> {
    Ok(store::profiles(&mut ctx.read().await?).await?)
}
