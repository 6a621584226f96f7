//! Secrets: keep, get, list, describe and destroy their versions, and hand one on.

mod fields;
mod wraps;

use super::{Desk, PageArgs};
use crate::client::{Answer, Client};
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, by_key, fields as lines, fill, items, plain, table, write_out};
use crate::term::Term;
use clap::{Args, Subcommand};
use fields::Field;
use serde_json::{Map, Value, json};
use std::io::IsTerminal;
use std::path::PathBuf;

const COLUMNS: &[Column] = &[
    ("NAME", "{name}"),
    ("VERSION", "{version}"),
    ("OWNER", "{owner.name}"),
    ("CHANGED", "{updated_at}"),
    ("PURPOSE", "{purpose}"),
];

const FIELDS: &[Column] = &[
    ("secret", "{name}"),
    ("id", "{id}"),
    ("owner", "{owner.name}"),
    ("purpose", "{purpose}"),
    ("custom", "{custom}"),
    ("version", "{version}"),
    ("keeps", "{max_versions} versions"),
    ("deleted after", "{delete_after_seconds} s"),
    ("needs --cas", "{cas_required}"),
    ("made", "{created_at}"),
    ("changed", "{updated_at}"),
];

const VERSIONS: &[Column] = &[
    ("VERSION", "{version}"),
    ("STATE", "{state}"),
    ("WRITTEN", "{created_at}"),
    ("BY", "{created_by.name}"),
    ("DELETED", "{deleted_at}"),
    ("DESTROYED", "{destroyed_at}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Secrets {
    /// Keep a value as the next version of a secret; values never stand on the command line
    #[command(after_help = "\
Examples:
  tenure secrets put prod/billing/db user=@user.txt password --purpose 'the billing database'
  pass show billing | tenure secrets put prod/billing/db password=- --merge
  tenure secrets put prod/billing/db --from value.json --cas 3

A key is given as `key` (asked for, not shown), `key=-` (standard input, without the end of its last line) or
`key=@FILE` (byte for byte).")]
    Put(PutArgs),
    /// Get the value of a secret: it leaves evidence
    #[command(after_help = "\
Examples:
  tenure secrets get prod/billing/db
  tenure secrets get prod/billing/db --field password
  tenure secrets get prod/billing/db --version 3 --json")]
    Get(GetArgs),
    /// List names and metadata, one level at a time
    #[command(after_help = "Examples:\n  tenure secrets list\n  tenure secrets list prod/billing")]
    List(ListArgs),
    /// Show what is known about a secret, or change it
    #[command(after_help = "\
Examples:
  tenure secrets metadata prod/billing/db
  tenure secrets metadata prod/billing/db --owner bob@example.com --max-versions 5
  tenure secrets metadata prod/billing/db --delete-after 30d --custom team=billing")]
    Metadata(MetadataArgs),
    /// Delete versions, so that they can come back
    #[command(
        after_help = "Examples:\n  tenure secrets delete prod/billing/db\n  tenure secrets delete prod/billing/db --version 2 --version 3"
    )]
    Delete(VersionsArgs),
    /// Bring deleted versions back
    #[command(after_help = "Examples:\n  tenure secrets undelete prod/billing/db --version 3")]
    Undelete(VersionsArgs),
    /// Destroy versions: their bytes are overwritten and never come back
    #[command(after_help = "Examples:\n  tenure secrets destroy prod/billing/db --version 1 --version 2")]
    Destroy(DestroyArgs),
    /// Destroy a secret with every version and its metadata
    #[command(after_help = "Examples:\n  tenure secrets remove prod/billing/db --confirm prod/billing/db")]
    Remove(RemoveArgs),
    /// Wrap a value for one delivery: prints a token that opens it once
    #[command(after_help = "\
