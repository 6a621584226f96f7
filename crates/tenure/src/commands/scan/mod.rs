//! Scans for values of the vault: reads here, tells the server keyed digests, and shows where what was found stands. No
//! text of what is read leaves this process.

mod folder;
mod git;
mod readers;

use super::{Desk, PageArgs};
use crate::client::Client;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, items, plain, table};
use clap::{Args, Subcommand};
use data_encoding::HEXLOWER;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use privilege::hygiene::{Collector, Digest, Filter, MOST_AT_ONCE, ScanKey};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use types::Secret;

/// Every value of the vault is compared within one answer.
const PATIENCE: Duration = Duration::from_secs(600);
/// Values whose places one scan tells.
const MOST_TOLD: usize = 200;

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("WHAT", "{what}"),
    ("BY", "{begun_by}"),
    ("BEGUN", "{begun_at}"),
    ("DIGESTS", "{digests}"),
    ("FOUND", "{matched}"),
];

const FOUND: &[Column] = &[("KIND", "{kind}"), ("NAME", "{name}"), ("VERSION", "{version}"), ("PLACE", "{place}")];

const LINT: &[Column] = &[("RULE", "{rule}"), ("SUBJECT", "{subject}"), ("WHAT TO DO", "{detail}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Scan {
    /// Look through every file that a git repository ever held, on all its branches and tags
    #[command(after_help = "\
Examples:
  tenure scan git .
  tenure scan git ~/src/shop --json

Exits 0 when nothing was found, 1 when something was. Nothing of the repository leaves this machine but digests
under a key of this scan alone.")]
    Git(PathArgs),
    /// Look through the files of a folder, without following symbolic links
    #[command(after_help = "Examples:\n  tenure scan folder /etc")]
    Folder(PathArgs),
    /// Look through the recordings of sessions that the server keeps
    #[command(after_help = "Examples:\n  tenure scan recordings")]
    Recordings,
    /// List scans, the newest first
    #[command(after_help = "Examples:\n  tenure scan list")]
    List(PageArgs),
    /// Say what in the set-up makes a leak likelier or worse
    #[command(after_help = "Examples:\n  tenure scan lint")]
    Lint,
}

#[derive(Debug, Args)]
pub(crate) struct PathArgs {
    #[arg(value_name = "PATH")]
    path: PathBuf,
}

pub(super) async fn run(desk: &Desk<'_>, command: Scan) -> Ended {
    match command {
        Scan::Git(args) => read(desk, "git", move |read| git::read(&args.path, read)).await,
        Scan::Folder(args) => read(desk, "folder", move |read| folder::read(&args.path, read)).await,
        Scan::Recordings => recordings(desk).await,
        Scan::List(page) => page.show(desk, desk.client()?.get(&["scans"]), COLUMNS, "no scans").await,
        Scan::Lint => lint(desk).await,
    }
}

/// What reading came to, besides what was found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Tally {
    files: u64,
    bytes: u64,
    /// Larger than what is read, or not readable.
    skipped: u64,
}

/// A file by its place, such as `COMMIT:PATH`.
struct Piece {
    place: String,
    content: Vec<u8>,
}

/// Takes files on their way to the threads that look through them.
struct Reading<'a> {
    give: &'a dyn Fn(Piece),
    bar: &'a ProgressBar,
    tally: Tally,
}

impl Reading<'_> {
    fn file(&mut self, place: String, content: Vec<u8>) {
        self.tally.files += 1;
        self.tally.bytes += content.len() as u64;
        self.bar.inc(1);
        (self.give)(Piece { place, content });
    }

    fn skip(&mut self) {
        self.tally.skipped += 1;
        self.bar.inc(1);
    }
}

