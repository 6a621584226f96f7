//! Who may take a credential in hand, for how long, and what becomes of it afterwards. Pure.

use super::{After, Checkout, CheckoutError, EndCause, GRACE, Held, LapseCause, State};
use crate::accounts::Managed;
use crate::rotation::Cause;
use authn::Caller;
use std::time::Duration;
use types::{IdentityId, Permission, Timestamp};

/// What decides a check-out.
pub(super) struct Facts<'a> {
    pub(super) account: &'a Managed,
    /// As it was asked for: `LOGIN@TARGET`.
    pub(super) name: String,
    /// What waits or is open on the account, or on the other of its pair.
    pub(super) active: &'a [Checkout],
    /// Its credential is known to somebody who gave it back, and another one is ordered.
    pub(super) is_outdated: bool,
    /// How often whoever asks took it in hand lately.
    pub(super) lately: u64,
    /// Whether whoever confirmed it for them still may.
    pub(super) is_confirmed: bool,
    /// The end of the grant.
    pub(super) until: Timestamp,
    pub(super) now: Timestamp,
}

/// Each leaves a row that is looked at until the credential is changed.
pub(super) const MOST_LATELY: u64 = 60;
pub(super) const LATELY: Duration = Duration::from_secs(3600);

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A second person is asked first.
    Ask,
    /// The same, because who had confirmed this one may not any more.
    AskAgain(Box<Checkout>),
    /// A second person has been asked, and has not answered.
    Waits(Box<Checkout>),
    Open {
        due_at: Timestamp,
        exclusive: bool,
        one_time: bool,
        /// What the second person said yes to.
        confirmed: Option<Box<Checkout>>,
    },
}

pub(super) fn may_check_out(who: &IdentityId, length: Duration, facts: &Facts<'_>) -> Result<Verdict, CheckoutError> {
    let settings = &facts.account.settings;
    let one_time = settings.one_time;
    let exclusive = settings.exclusive || one_time;
    if let Some((mine, held)) = facts.active.iter().filter(|one| one.holder == *who).find_map(open) {
        return Err(CheckoutError::HaveIt { account: facts.name.clone(), id: mine.id.clone(), until: held.due_at });
    }
    let most = settings.max_checkout_seconds.map_or(Duration::MAX, Duration::from_secs);
    if length > most {
        return Err(CheckoutError::TooLong { account: facts.name.clone(), most: most.as_secs() / 60 });
    }
    if facts.lately >= MOST_LATELY {
        return Err(CheckoutError::TooOften { account: facts.name.clone(), times: facts.lately });
    }
    let alone = |held: &Held| exclusive || held.exclusive;
    if let Some((taken, held)) = facts.active.iter().filter_map(open).find(|(_, held)| alone(held)) {
        let (account, by) = (facts.name.clone(), Some(taken.holder.clone()));
        return Err(CheckoutError::Taken { account, by, until: held.due_at });
    }
    if facts.is_outdated {
        return Err(CheckoutError::BeingChanged(facts.name.clone()));
    }
    let due_at = |length: Duration| facts.now.plus(length.min(most)).min(facts.until);
    if !settings.dual_control {
        return Ok(Verdict::Open { due_at: due_at(length), exclusive, one_time, confirmed: None });
    }
    let mine = facts.active.iter().find(|one| one.holder == *who && one.waits(facts.now));
    Ok(match mine {
        None => Verdict::Ask,
        Some(asked) if matches!(asked.state, State::Pending { .. }) => Verdict::Waits(Box::new(asked.clone())),
        Some(confirmed) if !facts.is_confirmed => Verdict::AskAgain(Box::new(confirmed.clone())),
        Some(confirmed) => {
            let (due_at, confirmed) = (due_at(confirmed.length), Some(Box::new(confirmed.clone())));
            Verdict::Open { due_at, exclusive, one_time, confirmed }
        }
    })
}

fn open(checkout: &Checkout) -> Option<(&Checkout, &Held)> {
    match &checkout.state {
        State::Open(held) => Some((checkout, held)),
        _ => None,
    }
}

/// By what somebody else than the holder confirms: a grant of their own for the account, or being an operator.
pub(super) fn may_confirm(
    who: &IdentityId,
    is_operator: bool,
    has_grant: bool,
    checkout: &Checkout,
) -> Result<&'static str, CheckoutError> {
    match (checkout.holder == *who, has_grant, is_operator) {
        (true, ..) => Err(CheckoutError::OwnCheckout),
        (false, true, _) => Ok("grant"),
        (false, false, true) => Ok("operator"),
        (false, false, false) => Err(CheckoutError::MayNotConfirm(checkout.name())),
    }
}

