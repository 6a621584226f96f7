//! Configuration as code: a folder of YAML files planned and applied, what is declared written out, and what differs.

use super::{Desk, simulations};
use crate::exit::{Ended, Exit, Failed};
use crate::output::fill;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// For a plan over many objects, and over everybody.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes of one call, as the server takes them.
const LARGEST: usize = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct FolderArgs {
    /// The folder with the files, `*.yaml` and `*.yml`
    folder: PathBuf,
    /// Remove what no file names
    #[arg(long)]
    prune: bool,
    /// Why something is to let more through than before
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The folder to write to; it is made when it is not there
    folder: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Configuration {
    /// Show what was declared otherwise since files were applied last
    #[command(after_help = "Examples:\n  tenure configuration drift\n\nExits 1 when something was.")]
    Drift,
    /// Print the JSON Schema of a kind of documents
    #[command(after_help = "Examples:\n  tenure configuration schema Role")]
    Schema {
        /// Such as `Role` or `Source`
        kind: String,
    },
}

pub(super) const PLAN_EXAMPLES: &str =
    "Examples:\n  tenure plan config/\n  tenure plan config/ --prune\n\nExits 1 when something would change.";
pub(super) const APPLY_EXAMPLES: &str = "Examples:\n  tenure apply config/";
pub(super) const EXPORT_EXAMPLES: &str = "Examples:\n  tenure export config/";

/// What the files of a folder would change.
pub(super) async fn plan(desk: &Desk<'_>, args: &FolderArgs) -> Ended {
    let planned = planned(desk, args).await?;
    let text = if desk.out.json { planned.to_string() } else { told(&planned) };
    desk.out.line(&text)?;
    sound(&planned)?;
    Ok(if list(&planned, "changes").is_empty() { Exit::Ok } else { Exit::No })
}

/// Plans, and applies what was planned.
pub(super) async fn apply(desk: &Desk<'_>, args: &FolderArgs) -> Ended {
    let planned = planned(desk, args).await?;
    if let Err(refused) = sound(&planned) {
        desk.out.line(&told(&planned))?;
        return Err(refused);
    }
    let order = json!({
        "files": files(&args.folder)?, "prune": args.prune, "reason": args.reason, "state": planned["state"],
        "simulation": planned["simulation"]["id"],
    });
    let answer = desk.client()?.post(&["configuration", "apply"], &order).patience(PATIENCE).send().await?;
    desk.out.show(&answer, applied)?;
    Ok(Exit::Ok)
}

pub(super) fn applied(answer: &Value) -> String {
    match list(answer, "changes") {
        [] => "nothing to change".to_owned(),
        changes => {
            changes.iter().map(|change| fill("applied: {act} {kind} {name}", change)).collect::<Vec<_>>().join("\n")
        }
    }
}

/// Writes everything that is declared into a folder.
pub(super) async fn export(desk: &Desk<'_>, args: &ExportArgs) -> Ended {
    let answer = desk.client()?.get(&["configuration", "export"]).patience(PATIENCE).send().await?.value()?;
    let failed = |path: &Path, error: &std::io::Error| Failed::file("write", path, error);
    std::fs::create_dir_all(&args.folder).map_err(|error| failed(&args.folder, &error))?;
    for file in list(&answer, "files") {
        let (name, text) = (file["name"].as_str().unwrap_or_default(), file["text"].as_str().unwrap_or_default());
        let is_plain = Path::new(name).file_name().is_some_and(|plain| plain == name);
        if !is_plain {
            return Err(Failed::new(
                Exit::Unavailable,
                "the server named a file that is none: does the URL lead to Tenure?",
            ));
        }
        let path = args.folder.join(name);
        std::fs::write(&path, text).map_err(|error| failed(&path, &error))?;
        desk.out.line(&format!("wrote {}", path.display()))?;
    }
    Ok(Exit::Ok)
}

pub(super) async fn run(desk: &Desk<'_>, command: Configuration) -> Ended {
    match command {
        Configuration::Drift => {
            let answer = desk.client()?.get(&["configuration", "drift"]).patience(PATIENCE).send().await?;
            desk.out.show(&answer, |drift| match (drift["applied_at"].as_str(), list(drift, "changes")) {
                (None, _) => "no files were applied yet".to_owned(),
                (Some(at), []) => format!("nothing differs from what was applied at {at}"),
                (Some(at), changes) => format!("declared otherwise since {at}:\n{}", shown(changes)),
            })?;
            Ok(if list(&answer.value()?, "changes").is_empty() { Exit::Ok } else { Exit::No })
        }
        Configuration::Schema { kind } => {
            let schema = desk.client()?.get(&["configuration", "schemas", &kind]).send().await?.value()?;
            desk.out.line(&format!("{schema:#}"))?;
            Ok(Exit::Ok)
        }
    }
}

async fn planned(desk: &Desk<'_>, args: &FolderArgs) -> Result<Value, Failed> {
    let given = json!({"files": files(&args.folder)?, "prune": args.prune, "reason": args.reason});
    desk.client()?.post(&["configuration", "plan"], &given).patience(PATIENCE).send().await?.value()
}

pub(super) fn sound(planned: &Value) -> Result<(), Failed> {
    match list(planned, "faults").len() {
        0 => Ok(()),
        1 => Err(Failed::new(Exit::Refused, "the files have a fault: nothing was changed")),
        faults => Err(Failed::new(Exit::Refused, format!("the files have {faults} faults: nothing was changed"))),
    }
}

/// The files of a folder by name, or the one file, as the server takes them.
pub(super) fn files(folder: &Path) -> Result<Vec<Value>, Failed> {
    let failed = |path: &Path, error: &std::io::Error| Failed::file("read", path, error);
    let mut paths = Vec::new();
    if folder.is_file() {
        paths.push(folder.to_owned());
    } else {
        for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
            paths.push(entry.map_err(|error| failed(folder, &error))?.path());
        }
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
        paths.sort();
    }
    let (mut files, mut bytes) = (Vec::new(), 0);
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
        bytes += text.len();
        if bytes > LARGEST {
            return Err(Failed::usage(format!("the files of `{}` are larger than 1 MiB together", folder.display())));
        }
        files.push(json!({"name": path.file_name().unwrap_or_default().to_string_lossy(), "text": text}));
    }
    if files.is_empty() {
        return Err(Failed::usage(format!("there is no `*.yaml` in `{}`", folder.display())));
    }
    Ok(files)
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn told(planned: &Value) -> String {
    let faults = list(planned, "faults");
    if !faults.is_empty() {
        return faults.iter().map(fault).collect::<Vec<_>>().join("\n");
    }
    match list(planned, "changes") {
        [] => fill("nothing to change: {unchanged} objects are as the files say", planned),
        changes => {
            let effects = planned.get("simulation").filter(|simulation| simulation.is_object()).map(simulations::line);
            let unchanged = fill("{unchanged} objects are as the files say already", planned);
            [Some(shown(changes)), effects, Some(unchanged)].into_iter().flatten().collect::<Vec<_>>().join("\n")
        }
    }
}

