//! Sessions: list, show, watch live, replay, end.

use super::{Desk, PageArgs, ReasonArgs};
use crate::asciicast::{self, Line, Pace};
use crate::client::Client;
use crate::exit::{Ended, Exit, Failed};
use crate::lines::{Events, Lines};
use crate::output::{Column, fields, fill, plain, write_out};
use crate::terminal::{Filter, RESTORE};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::time::Duration;
use types::{GrantId, SessionId};

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("HOLDER", "{holder}"),
    ("ACCESS", "{login}@{target}"),
    ("CHANNEL", "{channel}"),
    ("STATE", "{state}"),
    ("STARTED", "{started_at}"),
    ("ENDED", "{ended_at}"),
    ("WHY", "{end_reason}"),
];

const FIELDS: &[Column] = &[
    ("session", "{id}"),
    ("state", "{state}"),
    ("holder", "{holder}"),
    ("access", "{login}@{target}"),
    ("channel", "{channel}"),
    ("command", "{command}"),
    ("grant", "{grant}"),
    ("client", "{client}"),
    ("started", "{started_at}"),
    ("ended", "{ended_at}"),
    ("why", "{end_line}"),
    ("exit status", "{exit_status}"),
    ("bytes", "{bytes_in} in, {bytes_out} out"),
    ("left behind", "{leftover_processes} processes on the target"),
    ("recording", "{recording.sha256}"),
    ("damage", "{recording.damage}"),
    ("certificate", "serial {credential.serial}, expires {credential.expires_at}"),
    ("vaulted", "version {vaulted.version} of {vaulted.account}"),
    ("seen gone", "{credential.observed_gone_at}"),
];

const SETTLES: u32 = 20;
const SETTLING: Duration = Duration::from_millis(200);

#[derive(Debug, Subcommand)]
pub(crate) enum Sessions {
    /// List sessions, the newest first
    #[command(after_help = "Examples:\n  tenure sessions list --live\n  tenure sessions list --grant grt_0198…")]
    List(ListArgs),
    /// Show one session
    #[command(after_help = "Examples:\n  tenure sessions show ses_0198…")]
    Show(SessionArgs),
    /// Watch a live session as it happens
    #[command(after_help = "Examples:\n  tenure sessions watch ses_0198…")]
    Watch(SessionArgs),
    /// Play a session's recording in this terminal; with --json, print the asciicast
    #[command(after_help = "\
Examples:
  tenure sessions replay ses_0198… --speed 4 --idle-limit 2
  tenure sessions replay ses_0198… --json > session.cast")]
    Replay(ReplayArgs),
    /// End a live session at once
    #[command(after_help = "Examples:\n  tenure sessions kill ses_0198… --reason 'not what was asked for'")]
    Kill(KillArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those that are live
    #[arg(long)]
    live: bool,
    /// Only those of this grant
    #[arg(long, value_name = "GRANT")]
    grant: Option<GrantId>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SessionArgs {
    /// The session
    id: SessionId,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// The session
    id: SessionId,
    /// Play this many times as fast
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = positive)]
    speed: f64,
    /// Cut every pause to this many seconds
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    idle_limit: Option<f64>,
}

#[derive(Debug, Args)]
pub(crate) struct KillArgs {
    /// The session
    id: SessionId,
    #[command(flatten)]
    reason: ReasonArgs,
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| *number >= 0.01 && *number <= 1e6);
    number.ok_or_else(|| "give a number above 0, such as 2 or 0.5".into())
}

pub(super) async fn run(desk: &Desk<'_>, command: Sessions) -> Ended {
    match command {
        Sessions::List(args) => list(desk, args).await,
        Sessions::Show(args) => show(desk, args).await,
        Sessions::Watch(args) => until_interrupted(watch(desk, &args)).await,
        Sessions::Replay(args) if desk.out.json => asciicast_of(desk, &args).await,
        Sessions::Replay(args) => until_interrupted(replay(desk, &args)).await,
        Sessions::Kill(args) => kill(desk, args).await,
    }
}

async fn list(desk: &Desk<'_>, args: ListArgs) -> Ended {
    let client = desk.client()?;
    let live = args.live.then_some("true");
    let call = client.get(&["sessions"]).maybe("live", live.as_ref()).maybe("grant", args.grant.as_ref());
    args.page.show(desk, call, COLUMNS, "no sessions").await
}

