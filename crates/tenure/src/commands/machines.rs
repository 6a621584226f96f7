//! Machine identities: service accounts with an owner, a purpose, an environment and an end.

use super::tokens::{self, CreateArgs};
use super::{Desk, PageArgs, ReasonArgs};
use crate::client::Answer;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fields, items, table};
use crate::term::Term;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use types::TokenId;

const ENVIRONMENTS: [&str; 4] = ["production", "staging", "test", "development"];

const COLUMNS: &[Column] = &[
    ("NAME", "{name}"),
    ("OWNER", "{owner}"),
    ("ENVIRONMENT", "{environment}"),
    ("STATE", "{state}"),
    ("ENDS", "{ends_at}"),
    ("PURPOSE", "{purpose}"),
];

const FIELDS: &[Column] = &[
    ("machine", "{id}"),
    ("name", "{name}"),
    ("owner", "{owner}"),
    ("purpose", "{purpose}"),
    ("environment", "{environment}"),
    ("state", "{state}"),
    ("registered", "{registered_at}"),
    ("ends", "{ends_at}"),
    ("without owner until", "{deadline}"),
    ("ended", "{ended_at}"),
    ("because", "{ended_because}"),
];

const HISTORY: &[Column] = &[
    ("FROM", "{from}"),
    ("UNTIL", "{until}"),
    ("OWNER", "{owner}"),
    ("ENVIRONMENT", "{environment}"),
    ("STATE", "{state}"),
    ("ENDS", "{ends_at}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Machines {
    /// Register a machine identity; it holds nothing until its owner asks for it
    #[command(after_help = "\
Examples:
  tenure machines register nightly --purpose 'backs up the shop' --environment production --for 365d
  tenure machines register ci --owner bob@example.com --purpose 'builds releases' --environment test --for 90d")]
    Register(RegisterArgs),
    /// List machine identities
    #[command(after_help = "Examples:\n  tenure machines list\n  tenure machines list --state unowned")]
    List(ListArgs),
    /// Show one, with its history and its grants
    #[command(after_help = "Examples:\n  tenure machines show nightly")]
    Show(MachineArgs),
    /// State what one is for and where it works
    #[command(
        after_help = "Examples:\n  tenure machines change nightly --purpose 'backs up the shop and the wiki' --environment production"
    )]
    Change(ChangeArgs),
    /// Give one another owner: its tokens are revoked
    #[command(
        after_help = "Examples:\n  tenure machines hand-over nightly --to bob@example.com --reason 'Alice has left'"
    )]
    HandOver(HandOverArgs),
    /// Give one a later end
    #[command(after_help = "Examples:\n  tenure machines extend nightly --for 365d")]
    Extend(ExtendArgs),
    /// End one for good: its grants and tokens go at once
    #[command(after_help = "Examples:\n  tenure machines end nightly --reason 'the shop is closed'")]
    End(EndArgs),
    /// Manage the tokens with which one calls
    #[command(subcommand)]
    Tokens(MachineTokens),
}

#[derive(Debug, Subcommand)]
pub(crate) enum MachineTokens {
    /// List the tokens of one
    #[command(after_help = "Examples:\n  tenure machines tokens list nightly")]
    List {
        #[command(flatten)]
        machine: MachineArgs,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Make a token for one, for a time
    #[command(
        after_help = "Examples:\n  tenure machines tokens create nightly cron --scope self.read --for 90d > nightly.token"
    )]
    Create {
        #[command(flatten)]
        machine: MachineArgs,
        #[command(flatten)]
        token: CreateArgs,
    },
    /// Revoke a token of one at once
    #[command(after_help = "Examples:\n  tenure machines tokens revoke nightly tok_0198…")]
    Revoke {
        #[command(flatten)]
        machine: MachineArgs,
        /// The token
        id: TokenId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct MachineArgs {
    /// The machine identity, by name or id
    #[arg(value_name = "MACHINE")]
    machine: String,
}

#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    /// Like a login: letters, digits, `.`, `_` and `-`, at most 32
    name: String,
    /// The mail address of who answers for it; you, unless given
    #[arg(long, value_name = "MAIL")]
    owner: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// Where it works; it never gets access to systems of another environment
    #[arg(long, value_name = "ENVIRONMENT", value_parser = ENVIRONMENTS)]
    environment: String,
    /// How long until its end, in whole days
    #[arg(long = "for", value_name = "TERM", value_parser = days)]
    days: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["active", "unowned", "ended"])]
    state: Option<String>,
    /// Only of this environment
    #[arg(long, value_name = "ENVIRONMENT", value_parser = ENVIRONMENTS)]
    environment: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    #[command(flatten)]
    machine: MachineArgs,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// Where it works; it stays while the machine identity holds access
    #[arg(long, value_name = "ENVIRONMENT", value_parser = ENVIRONMENTS)]
    environment: String,
}

