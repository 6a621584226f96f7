//! The ledger: its checkpoint, its entries, and reading it whole again without trusting the server.

use super::{Desk, PageArgs};
use crate::client::Client;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, plain};
use crate::remembered::{Memory, Remembered};
use clap::{Args, Subcommand};
use data_encoding::BASE64;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use ledger::tree::{Hash, is_consistent};
use ledger::verify::Replay;
use ledger::{Checkpoint, VerifyingKey};
use serde::Deserialize;
use serde_json::json;

const ENTRIES: &[Column] =
    &[("SEQ", "{seq}"), ("AT", "{at}"), ("KIND", "{kind}"), ("ACTOR", "{actor}"), ("FACTS", "{facts}")];

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Show the latest signed checkpoint, and check that it continues the one seen before
    #[command(after_help = "Examples:\n  tenure ledger checkpoint")]
    Checkpoint,
    /// List entries, the newest first
    #[command(after_help = "Examples:\n  tenure ledger entries --limit 20\n  tenure ledger entries --after 1000")]
    Entries(PageArgs),
    /// Download every entry, derive every hash again and compare with the signed checkpoint
    #[command(after_help = "\
Examples:
  tenure ledger verify
  tenure ledger verify --key tenure.example/log+1a2b3c4d+AQ…

Exits 0 when the log is whole and continues what was verified before, 1 when not. The checkpoint that was verified
is remembered for the server in $XDG_STATE_HOME/tenure.")]
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The verifier key that the log must have, instead of the one seen first
    #[arg(long, value_name = "KEY")]
    key: Option<VerifyingKey>,
}

/// As `GET /ledger/checkpoint` answers.
#[derive(Deserialize)]
struct SignedNote {
    key: String,
    note: String,
}

/// A page of `GET /ledger/raw`.
#[derive(Deserialize)]
struct RawPage {
    items: Vec<RawEntry>,
}

#[derive(Deserialize)]
struct RawEntry {
    seq: u64,
    /// The canonical JSON that is hashed, as text.
    entry: String,
}

pub(super) async fn run(desk: &Desk<'_>, command: LedgerCommand) -> Ended {
    let client = desk.client()?;
    match command {
        LedgerCommand::Checkpoint => checkpoint(desk, &client).await,
        LedgerCommand::Entries(page) => {
            page.show(desk, client.get(&["ledger", "entries"]), ENTRIES, "no entries").await
        }
        LedgerCommand::Verify(args) => verify(desk, &client, args.key).await,
    }
}

async fn checkpoint(desk: &Desk<'_>, client: &Client) -> Ended {
    let answer = client.get(&["ledger", "checkpoint"]).send().await?;
    let signed: SignedNote = read(&answer.text)?;
    let known = Memory::of(client.base())?.recall()?;
    let verified = verified(&signed, known.as_ref().map(|known| &known.key));
    let (key, checkpoint) = verified.and_then(|seen| not_shorter(seen, known.as_ref())).map_err(broken)?;
    let continued = match &known {
        Some(known) if known.size > 0 => {
            let proof = consistency(client, known.size, checkpoint.size).await?;
            if !is_consistent((known.size, known.root), (checkpoint.size, checkpoint.root), &proof) {
                return Err(broken(rewritten(known)));
            }
            format!("continues the {} entries verified before", known.size)
        }
        _ => "nothing was verified before: run `tenure ledger verify`".to_owned(),
    };
    desk.out.show(&answer, |_| {
        let root = BASE64.encode(&checkpoint.root);
        format!("size  {}\nroot  {root}\nkey   {}\n{continued}", checkpoint.size, plain(&key.to_string()))
    })?;
    Ok(Exit::Ok)
}

async fn consistency(client: &Client, old: u64, new: u64) -> Result<Vec<Hash>, Failed> {
    #[derive(Deserialize)]
    struct Proof {
        proof: Vec<String>,
    }
    let call = client.get(&["ledger", "consistency"]).query("old", &old.to_string()).query("new", &new.to_string());
    let proof: Proof = read(&call.send().await?.text)?;
    let decode = |hash: &String| BASE64.decode(hash.as_bytes()).ok()?.try_into().ok();
    proof.proof.iter().map(decode).collect::<Option<_>>().ok_or_else(|| broken("the proof holds no hash".into()))
}

async fn verify(desk: &Desk<'_>, client: &Client, key: Option<VerifyingKey>) -> Ended {
    let memory = Memory::of(client.base())?;
    let known = memory.recall()?;
    let signed: SignedNote = read(&client.get(&["ledger", "checkpoint"]).send().await?.text)?;
    let expected = key.as_ref().or(known.as_ref().map(|known| &known.key));
    let seen = verified(&signed, expected).and_then(|seen| not_shorter(seen, known.as_ref()));
    let verdict = match seen {
        Ok((key, checkpoint)) => {
            let replayed = replay(client, &checkpoint, known.as_ref()).await?;
            replayed.map(|()| (key, checkpoint))
        }
        Err(problem) => Err(problem),
    };
    match verdict {
        Ok((key, checkpoint)) => {
            memory.keep(&key, &checkpoint)?;
            tell(desk, &key, &checkpoint, known.as_ref())?;
            Ok(Exit::Ok)
        }
        Err(problem) if desk.out.json => {
            desk.out.line(&json!({"whole": false, "problem": problem}).to_string())?;
            Ok(Exit::No)
        }
        Err(problem) => Err(broken(problem)),
    }
}

