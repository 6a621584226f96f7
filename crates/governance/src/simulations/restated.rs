//! People whom their sources together state otherwise when another of them goes first.

use super::{Act, Effect, Kind, SimulationError};
use crate::identities::{self, Identity};
use crate::sources::merge::{employments, merge};
use crate::sources::{self, Held, Merged, Ranks};
use crate::states::{self, Given};
use connectors::sources::Asserted;
use db::ReadTx;
use ledger::Ctx;
use std::collections::{BTreeSet, HashMap};
use types::IdentityId;

/// Somebody as they will be stated, and what that changes in their record.
pub(super) struct Restated {
    pub(super) person: Identity,
    pub(super) effects: Vec<Effect>,
}

/// Those of these people whom it concerns. Only what the order of sources decides is changed in their record.
pub(super) async fn restated(
    ctx: &Ctx,
    tx: &mut ReadTx,
    people: &[Identity],
    (before, after): (&Ranks, &Ranks),
) -> Result<HashMap<IdentityId, Restated>, SimulationError> {
    let mut all = HashMap::new();
    if before == after {
        return Ok(all);
    }
    let records = sources::store::records_of_all(tx, people.iter().map(|person| &person.id)).await?;
    let several = |person: &&Identity| records.get(&person.id).is_some_and(|held| held.len() > 1);
    let people: Vec<&Identity> = people.iter().filter(several).collect();
    let given = states::given(tx, people.iter().map(|person| &person.id)).await?;
    for person in people {
        let records = &records[&person.id];
        let held: Vec<&Held> = records.iter().collect();
        let merged = |ranks: &Ranks| merge(&held, ranks, ctx.now());
        let (Some(was), Some(is)) = (merged(before), merged(after)) else { continue };
        let mut renewed = Renewed { person: person.clone(), effects: Vec::new() };
        renewed.state(ctx, &given, records, (before, after));
        for name in differing(&was, &is) {
            renewed.attribute(tx, &name, &was, &is).await?;
        }
        let Renewed { person, effects } = renewed;
        if !effects.is_empty() {
            all.insert(person.id.clone(), Restated { person, effects });
        }
    }
    Ok(all)
}

fn differing(was: &Merged, is: &Merged) -> Vec<String> {
    let names: BTreeSet<&String> = was.values.keys().chain(is.values.keys()).collect();
    let value = |merged: &Merged, name: &str| merged.values.get(name).map(|said| said.value.clone());
    names.into_iter().filter(|name| value(was, name) != value(is, name)).cloned().collect()
}

struct Renewed {
    person: Identity,
    effects: Vec<Effect>,
}

impl Renewed {
    /// Which of several employments counts may decide whether somebody is at work.
    fn state(&mut self, ctx: &Ctx, given: &Given, records: &[Held], (before, after): (&Ranks, &Ranks)) {
        let now = ctx.now();
        let outlook = |ranks: &Ranks| {
            given.outlook(&self.person.id, &employments(records, ranks), Some(&self.person.outlook), now)
        };
        let (was, is) = (outlook(before), outlook(after));
        if was.at(now) != is.at(now) {
            let word = |outlook: &states::Outlook| Some(outlook.at(now).name().as_str().to_owned());
            self.effects.push(told("state", word(&was), word(&is), "another employment goes first"));
            self.person.outlook = is;
        }
    }

    async fn attribute(
        &mut self,
        tx: &mut ReadTx,
        name: &str,
        was: &Merged,
        is: &Merged,
    ) -> Result<(), SimulationError> {
        let said = is.values.get(name);
        let text = |merged: &Merged| merged.values.get(name).map(|said| shown(&said.value));
        let because =
            said.map_or("no source says it".to_owned(), |said| format!("the source `{}` says so", said.source));
        self.effects.push(told(name, text(was), text(is), &because));
        let value = || is.text(name).unwrap_or_default().to_owned();
        let person = &mut self.person;
        match name {
            "given_name" => person.given_name = value(),
            "family_name" => person.family_name = value(),
            "email" => person.email = value(),
            "department" => person.department = value(),
            "job_title" => person.job_title = value(),
            "employee_id" => person.employee_id = value(),
            "manager" => person.manager_employee_id = manager(tx, is).await?,
            _ => match said {
                Some(said) => drop(person.attributes.insert(name.to_owned(), said.value.clone())),
                None => drop(person.attributes.remove(name)),
            },
        }
        Ok(())
    }
}

/// The employee number of whom a source names as manager, by its own key for them.
async fn manager(tx: &mut ReadTx, merged: &Merged) -> Result<Option<String>, SimulationError> {
    let Some(said) = merged.values.get("manager") else { return Ok(None) };
    let Some(key) = said.value.as_text() else { return Ok(None) };
    let record = sources::store::record(tx, &said.source, key).await?;
    let Some(identity) = record.and_then(|held| held.identity) else { return Ok(None) };
    Ok(identities::store::get(tx, &identity).await?.map(|person| person.employee_id))
}

fn told(name: &str, before: Option<String>, after: Option<String>, because: &str) -> Effect {
    let (name, because) = (name.to_owned(), because.to_owned());
    Effect { act: Act::Changes, kind: Kind::Record, system: None, name, before, after, privileged: false, because }
}

fn shown(value: &Asserted) -> String {
    match value {
        Asserted::List(values) => values.iter().cloned().collect::<Vec<_>>().join(", "),
        _ => value.as_text().unwrap_or_default().to_owned(),
    }
}
