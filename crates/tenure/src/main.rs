//! The one binary. Parses the command line, runs what was asked, and turns its end into an exit code.

mod asciicast;
mod cli;
mod client;
mod commands;
mod config;
mod demo;
mod exit;
mod init;
mod lines;
mod output;
mod reference;
mod remembered;
mod serve;
mod server;
mod term;
mod terminal;
mod write;

use clap::{CommandFactory, Parser};
use cli::{Cli, Command, Docs};
use exit::{Ended, Exit, Failed};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(exit) => exit.into(),
        Err(failed) => {
            eprintln!("{}", output::error_line(&failed.message));
            failed.exit.into()
        }
    }
}

async fn run(cli: Cli) -> Ended {
    match cli.command {
        Command::Demo(args) => here(demo::run(args).await),
        Command::Init(args) => here(init::run(args).await),
        Command::Serve(args) => here(serve::run(args).await),
        Command::Client(command) => commands::run(command, &cli.server, cli.json).await,
        Command::Completions { shell } => completions(shell),
        Command::Docs(Docs::Cli) => {
            output::write_out(reference::markdown(&Cli::command()).as_bytes()).map(|()| Exit::Ok)
        }
    }
}

/// The end of a command that does its work in this process instead of asking a server.
fn here(ended: anyhow::Result<()>) -> Ended {
    ended.map(|()| Exit::Ok).map_err(|error| Failed::of_this_process(&error))
}

fn completions(shell: clap_complete::Shell) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tenure", &mut script);
    output::write_out(&script).map(|()| Exit::Ok)
}
