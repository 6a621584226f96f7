//! My registered SSH keys.

use super::{Desk, PageArgs, login};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fill};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use types::SshKeyId;

const COLUMNS: &[Column] =
    &[("ID", "{id}"), ("NAME", "{name}"), ("FINGERPRINT", "{fingerprint}"), ("REGISTERED", "{registered_at}")];

#[derive(Debug, Subcommand)]
pub(crate) enum SshKeys {
    /// List your keys
    #[command(after_help = "Examples:\n  tenure ssh-keys list")]
    List(PageArgs),
    /// Register a public key
    #[command(after_help = "Examples:\n  tenure ssh-keys add ~/.ssh/id_ed25519.pub --name laptop")]
    Add(AddArgs),
    /// Remove a key: it opens nothing any more
    #[command(after_help = "Examples:\n  tenure ssh-keys remove key_0198…")]
    Remove {
        /// The key
        id: SshKeyId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The public key
    file: PathBuf,
    /// What to call it; the name of the file unless given
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

pub(super) async fn run(desk: &Desk<'_>, command: SshKeys) -> Ended {
    let client = desk.client()?;
    match command {
        SshKeys::List(page) => return page.show(desk, client.get(&["me", "ssh-keys"]), COLUMNS, "no keys").await,
        SshKeys::Add(args) => {
            let of_file = || args.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let name = args.name.clone().unwrap_or_else(of_file);
            let body = json!({"name": name, "public_key": login::public_key(&args.file)?});
            let answer = client.create(&["me", "ssh-keys"], &body).send().await?;
            desk.out.show(&answer, |key| fill("registered {name}: {id} {fingerprint}", key))?;
        }
        SshKeys::Remove { id } => {
            let answer = client.delete(&["me", "ssh-keys", id.as_str()]).send().await?;
            desk.out.show(&answer, |_| format!("removed {id}"))?;
        }
    }
    Ok(Exit::Ok)
}
