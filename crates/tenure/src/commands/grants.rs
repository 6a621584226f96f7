//! Grants: list, show, withdraw, and the story of one.

use super::{Desk, PageArgs, ReasonArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields, fill, items};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use types::GrantId;

pub(super) const EXAMPLES: &str = "\
Examples:
  tenure grants
  tenure grants --all --target web-1
  tenure grants show grt_0198…";

pub(super) const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("HOLDER", "{holder}"),
    ("ACCESS", "{login}@{target}"),
    ("CHANNELS", "{channels}"),
    ("UNTIL", "{until}"),
    ("STATE", "{state}"),
    ("LIVE", "{live_sessions}"),
];

const FIELDS: &[Column] = &[
    ("grant", "{id}"),
    ("state", "{state}"),
    ("holder", "{holder}"),
    ("access", "{login}@{target}"),
    ("channels", "{channels}"),
    ("from", "{from}"),
    ("until", "{until}"),
    ("sessions", "{live_sessions} live, {max_sessions} at most"),
    ("because", "{because}"),
    ("issued", "{issued_at}"),
    ("ended", "{ended.at}"),
    ("cause", "{ended.cause}"),
    ("ended by", "{ended.by}"),
    ("reason", "{ended.reason}"),
    ("gone", "{gone_at}"),
];

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct GrantsArgs {
    #[command(subcommand)]
    command: Option<GrantsCommand>,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Subcommand)]
enum GrantsCommand {
    /// Show one grant
    #[command(after_help = "Examples:\n  tenure grants show grt_0198…")]
    Show {
        /// The grant
        id: GrantId,
    },
}

#[derive(Debug, Args)]
struct ListArgs {
    /// Those that have ended, too
    #[arg(long)]
    all: bool,
    /// Only of this identity
    #[arg(long, value_name = "IDENTITY")]
    holder: Option<types::IdentityId>,
    /// Only on this target
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct WithdrawArgs {
    /// The grant
    id: GrantId,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct StoryArgs {
    /// The grant
    id: GrantId,
}

pub(super) async fn run(desk: &Desk<'_>, args: GrantsArgs) -> Ended {
    let client = desk.client()?;
    if let Some(GrantsCommand::Show { id }) = args.command {
        let answer = client.get(&["grants", id.as_str()]).send().await?;
        desk.out.show(&answer, |grant| fields(grant, FIELDS))?;
        return Ok(Exit::Ok);
    }
    let ListArgs { all, holder, target, page } = args.list;
    let standing = (!all).then_some("true");
    let call = client.get(&["grants"]).maybe("standing", standing.as_ref());
    let call = call.maybe("holder", holder.as_ref()).maybe("target", target.as_ref());
    page.show(desk, call, COLUMNS, "no grants").await
}

pub(super) async fn withdraw(desk: &Desk<'_>, args: WithdrawArgs) -> Ended {
    let client = desk.client()?;
    let path = ["grants", args.id.as_str(), "withdraw"];
    let answer = client.post(&path, &json!({"reason": args.reason.reason})).send().await?;
    desk.out.show(&answer, |grant| fill("withdrawn: {holder} no longer has {login}@{target}", grant))?;
    Ok(Exit::Ok)
}

pub(super) async fn story(desk: &Desk<'_>, args: StoryArgs) -> Ended {
    let client = desk.client()?;
    let answer = client.get(&["grants", args.id.as_str(), "story"]).send().await?;
    desk.out.show(&answer, told)?;
    Ok(Exit::Ok)
}

fn told(story: &Value) -> String {
    let mut text = fill("{grant.id}: {grant.holder} as {grant.login}@{grant.target}, {grant.state}\n", story);
    for chapter in story.get("chapters").map_or(&[][..], items) {
        text.push_str(&fill("\n{title}\n", chapter));
        for line in chapter.get("lines").map_or(&[][..], items) {
            text.push_str(&fill("  {at}  {kind} by {actor}", line));
            for detail in ["personal", "facts"] {
                if line.get(detail).and_then(Value::as_object).is_some_and(|members| !members.is_empty()) {
                    text.push_str(&fill(&format!("\n      {{{detail}}}"), line));
                }
            }
            text.push('\n');
        }
    }
    text + &fill("\nproven by the checkpoint of {checkpoint.size} entries, signed with {checkpoint.key}", story)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_told_chapter_by_chapter() {
        let story = json!({
            "grant": {"id": "grt_1", "holder": {"id": "idn_1", "name": "Alice"}, "login": "root", "target": "web-1",
                "state": "gone"},
            "chapters": [{"title": "Request", "at": "2026-11-21T09:30:00.000000Z", "lines": [
                {"seq": 7, "at": "2026-11-21T09:30:00.000000Z", "kind": "request.submitted",
                    "actor": {"id": "idn_1", "name": "Alice"}, "facts": {"minutes": 10}, "personal": {"reason": "disk"}},
                {"seq": 9, "at": "2026-11-21T09:31:00.000000Z", "kind": "request.approved", "actor": "duty:x", "facts": {}},
            ]}],
            "checkpoint": {"size": 12, "root": "AA==", "key": "log+1+2"},
        });
        let expected = "\
grt_1: Alice as root@web-1, gone

Request
  2026-11-21 09:30:00Z  request.submitted by Alice
      reason=disk
      minutes=10
  2026-11-21 09:31:00Z  request.approved by duty:x

proven by the checkpoint of 12 entries, signed with log+1+2";
        assert_eq!(told(&story), expected);
    }
}
