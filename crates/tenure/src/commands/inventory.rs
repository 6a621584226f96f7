//! What was read on systems: how well each is known, accounts and whose they are, entitlements and who has them.

use super::{Desk, PageArgs, ReasonArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields, fill, items, table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::time::Duration;
use types::{EntitlementId, ObservedAccountId};

const SYSTEMS: &[Column] = &[
    ("SYSTEM", "{system}"),
    ("KIND", "{kind}"),
    ("STATE", "{state}"),
    ("READ", "{whole_at}"),
    ("ACCOUNTS", "{accounts}"),
    ("ENTITLEMENTS", "{entitlements}"),
    ("OWNER", "{owner}"),
    ("TROUBLE", "{trouble}"),
];

const ACCOUNTS: &[Column] = &[
    ("ID", "{id}"),
    ("LOGIN", "{login}"),
    ("SYSTEM", "{system}"),
    ("STATUS", "{status}"),
    ("STATE", "{state}"),
    ("WHOSE", "{identity}"),
    ("OWNER", "{owner}"),
    ("POWER BY", "{power_by}"),
    ("LAST USE", "{last_used_at}"),
];

const ENTITLEMENTS: &[Column] = &[
    ("ID", "{id}"),
    ("ENTITLEMENT", "{slug}"),
    ("SYSTEM", "{system}"),
    ("KIND", "{kind}"),
    ("PRIVILEGED", "{privileged}"),
    ("RISK", "{risk}"),
    ("OWNER", "{owner}"),
];

const MEMBERS: &[Column] =
    &[("ID", "{id}"), ("LOGIN", "{login}"), ("STATE", "{state}"), ("WHOSE", "{identity}"), ("BY", "{path}")];

const FIELDS: &[Column] = &[
    ("account", "{login}@{system}"),
    ("id", "{id}"),
    ("status", "{status}"),
    ("state", "{state}"),
    ("whose", "{identity}"),
    ("linked by", "{linked_by}"),
    ("owner", "{owner}"),
    ("decided by", "{decided_by}"),
    ("protection", "{protection}"),
    ("privileged", "{privileged}"),
    ("last use", "{last_used_at}"),
    ("since", "{from}"),
    ("gone", "{until}"),
    ("attributes", "{attributes}"),
];

const HOLDINGS: &[Column] = &[
    ("ENTITLEMENT", "{entitlement.slug}"),
    ("KIND", "{entitlement.kind}"),
    ("PRIVILEGED", "{entitlement.privileged}"),
    ("BY", "{path}"),
];

const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Subcommand)]
pub(crate) enum Inventory {
    /// List systems: when each was last read to its end, and what keeps it from being read
    #[command(after_help = "Examples:\n  tenure inventory systems")]
    Systems(PageArgs),
    /// List accounts as they were read, and whose they are
    #[command(after_help = "\
Examples:
  tenure inventory accounts --system corp
  tenure inventory accounts --state orphaned --privileged")]
    Accounts(AccountsArgs),
    /// Show one account with everything that it has, and the way by which it has it
    #[command(after_help = "Examples:\n  tenure inventory show oac_0198…")]
    Show {
        /// The account
        id: ObservedAccountId,
    },
    /// List entitlements as they were read: groups, roles and rights
    #[command(after_help = "Examples:\n  tenure inventory entitlements --system corp")]
    Entitlements(EntitlementsArgs),
    /// List who has an entitlement, directly or through what brings it along
    #[command(after_help = "Examples:\n  tenure inventory members ent_0198…")]
    Members(MembersArgs),
    /// Have a system read now, and from then on every hour
    #[command(after_help = "\
Examples:
  tenure inventory read corp
  tenure inventory read corp --accounts 12 --accept-missing 'the branch in Lyon was closed'")]
    Read(ReadArgs),
    /// Reach a system, log in, and hear what it is
    #[command(after_help = "Examples:\n  tenure inventory test corp")]
    Test {
        /// The system
        system: String,
    },
    /// Say whose an account is, or that it is no person's own; it is never asked about again
    #[command(after_help = "\
Examples:
  tenure inventory link oac_0198… --to alice@example.com --reason 'she says so'
  tenure inventory link oac_0198… --non-personal --owner bob@example.com --reason 'the nightly backup'")]
    Link(LinkArgs),
    /// Protect an account, so that nothing is ever sent to it, or end that
    #[command(after_help = "\
Examples:
  tenure inventory protect oac_0198… --reason 'the last way in'
  tenure inventory protect oac_0198… --off --reason 'there is another'")]
    Protect(ProtectArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AccountsArgs {
    /// Only those of this system
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = ["linked", "orphaned", "non_personal", "unmatched", "protected"])]
    state: Option<String>,
    /// Only those that have power
    #[arg(long)]
    privileged: bool,
    /// Only those of this person, by id
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<types::IdentityId>,
    /// Only those whose login or name holds this text
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct EntitlementsArgs {
    /// Only those of this system
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct MembersArgs {
    /// The entitlement
    id: EntitlementId,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// The system
    system: String,
    /// What the held reading lacked is gone indeed, and why: the next whole reading that lacks no more concludes it
    #[arg(long, value_name = "REASON")]
    accept_missing: Option<String>,
    /// How many accounts are missing, as `tenure inventory systems` says
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "accept_missing")]
    accounts: u64,
    /// How many entitlements
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "accept_missing")]
    entitlements: u64,
    /// How many memberships
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "accept_missing")]
    memberships: u64,
}

