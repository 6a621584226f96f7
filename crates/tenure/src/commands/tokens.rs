//! My API tokens. A token's secret is shown once, on standard output alone.

use super::{Desk, PageArgs};
use crate::client::Answer;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fill};
use crate::term::Term;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use types::{Permission, TokenId};

pub(super) const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("NAME", "{name}"),
    ("SCOPES", "{scopes}"),
    ("MADE", "{created_at}"),
    ("EXPIRES", "{expires_at}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Tokens {
    /// List your tokens
    #[command(after_help = "Examples:\n  tenure tokens list")]
    List(PageArgs),
    /// Make a token that may do less than you, for a time
    #[command(after_help = "\
Examples:
  tenure tokens create ci --scope requests.create --scope self.read --for 30d
  tenure tokens create audit --scope ledger.read --for 1d > audit.token")]
    Create(CreateArgs),
    /// Revoke a token at once
    #[command(after_help = "Examples:\n  tenure tokens revoke tok_0198…")]
    Revoke {
        /// The token
        id: TokenId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// What it is for
    name: String,
    /// A permission that it has, repeated for each
    #[arg(long = "scope", value_name = "PERMISSION", required = true)]
    scopes: Vec<Permission>,
    /// How long it lives, in whole days
    #[arg(long = "for", value_name = "TERM", value_parser = days)]
    days: u32,
}

fn days(text: &str) -> Result<u32, String> {
    let term: Term = text.parse()?;
    let days = term.whole_days().filter(|days| (1..=366).contains(days));
    days.ok_or_else(|| "a token lives for whole days, from `1d` to `366d`".into())
}

pub(super) async fn run(desk: &Desk<'_>, command: Tokens) -> Ended {
    let client = desk.client()?;
    match command {
        Tokens::List(page) => return page.show(desk, client.get(&["me", "tokens"]), COLUMNS, "no tokens").await,
        Tokens::Create(args) => {
            made(desk, &client.post(&["me", "tokens"], &args.body()).send().await?)?;
        }
        Tokens::Revoke { id } => {
            let answer = client.delete(&["me", "tokens", id.as_str()]).send().await?;
            desk.out.show(&answer, |_| format!("revoked {id}"))?;
        }
    }
    Ok(Exit::Ok)
}

impl CreateArgs {
    pub(super) fn body(&self) -> Value {
        json!({"name": self.name, "scopes": self.scopes, "days": self.days})
    }
}

/// The secret goes to standard output alone.
pub(super) fn made(desk: &Desk<'_>, answer: &Answer) -> Result<(), Failed> {
    if !desk.out.json {
        let made = fill("made {token.id}, expires {token.expires_at}; it is shown once:", &answer.value()?);
        desk.out.note(&made);
    }
    desk.out.show(answer, |made| fill("{secret}", made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lives_for_whole_days_up_to_a_year() {
        assert_eq!(days("30d"), Ok(30));
        assert_eq!(days("48h"), Ok(2));
        for text in ["12h", "367d", "0d", "30"] {
            assert!(days(text).is_err(), "{text}");
        }
    }
}
