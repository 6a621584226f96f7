//! Accounts under management: put there, shown, verified, rotated. No answer holds a credential, and one that is given is
//! read from a file or standard input, never from the command line.

mod dependents;

use super::{Desk, PageArgs, declare};
use crate::client::Client;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fields, fill, items, table};
use crate::term::Term;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::time::Duration;
use types::{Access, ManagedAccountId};

pub(super) const ROTATE_EXAMPLES: &str = "Examples:\n  tenure rotate app@db-1\n  tenure rotate app@db-1 --wait";

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("ACCOUNT", "{login}@{target}"),
    ("CREDENTIAL", "{credential}"),
    ("STATE", "{state}"),
    ("OWNER", "{owner.name}"),
    ("CHANGED", "{changed_at}"),
    ("VERIFIED", "{verified_at}"),
    ("PURPOSE", "{purpose}"),
];

const FIELDS: &[Column] = &[
    ("account", "{id}"),
    ("login", "{login}@{target}"),
    ("kind", "{kind}"),
    ("credential", "{credential}"),
    ("state", "{state}"),
    ("version", "{current}"),
    ("owner", "{owner.name}"),
    ("purpose", "{purpose}"),
    ("policy", "{policy}"),
    ("pair", "{pair.other}"),
    ("handed out", "{pair.handed_out}"),
    ("rotate every (s)", "{rotate_every_seconds}"),
    ("verify every (s)", "{verify_every_seconds}"),
    ("changed as", "{change_as}"),
    ("reconcile", "{reconcile}"),
    ("reconciled by", "{reconcile_by}"),
    ("dependents behind", "{dependents_behind}"),
    ("one time", "{one_time}"),
    ("exclusive", "{exclusive}"),
    ("dual control", "{dual_control}"),
    ("changed", "{changed_at}"),
    ("verified", "{verified_at}"),
    ("verify at", "{verify_at}"),
    ("rotate at", "{rotate_at}"),
    ("not managed since", "{unmanaged_at}"),
];

const HISTORY: &[Column] = &[
    ("VERSION", "{version}"),
    ("STATE", "{state}"),
    ("MADE", "{made_at}"),
    ("VERIFIED", "{verified_at}"),
    ("ENDED", "{ended_at}"),
    ("DESTROYED", "{destroyed_at}"),
];

const POLICIES: &[Column] =
    &[("NAME", "{name}"), ("LENGTH", "{length}"), ("CLASSES", "{classes}"), ("SYMBOLS", "{symbols}")];

const ROTATIONS: &[Column] = &[
    ("ID", "{id}"),
    ("ACCOUNT", "{login}@{target}"),
    ("CAUSE", "{cause}"),
    ("STATE", "{state}"),
    ("ORDERED", "{ordered_at}"),
    ("RUNS", "{attempts}"),
    ("NEXT", "{retry_at}"),
    ("WHY", "{last_error}"),
];

const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_secs(1);

