//! Checkouts: take a credential in hand, give it back, and what others do about it.

use super::{Desk, PageArgs, ReasonArgs};
use crate::client::{Answer, Client};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields, fill};
use crate::term::Term;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::time::Duration;
use types::{Access, CheckoutId};

pub(super) const CHECKOUT_EXAMPLES: &str = "\
Examples:
  tenure checkout app@db-1 --for 30m --reason 'index is broken, INC-4711'
  tenure checkout app@db-1 --for 30m --reason 'index is broken' --wait";

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("HOLDER", "{holder.name}"),
    ("ACCOUNT", "{login}@{target}"),
    ("STATE", "{state}"),
    ("SINCE", "{opened_at}"),
    ("DUE", "{due_at}"),
    ("CREDENTIAL", "{credential}"),
];

const FIELDS: &[Column] = &[
    ("checkout", "{id}"),
    ("state", "{state}"),
    ("holder", "{holder.name}"),
    ("account", "{login}@{target}"),
    ("grant", "{grant}"),
    ("reason", "{reason}"),
    ("asked", "{asked_at}"),
    ("waits until", "{answer_by}"),
    ("confirmed by", "{confirmed_by.name}"),
    ("version", "{version}"),
    ("since", "{opened_at}"),
    ("due", "{due_at}"),
    ("closed", "{closed_at}"),
    ("cause", "{cause}"),
    ("ended by", "{ended_by.name}"),
    ("why", "{end_reason}"),
    ("credential", "{credential}"),
    ("seen gone", "{gone_at}"),
];

