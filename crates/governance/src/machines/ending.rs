//! How a machine identity loses what it has: its owner left, its time is over, nobody took it over, or what its owner
//! is eligible for became less. Grants, tokens and open requests go in the same transaction.

use super::{Cause, ENDS_SOON, Machine, MachineError, State, WITHOUT_OWNER, events, rules, save, store};
use crate::identities::Identity;
use crate::roles::Catalogue;
use crate::{policy, requests};
use authn::accounts;
use grants::EndCause;
use ledger::{Ctx, LedgerError, Write, finding};
use types::IdentityId;

/// Leaves every machine of a leaver without an owner, as part of the leaver's transaction. Returns how many.
pub(crate) async fn orphan_all_of(ctx: &Ctx, tx: &mut Write, owner: &IdentityId) -> Result<u64, MachineError> {
    let machines = store::active_of(tx, owner).await?;
    if machines.is_empty() {
        return Ok(0);
    }
    let since = tx.now();
    let deadline = since.plus(policy::store::get(tx).await?.machines.unowned());
    let left = machines.len() as u64;
    for machine in machines {
        let machine = Machine { state: State::Unowned { since, deadline }, ..machine };
        let withdrawn = strip(ctx, tx, &machine.id, EndCause::OwnerGone, "its owner left").await?;
        tx.also(events::unowned(&machine, withdrawn));
        let name = &machine.name;
        let detail = format!(
            "the owner of the machine identity `{name}` left: hand it over with `tenure machines hand-over {name}` \
             before {deadline}, or it ends then"
        );
        finding::raise_in(ctx, tx, WITHOUT_OWNER, machine.id.as_str(), &detail).await?;
        save(tx, &machine).await?;
    }
    Ok(left)
}

/// Takes away everything that a machine can use, and returns how many grants that were.
async fn strip(
    ctx: &Ctx,
    tx: &mut Write,
    id: &IdentityId,
    cause: EndCause,
    reason: &str,
) -> Result<usize, MachineError> {
    let withdrawn = grants::issue::withdraw_all(ctx, tx, id, cause, reason).await?.len();
    requests::cancel_all_of(ctx, tx, id, reason).await.map_err(Box::new)?;
    accounts::disable(tx, id).await?;
    Ok(withdrawn)
}

pub(super) async fn end(
    ctx: &Ctx,
    tx: &mut Write,
    machine: Machine,
    cause: Cause,
    reason: Option<&str>,
) -> Result<Machine, MachineError> {
    let machine = Machine { state: State::Ended { at: tx.now(), cause }, ..machine };
    let withdrawn = strip(ctx, tx, &machine.id, EndCause::MachineEnded, "the machine identity ended").await?;
    tx.also(events::ended(&machine, withdrawn, reason));
    for kind in [WITHOUT_OWNER, ENDS_SOON] {
        finding::clear_in(tx, kind, machine.id.as_str()).await?;
    }
    save(tx, &machine).await?;
    Ok(machine)
}

/// Ends grants of a person's machines for which they are not eligible any more. Part of the mover's transaction.
pub(crate) async fn withdraw_unearned(
    ctx: &Ctx,
    tx: &mut Write,
    owner: &Identity,
    catalogue: &Catalogue,
) -> Result<(), MachineError> {
    for machine in store::active_of(tx, &owner.id).await? {
        withdraw_unearned_of(ctx, tx, &machine, owner, catalogue).await?;
    }
    Ok(())
}

pub(super) async fn withdraw_unearned_of(
    ctx: &Ctx,
    tx: &mut Write,
    machine: &Machine,
    owner: &Identity,
    catalogue: &Catalogue,
) -> Result<(), MachineError> {
    let now = tx.now();
    let open = grants::not_ended_of(tx, &machine.id).await?;
    let eligible = catalogue.eligibility_of_machine(owner, now);
    for grant in open.into_iter().filter(|grant| !grant.window.has_ended(now)) {
        if !eligible.iter().any(|offer| offer.system == grant.target && offer.login == grant.login) {
            let reason = "the owner of the machine identity is not eligible for it";
            grants::issue::withdraw(ctx, tx, &grant.id, EndCause::Ineligible, reason).await?;
        }
    }
    Ok(())
}

/// Ends the machines whose time is over, and gives notice of those that end soon. Returns how many ended.
pub(crate) async fn run_due(ctx: &Ctx) -> Result<usize, MachineError> {
    let mut ended = 0;
    for due in store::due(&mut ctx.read().await?, ctx.now()).await? {
        let mut tx = ctx.decide().await?;
        let now = tx.now();
        let Some(machine) = store::get(&mut tx, &due.id).await? else { continue };
        let Some(cause) = rules::overdue(&machine, now) else { continue };
        end(ctx, &mut tx, machine, cause, None).await?;
        tx.commit().await?;
        ended += 1;
    }
    give_notice(ctx).await?;
    Ok(ended)
}

async fn give_notice(ctx: &Ctx) -> Result<(), MachineError> {
    let mut tx = ctx.read().await?;
    let until = ctx.now().plus(policy::store::get(&mut tx).await?.machines.notice());
    let ending = store::ending(&mut tx, until).await?;
    drop(tx);
    for machine in ending {
        tell(ctx, &machine).await?;
    }
    Ok(())
}

async fn tell(ctx: &Ctx, machine: &Machine) -> Result<(), LedgerError> {
    let Machine { name, ends_at, .. } = machine;
    let detail = format!(
        "the machine identity `{name}` ends at {ends_at}: give it a later end with `tenure machines extend {name}` if \
         it is still needed"
    );
    finding::raise(ctx, ENDS_SOON, machine.id.as_str(), &detail).await
}
