//! Simulations: run, list, show, apply.

use super::{Desk, PageArgs, ReasonArgs, configuration};
use crate::client::Answer;
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields, fill, items, table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::PathBuf;
use types::{IdentityId, SimulationId};

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("STATE", "{state}"),
    ("COMPUTED", "{computed_at}"),
    ("BY", "{computed_by}"),
    ("PEOPLE", "{people}"),
    ("CHANGES", "{changes}"),
];

const FIELDS: &[Column] = &[
    ("simulation", "{id}"),
    ("state", "{state}"),
    ("changes", "{changes}"),
    ("computed", "{computed_at}"),
    ("computed by", "{computed_by}"),
    ("applied", "{applied_at}"),
    ("applied by", "{applied_by}"),
    ("people looked at", "{looked_at}"),
    ("people it concerns", "{people}"),
    ("roles", "{gained.roles} gained, {lost.roles} lost"),
    ("logins to ask for", "{gained.eligibilities} gained, {lost.eligibilities} lost"),
    ("entitlements", "{gained.entitlements} gained, {lost.entitlements} lost"),
    ("of those, power", "{gained.privileged} gained, {lost.privileged} lost"),
    ("accounts", "{gained.accounts} gained, {lost.accounts} lost"),
    ("other changes", "{changed}"),
    ("forbidden pairs", "{conflicts}"),
    ("never read", "{unread}"),
];

const EFFECTS: &[Column] = &[
    ("WHO", "{who}"),
    ("EFFECT", "{act}"),
    ("KIND", "{kind}"),
    ("WHAT", "{name}"),
    ("SYSTEM", "{system}"),
    ("BEFORE", "{before}"),
    ("AFTER", "{after}"),
    ("POWER", "{privileged}"),
    ("BECAUSE", "{because}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Simulations {
    /// Compute what files would change for everybody; nothing is declared
    #[command(
        after_help = "Examples:\n  tenure simulations run role.yaml\n  tenure simulations run config/ --prune\n\nExits 1 when \
                      something would change."
    )]
    Run(RunArgs),
    /// List simulations, the newest first
    #[command(after_help = "Examples:\n  tenure simulations list\n  tenure simulations list --state applied")]
    List(ListArgs),
    /// Show one with who would gain and lose what, and because of what
    #[command(
        after_help = "Examples:\n  tenure simulations show sim_0198…\n  tenure simulations show sim_0198… --identity idn_0197…"
    )]
    Show(ShowArgs),
    /// Declare what one is about, if it would still do what it says
    #[command(after_help = "Examples:\n  tenure simulations apply sim_0198… --reason 'agreed with the owners'")]
    Apply(ApplyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// A YAML file, or a folder with `*.yaml` and `*.yml`
    path: PathBuf,
    /// As if what no file names were removed
    #[arg(long)]
    prune: bool,
    /// Why something is to let more through than before
    #[arg(long)]
    reason: Option<String>,
    /// The most people to show
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["computed", "applied"])]
    state: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The simulation
    id: SimulationId,
    /// Only what would change for this person
    #[arg(long, value_name = "ID")]
    identity: Option<IdentityId>,
    /// The most people to show
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// The simulation
    id: SimulationId,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Simulations) -> Ended {
    let client = desk.client()?;
    match command {
        Simulations::Run(args) => simulate(desk, &args).await,
        Simulations::List(args) => {
            let call = client.get(&["simulations"]).maybe("state", args.state.as_ref());
            args.page.show(desk, call, COLUMNS, "no simulations").await
        }
        Simulations::Show(args) => {
            let one = client.get(&["simulations", args.id.as_str()]).send().await?.value()?;
            let shown = with_lines(desk, one, args.identity.as_ref(), args.limit).await?;
            desk.out.show(&Answer { text: shown.to_string() }, told)?;
            Ok(Exit::Ok)
        }
        Simulations::Apply(args) => {
            let body = json!({"reason": args.reason.reason});
            let call = client.post(&["simulations", args.id.as_str(), "apply"], &body);
            let answer = call.patience(configuration::PATIENCE).send().await?;
            desk.out.show(&answer, configuration::applied)?;
            Ok(Exit::Ok)
        }
    }
}

