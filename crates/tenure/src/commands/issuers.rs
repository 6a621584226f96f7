//! Issuers: make and certify them, say what may be asked of them, have something issued, revoke it, fetch lists.

mod make;
mod order;

use super::{Desk, PageArgs, ReasonArgs, declare};
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fields, fill, items, table, write_out};
use crate::write::{Readers, atomically};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::path::PathBuf;
use types::{CredentialId, GrantId};

const COLUMNS: &[Column] =
    &[("NAME", "{name}"), ("KIND", "{kind}"), ("MADE", "{created_at}"), ("WITHDRAWN", "{withdrawn_at}")];

const PROFILES: &[Column] = &[("PROFILE", "{name}"), ("MINUTES", "{max_minutes}"), ("RULES", "{rules}")];

const ISSUED: &[Column] = &[
    ("ID", "{id}"),
    ("ISSUER", "{profile}@{issuer}"),
    ("HOLDER", "{holder.name}"),
    ("NAMES", "{names}"),
    ("EXPIRES", "{expires_at}"),
    ("STATE", "{state}"),
];

const DETAILS: &[Column] = &[
    ("issuer", "{name}"),
    ("kind", "{kind}"),
    ("terms", "{terms}"),
    ("made", "{created_at}"),
    ("withdrawn", "{withdrawn_at}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Issuers {
    /// List issuers
    #[command(after_help = "Examples:\n  tenure issuers list")]
    List(PageArgs),
    /// Show an issuer and its profiles
    #[command(after_help = "Examples:\n  tenure issuers show server-ca")]
    Show(NameArgs),
    /// Make an issuer, with a key that never leaves the server's seal
    #[command(after_help = make::EXAMPLES)]
    Create(make::CreateArgs),
    /// Print the certificate request of an intermediate, to be signed elsewhere
    #[command(after_help = "Examples:\n  tenure issuers request server-ca > server-ca.csr")]
    Request(NameArgs),
    /// Take the certificate that was made elsewhere of that request
    #[command(after_help = "Examples:\n  tenure issuers import server-ca signed.pem")]
    Import(ImportArgs),
    /// List the profiles of an issuer, or declare those of a file: name, max_minutes and rules
    #[command(
        after_help = "Examples:\n  tenure issuers profiles server-ca\n  tenure issuers profiles server-ca profiles.toml"
    )]
    Profiles(ProfilesArgs),
    /// Have a certificate or a token issued, under a grant for PROFILE@ISSUER
    #[command(after_help = order::EXAMPLES)]
    Issue(order::IssueArgs),
    /// List what was issued
    #[command(after_help = "Examples:\n  tenure issuers issued --live\n  tenure issuers issued --issuer server-ca")]
    Issued(IssuedArgs),
    /// Revoke a certificate or a token at once
    #[command(after_help = "Examples:\n  tenure issuers revoke crd_0198… --reason 'the key was lost'")]
    Revoke(RevokeArgs),
    /// Sign tokens with a new key from now on
    #[command(after_help = "Examples:\n  tenure issuers rotate tokens\n  tenure issuers rotate tokens --withdraw-old")]
    Rotate(RotateArgs),
    /// Let an issuer issue nothing any more
    #[command(after_help = "Examples:\n  tenure issuers withdraw old-ca")]
    Withdraw(NameArgs),
    /// Fetch the revocation list of an X.509 issuer, in DER
    #[command(after_help = "Examples:\n  tenure issuers crl server-ca -o server-ca.crl")]
    Crl(CrlArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    /// The issuer
    name: String,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The issuer
    name: String,
    /// The certificate in PEM, with those above it behind it
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ProfilesArgs {
    /// The issuer
    name: String,
    /// `[[profile]]` tables to declare, in TOML
    file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct IssuedArgs {
    /// Only of this issuer
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Only under this grant
    #[arg(long, value_name = "GRANT")]
    grant: Option<GrantId>,
    /// Only what is live
    #[arg(long)]
    live: bool,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// What was issued
    id: CredentialId,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RotateArgs {
    /// The issuer
    name: String,
    /// The old key may be known to others: every token that it signed ends now
    #[arg(long)]
    withdraw_old: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CrlArgs {
    /// The issuer
    name: String,
    /// Where to write it, replaced as a whole; standard output unless given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) async fn run(desk: &Desk<'_>, command: Issuers) -> Ended {
    let client = desk.client()?;
    match command {
        Issuers::List(page) => return page.show(desk, client.get(&["issuers"]), COLUMNS, "no issuers").await,
        Issuers::Show(args) => return show(desk, &args.name).await,
        Issuers::Create(args) => {
            let answer = client.create(&["issuers"], &args.body()).send().await?;
            desk.out.show(&answer, |made| fill("made {kind} {name}", made))?;
        }
        Issuers::Request(args) => {
            let answer = client.get(&["issuers", &args.name, "request"]).send().await?;
            write_out(answer.text.as_bytes())?;
        }
        Issuers::Import(args) => {
            let pem = read(&args.file)?;
            let path = ["issuers", &args.name, "import-certificate"];
            let answer = client.post(&path, &json!({"certificate": pem})).send().await?;
            desk.out.show(&answer, |issuer| fill("{name} signs from now on", issuer))?;
        }
        Issuers::Profiles(args) => return profiles(desk, &args).await,
        Issuers::Issue(args) => return order::issue(desk, &args).await,
        Issuers::Issued(args) => {
            let live = args.live.then_some(true);
            let call =
                client.get(&["issued"]).maybe("issuer", args.issuer.as_ref()).maybe("grant", args.grant.as_ref());
            return args.page.show(desk, call.maybe("live", live.as_ref()), ISSUED, "nothing was issued").await;
        }
        Issuers::Revoke(args) => {
            let body = json!({"reason": args.reason.reason});
            let answer = client.post(&["issued", args.id.as_str(), "revoke"], &body).send().await?;
            desk.out.show(&answer, |issued| fill("revoked {id} of {profile}@{issuer}, serial {serial}", issued))?;
        }
        Issuers::Rotate(args) => {
            let old = if args.withdraw_old { "withdrawn" } else { "expires" };
            let answer = client.post(&["issuers", &args.name, "rotate-key"], &json!({"old": old})).send().await?;
            desk.out.show(&answer, |issuer| fill("{name} signs with a new key", issuer))?;
        }
        Issuers::Withdraw(args) => {
            let answer = client.post(&["issuers", &args.name, "withdraw"], &json!({})).send().await?;
            desk.out.show(&answer, |issuer| fill("{name} issues nothing any more", issuer))?;
        }
        Issuers::Crl(args) => return crl(desk, args).await,
    }
    Ok(Exit::Ok)
}

async fn show(desk: &Desk<'_>, name: &str) -> Ended {
    let client = desk.client()?;
    let issuer = client.get(&["issuers", name]).send().await?;
    if desk.out.json {
        desk.out.show(&issuer, Value::to_string)?;
        return Ok(Exit::Ok);
    }
    let profiles = client.get(&["issuers", name, "profiles"]).send().await?.value()?;
    desk.out.show(&issuer, |issuer| {
        let keys = issuer.get("keys").map_or(&[][..], items);
        let keys = keys.iter().map(|key| fill("\nkey {id}, made {created_at}, retired {retired_at}", key));
        format!(
            "{}{}\n\n{}",
            fields(issuer, DETAILS),
            keys.collect::<String>(),
            table(items(&profiles), PROFILES, "no profiles")
        )
    })?;
    Ok(Exit::Ok)
}

async fn profiles(desk: &Desk<'_>, args: &ProfilesArgs) -> Ended {
    let path = ["issuers", args.name.as_str(), "profiles"];
    let answer = match &args.file {
        Some(file) => desk.client()?.put(&path, &declare::tables(file, "profile")?).send().await?,
        None => desk.client()?.get(&path).send().await?,
    };
    desk.out.list(&answer, PROFILES, "no profiles")?;
    Ok(Exit::Ok)
}

async fn crl(desk: &Desk<'_>, args: CrlArgs) -> Ended {
    if args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(Failed::usage("the list is binary: give -o FILE or a pipe"));
    }
    let mut stream = desk.client()?.public(&["pki", &args.name, "crl"]).stream().await?;
    let mut list = Vec::new();
    while let Some(bytes) = stream.chunk().await? {
        list.extend_from_slice(&bytes);
    }
    match args.output {
        Some(path) => atomically(&path, &list, Readers::Everyone)?,
        None => write_out(&list)?,
    }
    Ok(Exit::Ok)
}

fn read(file: &std::path::Path) -> Result<String, Failed> {
    std::fs::read_to_string(file).map_err(|error| Failed::file("read", file, &error))
}
