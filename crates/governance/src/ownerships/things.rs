//! Everything that has an owner, whichever slice or plane keeps it: what somebody owns, who owns it, and giving it to
//! another.

use super::rules::Found;
use super::{Kind, OwnershipError, Thing, known};
use crate::identities::Identity;
use crate::machines::{self, State as MachineState};
use crate::{account_links, entitlements, sources, systems};
use db::ReadTx;
use ledger::{Ctx, Write};
use provisioning::ObservedAccount;
use provisioning::ownership::{self as elsewhere, Kind as Elsewhere, Owned};
use types::IdentityId;

/// What somebody owns. Of machine identities those, too, that were theirs last and are nobody's now.
pub(super) async fn of(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<Found>, OwnershipError> {
    let mut found = Vec::new();
    for machine in machines::store::left_by(tx, owner).await? {
        let MachineState::Unowned { deadline, .. } = machine.state else { continue };
        let thing = Thing { kind: Kind::Machine, subject: machine.id.to_string(), name: machine.name };
        found.push(Found { thing, dies_at: Some(deadline) });
    }
    let mut lasting = |kind, subject: String| {
        found.push(Found { thing: Thing { kind, name: subject.clone(), subject }, dies_at: None });
    };
    for system in systems::store::owned_by(tx, owner).await? {
        lasting(Kind::System, system.name);
    }
    for source in sources::store::owned_by(tx, owner).await? {
        lasting(Kind::Source, source.name);
    }
    for entitlement in entitlements::store::owned_by(tx, owner).await? {
        lasting(Kind::Entitlement, format!("{}@{}", entitlement.slug, entitlement.system));
    }
    for account in account_links::owned_by(tx, owner).await? {
        let name = name_of(&account.observed);
        let thing = Thing { kind: Kind::SharedAccount, subject: account.observed.id.to_string(), name };
        found.push(Found { thing, dies_at: None });
    }
    for owned in elsewhere::of(tx, [owner]).await? {
        if owned.heir.as_ref().unwrap_or(&owned.owner) == owner {
            found.push(Found { thing: of_privilege(owned), dies_at: None });
        }
    }
    Ok(found)
}

/// Whether privilege still has to give something away that somebody owned, or to change a credential that they may know.
pub(super) async fn is_being_given_away(tx: &mut ReadTx, owner: &IdentityId) -> Result<bool, OwnershipError> {
    let owned = elsewhere::of(tx, [owner]).await?;
    let is_waiting = owned.iter().any(|one| one.owner == *owner && one.heir.is_some());
    Ok(is_waiting || elsewhere::is_known_to(tx, owner).await?)
}

fn of_privilege(owned: Owned) -> Thing {
    let kind = match owned.kind {
        Elsewhere::Account => Kind::Account,
        Elsewhere::Secret => Kind::Secret,
    };
    Thing { kind, name: owned.name.unwrap_or_else(|| owned.subject.clone()), subject: owned.subject }
}

/// Who owns it now, or is about to; `None` when it is not there, or is a machine identity without an owner.
pub(super) async fn owner_of(tx: &mut ReadTx, thing: &Thing) -> Result<Option<IdentityId>, OwnershipError> {
    let subject = thing.subject.as_str();
    Ok(match thing.kind {
        Kind::Machine => match subject.parse::<IdentityId>() {
            Ok(id) => {
                let machine = machines::store::get(tx, &id).await?;
                machine.filter(|machine| machine.state == MachineState::Active).map(|machine| machine.owner)
            }
            Err(_) => None,
        },
        Kind::System => systems::store::get(tx, subject).await?.map(|system| system.owner),
        Kind::Source => sources::store::get(tx, subject).await?.and_then(|source| source.owner),
        Kind::Entitlement => match subject.rsplit_once('@') {
            Some((slug, system)) => entitlements::store::get(tx, system, slug).await?.map(|known| known.owner),
            None => None,
        },
        Kind::Account => heir(elsewhere::get(tx, Elsewhere::Account, subject).await?),
        Kind::Secret => heir(elsewhere::get(tx, Elsewhere::Secret, subject).await?),
        Kind::SharedAccount => match subject.parse() {
            Ok(id) => account_links::owner_of(tx, &id).await?,
            Err(_) => None,
        },
    })
}

fn heir(owned: Option<Owned>) -> Option<IdentityId> {
    owned.map(|owned| owned.heir.unwrap_or(owned.owner))
}

/// Somebody else answers for it from now on.
pub(super) async fn give(
    ctx: &Ctx,
    tx: &mut Write,
    thing: &Thing,
    to: &Identity,
    reason: &str,
) -> Result<(), OwnershipError> {
    let subject = thing.subject.as_str();
    match thing.kind {
        Kind::Machine => {
            let id = subject.parse().map_err(|_| OwnershipError::Gone)?;
            machines::take_over(ctx, tx, &id, to, reason).await.map_err(Box::new)?;
        }
        Kind::System => systems::give_to(tx, subject, &to.id).await?,
        Kind::Source => sources::give_to(tx, subject, &to.id).await?,
        Kind::Entitlement => {
            let (slug, system) = subject.rsplit_once('@').ok_or(OwnershipError::Gone)?;
            entitlements::give_to(tx, system, slug, &to.id).await?;
        }
        Kind::Account => elsewhere::hand_over(tx, Elsewhere::Account, subject, &to.id).await?,
        Kind::Secret => elsewhere::hand_over(tx, Elsewhere::Secret, subject, &to.id).await?,
        Kind::SharedAccount => {
            let id = subject.parse().map_err(|_| OwnershipError::Gone)?;
            if let Some(left) = account_links::give_to(tx, &id, &to.id).await? {
                known::distrust(ctx, tx, (&id, thing.name.as_str()), &left).await?;
            }
        }
    }
    Ok(())
}

pub(super) fn name_of(account: &ObservedAccount) -> String {
    format!("{}@{}", account.login, account.system)
}
