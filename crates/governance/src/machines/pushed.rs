//! Machine identities of agents that a source knows: nobody registers them by hand, and a person answers for each of them
//! all the same.

use super::{Cause, Environment, Machine, MachineError, Refusal, State, ending, events, give_to, rules, store};
use crate::identities::Identity;
use crate::policy;
use authn::accounts;
use ledger::{Ctx, Write};
use types::IdentityId;

const WHY: &str = "its source names another owner";
/// The longest start of a name, so that a number fits behind it.
const NAME_START: usize = 24;
/// Numbers that are tried, each twice as far as the one before: names were given before their numbers were counted.
const TRIES: u32 = 24;

/// Registers a machine identity under a name of its own that resembles `name`. It holds nothing yet.
pub(crate) async fn register(
    ctx: &Ctx,
    tx: &mut Write,
    name: &str,
    purpose: &str,
    owner: &Identity,
) -> Result<Machine, MachineError> {
    let now = tx.now();
    rules::may_own(owner, now)?;
    let longest = policy::store::get(tx).await?.machines.longest();
    let machine = Machine {
        id: IdentityId::new(ctx.clock(), ctx.chance()),
        name: free_name(tx, name).await?,
        owner: owner.id.clone(),
        purpose: rules::purpose(&one_line(purpose))?,
        environment: Environment::Production,
        ends_at: now.plus(longest),
        registered_at: now,
        state: State::Active,
    };
    tx.also(events::registered(&machine));
    accounts::create_machine(tx, &machine.id, &machine.name).await?;
    store::insert(tx, &machine).await?;
    Ok(machine)
}

fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(rules::PURPOSE_MAX).collect();
    let plain = plain.trim();
    if plain.is_empty() { "an agent that a source knows".to_owned() } else { plain.to_owned() }
}

async fn free_name(tx: &mut Write, name: &str) -> Result<String, MachineError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let plain: String = name.chars().map(|c| if fits(c) { c.to_ascii_lowercase() } else { '-' }).collect();
    let plain = plain.trim_matches(|c: char| !c.is_ascii_alphabetic() && !c.is_ascii_digit());
    let starts = plain.starts_with(|c: char| c.is_ascii_alphabetic());
    let start: String =
        if starts { plain.to_owned() } else { format!("agent-{plain}") }.chars().take(NAME_START).collect();
    let start = start.trim_end_matches('-');
    let mut free = start.to_owned();
    for _ in 0..TRIES {
        rules::name(&free)?;
        if store::by_name(tx, &free).await?.is_none() {
            return Ok(free);
        }
        free = format!("{start}-{}", store::next_number(tx, start, free != start).await?);
    }
    Err(Refusal::BadName(free).into())
}

/// Somebody else answers for it from now on; `named` is whom its source named before, if that is known. One that has ended
/// stays so, and one that a person has given to somebody else is theirs.
pub(crate) async fn hand_over(
    ctx: &Ctx,
    tx: &mut Write,
    id: &IdentityId,
    named: Option<&IdentityId>,
    to: &Identity,
) -> Result<(), MachineError> {
    let before = super::existing(tx, id).await?;
    let same = before.owner == to.id && before.state == State::Active;
    let is_given_otherwise = named != Some(&before.owner);
    if same || is_given_otherwise || matches!(before.state, State::Ended { .. }) {
        return Ok(());
    }
    rules::may_own(to, tx.now())?;
    give_to(ctx, tx, before, to, WHY).await.map(drop)
}

/// Its source knows it no more. One that has ended stays so.
pub(crate) async fn end(ctx: &Ctx, tx: &mut Write, id: &IdentityId) -> Result<(), MachineError> {
    let machine = super::existing(tx, id).await?;
    match machine.state {
        State::Ended { .. } => Ok(()),
        State::Active | State::Unowned { .. } => ending::end(ctx, tx, machine, Cause::Source, None).await.map(drop),
    }
}

/// Whether its source ended it, and nobody else.
pub(crate) async fn was_ended_by_its_source(tx: &mut Write, id: &IdentityId) -> Result<bool, MachineError> {
    let machine = super::existing(tx, id).await?;
    Ok(matches!(machine.state, State::Ended { cause: Cause::Source, .. }))
}
