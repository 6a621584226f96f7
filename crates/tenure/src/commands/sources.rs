//! Sources of people: list, declare, try and read them, and what each says of somebody.

use super::{Desk, PageArgs, declare};
use crate::client::Client;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fill, items, table};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde_json::{Value, json};
use std::time::Duration;

const COLUMNS: &[Column] = &[
    ("NAME", "{name}"),
    ("KIND", "{kind}"),
    ("OWNER", "{owner}"),
    ("LAST WHOLE FEED", "{last_whole_at}"),
    ("REFUSED", "{refused.code}"),
    ("DESCRIPTION", "{description}"),
];

const READINGS: &[Column] = &[
    ("ID", "{id}"),
    ("ASKED", "{asked_at}"),
    ("WHOLE", "{whole}"),
    ("STATE", "{state}"),
    ("RECORDS", "{records}"),
    ("IMPORT", "{import}"),
    ("WHY", "{detail}"),
];

/// How often a reading is asked how far it is.
const POLL: Duration = Duration::from_millis(500);
/// For a service that is slow to answer.
const PATIENCE: Duration = Duration::from_secs(120);

const VALUES: &[Column] = &[("ATTRIBUTE", "{attribute}"), ("VALUE", "{value}"), ("SOURCE", "{source}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Sources {
    /// List sources of people, each with how it has been lately
    #[command(after_help = "Examples:\n  tenure sources list")]
    List(PageArgs),
    /// Declare the sources of a file: name, kind, owner (mail address) and settings
    #[command(after_help = "\
Examples:
  tenure sources declare sources.toml
  tenure sources declare sources.toml --reason 'half of the agency leaves with the season'")]
    Declare(declare::ReasonedArgs),
    /// Ask a source for a little, to see whether its service lets Tenure in and has the columns that it names
    #[command(
        after_help = "Examples:\n  tenure sources test corp-ad\n\nExits 1 when a column that the source names did not come."
    )]
    Test {
        /// The source
        name: String,
    },
    /// Read a source now, and wait for what comes of it
    #[command(after_help = "\
Examples:
  tenure sources read corp-ad
  tenure sources read corp-ad --no-wait

Exits 1 when it was held, or nothing of it was taken.")]
    Read(ReadArgs),
    /// List the readings of a source, the newest first
    #[command(after_help = "Examples:\n  tenure sources readings corp-ad")]
    Readings {
        /// The source
        name: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show what the sources say of somebody, and whose word counts
    #[command(after_help = "Examples:\n  tenure sources records idn_0198…")]
    Records {
        /// The person
        identity: types::IdentityId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// The source
    name: String,
    /// Only ask for it
    #[arg(long)]
    no_wait: bool,
}

pub(super) async fn run(desk: &Desk<'_>, command: Sources) -> Ended {
    match command {
        Sources::List(page) => page.show(desk, desk.client()?.get(&["sources"]), COLUMNS, "no sources").await,
        Sources::Declare(args) => declare::apply_reasoned(desk, args, "sources", "source").await,
        Sources::Test { name } => {
            let answer = desk.client()?.post(&["sources", &name, "test"], &json!({})).patience(PATIENCE).send().await?;
            desk.out.show(&answer, tried)?;
            let missing = answer.value()?.get("missing").map_or(0, |missing| strings(missing).count());
            Ok(if missing == 0 { Exit::Ok } else { Exit::No })
        }
        Sources::Read(args) => read(desk, &args).await,
        Sources::Readings { name, page } => {
            let client = desk.client()?;
            page.show(desk, client.get(&["sources", &name, "readings"]), READINGS, "it was never read").await
        }
        Sources::Records { identity } => {
            let answer = desk.client()?.get(&["identities", identity.as_str(), "records"]).send().await?;
            desk.out.show(&answer, |said| {
                table(said.get("values").map_or(&[][..], items), VALUES, "no source says anything")
            })?;
            Ok(Exit::Ok)
        }
    }
}

async fn read(desk: &Desk<'_>, args: &ReadArgs) -> Ended {
    let client = desk.client()?;
    let asked = client.post(&["sources", &args.name, "read"], &json!({})).send().await?;
    if args.no_wait {
        desk.out.show(&asked, |reading| fill("{id} is asked for", reading))?;
        return Ok(Exit::Ok);
    }
    let progress = progress();
    loop {
        let reading = newest(&client, &args.name).await?;
        let state = reading.get("state").and_then(Value::as_str).unwrap_or_default().to_owned();
        progress.set_message(fill("{state}, {pages} pages, {records} records", &reading));
        if ["applied", "held", "unchanged", "refused"].contains(&state.as_str()) {
            progress.finish_and_clear();
            let text = if desk.out.json { reading.to_string() } else { told(&reading) };
            desk.out.line(&text)?;
            return Ok(if ["held", "refused"].contains(&state.as_str()) { Exit::No } else { Exit::Ok });
        }
        tokio::time::sleep(POLL).await;
    }
}

/// One that was begun anew is another reading, so it is the newest that tells.
async fn newest(client: &Client, name: &str) -> Result<Value, Failed> {
    let answer = client.get(&["sources", name, "readings"]).query("limit", "1").send().await?.value()?;
    let gone = || Failed::new(Exit::Unavailable, "the reading is not listed any more: see `tenure sources readings`");
    items(&answer).first().cloned().ok_or_else(gone)
}

/// On a terminal only: indicatif draws nothing elsewhere.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::new_spinner().with_style(style).with_finish(ProgressFinish::AndClear)
}

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn tried(answer: &Value) -> String {
    let listed = |name: &str| answer.get(name).map(|list| strings(list).collect::<Vec<_>>().join(", "));
    match (listed("columns").unwrap_or_default(), listed("missing").unwrap_or_default()) {
        (columns, _) if columns.is_empty() => fill("it answers: {size} bytes or rows", answer),
        (columns, missing) if missing.is_empty() => fill("it answers: {size} rows with ", answer) + &columns,
        (columns, missing) => fill("it answers: {size} rows with ", answer) + &columns + "\nmissing: " + &missing,
    }
}

fn told(reading: &Value) -> String {
    match reading.get("state").and_then(Value::as_str) {
        Some("applied") => fill("{records} records read, applied as {import}: `tenure hr show {import}`", reading),
        Some("held") => fill(
            "{records} records read, held as {import}: see `tenure hr show {import}`, then `tenure hr confirm {import} --reason TEXT`",
            reading,
        ),
        Some("unchanged") => fill("{records} records read, and all of it was known", reading),
        _ => fill("nothing was taken ({code}): {detail}", reading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_a_reading_is_told_with_what_to_do() {
        let reading = json!({"state": "held", "records": 40, "import": "imp_1", "code": null, "detail": null});
        assert!(told(&reading).ends_with("then `tenure hr confirm imp_1 --reason TEXT`"));
        let reading = json!({"state": "refused", "records": 0, "code": "host_unreachable", "detail": "`db-1` is away"});
        assert_eq!(told(&reading), "nothing was taken (host_unreachable): `db-1` is away");
    }

    #[test]
    fn what_a_source_lacks_is_named() {
        let answer = json!({"size": 2, "columns": ["a", "b"], "missing": ["c"]});
        assert_eq!(tried(&answer), "it answers: 2 rows with a, b\nmissing: c");
    }
}
