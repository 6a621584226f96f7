//! Requests: ask, decide, take back.

use super::{Desk, PageArgs, ReasonArgs};
use crate::client::{Call, Client};
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fill, items};
use crate::term::Term;
use clap::Args;
use serde_json::{Value, json};
use std::str::FromStr;
use std::time::Duration;
use types::{Access, Channel, RequestId};

pub(super) const REQUEST_EXAMPLES: &str = "\
Examples:
  tenure request root@web-1 --for 10m --reason 'disk full on the shop, INC-4711'
  tenure request deploy@web-1 --for 2h --reason 'release 42' --channel sftp --channel exec
  tenure request backup@shop-db --machine nightly --for 4h --reason 'the backup of tonight'
  tenure request root@web-1 --for 10m --reason 'disk is full' --wait && ssh -p 2222 root@web-1@tenure.example.com";

pub(super) const LIST_EXAMPLES: &str = "Examples:\n  tenure requests --mine\n  tenure requests --to-decide";

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("REQUESTER", "{requester}"),
    ("FOR", "{beneficiary}"),
    ("ACCESS", "{login}@{target}"),
    ("MINUTES", "{minutes}"),
    ("STATE", "{state}"),
    ("SUBMITTED", "{submitted_at}"),
    ("REASON", "{reason}"),
];

const CANDIDATES: usize = 1000;
const POLL: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(crate) struct RequestArgs {
    /// The login on the target
    #[arg(value_name = "LOGIN@TARGET")]
    access: Access,
    /// How long, such as 10m, 2h or 1d; it begins when the request is approved
    #[arg(long = "for", value_name = "TERM")]
    term: Term,
    /// For a machine identity that you own, by its name
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    #[command(flatten)]
    reason: ReasonArgs,
    /// A way of use, repeated for each; shell, exec and sftp unless given
    #[arg(long = "channel", value_name = "CHANNEL")]
    channels: Vec<Channel>,
    /// Wait until it is decided; exit 1 unless it is approved
    #[arg(long)]
    wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only your own
    #[arg(long, conflicts_with = "to_decide")]
    mine: bool,
    /// Only those that you may decide
    #[arg(long)]
    to_decide: bool,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// The request, or `latest` for the newest that you may decide
    #[arg(value_name = "ID")]
    which: Which,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    /// The request, or `latest` for the newest of your own that waits
    #[arg(value_name = "ID")]
    which: Which,
}

/// A request by its id, or the newest of those that it could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    Id(RequestId),
    Latest,
}

impl FromStr for Which {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "latest" => Ok(Self::Latest),
            id => id.parse().map(Self::Id).map_err(|error: types::id::BadId| format!("{error}, nor is it `latest`")),
        }
    }
}

pub(super) async fn submit(desk: &Desk<'_>, args: RequestArgs) -> Ended {
    let client = desk.client()?;
    let Access { login, target } = &args.access;
    let mut body =
        json!({"target": target, "login": login, "minutes": args.term.minutes(), "reason": args.reason.reason});
    if !args.channels.is_empty() {
        body["channels"] = json!(args.channels);
    }
    if let Some(machine) = &args.machine {
        body["for_machine"] = json!(machine);
    }
    let answer = client.create(&["requests"], &body).send().await?;
    if args.wait {
        return wait(desk, &client, answer.value()?).await;
    }
    desk.out.show(&answer, submitted)?;
    Ok(Exit::Ok)
}

fn submitted(request: &Value) -> String {
    let mut text = fill("requested {login}@{target} for {minutes} minutes: {id}", request);
    for approver in request.get("approvers").map_or(&[][..], items) {
        let anybody = approver.get("person").is_none_or(Value::is_null);
        let waits =
            if anybody { "\nwaits for any administrator ({because})" } else { "\nwaits for {person} ({because})" };
        text.push_str(&fill(waits, approver));
    }
    text
}