async fn show(desk: &Desk<'_>, args: SessionArgs) -> Ended {
    let answer = desk.client()?.get(&["sessions", args.id.as_str()]).send().await?;
    desk.out.show(&answer, |session| fields(session, FIELDS))?;
    Ok(Exit::Ok)
}

async fn kill(desk: &Desk<'_>, args: KillArgs) -> Ended {
    let client = desk.client()?;
    let path = ["sessions", args.id.as_str(), "kill"];
    client.post(&path, &json!({"reason": args.reason.reason})).send().await?;
    if !desk.out.json {
        desk.out.line(&format!("ordered: {} ends now", args.id))?;
    }
    Ok(Exit::Ok)
}

/// The terminal is given back as it was, also when the watcher has seen enough.
async fn until_interrupted(playing: impl Future<Output = Ended>) -> Ended {
    let ended = tokio::select! {
        ended = playing => ended,
        _ = tokio::signal::ctrl_c() => Ok(Exit::Ok),
    };
    if std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        write_out(RESTORE.as_bytes())?;
    }
    ended
}

async fn watch(desk: &Desk<'_>, args: &SessionArgs) -> Ended {
    let client = desk.client()?;
    let mut stream = client.get(&["sessions", args.id.as_str(), "live"]).stream().await?;
    let (mut lines, mut events, mut screen) = (Lines::default(), Events::default(), Screen::default());
    while let Some(bytes) = stream.chunk().await? {
        for data in lines.take(&bytes).map_err(unreadable)?.iter().filter_map(|line| events.take(line)) {
            match desk.out.json {
                true => desk.out.line(&data)?,
                false => screen.show(&asciicast::parse(&data).map_err(unreadable)?)?,
            }
        }
    }
    tell_end(desk, &client, &args.id).await
}

/// The last line is seen a moment before the session's end is written.
async fn tell_end(desk: &Desk<'_>, client: &Client, id: &SessionId) -> Ended {
    for _ in 0..SETTLES {
        let session = client.get(&["sessions", id.as_str()]).send().await?.value()?;
        if session.get("state").and_then(Value::as_str) != Some("live") {
            desk.out.note(&fill("\n{id} is {state}: {end_line}", &session));
            return Ok(Exit::Ok);
        }
        tokio::time::sleep(SETTLING).await;
    }
    desk.out.note(&format!("\n{id} is still live, but nothing more is to be seen of it"));
    Ok(Exit::Ok)
}

async fn replay(desk: &Desk<'_>, args: &ReplayArgs) -> Ended {
    let client = desk.client()?;
    let mut stream = client.get(&["sessions", args.id.as_str(), "recording"]).stream().await?;
    let (mut lines, mut screen) = (Lines::default(), Screen::default());
    let mut pace = Pace::new(args.speed, args.idle_limit);
    while let Some(bytes) = stream.chunk().await? {
        for line in lines.take(&bytes).map_err(unreadable)? {
            let line = asciicast::parse(&line).map_err(unreadable)?;
            if let Line::Output { at, .. } | Line::Marker { at, .. } = line {
                tokio::time::sleep(pace.wait(at)).await;
            }
            screen.show(&line)?;
        }
    }
    Ok(Exit::Ok)
}

async fn asciicast_of(desk: &Desk<'_>, args: &ReplayArgs) -> Ended {
    let client = desk.client()?;
    let mut stream = client.get(&["sessions", args.id.as_str(), "recording"]).stream().await?;
    while let Some(bytes) = stream.chunk().await? {
        write_out(&bytes)?;
    }
    Ok(Exit::Ok)
}

fn unreadable(problem: String) -> Failed {
    Failed::new(Exit::No, problem)
}

/// Where a recording is shown.
#[derive(Default)]
struct Screen {
    filter: Filter,
    mid_line: bool,
}

impl Screen {
    fn show(&mut self, line: &Line) -> Result<(), Failed> {
        let shown = match line {
            Line::Output { text, .. } => self.filter.pass(text),
            Line::Marker { text, .. } => {
                format!("{}[{}]\r\n", if self.mid_line { "\r\n" } else { "" }, plain(text))
            }
            Line::Other => return Ok(()),
        };
        self.mid_line = !shown.is_empty() && !shown.ends_with('\n');
        write_out(shown.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_positive_number() {
        assert_eq!(positive("0.5").unwrap(), 0.5);
        for text in ["0", "-1", "fast", "inf", "NaN", ""] {
            assert!(positive(text).is_err(), "{text}");
        }
    }
}
