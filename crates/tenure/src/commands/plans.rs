//! Plans: list, show, confirm, compute.

use super::{Desk, PageArgs, ReasonArgs};
use crate::client::Answer;
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields, fill, items, table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::time::Duration;
use types::PlanId;

/// Everybody who may differ is looked at.
const PATIENCE: Duration = Duration::from_secs(600);

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("SYSTEM", "{system}"),
    ("STATE", "{state}"),
    ("LINES", "{lines}"),
    ("COMPUTED", "{computed_at}"),
    ("HELD BECAUSE", "{held_because}"),
];

const FIELDS: &[Column] = &[
    ("plan", "{id}"),
    ("system", "{system}"),
    ("state", "{state}"),
    ("held because", "{held_because}"),
    ("computed", "{computed_at}"),
    ("released", "{released_at}"),
    ("confirmed by", "{confirmed_by}"),
    ("steps", "{lines}"),
    ("more to come", "{more}"),
    ("accounts made", "{counts.create}"),
    ("accounts changed", "{counts.change}"),
    ("accounts enabled", "{counts.enable}"),
    ("accounts disabled", "{counts.disable}"),
    ("accounts deleted", "{counts.delete}"),
    ("memberships given", "{counts.grant}"),
    ("of those, power", "{counts.privileged}"),
    ("memberships taken", "{counts.revoke}"),
];

const STEPS: &[Column] = &[
    ("STEP", "{position}"),
    ("ACT", "{act}"),
    ("WHO", "{identity}"),
    ("ACCOUNT", "{login}"),
    ("ENTITLEMENT", "{entitlement_name}"),
    ("POWER", "{privileged}"),
    ("BECAUSE", "{because}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Plans {
    /// List plans, the newest first
    #[command(after_help = "Examples:\n  tenure plans list\n  tenure plans list --state held")]
    List(ListArgs),
    /// Show one with its steps, those first that take power away
    #[command(after_help = "Examples:\n  tenure plans show pln_0198…")]
    Show(ShowArgs),
    /// Let a held plan through: it is computed once more, and held again where it grew
    #[command(after_help = "Examples:\n  tenure plans confirm pln_0198… --reason 'the reorganisation of November'")]
    Confirm(ConfirmArgs),
    /// Compare a system with what it should hold, now
    #[command(after_help = "Examples:\n  tenure plans compute corp")]
    Compute {
        /// The system
        system: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only of this system
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["held", "released", "settled", "superseded"])]
    state: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The plan
    id: PlanId,
    /// The most steps to show
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// The plan
    id: PlanId,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Plans) -> Ended {
    let client = desk.client()?;
    match command {
        Plans::List(args) => {
            let call = client.get(&["plans"]).maybe("system", args.system.as_ref()).maybe("state", args.state.as_ref());
            args.page.show(desk, call, COLUMNS, "no plans").await
        }
        Plans::Show(args) => {
            let mut plan = client.get(&["plans", args.id.as_str()]).send().await?.value()?;
            let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
            let steps = client.get(&["plans", args.id.as_str(), "lines"]).pages(limit, None).await?;
            plan["steps"] = Value::from(items(&steps.value()?));
            desk.out.show(&Answer { text: plan.to_string() }, told)?;
            Ok(Exit::Ok)
        }
        Plans::Confirm(args) => {
            let body = json!({"reason": args.reason.reason});
            let call = client.post(&["plans", args.id.as_str(), "confirm"], &body).patience(PATIENCE);
            let answer = call.send().await?;
            desk.out.show(&answer, outcome)?;
            Ok(Exit::Ok)
        }
        Plans::Compute { system } => {
            let answer = client.post(&["plans"], &json!({"system": system})).patience(PATIENCE).send().await?;
            desk.out.show(&answer, outcome)?;
            Ok(Exit::Ok)
        }
    }
}

fn told(plan: &Value) -> String {
    let steps = plan.get("steps").map_or(&[][..], items);
    format!("{}\n\n{}", fields(plan, FIELDS), table(steps, STEPS, "no steps"))
}

fn outcome(answer: &Value) -> String {
    match answer["outcome"].as_str() {
        Some("released") => fill("{plan} is let through: see `tenure orders list --plan {plan}`", answer),
        Some("held") => {
            fill("{plan} is held: {held_because}; look at it with `tenure plans show {plan}`, then confirm it", answer)
        }
        _ => "nothing to do that is not done or held already".to_owned(),
    }
}