#[derive(Debug, Args)]
pub(crate) struct LinkArgs {
    /// The account
    id: ObservedAccountId,
    /// Whose it is, by id or mail address
    #[arg(long, value_name = "PERSON", conflicts_with = "non_personal", required_unless_present = "non_personal")]
    to: Option<String>,
    /// It is no person's own
    #[arg(long)]
    non_personal: bool,
    /// Who answers for it then, by id or mail address
    #[arg(long, value_name = "PERSON", requires = "non_personal")]
    owner: Option<String>,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ProtectArgs {
    /// The account
    id: ObservedAccountId,
    /// It may be changed again
    #[arg(long)]
    off: bool,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Inventory) -> Ended {
    let client = desk.client()?;
    match command {
        Inventory::Systems(page) => page.show(desk, client.get(&["inventory", "systems"]), SYSTEMS, "no systems").await,
        Inventory::Accounts(args) => accounts(desk, args).await,
        Inventory::Show { id } => {
            let answer = client.get(&["inventory", "accounts", id.as_str()]).send().await?;
            desk.out.show(&answer, told)?;
            Ok(Exit::Ok)
        }
        Inventory::Entitlements(args) => {
            let call = client.get(&["inventory", "entitlements"]).maybe("system", args.system.as_ref());
            args.page.show(desk, call, ENTITLEMENTS, "no entitlements").await
        }
        Inventory::Members(args) => {
            let call = client.get(&["inventory", "entitlements", args.id.as_str(), "members"]);
            args.page.show(desk, call, MEMBERS, "nobody has it").await
        }
        Inventory::Read(args) => read(desk, args).await,
        Inventory::Test { system } => {
            let call = client.post(&["inventory", "systems", &system, "test"], &json!({})).patience(PATIENCE);
            desk.out.show(&call.send().await?, |answer| fill("{says}", answer))?;
            Ok(Exit::Ok)
        }
        Inventory::Link(args) => {
            let LinkArgs { id, to, non_personal, owner, reason } = args;
            let said = json!({"identity": to, "non_personal": non_personal, "owner": owner, "reason": reason.reason});
            let answer = client.post(&["inventory", "accounts", id.as_str(), "link"], &said).send().await?;
            desk.out.show(&answer, |account| match account.get("identity").filter(|identity| !identity.is_null()) {
                Some(_) => fill("{login}@{system} is of {identity}", account),
                None => fill("{login}@{system} is no person's own; owner: {owner}", account),
            })?;
            Ok(Exit::Ok)
        }
        Inventory::Protect(args) => {
            let said = json!({"on": !args.off, "reason": args.reason.reason});
            let answer = client.post(&["inventory", "accounts", args.id.as_str(), "protect"], &said).send().await?;
            desk.out.show(&answer, |account| fill("{login}@{system}: {state}", account))?;
            Ok(Exit::Ok)
        }
    }
}

async fn accounts(desk: &Desk<'_>, args: AccountsArgs) -> Ended {
    let client = desk.client()?;
    let call = client
        .get(&["inventory", "accounts"])
        .maybe("system", args.system.as_ref())
        .maybe("state", args.state.as_ref())
        .maybe("privileged", args.privileged.then_some(&true))
        .maybe("identity", args.identity.as_ref())
        .maybe("q", args.query.as_ref());
    args.page.show(desk, call, ACCOUNTS, "no accounts: read a system with `tenure inventory read`").await
}

async fn read(desk: &Desk<'_>, args: ReadArgs) -> Ended {
    let client = desk.client()?;
    match &args.accept_missing {
        Some(reason) => {
            let ReadArgs { accounts, entitlements, memberships, .. } = args;
            let missing = json!({"accounts": accounts, "entitlements": entitlements, "memberships": memberships});
            let said = json!({"missing": missing, "reason": reason});
            client.post(&["inventory", "systems", &args.system, "accept-missing"], &said).send().await?;
        }
        None => {
            client.post(&["inventory", "systems", &args.system, "read"], &json!({})).send().await?;
        }
    }
    let said = format!("{} is being read: see `tenure inventory systems`", args.system);
    if !desk.out.json {
        desk.out.line(&said)?;
    }
    Ok(Exit::Ok)
}

fn told(account: &Value) -> String {
    let holdings = account.get("holdings").map_or(&[][..], items);
    format!("{}\n\n{}", fields(account, FIELDS), table(holdings, HOLDINGS, "it has nothing"))
}
