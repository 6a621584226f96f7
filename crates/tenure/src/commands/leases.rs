//! Credentials on demand: make, list, renew, revoke. What proves one goes to standard output alone, once.

mod format;

use super::{Desk, PageArgs, ReasonArgs};
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fields, fill};
use crate::term::Term;
use clap::{Args, Subcommand};
use format::Format;
use serde_json::{Value, json};
use std::time::Duration;
use types::{Access, CredentialId, GrantId, IdentityId};

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("HOLDER", "{holder.name}"),
    ("ACCESS", "{profile}@{service}"),
    ("NAME", "{name}"),
    ("STATE", "{state}"),
    ("ENDS", "{ends_at}"),
    ("WHY", "{cause}"),
    ("SEEN GONE", "{gone_at}"),
];

const FIELDS: &[Column] = &[
    ("lease", "{id}"),
    ("state", "{state}"),
    ("holder", "{holder.name}"),
    ("access", "{profile}@{service}"),
    ("name", "{name}"),
    ("grant", "{grant}"),
    ("ordered", "{ordered_at}"),
    ("ends", "{ends_at}"),
    ("ends at the latest", "{latest_end_at}"),
    ("ended", "{ended_at}"),
    ("why", "{cause}"),
    ("seen gone", "{gone_at}"),
];

const BACKLOG: &[Column] = &[
    ("SERVICE", "{service}"),
    ("WAITING", "{count}"),
    ("OLDEST", "{oldest}"),
    ("ATTEMPTS", "{attempts}"),
    ("NEXT TRY", "{next_try}"),
    ("LAST ERROR", "{last_error}"),
];

/// A service may be slow to make or to search what it holds.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Subcommand)]
pub(crate) enum Leases {
    /// Make a credential under your grant; what proves it is shown once
    #[command(after_help = "\
Examples:
  tenure leases issue readers@orders --ttl 30m
  eval \"$(tenure leases issue readers@orders --format env)\" && psql")]
    Issue(IssueArgs),
    /// List credentials, the newest first
    #[command(after_help = "Examples:\n  tenure leases list --state live\n  tenure leases list --service orders")]
    List(ListArgs),
    /// Show one credential
    #[command(after_help = "Examples:\n  tenure leases show crd_0198…")]
    Show(LeaseArgs),
    /// Let your credential last longer, within its grant and its profile
    #[command(after_help = "Examples:\n  tenure leases renew crd_0198… --ttl 30m")]
    Renew(RenewArgs),
    /// Revoke one credential, or every one of a service, profile, grant or holder
    #[command(after_help = "\
Examples:
  tenure leases revoke crd_0198… --reason 'done'
  tenure leases revoke --service orders --reason 'the database was dumped, INC-4711'")]
    Revoke(RevokeArgs),
    /// Show what has ended and cannot be removed where it is used
    #[command(after_help = "Examples:\n  tenure leases backlog")]
    Backlog,
    /// Search a service for credentials of this installation that no lease explains, and remove them
    #[command(after_help = "Examples:\n  tenure leases sweep orders")]
    Sweep {
        /// The service
        service: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// The profile and the service
    #[arg(value_name = "LOGIN@SERVICE")]
    access: Access,
    /// How long it lasts, such as 10m or 2h; as long as it may unless given
    #[arg(long, value_name = "TERM")]
    ttl: Option<Term>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Table, conflicts_with = "json")]
    format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those on this service
    #[arg(long)]
    service: Option<String>,
    /// Only those of this profile
    #[arg(long)]
    profile: Option<String>,
    /// Only those of this grant
    #[arg(long, value_name = "GRANT")]
    grant: Option<GrantId>,
    /// Only those of this identity
    #[arg(long, value_name = "IDENTITY")]
    holder: Option<IdentityId>,
    /// Only those in this state
    #[arg(long, value_parser = ["issuing", "live", "ending", "gone"])]
    state: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LeaseArgs {
    /// The credential
    id: CredentialId,
}

#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// The credential
    id: CredentialId,
    /// How long it lasts from now on; as long as it may unless given
    #[arg(long, value_name = "TERM")]
    ttl: Option<Term>,
}

