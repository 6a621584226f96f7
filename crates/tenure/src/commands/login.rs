//! Who I am, and a short-lived SSH certificate for the key that I have.

use super::Desk;
use crate::client::Client;
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fields, fill, plain};
use crate::term::Term;
use crate::write::{Readers, atomically};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(super) const EXAMPLES: &str = "\
Examples:
  tenure login
  tenure login --key ~/.ssh/id_work.pub --for 4h

The certificate is written beside the key, where OpenSSH finds it by itself.";

const ME: &[Column] = &[
    ("identity", "{identity.id}"),
    ("name", "{identity.name}"),
    ("mail", "{identity.email}"),
    ("department", "{identity.department}"),
    ("job title", "{identity.job_title}"),
    ("manager", "{identity.manager}"),
    ("roles", "{roles}"),
    ("permissions", "{permissions}"),
];

const GATEWAY_PORT: &str = "2222";

#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// Your public key; ~/.ssh/id_ed25519.pub unless given
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// How long the certificate lives, in whole hours, 12 at most
    #[arg(long = "for", value_name = "TERM", default_value = "8h", value_parser = hours)]
    hours: u32,
}

fn hours(text: &str) -> Result<u32, String> {
    let term: Term = text.parse()?;
    let hours = term.whole_hours().filter(|hours| (1..=12).contains(hours));
    hours.ok_or_else(|| "a certificate lives for whole hours, from `1h` to `12h`".into())
}

pub(super) async fn login(desk: &Desk<'_>, args: LoginArgs) -> Ended {
    let path = match args.key {
        Some(path) => path,
        None => std::env::home_dir()
            .ok_or_else(|| Failed::usage("there is no home folder: give --key"))?
            .join(".ssh/id_ed25519.pub"),
    };
    let line = public_key(&path)?;
    let client = desk.client()?;
    let call = client.create(&["me", "ssh-certificate"], &json!({"public_key": line, "hours": args.hours}));
    let answer = call.send().await?;
    let issued = answer.value()?;
    let certificate = issued.get("certificate").and_then(Value::as_str).unwrap_or_default().trim();
    if certificate.is_empty() {
        return Err(Failed::new(Exit::Unavailable, "the server gave no certificate: try again"));
    }
    let (key, beside) = (path.with_extension(""), beside(&path));
    atomically(&beside, format!("{certificate}\n").as_bytes(), Readers::Everyone)?;
    desk.out.show(&answer, |issued| {
        let until = fill("{expires_at}", issued);
        let command = ssh_command(&key, issued, &client);
        format!("wrote `{}`, good until {until}\nconnect with: {command}", beside.display())
    })?;
    Ok(Exit::Ok)
}

/// The line of a public key file. A private key is refused before it is sent anywhere.
pub(super) fn public_key(path: &Path) -> Result<String, Failed> {
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Failed::usage(format!("there is no `{}`: make a key with `ssh-keygen -t ed25519`", path.display()))
        }
        _ => Failed::file("read", path, &error),
    })?;
    if text.contains("PRIVATE KEY") {
        return Err(Failed::usage(format!("`{}` is a private key: give the `.pub` file beside it", path.display())));
    }
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    line.map(str::to_owned).ok_or_else(|| Failed::usage(format!("`{}` holds no key", path.display())))
}

/// Where OpenSSH looks for the certificate of a key: `id_ed25519-cert.pub`.
fn beside(public_key: &Path) -> PathBuf {
    let stem = public_key.file_stem().unwrap_or_default().to_string_lossy();
    public_key.with_file_name(format!("{stem}-cert.pub"))
}

fn ssh_command(key: &Path, issued: &Value, client: &Client) -> String {
    let gateway = issued.get("gateway").and_then(Value::as_str).map(plain).unwrap_or_default();
    let (host, port) = match gateway.rsplit_once(':') {
        Some((host, port)) => (host, port),
        None => (client.base().host_str().unwrap_or_default(), GATEWAY_PORT),
    };
    format!("ssh -i {} -p {port} LOGIN@TARGET@{}", key.display(), host.trim_matches(['[', ']']))
}

pub(super) async fn whoami(desk: &Desk<'_>) -> Ended {
    let answer = desk.client()?.get(&["me"]).send().await?;
    desk.out.show(&answer, |me| fields(me, ME))?;
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_lives_for_whole_hours_up_to_twelve() {
        assert_eq!(hours("1h"), Ok(1));
        assert_eq!(hours("12h"), Ok(12));
        for text in ["30m", "13h", "1d", "0h", "8"] {
            assert!(hours(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_certificate_lies_where_openssh_looks_for_it() {
        assert_eq!(
            beside(Path::new("/home/alice/.ssh/id_ed25519.pub")),
            Path::new("/home/alice/.ssh/id_ed25519-cert.pub")
        );
    }
}
