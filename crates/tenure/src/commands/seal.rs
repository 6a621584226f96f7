//! The seal: its state, opening and closing it, and its keys.

use super::{Desk, ReasonArgs};
use crate::cli::SharingArgs;
use crate::client::{Answer, Client};
use crate::config::Config;
use crate::exit::{Ended, Exit, Failed};
use crate::output::fill;
use crate::server::LOCAL_FILE;
use crate::write::read_if_there;
use crate::{here, seal_here};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use seal::SealKind;
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

const POLL: Duration = Duration::from_millis(300);
const STATUS: &[&str] = &["api", "v1", "seal"];
const UNSEAL: &[&str] = &["api", "v1", "seal", "unseal"];

#[derive(Debug, Subcommand)]
pub(crate) enum SealCommand {
    /// Show whether the server is sealed, what opens it, and how far its keys are
    #[command(after_help = "Examples:\n  tenure seal status\n  tenure seal status --json")]
    Status,
    /// Open the seal: by your share of the unseal key, or on the server's machine
    #[command(
        after_help = "Examples:\n  tenure seal unseal                              asks for a share\n  tenure seal unseal < share.txt\n  tenure seal unseal --local --config tenure.toml   a seal without shares"
    )]
    Unseal(UnsealArgs),
    /// Close the seal at once: live sessions end, and the server forgets every key
    #[command(after_help = "Examples:\n  tenure seal seal --reason 'intruder on the network'")]
    Seal(ReasonArgs),
    /// Start a new data key and follow sealing every secret again under it
    #[command(after_help = "Examples:\n  tenure seal rekey\n  tenure seal rekey --no-wait")]
    Rekey(RekeyArgs),
    /// Make a new root key under the same unseal key
    #[command(after_help = "Examples:\n  tenure seal rotate-root")]
    RotateRoot,
    /// Wait no more for a node that is gone for good before older data keys are destroyed
    #[command(after_help = "Examples:\n  tenure seal forget-node node-2 --reason 'its machine was scrapped'")]
    ForgetNode(ForgetArgs),
    /// On the server's machine: seal by new shares, a new passphrase, or another kind
    #[command(
        after_help = "Examples:\n  tenure seal migrate --to shamir --shares 5 --threshold 3\n  tenure seal migrate --to passphrase"
    )]
    Migrate(MigrateArgs),
    /// On the server's machine: accept a database that is older than its witness
    #[command(
        after_help = "Examples:\n  tenure seal accept-rollback --reason 'disk of Monday lost, restored from Sunday'"
    )]
    AcceptRollback(AcceptArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// The server's configuration
    #[arg(long, value_name = "FILE", default_value = "tenure.toml", env = "TENURE_CONFIG")]
    config: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct UnsealArgs {
    /// Prove that this is the server's machine, for a seal without shares
    #[arg(long)]
    local: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RekeyArgs {
    /// Do not wait until everything is sealed again
    #[arg(long)]
    no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ForgetArgs {
    /// The `node.name` that it had
    node: String,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// What opens the seal from then on: `file`, `passphrase`, `shamir`, `transit` or `pkcs11`
    #[arg(long, value_name = "KIND")]
    to: SealKind,
    #[command(flatten)]
    sharing: SharingArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AcceptArgs {
    #[command(flatten)]
    reason: ReasonArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: SealCommand) -> Ended {
    match command {
        SealCommand::Status => {
            let answer = desk.client()?.public(STATUS).send().await?;
            shown(desk, &answer)
        }
        SealCommand::Unseal(args) => unseal(desk, args).await,
        SealCommand::Seal(args) => {
            desk.client()?.post(&["seal", "seal"], &json!({"reason": args.reason})).send().await?;
            desk.out.note("the seal is closed: nothing leaves the server until it is unsealed");
            Ok(Exit::Ok)
        }
        SealCommand::Rekey(args) => rekey(desk, args).await,
        SealCommand::RotateRoot => {
            let answer = desk.client()?.post(&["seal", "rotate-root"], &json!({})).send().await?;
            desk.out.show(&answer, |done| fill("the root key is now of generation {generation}", done))?;
            Ok(Exit::Ok)
        }
        SealCommand::ForgetNode(args) => {
            let body = json!({"node": args.node, "reason": args.reason.reason});
            desk.client()?.post(&["seal", "forget-node"], &body).send().await?;
            desk.out.note(&format!("`{}` is waited for no more", args.node));
            Ok(Exit::Ok)
        }
        SealCommand::Migrate(args) => here(seal_here::migrate(&args.config.config, args.to, args.sharing).await),
        SealCommand::AcceptRollback(args) => {
            here(seal_here::accept_rollback(&args.config.config, &args.reason.reason).await)
        }
    }
}

async fn unseal(desk: &Desk<'_>, args: UnsealArgs) -> Ended {
    let client = desk.client()?;
    if args.local {
        let config = Config::load(&args.config.config).map_err(|error| Failed::of_this_process(&error))?;
        let file = config.data_dir.join(LOCAL_FILE);
        let missing = || {
            Failed::new(
                Exit::No,
                format!("`{}` is missing: the server is not sealed, or is sealed by shares", file.display()),
            )
        };
        let proof = read_if_there(&file)?.ok_or_else(missing)?;
        return shown(desk, &give(&client, json!({"local": String::from_utf8_lossy(&proof)})).await?);
    }
    loop {
        let status = client.public(STATUS).send().await?.value()?;
        if status["sealed"] == false {
            return shown(desk, &client.public(STATUS).send().await?);
        }
        let prompt = format!("Share ({} of {} given)", status["progress"], status["threshold"]);
        let share = seal_here::line(&prompt).map_err(|error| Failed::of_this_process(&error))?;
        let answer = give(&client, json!({"share": share.expose().trim(), "nonce": status["nonce"]})).await?;
        let opened = answer.value()?["sealed"] == false;
        // One person has one share; whoever pipes several means all of them.
        if opened || std::io::stdin().is_terminal() || nothing_left() {
            return shown(desk, &answer);
        }
    }
}

fn nothing_left() -> bool {
    use std::io::BufRead;
    std::io::stdin().lock().fill_buf().is_ok_and(<[u8]>::is_empty)
}

async fn give(client: &Client, body: Value) -> Result<Answer, Failed> {
    client.public_post(UNSEAL, &body).patience(Duration::from_secs(60)).send().await
}

async fn rekey(desk: &Desk<'_>, args: RekeyArgs) -> Ended {
    let client = desk.client()?;
    let started = client.post(&["seal", "rekey"], &json!({})).send().await?;
    let version = started.value()?["version"].clone();
    if !args.no_wait {
        let bar = ProgressBar::new(0);
        bar.set_style(
            ProgressStyle::with_template("{bar:40} {pos} of {len} secrets")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        loop {
            let status = client.public(STATUS).send().await?.value()?;
            let resealing = &status["resealing"];
            if resealing["data_key"] == version {
                bar.set_length(resealing["total"].as_u64().unwrap_or_default());
                bar.set_position(resealing["done"].as_u64().unwrap_or_default());
                if resealing["finished"] == true {
                    break;
                }
            }
            tokio::time::sleep(POLL).await;
        }
        bar.finish_and_clear();
    }
    desk.out.show(&started, |done| {
        let follows = if args.no_wait { "is being" } else { "is" };
        format!("{}: everything {follows} sealed again under it", fill("data key {version}", done))
    })?;
    Ok(Exit::Ok)
}

fn shown(desk: &Desk<'_>, answer: &Answer) -> Ended {
    desk.out.show(answer, told)?;
    Ok(if answer.value()?["sealed"] == true { Exit::No } else { Exit::Ok })
}

fn told(status: &Value) -> String {
    let mut lines = Vec::new();
    if status["sealed"] == true {
        lines.push(fill("sealed ({kind}): {because}", status));
        if !status["threshold"].is_null() {
            lines.push(fill("{progress} of {threshold} shares given; there are {shares}", status));
        }
        return lines.join("\n");
    }
    lines.push(fill("open ({kind}): root key {root_generation}, data key {data_key}", status));
    let resealing = &status["resealing"];
    if resealing["finished"] == false {
        lines.push(fill("sealing again: {done} of {total} secrets", resealing));
    } else if resealing["older_keys"] == true {
        lines
            .push("older data keys still exist: they are destroyed when nothing can be under them any more".to_owned());
    }
    lines.join("\n")
}