Examples:
  tenure secrets wrap prod/billing/db --for 10m
  tenure secrets wrap prod/billing/db --to bob@example.com > token")]
    Wrap(wraps::WrapArgs),
    /// Open a wrapped secret, with the token from standard input or the terminal
    #[command(after_help = "Examples:\n  tenure secrets unwrap < token\n  tenure secrets unwrap --lookup < token")]
    Unwrap(wraps::UnwrapArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PutArgs {
    /// SAFE/FOLDER/NAME
    name: String,
    /// A key of the value: `key`, `key=-` or `key=@FILE`
    #[arg(value_name = "KEY")]
    fields: Vec<Field>,
    /// The whole value, a JSON object
    #[arg(long, value_name = "FILE", conflicts_with = "fields")]
    from: Option<PathBuf>,
    /// Keep the keys that are not given; those that are null in the file are removed
    #[arg(long)]
    merge: bool,
    /// The version that this one follows; 0 for a secret that must not exist
    #[arg(long, value_name = "N")]
    cas: Option<u32>,
    /// For a new secret: what it is for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// For a new secret: who answers for it, by id or mail address; you, unless told
    #[arg(long, value_name = "IDENTITY")]
    owner: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// SAFE/FOLDER/NAME
    name: String,
    /// Only the value of this key, as it is
    #[arg(long, value_name = "KEY")]
    field: Option<String>,
    /// This version instead of the current one
    #[arg(long, value_name = "N")]
    version: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// A safe, a folder, or a part of one
    #[arg(default_value = "")]
    prefix: String,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct MetadataArgs {
    /// SAFE/FOLDER/NAME
    name: String,
    /// Who answers for it, by id or mail address
    #[arg(long, value_name = "IDENTITY")]
    owner: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// How many versions are kept, 1 to 100, from the next write on
    #[arg(long, value_name = "N")]
    max_versions: Option<u32>,
    /// After which time a new version counts as deleted
    #[arg(long, value_name = "TERM", conflicts_with = "delete_never")]
    delete_after: Option<Term>,
    /// New versions live on
    #[arg(long)]
    delete_never: bool,
    /// Whether each write must name the version that it follows
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    cas_required: Option<String>,
    /// A text of your own, repeated for each; all that is not named is removed
    #[arg(long, value_name = "KEY=TEXT", value_parser = pair)]
    custom: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as `key=text`")?;
    Ok((key.to_owned(), value.to_owned()))
}

#[derive(Debug, Args)]
pub(crate) struct VersionsArgs {
    /// SAFE/FOLDER/NAME
    name: String,
    /// A version, repeated for each; the current one unless told
    #[arg(long = "version", value_name = "N")]
    versions: Vec<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct DestroyArgs {
    /// SAFE/FOLDER/NAME
    name: String,
    /// A version, repeated for each
    #[arg(long = "version", value_name = "N", required = true)]
    versions: Vec<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// SAFE/FOLDER/NAME
    name: String,
    /// The name once more
    #[arg(long, value_name = "NAME")]
    confirm: String,
}

pub(super) async fn run(desk: &Desk<'_>, command: Secrets) -> Ended {
    match command {
        Secrets::Put(args) => put(desk, &args).await,
        Secrets::Get(args) => get(desk, &args).await,
        Secrets::List(args) => {
            let client = desk.client()?;
            let call = client.get(&["secrets"]).query("prefix", &args.prefix);
            args.page.show(desk, call, COLUMNS, "no secrets here").await
        }
        Secrets::Metadata(args) => metadata(desk, &args).await,
        Secrets::Delete(args) => change(desk, &args.name, "delete", &args.versions, "deleted").await,
        Secrets::Undelete(args) => change(desk, &args.name, "undelete", &args.versions, "brought back").await,
        Secrets::Destroy(args) => change(desk, &args.name, "destroy", &args.versions, "destroyed").await,
        Secrets::Remove(args) => {
            let client = desk.client()?;
            let answer = client.delete(&["secrets", &args.name]).query("confirm", &args.confirm).send().await?;
            desk.out.show(&answer, |_| format!("removed {}", plain(&args.name)))?;
            Ok(Exit::Ok)
        }
        Secrets::Wrap(args) => wraps::wrap(desk, &args).await,
        Secrets::Unwrap(args) => wraps::unwrap(desk, &args).await,
    }
}

async fn put(desk: &Desk<'_>, args: &PutArgs) -> Ended {
    let client = desk.client()?;
    let mut body = json!({"data": fields::collect(&args.fields, args.from.as_deref())?});
    for (name, value) in [("cas", json!(args.cas)), ("purpose", json!(args.purpose)), ("owner", json!(args.owner))] {
        if !value.is_null() {
            body[name] = value;
        }
    }
    let answer = sent(&client, &["secrets", &args.name], &body, args.merge).await?;
    desk.out.show(&answer, |written| fill("kept {name}, version {version}", written))?;
    Ok(Exit::Ok)
}

async fn sent(client: &Client, path: &[&str], body: &Value, merge: bool) -> Result<Answer, Failed> {
    if merge { client.patch(path, body).send().await } else { client.replace(path, body).send().await }
}

async fn get(desk: &Desk<'_>, args: &GetArgs) -> Ended {
    let client = desk.client()?;
    let call = client.get(&["secrets", &args.name]).maybe("version", args.version.as_ref());
    show_value(desk, &call.send().await?, args.field.as_deref())
}

/// One key as it is, for programs; else a line for each key.
fn show_value(desk: &Desk<'_>, answer: &Answer, field: Option<&str>) -> Ended {
    let Some(field) = field else {
        desk.out.show(answer, |secret| {
            let data = secret.get("data").and_then(Value::as_object);
            told(data.unwrap_or(&Map::new()))
        })?;
        return Ok(Exit::Ok);
    };
    let answer = answer.value()?;
    let value = answer.get("data").and_then(|data| data.get(field));
    let value = value.ok_or_else(|| Failed::new(Exit::NotFound, format!("the secret has no key `{field}`")))?;
    write_out(raw(value).as_bytes())?;
    if std::io::stdout().is_terminal() {
        write_out(b"\n")?;
    }
    Ok(Exit::Ok)
}

fn told(data: &Map<String, Value>) -> String {
    let width = data.keys().map(|key| plain(key).chars().count()).max().unwrap_or(0);
    let line = |(key, value): (&String, &Value)| format!("{:width$}  {}", plain(key), plain(&raw(value)));
    by_key(data).map(line).collect::<Vec<_>>().join("\n")
}

/// A text without its quotes, anything else as JSON.
fn raw(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

async fn metadata(desk: &Desk<'_>, args: &MetadataArgs) -> Ended {
    let (client, path) = (desk.client()?, ["secrets", args.name.as_str(), "metadata"]);
    let change = changes(args);
    let call = if change.is_empty() { client.get(&path) } else { client.patch(&path, &Value::Object(change)) };
    desk.out.show(&call.send().await?, |secret| {
        let versions = table(secret.get("versions").map_or(&[][..], items), VERSIONS, "no versions");
        format!("{}\n\n{versions}", lines(secret, FIELDS))
    })?;
    Ok(Exit::Ok)
}

fn changes(args: &MetadataArgs) -> Map<String, Value> {
    let seconds = args.delete_after.map(|term| u64::from(term.minutes()) * 60);
    let custom: Map<String, Value> = args.custom.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    let given = [
        ("owner", json!(args.owner)),
        ("purpose", json!(args.purpose)),
        ("max_versions", json!(args.max_versions)),
        ("delete_after_seconds", json!(if args.delete_never { Some(0) } else { seconds })),
        ("cas_required", json!(args.cas_required.as_ref().map(|answer| answer == "yes"))),
        ("custom", if custom.is_empty() { Value::Null } else { Value::Object(custom) }),
    ];
    given.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn change(desk: &Desk<'_>, name: &str, act: &str, versions: &[u32], done: &str) -> Ended {
    let client = desk.client()?;
    let body = if versions.is_empty() { json!({}) } else { json!({"versions": versions}) };
    let answer = client.create(&["secrets", name, act], &body).send().await?;
    desk.out.show(&answer, |changed| match items(&changed["versions"]) {
        [] => format!("nothing to do: {} is so already", plain(name)),
        _ => fill(&format!("{done}: version {{versions}} of "), changed) + &plain(name),
    })?;
    Ok(Exit::Ok)
}
