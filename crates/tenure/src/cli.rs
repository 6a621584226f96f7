//! The command line: what can be typed. What each command does stands in `commands`, one file for each noun.

use crate::client::ServerArgs;
use crate::commands;
use clap::{Args, Parser, Subcommand};
use seal::SealKind;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Every privilege has a term: asked for with a reason, granted for a time, used under watch, and proven gone
#[derive(Debug, Parser)]
#[command(
    name = "tenure",
    version,
    after_help = "\
Examples:
  tenure demo                                               a company and a host to try it on
  tenure request root@web-1 --for 10m --reason 'disk is full'  ask for access
  tenure requests --to-decide                               what waits for you
  tenure verify                                             is every promise kept?

Exit codes: 0 yes, 1 the answer is no, 2 usage, 3 not signed in or forbidden, 4 not found,
5 refused by the server (conflict or invalid), 6 server unreachable or unavailable"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) server: ServerArgs,

    /// Print exactly the JSON of the server
    #[arg(long, global = true, help_heading = "Server")]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a demonstration: a small company and a host to log in to, on this machine alone
    #[command(after_help = "Examples:\n  tenure demo\n  tenure demo --data-dir /tmp/demo --no-browser")]
    Demo(DemoArgs),
    /// Make a first configuration and its data folder
    #[command(after_help = "\
Examples:
  tenure init --hr people.csv --admin ada@example.com
  tenure init --seal shamir --shares 5 --threshold 3
  tenure init --seal transit --set seal.transit.address=https://vault:8200 --set seal.transit.token_file=/etc/tenure/token
  tenure init --seal pkcs11 --set seal.pkcs11.module=/usr/lib/hsm.so --set seal.pkcs11.token=tenure --set seal.pkcs11.pin_file=/etc/tenure/pin")]
    Init(InitArgs),
    /// Run the server
    ///
    /// It leaves no core dump, and no other process of its user reads its memory; freed memory is wiped. A passphrase
    /// comes best by `seal.passphrase_file`, which systemd provides with `LoadCredentialEncrypted`.
    #[command(after_help = "Examples:\n  tenure serve --config tenure.toml")]
    Serve(ServeArgs),
    #[command(flatten)]
    Client(commands::Command),
    /// Print completions for a shell
    #[command(after_help = "Examples:\n  tenure completions bash > ~/.local/share/bash-completion/completions/tenure")]
    Completions { shell: clap_complete::Shell },
    /// Do one order at a PKCS#11 token, for the server itself
    #[command(hide = true, name = seal::pkcs11::COMMAND)]
    Pkcs11Child,
    /// Print the generated part of the documentation
    #[command(hide = true, subcommand)]
    Docs(Docs),
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "tenure.toml", env = "TENURE_CONFIG")]
    pub(crate) config: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where to write the configuration
    #[arg(long, value_name = "FILE", default_value = "tenure.toml")]
    pub(crate) config: PathBuf,
    /// Where the server keeps its data
    #[arg(long, value_name = "DIR", default_value = "./tenure-data")]
    pub(crate) data_dir: PathBuf,
    /// HR feed to begin with
    #[arg(long, value_name = "FILE")]
    pub(crate) hr: Option<PathBuf>,
    /// Mail address of the first administrator, who must be in the HR feed
    #[arg(long, value_name = "MAIL", requires = "hr")]
    pub(crate) admin: Option<String>,
    /// What opens the seal of the new database: `file`, `passphrase`, `shamir`, `transit` or `pkcs11`
    #[arg(long, value_name = "KIND", default_value = "file")]
    pub(crate) seal: SealKind,
    #[command(flatten)]
    pub(crate) sharing: SharingArgs,
    /// A setting for the new configuration; can be given several times
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) settings: Vec<String>,
}

/// Into how many shares an unseal key is dealt.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct SharingArgs {
    /// With `shamir`: how many shares there are
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) shares: u8,
    /// With `shamir`: how many of them open the seal
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) threshold: u8,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where the demonstration keeps its data
    #[arg(long, value_name = "DIR", default_value = "./tenure-data/demo")]
    pub(crate) data_dir: PathBuf,
    /// Address of the console and the API
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    pub(crate) https: SocketAddr,
    /// Address of the SSH gateway
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2222")]
    pub(crate) ssh: SocketAddr,
    /// Do not open the console in a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
}

/// The generated documents.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Docs {
    /// The reference part of docs/cli.md
    Cli,
    /// docs/config.md
    Config,
    /// docs/events.md
    Events,
    /// docs/openapi.json
    Openapi,
    /// crates/tenure/tests/permissions/matrix.txt
    Permissions,
}
