//! Taking a credential in hand: one transaction asks for the permit, judges, and keeps what follows; many share its
//! commit, and nobody sees a credential before it.

use super::rules::{self, Verdict};
use super::{ANSWER_WITHIN, Checkout, CheckoutError, Held, LapseCause, State, events, facts, lapse, store};
use crate::accounts::{self, CredentialKind, Managed};
use authn::Caller;
use grants::{Ask, Permit, enforce};
use ledger::{Ctx, Write};
use std::time::Duration;
use types::{Access, Channel, CheckoutId, IdentityId, Reason, Secret, Timestamp};

/// What somebody wants in hand.
#[derive(Debug, Clone)]
pub struct Asked {
    pub access: Access,
    /// Where a login has several.
    pub credential: Option<CredentialKind>,
    /// Whole minutes, at least one.
    pub length: Duration,
    pub reason: String,
}

/// What the asking came to.
#[derive(Debug)]
pub enum Answer {
    Given(Given),
    /// A second person has to confirm it; then it is asked for again.
    Waits(Checkout),
}

/// A credential in somebody's hand. It is told once.
#[derive(Debug)]
pub struct Given {
    pub checkout: Checkout,
    /// Of a pair, the one that is active now.
    pub login: String,
    pub kind: CredentialKind,
    pub credential: Secret<String>,
}

/// Hands an account's credential out to whoever has a grant for it, or says why not. Both leave evidence.
pub async fn check_out(ctx: &Ctx, caller: &Caller, asked: &Asked) -> Result<Answer, CheckoutError> {
    let reason = Reason::new(&asked.reason)?.as_str().to_owned();
    if asked.length < Duration::from_secs(60) {
        return Err(CheckoutError::NoTime);
    }
    let access = Access { login: short(&asked.access.login), target: short(&asked.access.target) };
    let asked = Asked { access, reason, ..asked.clone() };
    let (acting, who) = (ctx.clone(), caller.identity.clone());
    let answer = ctx.together(move |tx| Box::pin(async move { answer(&acting, tx, &who, &asked).await })).await?;
    let sees = rules::sees_all(caller);
    answer.map_err(|refusal| if sees { refusal } else { refusal.without_names() })
}

/// What a person typed goes into evidence: one line of bounded length.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}

/// A refusal is an answer, whose evidence is kept; an error undoes everything.
async fn answer(
    ctx: &Ctx,
    tx: &mut Write,
    who: &IdentityId,
    asked: &Asked,
) -> Result<Result<Answer, CheckoutError>, CheckoutError> {
    let Access { login, target } = &asked.access;
    let permit = match enforce::permit(ctx, tx, &Ask { who, target, login, channel: Channel::Checkout }).await? {
        Ok(permit) => permit,
        Err(refusal) => return Ok(Err(CheckoutError::Refused(refusal))),
    };
    match judge(ctx, tx, &permit, asked).await {
        Ok(judged) => keep(ctx, tx, &permit, asked, judged).await.map(Ok),
        Err(refusal) if refusal.is_refusal() => {
            tx.also(events::refused(who, &permit, &refusal));
            Ok(Err(refusal))
        }
        Err(error) => Err(error),
    }
}

/// What was decided, with everything that it needs. Nothing is written yet.
enum Judged {
    Ask(Managed),
    AskAgain(Managed, Box<Checkout>),
    Waits(Checkout),
    Open { account: Managed, version: u32, credential: Secret<String>, terms: Terms },
}

struct Terms {
    due_at: Timestamp,
    exclusive: bool,
    one_time: bool,
    confirmed: Option<Box<Checkout>>,
}

async fn judge(ctx: &Ctx, tx: &mut Write, permit: &Permit, asked: &Asked) -> Result<Judged, CheckoutError> {
    let now = tx.now();
    let account = facts::account(tx, asked).await?;
    let active = facts::active(tx, &account).await?;
    let facts = facts::facts(tx, permit, &account, &active, now).await?;
    match rules::may_check_out(permit.holder(), asked.length, &facts)? {
        Verdict::Ask => Ok(Judged::Ask(account)),
        Verdict::AskAgain(unconfirmed) => Ok(Judged::AskAgain(account, unconfirmed)),
        Verdict::Waits(asked) => Ok(Judged::Waits(*asked)),
        Verdict::Open { due_at, exclusive, one_time, confirmed } => {
            let current = accounts::current_in(ctx, tx, &account.id).await?;
            let terms = Terms { due_at, exclusive, one_time, confirmed };
            Ok(Judged::Open { account, version: current.version, credential: current.value, terms })
        }
    }
}

async fn keep(
    ctx: &Ctx,
    tx: &mut Write,
    permit: &Permit,
    asked: &Asked,
    judged: Judged,
) -> Result<Answer, CheckoutError> {
    match judged {
        Judged::Waits(checkout) => Ok(Answer::Waits(checkout)),
        Judged::Ask(account) => ask(ctx, tx, permit, asked, &account).await,
        Judged::AskAgain(account, unconfirmed) => {
            lapse(tx, *unconfirmed, LapseCause::Unconfirmed).await?;
            ask(ctx, tx, permit, asked, &account).await
        }
        Judged::Open { account, version, credential, terms } => {
            let checkout = open(ctx, tx, permit, asked, &account, version, terms).await?;
            Ok(Answer::Given(Given { checkout, login: account.login, kind: account.credential, credential }))
        }
    }
}

async fn ask(
    ctx: &Ctx,
    tx: &mut Write,
    permit: &Permit,
    asked: &Asked,
    account: &Managed,
) -> Result<Answer, CheckoutError> {
    let answer_by = tx.now().plus(ANSWER_WITHIN);
    let checkout = new(ctx, tx, permit, asked, account, State::Pending { answer_by });
    tx.also(events::asked(&checkout, permit));
    store::insert(tx, &checkout).await?;
    Ok(Answer::Waits(checkout))
}

async fn open(
    ctx: &Ctx,
    tx: &mut Write,
    permit: &Permit,
    asked: &Asked,
    account: &Managed,
    version: u32,
    terms: Terms,
) -> Result<Checkout, CheckoutError> {
    let Terms { due_at, exclusive, one_time, confirmed } = terms;
    let confirmed_by = confirmed.as_ref().and_then(|confirmed| match &confirmed.state {
        State::Confirmed { by, .. } => Some(by.clone()),
        _ => None,
    });
    let held = Held { version, from: tx.now(), due_at, exclusive, one_time, confirmed_by };
    match confirmed {
        Some(before) => {
            // It hangs on the grant that permits it now, which may be another than when it was asked for.
            let opened = Checkout { grant: permit.grant().clone(), ..(*before).clone() };
            let opened = opened.open(account.id.clone(), held.clone());
            tx.also(events::opened(&opened, &held, permit));
            store::update(tx, &before.state, &opened).await?;
            Ok(opened)
        }
        None => {
            let opened = new(ctx, tx, permit, asked, account, State::Open(held.clone()));
            tx.also(events::opened(&opened, &held, permit));
            store::insert(tx, &opened).await?;
            Ok(opened)
        }
    }
}

fn new(ctx: &Ctx, tx: &Write, permit: &Permit, asked: &Asked, account: &Managed, state: State) -> Checkout {
    Checkout {
        id: CheckoutId::new(ctx.clock(), ctx.chance()),
        account: account.id.clone(),
        target: permit.target().to_owned(),
        login: permit.login().to_owned(),
        holder: permit.holder().clone(),
        grant: permit.grant().clone(),
        reason: asked.reason.clone(),
        asked_at: tx.now(),
        length: asked.length,
        state,
    }
}