#[derive(Debug, Subcommand)]
pub(crate) enum Accounts {
    /// Put an account under management; what it proves itself with is read from standard input
    #[command(after_help = "\
Examples:
  tenure accounts import app@db-1 --owner bob@example.com --purpose 'the shop' < password.txt
  tenure accounts import app@db-1 --owner bob@example.com --purpose 'the shop' --generate --rotate-every 30d
  tenure accounts import deploy@web-1 --credential ssh_key --owner bob@example.com --purpose releases < id_ed25519")]
    Import(ImportArgs),
    /// List accounts under management
    #[command(after_help = "Examples:\n  tenure accounts list\n  tenure accounts list --state unknown")]
    List(ListArgs),
    /// Show one, with its schedule and when it was last seen working
    #[command(after_help = "Examples:\n  tenure accounts show app@db-1")]
    Show(AccountArgs),
    /// Log in with the kept credential now; exit 1 when it is refused
    #[command(after_help = "Examples:\n  tenure accounts verify app@db-1")]
    Verify(AccountArgs),
    /// Change how an account is managed: JSON as in `PUT /accounts/{id}` of the API
    #[command(after_help = "Examples:\n  tenure accounts set app@db-1 '{\"rotate_every_seconds\": 2592000}'")]
    Set(SetArgs),
    /// List the versions of a credential, never the credential
    #[command(after_help = "Examples:\n  tenure accounts history app@db-1")]
    History(AccountArgs),
    /// Find out which kept credential logs in; if none does, set a new one through the administrator
    #[command(after_help = "Examples:\n  tenure accounts reconcile app@db-1 --wait")]
    Reconcile(RotateArgs),
    /// Give the credential that was set at the system by hand, from standard input
    #[command(after_help = "Examples:\n  tenure accounts give key@web-1 < new-key.txt")]
    Give(AccountArgs),
    /// Let two accounts take turns: one is handed out while the other is changed
    #[command(after_help = "Examples:\n  tenure accounts pair app_a@db-1 app_b@db-1")]
    Pair(PairArgs),
    /// Files on hosts that hold the password, and that rotations update
    #[command(subcommand)]
    Dependents(dependents::Dependents),
    /// End the management of an account
    #[command(after_help = "Examples:\n  tenure accounts unmanage app@db-1")]
    Unmanage(AccountArgs),
    /// List rotations, the newest first
    #[command(after_help = "Examples:\n  tenure accounts rotations --open")]
    Rotations(RotationsArgs),
    /// List password policies, or declare those of a file
    #[command(after_help = "Examples:\n  tenure accounts policies\n  tenure accounts policies --apply policies.toml")]
    Policies(PoliciesArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AccountArgs {
    /// The account: its id, or LOGIN@TARGET
    account: String,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The account
    #[arg(value_name = "LOGIN@TARGET")]
    access: Access,
    /// Who answers for it, by mail address
    #[arg(long, value_name = "MAIL")]
    owner: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// Who uses it: person, shared or service
    #[arg(long, value_name = "KIND", default_value = "service")]
    kind: String,
    /// What it proves itself with: password, ssh_key, api_key or certificate
    #[arg(long, value_name = "KIND", default_value = "password")]
    credential: String,
    /// Have a new password set through the administrator; none is read
    #[arg(long)]
    generate: bool,
    /// The policy of its passwords
    #[arg(long, value_name = "NAME")]
    policy: Option<String>,
    /// How often it is rotated, such as 30d
    #[arg(long, value_name = "TERM")]
    rotate_every: Option<Term>,
    /// Set a new one by itself when none of those kept logs in
    #[arg(long)]
    reconcile: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only on this target or service
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// Only settled, changing or unknown ones
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SetArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// What to change; `null` takes a schedule or a limit away
    #[arg(value_name = "JSON")]
    settings: String,
}

#[derive(Debug, Args)]
pub(crate) struct PairArgs {
    /// The account that is handed out first
    first: String,
    /// The other one; left out, the pair is taken apart
    second: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RotateArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// Wait until it is done; exit 1 when none of the kept credentials logs in
    #[arg(long)]
    wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RotationsArgs {
    /// Only those that are not ended
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PoliciesArgs {
    /// Declare the policies of this file
    #[arg(long, value_name = "FILE")]
    apply: Option<PathBuf>,
}

pub(super) async fn run(desk: &Desk<'_>, command: Accounts) -> Ended {
    let client = desk.client()?;
    let answer = match command {
        Accounts::Import(args) => return import(desk, &client, args).await,
        Accounts::List(args) => {
            let call =
                client.get(&["accounts"]).maybe("target", args.target.as_ref()).maybe("state", args.state.as_ref());
            return args.page.show(desk, call, COLUMNS, "no accounts").await;
        }
        Accounts::Show(args) => client.get(&["accounts", &id(&client, &args.account).await?]).send().await?,
        Accounts::Verify(args) => return verify(desk, &client, args).await,
        Accounts::Set(args) => {
            let settings: Value =
                serde_json::from_str(&args.settings).map_err(|error| Failed::usage(format!("not JSON: {error}")))?;
            client.put(&["accounts", &id(&client, &args.account.account).await?], &settings).send().await?
        }
        Accounts::History(args) => {
            let answer = client.get(&["accounts", &id(&client, &args.account).await?, "history"]).send().await?;
            desk.out.list(&answer, HISTORY, "no versions")?;
            return Ok(Exit::Ok);
        }
        Accounts::Reconcile(args) => return order(desk, args, "reconcile").await,
        Accounts::Give(args) => {
            let id = id(&client, &args.account).await?;
            client.put(&["accounts", &id, "value"], &json!({"value": given()?})).send().await?
        }
        Accounts::Pair(args) => {
            let first = id(&client, &args.first).await?;
            let with = match &args.second {
                Some(second) => Some(id(&client, second).await?),
                None => None,
            };
            client.put(&["accounts", &first, "pair"], &json!({"with": with})).send().await?
        }
        Accounts::Dependents(command) => return dependents::run(desk, command).await,
        Accounts::Unmanage(args) => {
            client.delete(&["accounts", &id(&client, &args.account).await?]).send().await?;
            desk.out.note(&format!("{} is not under management any more", args.account));
            return Ok(Exit::Ok);
        }
        Accounts::Rotations(args) => {
            let call = client.get(&["rotations"]).query("open", if args.open { "true" } else { "false" });
            return args.page.show(desk, call, ROTATIONS, "no rotations").await;
        }
        Accounts::Policies(args) => return policies(desk, &client, args).await,
    };
    desk.out.show(&answer, |account| fields(account, FIELDS))?;
    Ok(Exit::Ok)
}

async fn import(desk: &Desk<'_>, client: &Client, args: ImportArgs) -> Ended {
    let mut settings = Map::new();
    if let Some(policy) = args.policy {
        settings.insert("policy".to_owned(), json!(policy));
    }
    if let Some(every) = args.rotate_every {
        settings.insert("rotate_every_seconds".to_owned(), json!(u64::from(every.minutes()) * 60));
    }
    if args.reconcile {
        settings.insert("reconcile".to_owned(), json!("automatic"));
    }
    let value = if args.generate { None } else { Some(given()?) };
    let account = json!({
        "target": args.access.target,
        "login": args.access.login,
        "kind": args.kind,
        "credential": args.credential,
        "owner": args.owner,
        "purpose": args.purpose,
        "value": value,
        "generate": args.generate,
        "settings": settings,
    });
    let answer = client.create(&["accounts"], &json!({"account": [account]})).send().await?;
    desk.out.show(&answer, |page| items(page).iter().map(|account| fields(account, FIELDS)).collect())?;
    Ok(Exit::Ok)
}

/// What stands on standard input, without the line's end of a password.
fn given() -> Result<String, Failed> {
    let read = std::io::read_to_string(std::io::stdin());
    let text = read.map_err(|error| Failed::file("read", "standard input".as_ref(), &error))?;
    let one_line = text.trim_end_matches(['\r', '\n']);
    Ok(if one_line.contains('\n') { text } else { one_line.to_owned() })
}

/// The id of an account that is named by its id or as `LOGIN@TARGET`.
async fn id(client: &Client, account: &str) -> Result<String, Failed> {
    if account.parse::<ManagedAccountId>().is_ok() {
        return Ok(account.to_owned());
    }
    let (login, target) = account.rsplit_once('@').ok_or_else(|| {
        Failed::usage(format!("`{account}` is not an account: give its id, or LOGIN@TARGET such as `app@db-1`"))
    })?;
    let answer = client.get(&["accounts"]).query("login", login).query("target", target).send().await?.value()?;
    match items(&answer) {
        [one] => Ok(fill("{id}", one)),
        [] => Err(Failed::new(Exit::NotFound, format!("there is no account `{account}` under management"))),
        _ => Err(Failed::usage(format!(
            "`{account}` has several credentials: give the id of one (`tenure accounts list`)"
        ))),
    }
}

async fn verify(desk: &Desk<'_>, client: &Client, args: AccountArgs) -> Ended {
    let id = id(client, &args.account).await?;
    let answer = client.post(&["accounts", &id, "verify"], &json!({})).patience(PATIENCE).send().await?;
    let accepted = answer.value()?["accepted"] == json!(true);
    let said = if accepted { "accepted" } else { "refused: somebody changed it there" };
    desk.out.show(&answer, |answer| format!("{}: {said}", fill("{account.login}@{account.target}", answer)))?;
    Ok(if accepted { Exit::Ok } else { Exit::No })
}

async fn policies(desk: &Desk<'_>, client: &Client, args: PoliciesArgs) -> Ended {
    if let Some(file) = args.apply {
        return declare::apply(desk, &declare::ApplyArgs { file }, "password-policies", "policy").await;
    }
    let answer = client.get(&["password-policies"]).send().await?;
    desk.out.show(&answer, |page| table(items(page), POLICIES, "no policies"))?;
    Ok(Exit::Ok)
}

pub(super) async fn rotate(desk: &Desk<'_>, args: RotateArgs) -> Ended {
    order(desk, args, "rotate").await
}

async fn order(desk: &Desk<'_>, args: RotateArgs, what: &str) -> Ended {
    let client = desk.client()?;
    let id = id(&client, &args.account.account).await?;
    let mut answer = client.post(&["accounts", &id, what], &json!({})).send().await?;
    let rotation = fill("{id}", &answer.value()?);
    while args.wait && answer.value()?["state"] == json!("open") {
        tokio::time::sleep(POLL).await;
        answer = client.get(&["rotations", &rotation]).send().await?;
    }
    desk.out.show(&answer, |rotation| fill("{id}: {state}", rotation))?;
    let state = answer.value()?["state"].clone();
    Ok(if state == json!("open") || state == json!("settled") { Exit::Ok } else { Exit::No })
}
