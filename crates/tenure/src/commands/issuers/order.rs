//! `tenure issuers issue`: what is asked for, and where the answer goes. A private key is never printed to a terminal
//! by accident: it goes to a folder of one's own, or to standard output with the whole answer.

use super::read;
use crate::commands::Desk;
use crate::exit::{Ended, Exit, Failed};
use crate::output::fill;
use crate::term::Term;
use crate::write::{Readers, atomically, private_folder};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use types::Access;

pub(super) const EXAMPLES: &str = "\
Examples:
  tenure issuers issue web@server-ca --dns web.example.com -o ./tls
  tenure issuers issue web@server-ca --csr web.csr -o ./tls
  tenure issuers issue operator@ssh-ca --principal root --public-key ~/.ssh/id_ed25519.pub -o ./ssh
  tenure issuers issue api@tokens --audience https://api.example.com --for 10m --json";

#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// What, by whom
    #[arg(value_name = "PROFILE@ISSUER")]
    access: Access,
    /// How long; as long as profile and grant allow unless given
    #[arg(long = "for", value_name = "TERM")]
    term: Option<Term>,
    /// A host name, repeated for each
    #[arg(long, value_name = "NAME")]
    dns: Vec<String>,
    /// An address, repeated for each
    #[arg(long, value_name = "ADDRESS")]
    ip: Vec<String>,
    /// A SPIFFE id, repeated for each
    #[arg(long, value_name = "URI")]
    uri: Vec<String>,
    /// A certificate request in PEM, whose names and key are taken
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
    /// An SSH public key to certify
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// A login, or a host's name, repeated for each
    #[arg(long, value_name = "NAME")]
    principal: Vec<String>,
    /// Whom a token is for, repeated for each
    #[arg(long, value_name = "URI")]
    audience: Vec<String>,
    /// The folder for the files, readable by nobody else
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) async fn issue(desk: &Desk<'_>, args: &IssueArgs) -> Ended {
    if args.output.is_none() && !desk.out.json {
        return Err(Failed::usage("the answer may hold a private key: give -o DIR for its files, or --json"));
    }
    let body = body(args)?;
    let answer = desk.client()?.post(&["issuers", &args.access.target, "issue"], &body).send().await?;
    if let Some(folder) = &args.output {
        private_folder(folder)?;
        for (name, content) in files(&answer.value()?) {
            atomically(&folder.join(name), content.as_bytes(), Readers::Owner)?;
        }
        let issued = answer.value()?;
        let said = fill("issued {issued.id}, serial {issued.serial}, until {issued.expires_at}", &issued);
        desk.out.line(&format!("{said}: in `{}`", folder.display()))?;
        return Ok(Exit::Ok);
    }
    desk.out.show(&answer, Value::to_string)?;
    Ok(Exit::Ok)
}

fn body(args: &IssueArgs) -> Result<Value, Failed> {
    let text = |file: &Option<PathBuf>| file.as_deref().map(|file: &Path| read(file)).transpose();
    Ok(json!({
        "profile": args.access.login,
        "minutes": args.term.map(Term::minutes),
        "csr": text(&args.csr)?,
        "dns": args.dns,
        "ips": args.ip,
        "uris": args.uri,
        "public_key": text(&args.public_key)?,
        "principals": args.principal,
        "audiences": args.audience,
    }))
}

/// Names and contents: as OpenSSH wants them for SSH, in PEM for X.509.
fn files(answer: &Value) -> Vec<(&'static str, String)> {
    let names = match answer["issued"]["form"].as_str() {
        Some("ssh") => [("private_key", "id"), ("certificate", "id-cert.pub"), ("chain", "chain"), ("token", "token")],
        _ => [("private_key", "key.pem"), ("certificate", "cert.pem"), ("chain", "chain.pem"), ("token", "token")],
    };
    let content = |(field, file): (&str, &'static str)| {
        let text = answer[field].as_str().filter(|text| !text.is_empty())?;
        Some((file, if text.ends_with('\n') || field == "token" { text.to_owned() } else { format!("{text}\n") }))
    };
    names.into_iter().filter_map(content).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_an_answer_has_a_file_of_its_own() {
        let tls =
            json!({"issued": {"form": "x509"}, "certificate": "C\n", "chain": "", "private_key": "K", "token": null});
        assert_eq!(files(&tls), [("key.pem", "K\n".to_owned()), ("cert.pem", "C\n".to_owned())]);
        let ssh =
            json!({"issued": {"form": "ssh"}, "certificate": "C", "chain": null, "private_key": "K\n", "token": null});
        assert_eq!(files(&ssh), [("id", "K\n".to_owned()), ("id-cert.pub", "C\n".to_owned())]);
        let token =
            json!({"issued": {"form": "jwt"}, "certificate": null, "chain": null, "private_key": null, "token": "T"});
        assert_eq!(files(&token), [("token", "T".to_owned())]);
    }
}
