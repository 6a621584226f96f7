//! Identities: list, show, invite, and their roles in Tenure itself.

use super::{Desk, PageArgs, ReasonArgs};
use crate::client::{Answer, Client};
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fields, fill, items, table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use types::{IdentityId, Timestamp};

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("NAME", "{name}"),
    ("MAIL", "{email}"),
    ("DEPARTMENT", "{department}"),
    ("JOB TITLE", "{job_title}"),
    ("STATE", "{state}"),
];

const FIELDS: &[Column] = &[
    ("identity", "{id}"),
    ("employee", "{employee_id}"),
    ("name", "{name}"),
    ("mail", "{email}"),
    ("department", "{department}"),
    ("job title", "{job_title}"),
    ("manager", "{manager}"),
    ("state", "{state}"),
    ("status", "{status}"),
    ("roles", "{roles}"),
    ("start", "{start_date}"),
    ("end", "{end_date}"),
    ("leaver", "{leaver.step}"),
    ("seconds", "{leaver.took_seconds}"),
];

const ELIGIBILITIES: &[Column] =
    &[("ELIGIBLE FOR", "{login}@{target}"), ("AT MOST", "{max_minutes} minutes"), ("BECAUSE", "{because}")];

const PHASES: &[Column] = &[("FROM", "{from}"), ("STATE", "{state}")];

const ORDERS: &[Column] = &[
    ("ORDERED", "{kind}"),
    ("FROM", "{from}"),
    ("UNTIL", "{until}"),
    ("BY", "{by}"),
    ("REASON", "{reason}"),
    ("LIFTED", "{lifted_at}"),
];

