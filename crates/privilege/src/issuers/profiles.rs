//! Profiles: what an issuer may be asked for.

use super::{Issuer, IssuerError, Profile, Rules, Terms, events, rules, store};
use db::ReadTx;
use ledger::Ctx;
use std::collections::BTreeSet;

/// Declares profiles of an issuer, all or none. Those not named stay as they are; harmless when repeated.
pub async fn declare_profiles(ctx: &Ctx, name: &str, declared: &[Profile]) -> Result<Vec<Profile>, IssuerError> {
    let mut tx = ctx.decide().await?;
    let issuer = store::required(&mut tx, name).await?;
    let names: BTreeSet<&str> = declared.iter().map(|profile| profile.name.as_str()).collect();
    if names.len() < declared.len() {
        let problem = "a profile is declared twice: keep one".to_owned();
        return Err(IssuerError::BadProfile { profile: name.to_owned(), problem });
    }
    let mut changed = false;
    for profile in declared {
        rules::check_profile(&issuer.terms, profile)?;
        audiences_are_its_own(&mut tx, &issuer, profile).await?;
        if store::profile_of(&mut tx, &issuer.id, &profile.name).await?.as_ref() != Some(profile) {
            tx.also(events::profile(&issuer, profile));
            store::put_profile(&mut tx, &issuer.id, profile).await?;
            changed = true;
        }
    }
    if changed {
        tx.commit().await?;
    }
    profiles(ctx, name).await
}

/// All issuers of tokens sign under one `iss`, so that whoever accepts an audience must not hear of it from two.
async fn audiences_are_its_own(tx: &mut ReadTx, issuer: &Issuer, profile: &Profile) -> Result<(), IssuerError> {
    let Rules::Jwt(wanted) = &profile.rules else { return Ok(()) };
    for other in store::list(tx).await? {
        if other.id == issuer.id || !matches!(other.terms, Terms::Jwt { .. }) {
            continue;
        }
        for theirs in store::profiles(tx, &other.id).await? {
            if let Rules::Jwt(rules) = &theirs.rules
                && let Some(audience) = rules.audiences.intersection(&wanted.audiences).next()
            {
                let problem = format!("the audience `{audience}` belongs to issuer `{}`", other.name);
                return Err(IssuerError::BadProfile { profile: profile.name.clone(), problem });
            }
        }
    }
    Ok(())
}

/// By name.
pub async fn profiles(ctx: &Ctx, issuer: &str) -> Result<Vec<Profile>, IssuerError> {
    let mut tx = ctx.read().await?;
    let issuer = store::required(&mut tx, issuer).await?;
    Ok(store::profiles(&mut tx, &issuer.id).await?)
}