async fn wait(desk: &Desk<'_>, client: &Client, request: Value) -> Ended {
    desk.out.note(&submitted(&request));
    let id = request.get("id").and_then(Value::as_str).unwrap_or_default();
    loop {
        let answer = client.get(&["requests", id]).send().await?;
        let request = answer.value()?;
        match request.get("state").and_then(Value::as_str) {
            Some("pending") => tokio::time::sleep(POLL).await,
            state => {
                desk.out.show(&answer, decided)?;
                return Ok(if state == Some("approved") { Exit::Ok } else { Exit::No });
            }
        }
    }
}

fn decided(request: &Value) -> String {
    let by = match request.get("decided_by") {
        Some(Value::Object(_)) => fill(" by {decided_by.name}: {decision_reason}", request),
        _ => String::new(),
    };
    let grant = match request.get("grant") {
        Some(Value::String(_)) => fill("\ngrant {grant}", request),
        _ => String::new(),
    };
    let whom = if request.get("beneficiary").is_some() { "{beneficiary}" } else { "{requester}" };
    fill(&format!("{{id}}, {{login}}@{{target}} for {whom}, is {{state}}"), request) + &by + &grant
}

pub(super) async fn list(desk: &Desk<'_>, args: ListArgs) -> Ended {
    let client = desk.client()?;
    let mut call = client.get(&["requests"]);
    if args.mine {
        call = call.query("mine", "true");
    }
    if args.to_decide {
        call = call.query("to_decide", "true");
    }
    args.page.show(desk, call, COLUMNS, "no requests").await
}

pub(super) async fn approve(desk: &Desk<'_>, args: DecideArgs) -> Ended {
    decide(desk, args, "approve").await
}

pub(super) async fn deny(desk: &Desk<'_>, args: DecideArgs) -> Ended {
    decide(desk, args, "deny").await
}

async fn decide(desk: &Desk<'_>, args: DecideArgs, decision: &str) -> Ended {
    let client = desk.client()?;
    let id = newest(args.which, client.get(&["requests"]).query("to_decide", "true")).await?;
    let path = ["requests", id.as_str(), decision];
    change(desk, client.post(&path, &json!({"reason": args.reason.reason}))).await
}

pub(super) async fn cancel(desk: &Desk<'_>, args: CancelArgs) -> Ended {
    let client = desk.client()?;
    let mine = client.get(&["requests"]).query("mine", "true").query("state", "pending");
    let id = newest(args.which, mine).await?;
    change(desk, client.post(&["requests", id.as_str(), "cancel"], &json!({}))).await
}

/// Ids sort by age.
async fn newest(which: Which, candidates: Call<'_>) -> Result<RequestId, Failed> {
    if let Which::Id(id) = which {
        return Ok(id);
    }
    let page = candidates.pages(CANDIDATES, None).await?.value()?;
    let ids = items(&page).iter().filter_map(|request| request.get("id")?.as_str()?.parse().ok());
    ids.max().ok_or_else(|| Failed::new(Exit::NotFound, "no request waits: see `tenure requests`"))
}

async fn change(desk: &Desk<'_>, call: Call<'_>) -> Result<Exit, Failed> {
    let answer = call.send().await?;
    desk.out.show(&answer, decided)?;
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_told_with_who_and_why() {
        let mut request = json!({"id": "req_1", "login": "root", "target": "web-1", "requester": {"name": "Alice"},
            "state": "approved", "decided_by": {"id": "idn_2", "name": "Bob"}, "decision_reason": "known incident",
            "grant": "grt_3"});
        let told = "req_1, root@web-1 for Alice, is approved by Bob: known incident\ngrant grt_3";
        assert_eq!(decided(&request), told);
        request["state"] = json!("cancelled");
        request["decided_by"] = json!(null);
        request["grant"] = json!(null);
        assert_eq!(decided(&request), "req_1, root@web-1 for Alice, is cancelled");
    }
}
