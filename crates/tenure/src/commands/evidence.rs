//! Evidence: export the bundle of a grant, and verify one offline.

use super::Desk;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{plain, write_out};
use crate::remembered;
use crate::write::{Readers, Replacement};
use clap::{Args, Subcommand};
use ledger::VerifyingKey;
use ledger::verify::Shown;
use privilege::evidence::verify_bundle;
use serde_json::json;
use std::path::{Path, PathBuf};
use types::GrantId;

#[derive(Debug, Subcommand)]
pub(crate) enum Evidence {
    /// Write everything that explains a grant, with proofs, into one file
    #[command(after_help = "Examples:\n  tenure evidence export grt_0198… -o grant.evidence.json")]
    Export(ExportArgs),
    /// Verify a bundle offline; nothing is asked and nothing is trusted
    #[command(after_help = "\
Examples:
  tenure evidence verify grant.evidence.json
  tenure evidence verify grant.evidence.json --key tenure.example/log+1a2b3c4d+AQ…

Exits 0 when the bundle is whole, 1 when it is not. Whole says who signed only for a key that is known: one given with
--key, or that of a server whose ledger you verified. `key UNKNOWN` is said first otherwise.")]
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The grant
    id: GrantId,
    /// Where to write it; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The bundle
    file: PathBuf,
    /// The verifier key that the log must have, as `tenure ledger checkpoint` prints it
    #[arg(long, value_name = "KEY")]
    key: Option<VerifyingKey>,
}

pub(super) async fn run(desk: &Desk<'_>, command: Evidence) -> Ended {
    match command {
        Evidence::Export(args) => export(desk, args).await,
        Evidence::Verify(args) => verify(desk, &args),
    }
}

async fn export(desk: &Desk<'_>, args: ExportArgs) -> Ended {
    let client = desk.client()?;
    let mut stream = client.get(&["grants", args.id.as_str(), "evidence"]).stream().await?;
    if args.output == Path::new("-") {
        while let Some(bytes) = stream.chunk().await? {
            write_out(&bytes)?;
        }
        return Ok(Exit::Ok);
    }
    let (mut file, mut written) = (Replacement::begin(&args.output, Readers::Owner)?, 0);
    while let Some(bytes) = stream.chunk().await? {
        file.append(&bytes)?;
        written += bytes.len();
    }
    file.finish()?;
    let path = args.output.display();
    match desk.out.json {
        true => desk.out.line(&json!({"grant": args.id, "file": args.output, "bytes": written}).to_string())?,
        false => desk
            .out
            .line(&format!("wrote `{path}`, {written} bytes: verify it with `tenure evidence verify {path}`"))?,
    }
    Ok(Exit::Ok)
}

fn verify(desk: &Desk<'_>, args: &VerifyArgs) -> Ended {
    let bytes = std::fs::read(&args.file).map_err(|error| Failed::file("read", &args.file, &error))?;
    let verdict = verify_bundle(&bytes).and_then(|shown| expected_key(shown, args.key.as_ref()));
    match (verdict, desk.out.json) {
        (Ok(shown), true) => {
            let mut value = serde_json::to_value(&shown).expect("what was shown is plain data");
            value["whole"] = json!(true);
            value["key_is"] = json!(trust(args, &shown));
            desk.out.line(&value.to_string())?;
        }
        (Ok(shown), false) => desk.out.line(&told(&shown, trust(args, &shown)))?,
        (Err(problem), true) => {
            desk.out.line(&json!({"whole": false, "problem": problem}).to_string())?;
            return Ok(Exit::No);
        }
        (Err(problem), false) => {
            return Err(Failed::new(Exit::No, format!("`{}` proves nothing: {problem}", args.file.display())));
        }
    }
    Ok(Exit::Ok)
}

fn expected_key(shown: Shown, expected: Option<&VerifyingKey>) -> Result<Shown, String> {
    match expected.map(ToString::to_string) {
        Some(expected) if expected != shown.key => Err(format!("it is signed by `{}`, not by `{expected}`", shown.key)),
        _ => Ok(shown),
    }
}

/// Why the key that signed a bundle is believed, if it is. Any key makes a bundle that is whole in itself.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Trust {
    Given,
    /// A server's log was verified by it before, by this user.
    Remembered,
    Unknown,
}

fn trust(args: &VerifyArgs, shown: &Shown) -> Trust {
    match args.key {
        Some(_) => Trust::Given,
        None if remembered::knows(&shown.key) => Trust::Remembered,
        None => Trust::Unknown,
    }
}

fn told(shown: &Shown, trust: Trust) -> String {
    let Shown { grant, key, log_size, entries, recordings, timeline, .. } = shown;
    let (key, mut text) = (plain(key), String::new());
    if matches!(trust, Trust::Unknown) {
        text.push_str(&format!(
            "key UNKNOWN: compare `{key}` with the one you know, or give that with --key: \
             without it anybody could have made this bundle\n\n"
        ));
    }
    text.push_str(&format!("the evidence of {} is whole\n\nkey         {key}\n", plain(grant)));
    if matches!(trust, Trust::Remembered) {
        text.push_str("            it is that of a server which you verified before\n");
    }
    text.push_str(&format!("log         {log_size} entries\nentries     {entries}\nrecordings  {recordings}\n"));
    for (at, kind, actor) in timeline {
        text.push_str(&format!("\n{at}  {}  {}", plain(kind), plain(actor)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_bundle_signed_by_another_key_than_the_known_one_is_refused() {
        let key = |seed| ledger::SigningKey::from_seed("log", &types::Secret::new([seed; 32])).verifying_key();
        let shown = || Shown {
            grant: "grt_1".into(),
            key: key(1).to_string(),
            log_size: 9,
            entries: 1,
            recordings: 0,
            timeline: vec![("2026-11-21".parse().unwrap(), "grant.issued".into(), "idn_\u{1b}[2J".into())],
            facts: Vec::new(),
            attached: BTreeSet::new(),
        };
        assert!(expected_key(shown(), Some(&key(1))).is_ok());
        assert!(expected_key(shown(), Some(&key(2))).unwrap_err().contains("not by"));
        let shown = expected_key(shown(), None).unwrap();
        assert!(told(&shown, Trust::Unknown).starts_with("key UNKNOWN: compare `log+"));
        for trust in [Trust::Given, Trust::Remembered] {
            assert!(told(&shown, trust).starts_with("the evidence of grt_1 is whole"), "{trust:?}");
        }
        assert!(told(&shown, Trust::Given).ends_with("2026-11-21T00:00:00.000000Z  grant.issued  idn_\\u{1b}[2J"));
    }
}