#[derive(Debug, Args)]
pub(crate) struct HandOverArgs {
    #[command(flatten)]
    machine: MachineArgs,
    /// The mail address of who answers for it from now on
    #[arg(long, value_name = "MAIL")]
    to: String,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExtendArgs {
    #[command(flatten)]
    machine: MachineArgs,
    /// How long from now until its new end, in whole days
    #[arg(long = "for", value_name = "TERM", value_parser = days)]
    days: u32,
}

#[derive(Debug, Args)]
pub(crate) struct EndArgs {
    #[command(flatten)]
    machine: MachineArgs,
    #[command(flatten)]
    reason: ReasonArgs,
}

fn days(text: &str) -> Result<u32, String> {
    let term: Term = text.parse()?;
    term.whole_days().ok_or_else(|| "a machine identity lives for whole days, such as `90d`".into())
}

pub(super) async fn run(desk: &Desk<'_>, command: Machines) -> Ended {
    let client = desk.client()?;
    let answer = match command {
        Machines::Register(args) => {
            let body = json!({"name": args.name, "owner": args.owner, "purpose": args.purpose,
                "environment": args.environment, "days": args.days});
            client.create(&["machines"], &body).send().await?
        }
        Machines::List(args) => {
            let call = client.get(&["machines"]).maybe("state", args.state.as_ref());
            let call = call.maybe("environment", args.environment.as_ref());
            return args.page.show(desk, call, COLUMNS, "no machine identities").await;
        }
        Machines::Show(args) => client.get(&["machines", &args.machine]).send().await?,
        Machines::Change(args) => {
            let body = json!({"purpose": args.purpose, "environment": args.environment});
            client.put(&["machines", &args.machine.machine], &body).send().await?
        }
        Machines::HandOver(args) => {
            let body = json!({"owner": args.to, "reason": args.reason.reason});
            client.post(&["machines", &args.machine.machine, "hand-over"], &body).send().await?
        }
        Machines::Extend(args) => {
            client.post(&["machines", &args.machine.machine, "extend"], &json!({"days": args.days})).send().await?
        }
        Machines::End(args) => {
            let body = json!({"reason": args.reason.reason});
            client.post(&["machines", &args.machine.machine, "end"], &body).send().await?
        }
        Machines::Tokens(command) => return of_tokens(desk, command).await,
    };
    show(desk, &answer)
}

async fn of_tokens(desk: &Desk<'_>, command: MachineTokens) -> Ended {
    let client = desk.client()?;
    match command {
        MachineTokens::List { machine, page } => {
            let call = client.get(&["machines", &machine.machine, "tokens"]);
            return page.show(desk, call, tokens::COLUMNS, "no tokens").await;
        }
        MachineTokens::Create { machine, token } => {
            let path = ["machines", machine.machine.as_str(), "tokens"];
            tokens::made(desk, &client.post(&path, &token.body()).send().await?)?;
        }
        MachineTokens::Revoke { machine, id } => {
            let path = ["machines", machine.machine.as_str(), "tokens", id.as_str()];
            let answer = client.delete(&path).send().await?;
            desk.out.show(&answer, |_| format!("revoked {id}"))?;
        }
    }
    Ok(Exit::Ok)
}

fn show(desk: &Desk<'_>, answer: &Answer) -> Result<Exit, Failed> {
    desk.out.show(answer, told)?;
    Ok(Exit::Ok)
}

fn told(machine: &Value) -> String {
    let mut text = fields(machine, FIELDS);
    for (name, columns) in [("history", HISTORY), ("grants", super::grants::COLUMNS)] {
        let rows = machine.get(name).map_or(&[][..], items);
        if !rows.is_empty() {
            text = text + "\n\n" + &table(rows, columns, "");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_identity_lives_for_whole_days() {
        assert_eq!(days("365d"), Ok(365));
        assert!(days("36h").is_err());
    }

    #[test]
    fn a_machine_is_told_with_who_answers_for_it_and_what_it_holds() {
        let mut machine = json!({"id": "idn_1", "name": "nightly", "owner": {"id": "idn_2", "name": "Alice"},
            "state": "unowned", "deadline": "2026-12-05T09:00:00.000000Z", "grants": []});
        let told_of = told(&machine);
        assert!(told_of.contains("without owner until  2026-12-05 09:00:00Z"), "{told_of}");
        let holder = json!({"id": "idn_1", "name": "nightly", "kind": "machine"});
        machine["grants"] = json!([{"id": "grt_1", "holder": holder, "login": "backup", "target": "lab-db"}]);
        assert!(told(&machine).contains("nightly (machine)"), "{}", told(&machine));
    }
}
