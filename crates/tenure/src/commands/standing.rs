//! Standing privileges: list, convert to privileges on request, follow, undo.

use super::identities::by_id_or_mail;
use super::{Desk, PageArgs, ReasonArgs};
use crate::client::{Answer, Client};
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fields, fill, items, table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use types::ConversionId;

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("RISK", "{risk}"),
    ("SYSTEM", "{system}"),
    ("LOGIN", "{login}"),
    ("BY", "{entitlement_name}"),
    ("WHO", "{holder}"),
    ("OWNER", "{owner}"),
    ("LAST USED", "{last_used_at}"),
    ("BECAUSE", "{risk_because}"),
    ("CANNOT BE CONVERTED", "{why_not}"),
];

const CONVERSIONS: &[Column] = &[
    ("ID", "{id}"),
    ("STATE", "{state}"),
    ("WHY", "{why}"),
    ("WHAT", "{slug}@{system}"),
    ("LOGIN", "{login}"),
    ("WHO", "{identity}"),
    ("ROLE", "{role}"),
    ("BEGUN", "{began_at}"),
    ("BY", "{began_by}"),
];

const LINES: &[Column] = &[
    ("MEMBERSHIP", "{membership}"),
    ("ASKED FOR BY", "{role}"),
    ("ROLE IS GIVEN", "{gives_role}"),
    ("CANNOT BE CONVERTED", "{why_not}"),
];

const FIELDS: &[Column] = &[
    ("conversion", "{id}"),
    ("what", "{slug}@{system}"),
    ("login", "{login}"),
    ("who", "{identity}"),
    ("asked for by", "{role}"),
    ("state", "{state}"),
    ("why", "{why}"),
    ("begun", "{began_at}"),
    ("begun by", "{began_by}"),
    ("undone unless gone by", "{deadline}"),
    ("over", "{over_at}"),
];

const STEPS: &[Column] = &[("AT", "{at}"), ("WHAT", "{kind}"), ("BY", "{actor}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Standing {
    /// List who has power on systems all the time, by what, and how risky that is
    #[command(after_help = "\
Examples:
  tenure standing list --risk high
  tenure standing list --system corp --owner bob@example.com --convertible")]
    List(ListArgs),
    /// Have privileges to be had on request from now on: their holders may ask, and the memberships are taken away
    #[command(after_help = "\
Examples:
  tenure standing convert oac_0198…/ent_0198… --reason 'nobody needs it every day' --dry-run
  tenure standing convert oac_0198…/ent_0198… oac_0198…/ent_0198… --role corp-admin --reason 'quarterly review'")]
    Convert(ConvertArgs),
    /// List conversions, the newest first
    #[command(after_help = "Examples:\n  tenure standing conversions --state removing")]
    Conversions(ConversionsArgs),
    /// Show a conversion with every step
    #[command(after_help = "Examples:\n  tenure standing show cnv_0198…")]
    Show(ShowArgs),
    /// Have a privilege back as it was before
    #[command(after_help = "Examples:\n  tenure standing undo cnv_0198… --reason 'the night shift needs it'")]
    Undo(UndoArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only on this system
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// Only of this person, by id or mail address
    #[arg(long, value_name = "WHO")]
    holder: Option<String>,
    /// Only what this person answers for, by id or mail address
    #[arg(long, value_name = "WHO")]
    owner: Option<String>,
    /// At least so risky
    #[arg(long, value_name = "RISK", value_parser = ["low", "medium", "high", "critical"])]
    risk: Option<String>,
    /// Only what can be converted
    #[arg(long)]
    convertible: bool,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// Memberships, as `tenure standing list` shows them
    #[arg(value_name = "ID", required = true, num_args = 1..=200)]
    memberships: Vec<String>,
    /// Is given to whoever may not ask yet
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Minutes in which each is to be seen gone, or is undone
    #[arg(long, value_name = "MINUTES", default_value_t = 1440, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    within: u32,
    /// Do what a breaker held when somebody else began it; needs the permission to confirm plans
    #[arg(long)]
    let_through: bool,
    /// Only show what would come of it
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ConversionsArgs {
    /// Only on this system
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// Only of this person, by id or mail address
    #[arg(long, value_name = "WHO")]
    holder: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["removing", "done", "restoring", "undone", "abandoned"])]
    state: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The conversion
    id: ConversionId,
}

#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// The conversion
    id: ConversionId,
    /// Do it although a breaker trips; needs the permission to confirm plans
    #[arg(long)]
    let_through: bool,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Standing) -> Ended {
    let client = desk.client()?;
    match command {
        Standing::List(args) => list(desk, &client, args).await,
        Standing::Convert(args) => convert(desk, &client, args).await,
        Standing::Conversions(args) => {
            let who = person(&client, args.holder.as_deref()).await?;
            let call = client.get(&["conversions"]).maybe("system", args.system.as_ref());
            let call = call.maybe("identity", who.as_ref()).maybe("state", args.state.as_ref());
            args.page.show(desk, call, CONVERSIONS, "no conversions").await
        }
        Standing::Show(args) => {
            let answer = client.get(&["conversions", args.id.as_str()]).send().await?;
            desk.out.show(&answer, told)?;
            Ok(Exit::Ok)
        }
        Standing::Undo(args) => {
            let body = json!({"reason": args.reason.reason, "let_through": args.let_through});
            let answer = client.post(&["conversions", args.id.as_str(), "undo"], &body).send().await?;
            desk.out.show(&answer, |undone| fields(undone, FIELDS))?;
            Ok(Exit::Ok)
        }
    }
}

async fn person(client: &Client, who: Option<&str>) -> Result<Option<String>, Failed> {
    match who {
        Some(who) => Ok(Some(by_id_or_mail(client, who).await?)),
        None => Ok(None),
    }
}

async fn list(desk: &Desk<'_>, client: &Client, args: ListArgs) -> Ended {
    let holder = person(client, args.holder.as_deref()).await?;
    let owner = person(client, args.owner.as_deref()).await?;
    let call = client.get(&["standing"]).maybe("system", args.system.as_ref()).maybe("holder", holder.as_ref());
    let call = call.maybe("owner", owner.as_ref()).maybe("risk", args.risk.as_ref());
    let call = if args.convertible { call.query("convertible", "true") } else { call };
    args.page.show(desk, call, COLUMNS, "no standing privileges").await
}

async fn convert(desk: &Desk<'_>, client: &Client, args: ConvertArgs) -> Ended {
    let body = json!({"memberships": args.memberships, "role": args.role, "reason": args.reason.reason,
        "within_minutes": args.within, "let_through": args.let_through});
    if args.dry_run {
        let answer = client.post(&["standing", "rehearse"], &body).send().await?;
        desk.out.show(&answer, rehearsed)?;
        return Ok(Exit::Ok);
    }
    let answer: Answer = client.create(&["standing", "convert"], &body).send().await?;
    desk.out.list(&answer, CONVERSIONS, "nothing was converted")?;
    Ok(Exit::Ok)
}

fn rehearsed(rehearsal: &Value) -> String {
    let lines = table(items(&rehearsal["lines"]), LINES, "nothing would be converted");
    let held =
        items(&rehearsal["held_by"]).iter().map(|why| format!("\nheld: {}", fill("{why}", &json!({"why": why}))));
    std::iter::once(lines).chain(held).collect()
}

fn told(conversion: &Value) -> String {
    let steps = table(items(&conversion["steps"]), STEPS, "no steps");
    format!("{}\n\n{steps}", fields(conversion, FIELDS))
}
