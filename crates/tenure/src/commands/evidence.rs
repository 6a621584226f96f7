//! Evidence: export the bundle of a grant, and verify one offline.

use super::Desk;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{plain, write_out};
use crate::write::Replacement;
use clap::{Args, Subcommand};
use ledger::VerifyingKey;
use ledger::verify::{Shown, bundle};
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

Exits 0 when the bundle is whole, 1 when it is not.")]
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
    let (mut file, mut written) = (Replacement::begin(&args.output)?, 0);
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
    let verdict = bundle(&bytes).and_then(|shown| expected_key(shown, args.key.as_ref()));
    match (verdict, desk.out.json) {
        (Ok(shown), true) => {
            let mut value = serde_json::to_value(&shown).expect("what was shown is plain data");
            value["whole"] = json!(true);
            desk.out.line(&value.to_string())?;
        }
        (Ok(shown), false) => desk.out.line(&told(&shown, args.key.is_some()))?,
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

fn told(shown: &Shown, key_was_given: bool) -> String {
    let Shown { grant, key, log_size, entries, recordings, timeline } = shown;
    let mut text = format!("the evidence of {} is whole\n\n", plain(grant));
    text.push_str(&format!("key         {}\n", plain(key)));
    if !key_was_given {
        text.push_str("            compare it with the one you know, or give that with --key\n");
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
        };
        assert!(expected_key(shown(), Some(&key(1))).is_ok());
        assert!(expected_key(shown(), Some(&key(2))).unwrap_err().contains("not by"));
        let shown = expected_key(shown(), None).unwrap();
        assert!(told(&shown, false).contains("compare it") && !told(&shown, true).contains("compare it"));
        assert!(told(&shown, true).ends_with("2026-11-21T00:00:00.000000Z  grant.issued  idn_\\u{1b}[2J"));
    }
}
