//! Issuers: what they issue under a grant, how it ends, and what programs that nobody here wrote make of it.

mod authorities;
mod bad_input;
mod ends;
mod ssh;
mod tokens;
mod x509;

use crate::house::House;
use grants::issue::{self, NewGrant};
use grants::{Because, Grant, Terms as GrantTerms};
use ledger::{Entry, EventKind};
use privilege::issuers::{
    self, Algorithm, Certifies, Declaration, Extension, Filter, Issuance, Issued, IssuerError, JwtRules, Profile,
    Request, Rules, SshRules, Terms, Usage, X509Rules,
};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use types::{Channel, CredentialId, RequestId, Window};

pub(crate) const ORIGIN: &str = "https://tenure.example:8443";
const DECIDED: EventKind = EventKind { name: "request.decided", doc: "" };

/// As an auditor sees it.
pub(crate) async fn see(house: &House, id: &CredentialId) -> Issued {
    let filter = Filter { limit: 100, ..Filter::default() };
    let all = issuers::list_issued(&house.ctx, &house.auditor(), filter).await.unwrap();
    all.into_iter().find(|issued| issued.id == *id).unwrap()
}

fn root() -> Declaration {
    let terms = Terms::X509Root {
        algorithm: Algorithm::EcdsaP256,
        common_name: "Example Root".into(),
        days: 3650,
        path_length: 1,
        issues: false,
    };
    Declaration { name: "root-ca".into(), terms }
}

fn intermediate(parent: Option<&str>) -> Declaration {
    let terms = Terms::X509Intermediate {
        algorithm: Algorithm::Ed25519,
        common_name: "Example Servers".into(),
        days: 365,
        path_length: 0,
        permitted_dns: vec![],
        parent: parent.map(str::to_owned),
    };
    Declaration { name: "server-ca".into(), terms }
}

/// For names below `example.com` only.
fn constrained(parent: Option<&str>) -> Declaration {
    let mut new = intermediate(parent);
    if let Terms::X509Intermediate { permitted_dns, .. } = &mut new.terms {
        permitted_dns.push("example.com".into());
    }
    new
}

fn servers(name: &str, algorithm: Algorithm) -> Profile {
    let rules = X509Rules {
        dns: vec!["*.example.com".into(), ".svc.example.com".into()],
        ips: vec!["192.0.2.0/24".into()],
        uris: vec!["spiffe://example.org/web/*".into()],
        usages: BTreeSet::from([Usage::Server, Usage::Client]),
        algorithm,
    };
    Profile { name: name.into(), max_minutes: 60, max_live: 100, rules: Rules::X509(rules) }
}

fn tokens(name: &str, audience: &str) -> Profile {
    let claims = serde_json::json!({"environment": "prod"}).as_object().cloned().unwrap();
    let rules = JwtRules { audiences: BTreeSet::from([audience.into()]), subject: "workload:{holder}".into(), claims };
    Profile { name: name.into(), max_minutes: 60, max_live: 100, rules: Rules::Jwt(rules) }
}

fn logins(name: &str) -> Profile {
    let rules = SshRules {
        certifies: Certifies::User,
        principals: vec!["root".into(), "deploy".into()],
        extensions: BTreeSet::from([Extension::Pty]),
        source_addresses: vec!["127.0.0.0/8".into()],
    };
    Profile { name: name.into(), max_minutes: 60, max_live: 100, rules: Rules::Ssh(rules) }
}

fn hosts(name: &str) -> Profile {
    let rules = SshRules {
        certifies: Certifies::Host,
        principals: vec!["web-1.example.com".into(), "localhost".into()],
        extensions: BTreeSet::new(),
        source_addresses: vec![],
    };
    Profile { name: name.into(), max_minutes: 60, max_live: 100, rules: Rules::Ssh(rules) }
}

/// A root, and below it an intermediate whose profile `web` certifies servers.
async fn pki(house: &House) {
    issuers::create(&house.ctx, ORIGIN, &root()).await.unwrap();
    issuers::create(&house.ctx, ORIGIN, &intermediate(Some("root-ca"))).await.unwrap();
    let profiles = [servers("web", Algorithm::EcdsaP256), servers("edge", Algorithm::Ed25519)];
    issuers::declare_profiles(&house.ctx, "server-ca", &profiles).await.unwrap();
}

async fn make(house: &House, name: &str, terms: Terms, profiles: &[Profile]) {
    issuers::create(&house.ctx, ORIGIN, &Declaration { name: name.into(), terms }).await.unwrap();
    issuers::declare_profiles(&house.ctx, name, profiles).await.unwrap();
}

async fn token_issuer(house: &House, algorithm: Algorithm) {
    make(house, "tokens", Terms::Jwt { algorithm }, &[tokens("api", "https://api.example.com")]).await;
}

async fn ssh_issuer(house: &House) {
    make(house, "ssh-ca", Terms::Ssh {}, &[logins("operator"), hosts("host")]).await;
}

/// Alice may be issued this for so long.
async fn grant(house: &House, profile: &str, issuer: &str, length: Duration) -> Grant {
    grant_of(house, profile, issuer, length, Channel::Credential).await
}

async fn grant_of(house: &House, profile: &str, issuer: &str, length: Duration, channel: Channel) -> Grant {
    let request = RequestId::new(&house.clock, house.ctx.chance());
    let mut tx = house.ctx.record(Entry::new(DECIDED, &request)).await.unwrap();
    let new = NewGrant {
        holder: house.alice.clone(),
        target: issuer.into(),
        login: profile.into(),
        channels: BTreeSet::from([channel]),
        window: Window::starting(house.ctx.now(), length),
        terms: GrantTerms { max_sessions: 1 },
        because: Because::Request { request, role: "sre".into() },
    };
    let grant = issue::issue(&house.ctx, &mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    grant
}

fn for_dns(profile: &str, names: &[&str]) -> Request {
    let dns = names.iter().map(|name| (*name).to_owned()).collect();
    Request { profile: profile.into(), dns, ..Request::default() }
}

async fn ask(house: &House, issuer: &str, request: Request) -> Result<Issuance, IssuerError> {
    issuers::issue(&house.ctx, ORIGIN, &house.alice, issuer, request).await
}

/// What a program printed, and that it went well.
fn well(command: &mut Command) -> String {
    let (good, text) = run(command);
    assert!(good, "{command:?}: {text}");
    text
}

fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let file = folder.join(name);
    std::fs::write(&file, content).unwrap();
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    file.to_str().unwrap().to_owned()
}