fn verified(signed: &SignedNote, expected: Option<&VerifyingKey>) -> Result<(VerifyingKey, Checkpoint), String> {
    let key: VerifyingKey = signed.key.parse()?;
    if let Some(expected) = expected.filter(|expected| **expected != key) {
        return Err(format!("the server signs with `{key}`, not with `{expected}`"));
    }
    let checkpoint = Checkpoint::verify(&signed.note, &key)?;
    Ok((key, checkpoint))
}

type Seen = (VerifyingKey, Checkpoint);

fn not_shorter(seen: Seen, known: Option<&Remembered>) -> Result<Seen, String> {
    match known {
        Some(known) if seen.1.size < known.size => Err(format!(
            "the log has {} entries, but {} were verified before: entries are gone",
            seen.1.size, known.size
        )),
        _ => Ok(seen),
    }
}

fn rewritten(known: &Remembered) -> String {
    format!("the first {} entries are not those that were verified before: the log was rewritten", known.size)
}

/// Reads the log from its first entry to the checkpoint. The inner result is the verdict.
async fn replay(
    client: &Client,
    checkpoint: &Checkpoint,
    known: Option<&Remembered>,
) -> Result<Result<(), String>, Failed> {
    let progress = progress(checkpoint.size);
    let mut replay = Replay::default();
    while replay.size() < checkpoint.size {
        let call = client.get(&["ledger", "raw"]).query("from", &replay.size().to_string());
        let page: RawPage = read(&call.send().await?.text)?;
        if page.items.is_empty() {
            return Ok(Err(format!("entry {} is missing", replay.size())));
        }
        let left = usize::try_from(checkpoint.size - replay.size()).unwrap_or(usize::MAX);
        for raw in page.items.iter().take(left) {
            if let Err(problem) = replay.take(raw.seq, raw.entry.as_bytes()) {
                return Ok(Err(problem));
            }
            if let Some(known) = known.filter(|known| known.size == replay.size() && known.root != replay.root()) {
                return Ok(Err(rewritten(known)));
            }
        }
        progress.set_position(replay.size());
    }
    let same = replay.root() == checkpoint.root;
    Ok(if same { Ok(()) } else { Err("the entries are not those that the checkpoint signs".into()) })
}

/// On a terminal only: indicatif draws nothing elsewhere.
fn progress(size: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} entries, {eta} left");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(size).with_style(style).with_finish(ProgressFinish::AndClear)
}

fn tell(
    desk: &Desk<'_>,
    key: &VerifyingKey,
    checkpoint: &Checkpoint,
    known: Option<&Remembered>,
) -> Result<(), Failed> {
    let (size, root) = (checkpoint.size, BASE64.encode(&checkpoint.root));
    if desk.out.json {
        let continues = known.map(|known| known.size);
        let value = json!({"whole": true, "size": size, "root": root, "key": key.to_string(), "continues": continues});
        return desk.out.line(&value.to_string());
    }
    let continues = match known {
        Some(known) => format!("continues the {} entries verified before", known.size),
        None => "first seen: compare the key with the one your administrator knows".to_owned(),
    };
    desk.out
        .line(&format!("the log is whole\nsize  {size}\nroot  {root}\nkey   {}\n{continues}", plain(&key.to_string())))
}

fn broken(problem: String) -> Failed {
    Failed::new(Exit::No, problem)
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Failed> {
    let wrong = |_| Failed::new(Exit::Unavailable, "the answer is not that of a ledger: does the URL lead to Tenure?");
    serde_json::from_str(text).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::SigningKey;
    use types::Secret;

    fn signed(seed: u8, size: u64) -> SignedNote {
        let key = SigningKey::from_seed("log", &Secret::new([seed; 32]));
        let note = key.sign(&Checkpoint { origin: "log".into(), size, root: [7; 32] });
        SignedNote { key: key.verifying_key().to_string(), note }
    }

    #[test]
    fn a_checkpoint_is_taken_from_the_known_key_and_from_no_other() {
        let (key, checkpoint) = verified(&signed(1, 5), None).unwrap();
        assert_eq!(checkpoint.size, 5);
        assert!(verified(&signed(1, 5), Some(&key)).is_ok());
        assert!(verified(&signed(2, 5), Some(&key)).unwrap_err().contains("not with"));
        let forged = SignedNote { key: signed(1, 5).key, note: signed(2, 5).note };
        assert!(verified(&forged, None).is_err());
    }

    #[test]
    fn a_log_that_became_shorter_is_refused() {
        let known = |size| Remembered { key: verified(&signed(1, 5), None).unwrap().0, size, root: [7; 32] };
        let seen = || verified(&signed(1, 5), None).unwrap();
        assert!(not_shorter(seen(), Some(&known(5))).is_ok());
        assert!(not_shorter(seen(), None).is_ok());
        assert!(not_shorter(seen(), Some(&known(6))).unwrap_err().contains("entries are gone"));
    }
}