/// When it is due instead: `more` later, within what the account and the grant allow from the start.
pub(super) fn may_extend(
    account: &Managed,
    held: &Held,
    more: Duration,
    grant_until: Timestamp,
) -> Result<Timestamp, CheckoutError> {
    let most = account.settings.max_checkout_seconds.map(|most| held.from.plus(Duration::from_secs(most)));
    let latest = most.map_or(grant_until, |most| most.min(grant_until));
    let due_at = held.due_at.plus(more);
    if due_at > latest { Err(CheckoutError::NoLonger { until: latest }) } else { Ok(due_at) }
}

/// The cause of an end by the end of the grant.
pub(super) fn cause_of(ended: Option<grants::EndCause>) -> EndCause {
    match ended {
        Some(grants::EndCause::Leaver) => EndCause::Leaver,
        _ => EndCause::GrantEnded,
    }
}

pub(super) fn rotation_cause(cause: EndCause) -> Cause {
    match cause {
        EndCause::Forced => Cause::Forced,
        EndCause::Overdue => Cause::Overdue,
        EndCause::GrantEnded => Cause::GrantEnded,
        EndCause::Leaver => Cause::Leaver,
    }
}

/// Why another credential was ordered after a checkout.
pub(super) fn cause_again(checkout: &Checkout) -> Cause {
    match &checkout.state {
        State::Ended { end, .. } => rotation_cause(end.cause),
        State::Returned { held, .. } if held.one_time => Cause::CheckedIn,
        _ => Cause::GrantEnded,
    }
}

/// What time and others have done to a checkout.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    /// The grant does not stand any more.
    pub(super) grant_over: Option<EndCause>,
    /// The version that the account has, where it is settled which.
    pub(super) current: Option<u32>,
    /// It is being changed, or waits for a person to change it.
    pub(super) is_changing: bool,
    pub(super) now: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Lapse(LapseCause),
    End(EndCause),
    /// Its holder gave it back before the grant was over, and knows it still.
    Outdate(EndCause),
    /// Another credential was ordered, and whatever became of that, the account has the old one.
    Reorder,
    Gone,
}

/// What is to be done about a checkout by itself, if anything is.
pub(super) fn next(checkout: &Checkout, circumstances: Circumstances) -> Option<Next> {
    let Circumstances { grant_over, current, is_changing, now } = circumstances;
    match (&checkout.state, grant_over) {
        (State::Pending { .. } | State::Confirmed { .. }, Some(_)) => Some(Next::Lapse(LapseCause::GrantEnded)),
        (State::Pending { answer_by }, _) if now >= *answer_by => Some(Next::Lapse(LapseCause::Unanswered)),
        (State::Confirmed { answer_by, .. }, _) if now >= *answer_by => Some(Next::Lapse(LapseCause::NotTaken)),
        (State::Open(_), Some(cause)) => Some(Next::End(cause)),
        (State::Open(held), None) if now >= held.due_at.plus(GRACE) => Some(Next::End(EndCause::Overdue)),
        (State::Returned { held, after, .. } | State::Ended { held, after, .. }, over) => match (after, over) {
            (After::Gone { .. }, _) => None,
            _ if current.is_some_and(|current| current != held.version) => Some(Next::Gone),
            (After::Stays, Some(cause)) => Some(Next::Outdate(cause)),
            (After::Ordered { .. }, _) if current.is_some() && !is_changing => Some(Next::Reorder),
            _ => None,
        },
        _ => None,
    }
}

/// Whom a list is narrowed to: oneself, unless one may see everybody's.
pub fn whose(caller: &Caller, mine: bool) -> Option<IdentityId> {
    (mine || !sees_all(caller)).then(|| caller.identity.clone())
}

/// One's own, everybody's with `checkouts.read` or `checkouts.force`, and what one could confirm.
pub(super) fn may_see(checkout: &Checkout, caller: &Caller, has_grant: bool) -> bool {
    let to_confirm = has_grant && checkout.answer_by().is_some();
    checkout.holder == caller.identity || sees_all(caller) || to_confirm
}

pub(super) fn sees_all(caller: &Caller) -> bool {
    caller.may(Permission::CheckoutsRead) || caller.may(Permission::CheckoutsForce)
}