async fn simulate(desk: &Desk<'_>, args: &RunArgs) -> Ended {
    let given = json!({"files": configuration::files(&args.path)?, "prune": args.prune, "reason": args.reason});
    let client = desk.client()?;
    let call = client.post(&["simulations"], &given).patience(configuration::PATIENCE);
    let mut planned = call.send().await?.value()?;
    if planned["simulation"].is_object() {
        planned["simulation"] = with_lines(desk, planned["simulation"].take(), None, args.limit).await?;
    }
    let people = || match &planned["simulation"] {
        simulation @ Value::Object(_) => told(simulation),
        _ => configuration::told(&planned),
    };
    desk.out.line(&if desk.out.json { planned.to_string() } else { people() })?;
    configuration::sound(&planned)?;
    Ok(if planned["simulation"].is_object() { Exit::No } else { Exit::Ok })
}

async fn with_lines(
    desk: &Desk<'_>,
    mut one: Value,
    identity: Option<&IdentityId>,
    limit: u32,
) -> Result<Value, crate::exit::Failed> {
    let id = one["id"].as_str().unwrap_or_default().to_owned();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let client = desk.client()?;
    let lines = client.get(&["simulations", &id, "lines"]).maybe("identity", identity).pages(limit, None).await?;
    one["lines"] = Value::from(items(&lines.value()?));
    Ok(one)
}

fn told(simulation: &Value) -> String {
    let effects: Vec<Value> = simulation.get("lines").map_or(&[][..], items).iter().flat_map(effects).collect();
    format!("{}\n\n{}", fields(simulation, FIELDS), table(&effects, EFFECTS, "nothing changes for anybody"))
}

/// One row for each effect, with whom it is about.
fn effects(line: &Value) -> Vec<Value> {
    let with_who = |effect: &Value| {
        let mut effect = effect.clone();
        effect["who"] = line["identity"].clone();
        effect
    };
    line.get("effects").map_or(&[][..], items).iter().map(with_who).collect()
}

/// What a plan says of the simulation that it carries.
pub(super) fn line(simulation: &Value) -> String {
    match simulation["people"].as_u64() {
        Some(0) => fill("nothing changes for any of {looked_at} people: see {id}", simulation),
        _ => fill(
            "{people} of {looked_at} people gain {gained.entitlements} and lose {lost.entitlements} entitlements, gain \
             {gained.eligibilities} and lose {lost.eligibilities} logins to ask for: see `tenure simulations show {id}`",
            simulation,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_is_a_row_with_who_and_because() {
        let tally = json!({"roles": 1, "eligibilities": 0, "entitlements": 1, "privileged": 1, "accounts": 0});
        let simulation = json!({"id": "sim_1", "state": "computed", "people": 1, "looked_at": 40, "gained": tally, "lost": tally,
            "lines": [{"identity": {"id": "idn_1", "name": "Alice Moreau"}, "effects": [
                {"act": "loses", "kind": "entitlement", "name": "admins", "system": "corp", "before": null, "after": null,
                 "privileged": true, "because": "role `sre`: department is `Platform`"}]}]});
        let told = told(&simulation);
        let row = told.lines().last().unwrap();
        for part in ["Alice Moreau", "loses", "entitlement", "admins", "corp", "yes", "department is `Platform`"] {
            assert!(row.contains(part), "{part}: {told}");
        }
        assert!(line(&simulation).starts_with("1 of 40 people gain 1 and lose 1 entitlements"));
        let nobody = json!({"id": "sim_1", "people": 0, "looked_at": 40});
        assert_eq!(line(&nobody), "nothing changes for any of 40 people: see sim_1");
    }
}