fn fault(fault: &Value) -> String {
    match fault["file"].as_str() {
        Some("") | None => fill("{problem}: {remedy}", fault),
        Some(_) => fill("{file}:{line}:{column}: {problem}: {remedy}", fault),
    }
}

/// Each change with the fields that differ.
fn shown(changes: &[Value]) -> String {
    let mut lines = Vec::new();
    for change in changes {
        lines.push(fill("{act} {kind} {name}", change));
        let nothing = serde_json::Map::new();
        let fields = |name: &str| change.get(name).and_then(Value::as_object).unwrap_or(&nothing);
        let (before, after) = (fields("before"), fields("after"));
        let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names.into_iter().filter(|name| before.get(*name) != after.get(*name)) {
            lines.extend(before.get(name).map(|value| format!("  - {name}: {value}")));
            lines.extend(after.get(name).map(|value| format!("  + {name}: {value}")));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_shows_what_differs_and_faults_show_where_they_are() {
        let planned = json!({"faults": [], "unchanged": 3, "changes": [{"act": "change", "kind": "System", "name": "web-1",
            "before": {"owner": "a@x", "logins": ["root"]}, "after": {"owner": "b@x", "logins": ["root"]}}]});
        assert_eq!(
            told(&planned),
            "change System web-1\n  - owner: \"a@x\"\n  + owner: \"b@x\"\n3 objects are as the files say already"
        );
        let faulty = json!({"changes": [], "faults": [{"file": "a.yaml", "line": 3, "column": 5, "problem": "unknown field `x`",
            "remedy": "leave it out"}]});
        assert_eq!(told(&faulty), "a.yaml:3:5: unknown field `x`: leave it out");
        assert!(sound(&faulty).is_err() && sound(&planned).is_ok());
    }
}