const LINES: &[Column] = &[("AT", "{at}"), ("WHAT", "{kind}"), ("BY", "{actor}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Identities {
    /// List identities
    #[command(after_help = "\
Examples:
  tenure identities list --query moreau
  tenure identities list --status terminated")]
    List(ListArgs),
    /// Show one identity, by id or mail address
    #[command(after_help = "Examples:\n  tenure identities show alice@example.com")]
    Show(ShowArgs),
    /// Give a person roles in Tenure itself: auditor, operator, administrator
    #[command(after_help = "\
Examples:
  tenure identities roles carol@example.com --set auditor
  tenure identities roles carol@example.com --set member")]
    Roles(RolesArgs),
    /// Show what somebody was, is and will be, and what was ordered about it
    #[command(after_help = "Examples:\n  tenure identities timeline alice@example.com")]
    Timeline(ShowArgs),
    /// Say that somebody has left, ahead of the HR feed: access ends at once
    #[command(after_help = "\
Examples:
  tenure identities terminate mallory@example.com --reason 'dismissed today'
  tenure identities terminate mallory@example.com --reason 'contract ends' --at 2027-01-01")]
    Terminate(TerminateArgs),
    /// Take everything from somebody for now; nothing proves them meanwhile
    #[command(after_help = "\
Examples:
  tenure identities suspend mallory@example.com --reason 'an inquiry' --until 2026-12-24")]
    Suspend(AwayArgs),
    /// Say that somebody is on leave: they may look, and hold no privilege
    #[command(after_help = "Examples:\n  tenure identities leave alice@example.com --reason 'parental leave'")]
    Leave(AwayArgs),
    /// Lift what was ordered about somebody: the sources have the word again
    #[command(after_help = "Examples:\n  tenure identities resume alice@example.com --reason 'back at work'")]
    Resume(ResumeArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those whose name, mail address or job has this text
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,
    /// Only with this status in the HR feed
    #[arg(long, value_name = "STATUS", value_parser = ["active", "leave", "terminated"])]
    status: Option<String>,
    /// Only in this lifecycle state
    #[arg(long, value_name = "STATE", value_parser = ["pre_hire", "active", "leave", "suspended", "terminated", "archived"])]
    state: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Id or mail address
    identity: String,
}

#[derive(Debug, Args)]
pub(crate) struct RolesArgs {
    /// Id or mail address
    identity: String,
    /// Every role that the person is to have; can be repeated
    #[arg(long, value_name = "ROLE", required = true)]
    set: Vec<types::Role>,
}

#[derive(Debug, Args)]
pub(crate) struct TerminateArgs {
    /// Id or mail address
    identity: String,
    #[command(flatten)]
    reason: ReasonArgs,
    /// Since when, or from when on: a time in UTC or a day; now, unless given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct AwayArgs {
    /// Id or mail address
    identity: String,
    #[command(flatten)]
    reason: ReasonArgs,
    /// From when on: a time in UTC or a day; now, unless given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Until when; until somebody resumes them, unless given
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct ResumeArgs {
    /// Id or mail address
    identity: String,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct InviteArgs {
    /// Mail address in the HR feed
    mail: String,
}

pub(super) async fn run(desk: &Desk<'_>, command: Identities) -> Ended {
    let client = desk.client()?;
    match command {
        Identities::List(args) => {
            let call =
                client.get(&["identities"]).maybe("q", args.query.as_ref()).maybe("status", args.status.as_ref());
            let call = call.maybe("state", args.state.as_ref());
            args.page.show(desk, call, COLUMNS, "no identities").await
        }
        Identities::Show(args) => {
            let id = by_id_or_mail(&client, &args.identity).await?;
            desk.out.show(&client.get(&["identities", &id]).send().await?, told)?;
            Ok(Exit::Ok)
        }
        Identities::Roles(args) => {
            let id = by_id_or_mail(&client, &args.identity).await?;
            let answer = client.put(&["identities", &id, "roles"], &json!({"roles": args.set})).send().await?;
            desk.out.show(&answer, |given| format!("{} is now: {}", args.identity, fill("{roles}", given)))?;
            Ok(Exit::Ok)
        }
        Identities::Timeline(args) => {
            let id = by_id_or_mail(&client, &args.identity).await?;
            desk.out.show(&client.get(&["identities", &id, "timeline"]).send().await?, life)?;
            Ok(Exit::Ok)
        }
        Identities::Terminate(args) => {
            let body = json!({"reason": args.reason.reason, "at": args.at});
            order(desk, &client, &args.identity, "terminate", body).await
        }
        Identities::Suspend(args) => order(desk, &client, &args.identity, "suspend", args.body()).await,
        Identities::Leave(args) => order(desk, &client, &args.identity, "leave", args.body()).await,
        Identities::Resume(args) => {
            let body = json!({"reason": args.reason.reason});
            order(desk, &client, &args.identity, "resume", body).await
        }
    }
}

impl AwayArgs {
    fn body(&self) -> Value {
        json!({"reason": self.reason.reason, "at": self.at, "until": self.until})
    }
}

async fn order(desk: &Desk<'_>, client: &Client, identity: &str, verb: &str, body: Value) -> Ended {
    let id = by_id_or_mail(client, identity).await?;
    let answer = client.post(&["identities", &id, verb], &body).send().await?;
    desk.out.show(&answer, |person| fill("{name} is now: {state}", person))?;
    Ok(Exit::Ok)
}

fn life(timeline: &Value) -> String {
    let mut text = String::new();
    for (name, columns) in [("phases", PHASES), ("orders", ORDERS), ("lines", LINES)] {
        let rows = timeline.get(name).map_or(&[][..], items);
        if !rows.is_empty() {
            let gap = if text.is_empty() { "" } else { "\n\n" };
            text = text + gap + &table(rows, columns, "");
        }
    }
    text
}

pub(super) async fn by_id_or_mail(client: &Client, text: &str) -> Result<String, Failed> {
    match text.parse::<IdentityId>() {
        Ok(id) => Ok(id.to_string()),
        Err(_) => by_mail(client, text).await,
    }
}

fn told(identity: &Value) -> String {
    let mut text = fields(identity, FIELDS);
    for (name, columns) in [("eligibilities", ELIGIBILITIES), ("grants", super::grants::COLUMNS)] {
        let rows = identity.get(name).map_or(&[][..], items);
        if !rows.is_empty() {
            text = text + "\n\n" + &table(rows, columns, "");
        }
    }
    text
}

/// The link is a secret that works once: it goes to standard output alone.
pub(super) async fn invite(desk: &Desk<'_>, args: InviteArgs) -> Ended {
    let client = desk.client()?;
    let id = by_mail(&client, &args.mail).await?;
    let answer = client.create(&["identities", &id, "setup-link"], &json!({})).send().await?;
    desk.out.note("this link sets up a sign-in once; send it to nobody else:");
    desk.out.show(&answer, |link| fill("{link}", link))?;
    Ok(Exit::Ok)
}

async fn by_mail(client: &Client, mail: &str) -> Result<String, Failed> {
    let found: Answer = client.get(&["identities"]).query("q", mail).pages(1000, None).await?;
    let page = found.value()?;
    let text = |identity: &Value, name| identity.get(name).and_then(Value::as_str).map(str::to_owned);
    let same = |identity: &&Value| text(identity, "email").is_some_and(|email| email.eq_ignore_ascii_case(mail));
    let id = items(&page).iter().find(same).and_then(|identity| text(identity, "id"));
    let missing = || Failed::new(Exit::NotFound, format!("there is no identity with the mail address `{mail}`"));
    id.ok_or_else(missing)
}
