//! The one binary, as a library, so that tests can run a server of their own. Parses the command line, runs what was
//! asked, and turns its end into an exit code.

mod asciicast;
mod cli;
mod client;
mod commands;
pub mod config;
mod demo;
mod events;
mod exit;
pub mod init;
mod lines;
mod output;
mod prompt;
mod reference;
mod remembered;
mod seal_here;
mod serve;
pub mod server;
mod term;
mod terminal;
#[cfg(test)]
mod told;
mod undumped;
mod write;

use clap::{CommandFactory, Parser};
use cli::{Cli, Command, Docs};
use exit::{Ended, Exit, Failed};
use std::process::ExitCode;

/// Everything that `main` does.
#[tokio::main]
pub async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(exit) => exit.into(),
        Err(failed) => {
            eprintln!("{}", output::error_line(&failed.message));
            failed.exit.into()
        }
    }
}

async fn run(cli: Cli) -> Ended {
    undumped::keep().map_err(|error| {
        Failed::new(Exit::No, format!("cannot forbid core dumps, which would hold secrets: {error}"))
    })?;
    match cli.command {
        Command::Demo(args) => here(demo::run(args).await),
        Command::Init(args) => here(init::run(args).await),
        Command::Serve(args) => here(serve::run(args).await),
        Command::Client(command) => commands::run(command, &cli.server, cli.json).await,
        Command::Completions { shell } => completions(shell),
        Command::Pkcs11Child => here(pkcs11_child()),
        Command::Docs(docs) => output::write_out(document(docs).as_bytes()).map(|()| Exit::Ok),
    }
}

/// The generated documents of `docs/`.
fn document(docs: Docs) -> String {
    match docs {
        Docs::Cli => reference::markdown(&Cli::command()),
        Docs::Config => config::document(),
        Docs::Events => events::document(),
        Docs::Openapi => api::openapi(),
        Docs::Permissions => api::permissions::matrix(),
    }
}

/// The end of a command that does its work in this process instead of asking a server.
fn here(ended: anyhow::Result<()>) -> Ended {
    ended.map(|()| Exit::Ok).map_err(|error| Failed::of_this_process(&error))
}

fn pkcs11_child() -> anyhow::Result<()> {
    Ok(seal::pkcs11::serve_child(std::io::stdin().lock(), std::io::stdout().lock())?)
}

fn completions(shell: clap_complete::Shell) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tenure", &mut script);
    output::write_out(&script).map(|()| Exit::Ok)
}
