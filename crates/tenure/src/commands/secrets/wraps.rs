//! A secret for one delivery: the token stands alone on standard output, and is never an argument.

use super::show_value;
use crate::commands::Desk;
use crate::exit::{Ended, Exit};
use crate::output::fill;
use crate::prompt;
use crate::term::Term;
use clap::Args;
use serde_json::json;
use std::io::{IsTerminal, stdin};
use types::Secret;

#[derive(Debug, Args)]
pub(crate) struct WrapArgs {
    /// SAFE/FOLDER/NAME
    name: String,
    /// This version instead of the current one
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// How long the token opens it, a day at most
    #[arg(long = "for", value_name = "TERM", default_value = "1h")]
    term: Term,
    /// Only this person, signed in, can open it; by id or mail address
    #[arg(long = "to", value_name = "IDENTITY")]
    recipient: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct UnwrapArgs {
    /// Only the value of this key, as it is
    #[arg(long, value_name = "KEY")]
    field: Option<String>,
    /// Say since when and until when the token can be opened, without opening it
    #[arg(long, conflicts_with = "field")]
    lookup: bool,
}

pub(super) async fn wrap(desk: &Desk<'_>, args: &WrapArgs) -> Ended {
    let mut body = json!({"ttl_seconds": u64::from(args.term.minutes()) * 60});
    for (name, value) in [("version", json!(args.version)), ("for", json!(args.recipient))] {
        if !value.is_null() {
            body[name] = value;
        }
    }
    let answer = desk.client()?.create(&["secrets", &args.name, "wrap"], &body).send().await?;
    if !desk.out.json {
        let made =
            fill("wrapped {name}, version {version}, until {expires_at}; the token opens it once:", &answer.value()?);
        desk.out.note(&made);
    }
    desk.out.show(&answer, |made| fill("{token}", made))?;
    Ok(Exit::Ok)
}

pub(super) async fn unwrap(desk: &Desk<'_>, args: &UnwrapArgs) -> Ended {
    let token = token()?;
    let (client, body) = (desk.client()?, json!({"token": token.expose()}));
    if args.lookup {
        let answer = client.open(&["unwrap", "lookup"], &body).send().await?;
        desk.out.show(&answer, |found| fill("wrapped at {created_at}, can be opened until {expires_at}", found))?;
        return Ok(Exit::Ok);
    }
    show_value(desk, &client.open(&["unwrap"], &body).send().await?, args.field.as_deref())
}

fn token() -> Result<Secret<String>, crate::exit::Failed> {
    let token = if stdin().is_terminal() { prompt::ask("token", "")? } else { prompt::piped()? };
    Ok(Secret::new(token.expose().trim().to_owned()))
}