const POLL: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(crate) struct CheckoutArgs {
    /// The account
    #[arg(value_name = "LOGIN@TARGET")]
    access: Access,
    /// How long, such as 30m or 2h; never longer than the grant
    #[arg(long = "for", value_name = "TERM")]
    term: Term,
    #[command(flatten)]
    reason: ReasonArgs,
    /// Which credential, where the account has several: password, ssh_key, api_key or certificate
    #[arg(long, value_name = "KIND")]
    credential: Option<String>,
    /// Where a second person has to confirm it, wait until one does; exit 1 when nobody does
    #[arg(long)]
    wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckinArgs {
    /// The checkout
    id: CheckoutId,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Checkouts {
    /// List checkouts, the newest first
    #[command(after_help = "Examples:\n  tenure checkouts list --active\n  tenure checkouts list --to-confirm")]
    List(ListArgs),
    /// Show one checkout
    #[command(after_help = "Examples:\n  tenure checkouts show cho_0198…")]
    Show(CheckinArgs),
    /// Say yes to somebody else's checkout
    #[command(after_help = "Examples:\n  tenure checkouts confirm cho_0198…")]
    Confirm(CheckinArgs),
    /// Keep a credential longer
    #[command(after_help = "Examples:\n  tenure checkouts extend cho_0198… --for 15m")]
    Extend(ExtendArgs),
    /// Take somebody's checkout back; its credential is changed
    #[command(after_help = "Examples:\n  tenure checkouts force cho_0198… --reason 'incident closed'")]
    Force(ForceArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those that wait or are open
    #[arg(long)]
    active: bool,
    /// Only your own
    #[arg(long, conflicts_with = "to_confirm")]
    mine: bool,
    /// Only those that you could confirm now
    #[arg(long)]
    to_confirm: bool,
    /// Only on this target or service
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExtendArgs {
    /// The checkout
    id: CheckoutId,
    /// How much longer, such as 15m
    #[arg(long = "for", value_name = "TERM")]
    term: Term,
}

#[derive(Debug, Args)]
pub(crate) struct ForceArgs {
    /// The checkout
    id: CheckoutId,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn check_out(desk: &Desk<'_>, args: CheckoutArgs) -> Ended {
    let client = desk.client()?;
    let Access { login, target } = &args.access;
    let mut body =
        json!({"target": target, "login": login, "minutes": args.term.minutes(), "reason": args.reason.reason});
    if let Some(kind) = &args.credential {
        body["credential"] = json!(kind);
    }
    // Without a key for sending it again: an answer that is lost is not kept anywhere.
    let mut answer = client.post(&["checkouts"], &body).send().await?;
    if args.wait && waits(&answer.value()?) {
        let asked = answer.value()?;
        desk.out.note(&waiting(&asked));
        if !confirmed(&client, &asked).await? {
            desk.out.note("nobody confirmed it: ask again");
            return Ok(Exit::No);
        }
        answer = client.post(&["checkouts"], &body).send().await?;
    }
    given(desk, &answer)
}

/// The credential alone goes to stdout, so that it can be piped; everything about it to stderr.
fn given(desk: &Desk<'_>, answer: &Answer) -> Ended {
    let value = answer.value()?;
    let waits = waits(&value);
    if desk.out.json {
        desk.out.line(answer.text.trim_end())?;
    } else if waits {
        desk.out.note(&waiting(&value));
    } else {
        desk.out.note(&fill("{checkout.id}: the {given.kind} of {given.login} on {checkout.target}", &value));
        desk.out.note(&fill("due back by {checkout.due_at}: tenure checkin {checkout.id}", &value));
        // As it is: what makes it safe to look at would make it another credential.
        let secret = value.pointer("/given/value").and_then(Value::as_str).unwrap_or_default();
        desk.out.line(secret.trim_end_matches('\n'))?;
    }
    Ok(if waits { Exit::No } else { Exit::Ok })
}

fn waits(answer: &Value) -> bool {
    answer.get("given").is_none_or(Value::is_null)
}

fn waiting(answer: &Value) -> String {
    fill(
        "{checkout.id} waits for a second person until {checkout.answer_by}: they say \
         `tenure checkouts confirm {checkout.id}`, then check it out again",
        answer,
    )
}

async fn confirmed(client: &Client, asked: &Value) -> Result<bool, crate::exit::Failed> {
    let id = asked.pointer("/checkout/id").and_then(Value::as_str).unwrap_or_default();
    loop {
        let checkout = client.get(&["checkouts", id]).send().await?.value()?;
        match checkout.get("state").and_then(Value::as_str) {
            Some("pending") => tokio::time::sleep(POLL).await,
            state => return Ok(state == Some("confirmed")),
        }
    }
}

pub(super) async fn check_in(desk: &Desk<'_>, args: CheckinArgs) -> Ended {
    let answer = desk.client()?.post(&["checkouts", args.id.as_str(), "return"], &json!({})).send().await?;
    desk.out.show(&answer, |checkout| fill("{state}: {login}@{target}", checkout))?;
    Ok(Exit::Ok)
}

pub(super) async fn run(desk: &Desk<'_>, command: Checkouts) -> Ended {
    let client = desk.client()?;
    let one = |id: &CheckoutId, verb: &'static str| ["checkouts".to_owned(), id.to_string(), verb.to_owned()];
    let (path, body, told) = match command {
        Checkouts::List(args) => return list(desk, &client, args).await,
        Checkouts::Show(args) => {
            let answer = client.get(&["checkouts", args.id.as_str()]).send().await?;
            desk.out.show(&answer, |checkout| fields(checkout, FIELDS))?;
            return Ok(Exit::Ok);
        }
        Checkouts::Confirm(args) => (
            one(&args.id, "confirm"),
            json!({}),
            "confirmed: {holder.name} may take {login}@{target} until {answer_by}",
        ),
        Checkouts::Extend(args) => {
            (one(&args.id, "extend"), json!({"minutes": args.term.minutes()}), "due back by {due_at}")
        }
        Checkouts::Force(args) => {
            let told = "taken back: {holder.name} no longer has {login}@{target}";
            (one(&args.id, "force"), json!({"reason": args.reason.reason}), told)
        }
    };
    let answer = client.post(&path.each_ref().map(String::as_str), &body).send().await?;
    desk.out.show(&answer, |checkout| fill(told, checkout))?;
    Ok(Exit::Ok)
}

async fn list(desk: &Desk<'_>, client: &Client, args: ListArgs) -> Ended {
    let yes = |flag: bool| flag.then_some("true");
    let call = client.get(&["checkouts"]).maybe("active", yes(args.active).as_ref());
    let call = call.maybe("mine", yes(args.mine).as_ref()).maybe("to_confirm", yes(args.to_confirm).as_ref());
    args.page.show(desk, call.maybe("target", args.target.as_ref()), COLUMNS, "no checkouts").await
}
