//! Targets: list, declare, pin a host key, and what discovery finds on them.

use super::{Desk, PageArgs, declare};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fill, items, table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::time::Duration;

const COLUMNS: &[Column] = &[
    ("NAME", "{name}"),
    ("ADDRESS", "{host}:{port}"),
    ("HOST KEY", "{host_key}"),
    ("READS KRL", "{reads_krl}"),
    ("DESCRIPTION", "{description}"),
];

const ACCOUNTS: &[Column] = &[
    ("LOGIN", "{login}"),
    ("PRIVILEGED BY", "{how}"),
    ("LAST LOGIN", "{last_login}"),
    ("FIRST SEEN", "{first_seen_at}"),
    ("GONE", "{gone_at}"),
];

const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Subcommand)]
pub(crate) enum Targets {
    /// List targets
    #[command(after_help = "Examples:\n  tenure targets list")]
    List(PageArgs),
    /// Declare the targets of a file: name, host, port, host_key, reads_krl, description and discovery_login
    #[command(after_help = "Examples:\n  tenure targets apply targets.toml")]
    Apply(declare::ApplyArgs),
    /// List the accounts that discovery found on a target
    #[command(after_help = "Examples:\n  tenure targets accounts web-1")]
    Accounts(TargetArgs),
    /// Pin the host key that a target must show
    #[command(after_help = "Examples:\n  tenure targets pin web-1 \"$(cat /etc/ssh/ssh_host_ed25519_key.pub)\"")]
    Pin(PinArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PinArgs {
    /// The target
    name: String,
    /// The host's public key, such as `ssh-ed25519 AAAA…`
    #[arg(value_name = "KEYLINE")]
    key_line: String,
}

#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// The target
    name: String,
}

pub(super) async fn run(desk: &Desk<'_>, command: Targets) -> Ended {
    match command {
        Targets::List(page) => page.show(desk, desk.client()?.get(&["targets"]), COLUMNS, "no targets").await,
        Targets::Apply(args) => declare::apply(desk, &args, "targets", "target").await,
        Targets::Accounts(args) => accounts(desk, args).await,
        Targets::Pin(args) => {
            let body = json!({"host_key": args.key_line});
            let answer = desk.client()?.put(&["targets", &args.name, "host-key"], &body).send().await?;
            desk.out.show(&answer, |target| fill("pinned: {name} must show {host_key}", target))?;
            Ok(Exit::Ok)
        }
    }
}

pub(super) async fn discover(desk: &Desk<'_>, args: TargetArgs) -> Ended {
    let client = desk.client()?;
    let answer = client.post(&["targets", &args.name, "discover"], &json!({})).patience(PATIENCE).send().await?;
    desk.out.show(&answer, report)?;
    Ok(Exit::Ok)
}

fn report(report: &Value) -> String {
    let mut text = table(report.get("accounts").map_or(&[][..], items), ACCOUNTS, "no accounts");
    for (change, said) in [("appeared", "new: "), ("changed", "other than before: "), ("gone", "gone: ")] {
        let logins = report.get(change).map_or(&[][..], items);
        if !logins.is_empty() {
            text.push_str(&fill(&format!("\n{said}{{{change}}}"), report));
        }
    }
    for gap in report.get("gaps").map_or(&[][..], items) {
        text.push_str(&fill("\nnot known: {gap}", &json!({"gap": gap})));
    }
    text
}

async fn accounts(desk: &Desk<'_>, args: TargetArgs) -> Ended {
    let answer = desk.client()?.get(&["targets", &args.name, "accounts"]).send().await?;
    desk.out.list(&answer, ACCOUNTS, "no accounts: run `tenure discover` first")?;
    Ok(Exit::Ok)
}