#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = true)]
pub(crate) struct RevokeArgs {
    /// The credential
    #[arg(group = "what", conflicts_with_all = ["service", "profile", "grant", "holder"])]
    id: Option<CredentialId>,
    /// All on this service
    #[arg(long, group = "what")]
    service: Option<String>,
    /// All of this profile
    #[arg(long, group = "what")]
    profile: Option<String>,
    /// All of this grant
    #[arg(long, value_name = "GRANT", group = "what")]
    grant: Option<GrantId>,
    /// All of this identity
    #[arg(long, value_name = "IDENTITY", group = "what")]
    holder: Option<IdentityId>,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Leases) -> Ended {
    match command {
        Leases::Issue(args) => return issue(desk, args).await,
        Leases::List(args) => return list(desk, args).await,
        Leases::Show(args) => {
            let answer = desk.client()?.get(&["leases", args.id.as_str()]).send().await?;
            desk.out.show(&answer, |lease| fields(lease, FIELDS))?;
        }
        Leases::Renew(args) => {
            let body = json!({"minutes": args.ttl.map(Term::minutes)});
            let client = desk.client()?;
            let answer = client.post(&["leases", args.id.as_str(), "renew"], &body).patience(PATIENCE).send().await?;
            desk.out.show(&answer, |lease| fill("{id} lasts until {ends_at}", lease))?;
        }
        Leases::Revoke(args) => return revoke(desk, args).await,
        Leases::Backlog => {
            let answer = desk.client()?.get(&["leases", "backlog"]).send().await?;
            desk.out.list(&answer, BACKLOG, "nothing waits to be removed")?;
        }
        Leases::Sweep { service } => {
            let client = desk.client()?;
            let answer =
                client.post(&["leases", "sweep"], &json!({"service": service})).patience(PATIENCE).send().await?;
            desk.out.show(&answer, |sweep| {
                fill("{found} of this installation found, {orphans} of them without a lease, {removed} removed", sweep)
            })?;
        }
    }
    Ok(Exit::Ok)
}

async fn issue(desk: &Desk<'_>, args: IssueArgs) -> Ended {
    let body = json!({"service": args.access.target, "login": args.access.login,
        "minutes": args.ttl.map(Term::minutes)});
    let answer = desk.client()?.post(&["leases"], &body).patience(PATIENCE).send().await?;
    if desk.out.json {
        desk.out.show(&answer, Value::to_string)?;
        return Ok(Exit::Ok);
    }
    let issued = answer.value()?;
    let unknown = || Failed::new(Exit::No, "this version cannot show that kind: use --json".to_owned());
    let text = format::text(&issued, args.format).ok_or_else(unknown)?;
    desk.out.note(&fill("{lease.id} lasts until {lease.ends_at}; what proves it is shown once:", &issued));
    desk.out.line(&text)?;
    Ok(Exit::Ok)
}

async fn list(desk: &Desk<'_>, args: ListArgs) -> Ended {
    let client = desk.client()?;
    let call = client.get(&["leases"]).maybe("service", args.service.as_ref());
    let call = call.maybe("profile", args.profile.as_ref()).maybe("grant", args.grant.as_ref());
    let call = call.maybe("holder", args.holder.as_ref()).maybe("state", args.state.as_ref());
    args.page.show(desk, call, COLUMNS, "no credentials on demand").await
}

async fn revoke(desk: &Desk<'_>, args: RevokeArgs) -> Ended {
    let (client, reason) = (desk.client()?, args.reason.reason);
    if let Some(id) = args.id {
        let answer = client.post(&["leases", id.as_str(), "revoke"], &json!({"reason": reason})).send().await?;
        desk.out.show(&answer, |lease| fill("revoked {id}: it is {state}", lease))?;
        return Ok(Exit::Ok);
    }
    let body = json!({"service": args.service, "profile": args.profile, "grant": args.grant, "holder": args.holder,
        "reason": reason});
    let answer = client.post(&["leases", "revoke"], &body).patience(PATIENCE).send().await?;
    desk.out.show(&answer, |answer| fill("revoked {revoked}: `tenure leases backlog` shows what is left", answer))?;
    Ok(Exit::Ok)
}