async fn read(
    desk: &Desk<'_>,
    what: &'static str,
    source: impl FnOnce(&mut Reading<'_>) -> Result<(), Failed> + Send + 'static,
) -> Ended {
    let client = desk.client()?;
    let begun = client.post(&["scans"], &json!({"what": what})).patience(PATIENCE).send().await?.value()?;
    let (id, key, filter) = terms(&begun)?;
    let collector = Collector::new(key, Arc::new(filter));
    let read = tokio::task::spawn_blocking(move || readers::read(collector, progress(), source));
    let (mut collector, tally) = read.await.map_err(|error| Failed::new(Exit::No, error.to_string()))??;
    let found = compare(&client, &id, &mut collector).await?;
    show(desk, &id, tally, &found)
}

fn terms(begun: &Value) -> Result<(String, ScanKey, Filter), Failed> {
    let text = |name: &str| begun[name].as_str().unwrap_or_default();
    let wrong = || Failed::new(Exit::Unavailable, "the answer is no scan: is the server another version of Tenure?");
    let key = HEXLOWER.decode(text("key").as_bytes()).map_err(|_| wrong())?;
    let filter = Filter::from_base64(text("filter")).map_err(|_| wrong())?;
    Ok((text("id").to_owned(), ScanKey::new(&Secret::new(key)), filter))
}

/// Asks about what was read, tells where the answers stand, and returns each with its places.
async fn compare(client: &Client, id: &str, collector: &mut Collector) -> Result<Vec<Value>, Failed> {
    let mut matches: Vec<Value> = Vec::new();
    for digests in collector.digests().chunks(MOST_AT_ONCE) {
        let body = json!({"digests": digests.iter().map(Digest::to_string).collect::<Vec<_>>()});
        let answer = client.post(&["scans", id, "digests"], &body).patience(PATIENCE).send().await?.value()?;
        matches.extend(answer["matches"].as_array().into_iter().flatten().cloned());
    }
    let digest = |found: &Value| found["digest"].as_str().and_then(|text| text.parse::<Digest>().ok());
    let matched: HashSet<Digest> = matches.iter().filter_map(digest).collect();
    let mut places = BTreeMap::new();
    for digest in matched.iter().take(MOST_TOLD) {
        let (known, more) = collector.places(*digest, &matched);
        places.insert(*digest, (known.iter().map(|place| one_line(place)).collect::<Vec<_>>(), more));
    }
    let told: Vec<Value> = places
        .iter()
        .map(|(digest, (places, more))| json!({"digest": digest.to_string(), "places": places, "more": more}))
        .collect();
    client.post(&["scans", id, "matches"], &json!({"matches": told})).send().await?;
    for found in &mut matches {
        let (known, more) = digest(found).and_then(|digest| places.get(&digest).cloned()).unwrap_or_default();
        found["places"] = json!(known);
        found["more"] = json!(more);
    }
    Ok(matches)
}

/// As the server takes it: without control characters, and not too long.
fn one_line(place: &str) -> String {
    const LONGEST: usize = 500;
    let place = plain(place);
    if place.len() <= LONGEST {
        return place;
    }
    let start = place.len() - LONGEST + '…'.len_utf8();
    let start = (start..=place.len()).find(|at| place.is_char_boundary(*at)).unwrap_or(place.len());
    format!("…{}", &place[start..])
}

fn show(desk: &Desk<'_>, id: &str, tally: Tally, found: &[Value]) -> Ended {
    let Tally { files, bytes, skipped } = tally;
    if desk.out.json {
        let value = json!({"id": id, "files": files, "bytes": bytes, "skipped": skipped, "found": found});
        desk.out.line(&value.to_string())?;
    } else {
        desk.out.line(&table(&rows(found), FOUND, "no value of the vault was found"))?;
        desk.out.note(&format!(
            "read {files} files with {bytes} bytes, skipped {skipped} that are too large or unreadable"
        ));
    }
    Ok(if found.is_empty() { Exit::Ok } else { Exit::No })
}

/// One for each place.
fn rows(found: &[Value]) -> Vec<Value> {
    let mut rows = Vec::new();
    for one in found {
        let mut row = |place: String| {
            let name = match one["key"].as_str() {
                Some(key) => format!("{} ({key})", one["name"].as_str().unwrap_or_default()),
                None => one["name"].as_str().unwrap_or_default().to_owned(),
            };
            rows.push(json!({"kind": one["kind"], "name": name, "version": one["version"], "place": place}));
        };
        items(&one["places"]).iter().filter_map(Value::as_str).for_each(|place| row(place.to_owned()));
        if let Some(more) = one["more"].as_u64().filter(|more| *more > 0) {
            row(format!("{more} more places"));
        }
    }
    rows
}

async fn recordings(desk: &Desk<'_>) -> Ended {
    let client = desk.client()?;
    let answer = client.post(&["scans", "recordings"], &json!({})).patience(PATIENCE).send().await?;
    let value = answer.value()?;
    let found = items(&value["found"]);
    desk.out.show(&answer, |_| table(&rows(found), FOUND, "no value of the vault was found"))?;
    if !desk.out.json {
        let (read, unreadable) = (&value["recordings"], &value["unreadable"]);
        desk.out.note(&format!("read {read} recordings, could not read {unreadable} (broken, or on another server)"));
    }
    Ok(if found.is_empty() { Exit::Ok } else { Exit::No })
}

async fn lint(desk: &Desk<'_>) -> Ended {
    let answer = desk.client()?.get(&["hygiene", "lint"]).patience(PATIENCE).send().await?;
    desk.out.list(&answer, LINT, "nothing to improve")?;
    Ok(if items(&answer.value()?).is_empty() { Exit::Ok } else { Exit::No })
}

/// On a terminal only: indicatif draws nothing elsewhere.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {pos} of {len} files, {elapsed}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::new(0).with_style(style).with_finish(ProgressFinish::AndClear)
}
