//! The company: few people, loaded by the ordinary use cases.

use crate::{Revocation, below, console};
use connectors::hr_csv;
use governance::imports::{self, Mode, Outcome};
use governance::{identities, roles, systems};
use ledger::Ctx;
use peers::sshd::LinuxHost;
use privilege::targets;
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use types::{IdentityId, Permission, Role, Secret};

/// Somebody of the company, with everything that proves them.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: &'static str,
    pub id: IdentityId,
    pub token: Secret<String>,
    pub ssh_key_file: PathBuf,
}

pub(crate) const HEADER: &str =
    "employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date";

/// Rows of the feed, one for each person; 25 colleagues make the numbers real.
pub fn rows() -> Vec<String> {
    let mut rows: Vec<String> = [
        "E0001,Alice,Moreau,alice@example.com,Platform Engineering,Site Reliability Engineer,E0002,active,2020-01-01,",
        "E0002,Bob,Lindqvist,bob@example.com,Platform Engineering,Head of Platform,,active,2019-01-01,",
        "E0003,Carol,Adeyemi,carol@example.com,Audit,Internal Auditor,,active,2019-01-01,",
        "E0004,Ada,Nowak,admin@example.com,IT,IT Administrator,,active,2019-01-01,",
        "E0005,Mallory,Quinn,mallory@example.com,Support,Support Agent,,active,2021-01-01,",
    ]
    .map(str::to_owned)
    .to_vec();
    for n in 100..125 {
        rows.push(format!("E0{n},Person,Number {n},p{n}@example.com,Sales,Account Manager,E0002,active,2021-05-01,"));
    }
    rows
}

/// The feed of these rows, with its trailer.
pub fn feed(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n#end,{}\n", rows.join("\n"), rows.len())
}

pub(crate) async fn load(ctx: &Ctx, host: &LinuxHost, revocation: Revocation) {
    let ctx = console(ctx);
    let parsed = hr_csv::read(feed(&rows()).as_bytes()).expect("a good feed");
    let run = imports::apply(&ctx, &parsed, Mode::Apply).await.expect("an import");
    assert!(matches!(run.outcome, Outcome::Applied(_)));
    let file: systems::File =
        toml::from_str("[[system]]\nname = \"web-1\"\nowner = \"bob@example.com\"\nlogins = [\"root\", \"deploy\"]\n")
            .expect("a good file");
    systems::declare(&ctx, &file.system).await.expect("systems");
    let file: roles::File = toml::from_str(
        "[[role]]\nname = \"sre-root\"\n[[role.when]]\nattribute = \"department\"\nequals = \"Platform Engineering\"\n\
         [[role.makes_eligible]]\nsystem = \"web-1\"\nlogin = \"root\"\nmax_minutes = 120\nmax_sessions = 50\n\
         [[role.makes_eligible]]\nsystem = \"web-1\"\nlogin = \"deploy\"\nmax_minutes = 120\n\
         channels = [\"shell\", \"exec\", \"sftp\", \"port_forward\"]\n",
    )
    .expect("a good file");
    roles::declare(&ctx, &file.role).await.expect("roles");
    let address = host.addr();
    let declaration = targets::Declaration {
        name: "web-1".to_owned(),
        host: address.ip().to_string(),
        port: address.port(),
        host_key: host.host_key_line().to_owned(),
        reads_krl: revocation == Revocation::HostReadsKrl,
        description: "a real Debian host".to_owned(),
        discovery_login: "root".to_owned(),
        sign_in: targets::SignIn::Certificate,
        sudo: Default::default(),
    };
    targets::declare(&ctx, &[declaration]).await.expect("a target");
}

pub(crate) async fn people(ctx: &Ctx, folder: &Path) -> [Person; 5] {
    let ctx = console(ctx);
    [
        person(&ctx, folder, "alice", &[Role::Member]).await,
        person(&ctx, folder, "bob", &[Role::Member]).await,
        person(&ctx, folder, "carol", &[Role::Member, Role::Auditor]).await,
        person(&ctx, folder, "admin", &[Role::Member, Role::Operator, Role::Administrator]).await,
        person(&ctx, folder, "mallory", &[Role::Member]).await,
    ]
}

async fn person(ctx: &Ctx, folder: &Path, name: &'static str, roles: &[Role]) -> Person {
    let identity = identities::by_email(ctx, &format!("{name}@example.com")).await.expect("an identity");
    let roles: BTreeSet<Role> = roles.iter().copied().collect();
    if roles.len() > 1 {
        authn::accounts::set_roles(ctx, &identity.id, &roles).await.expect("roles");
    }
    let scopes = Permission::ALL.iter().copied().filter(|p| roles.iter().any(|role| role.permits(*p))).collect();
    let expires_at = ctx.now().plus(Duration::from_secs(300 * 86_400));
    let (_, token) = authn::tokens::create(ctx, &identity.id, "test", scopes, expires_at).await.expect("a token");
    let (ssh_key_file, line) = write_key(ctx, folder, name);
    authn::ssh_keys::register(ctx, &identity.id, &line, "test").await.expect("a registered key");
    Person { name, id: identity.id, token, ssh_key_file }
}

/// A new key in a folder of its own, with its public line beside it: the file and the line.
pub(crate) fn write_key(ctx: &Ctx, folder: &Path, name: &str) -> (PathBuf, String) {
    let file = below(folder, &["people", name, "id_ed25519"]);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&ctx.chance().bytes()));
    let key = PrivateKey::new(pair, name).expect("a key");
    std::fs::write(&file, key.to_openssh(LineEnding::LF).expect("a key file").as_bytes()).expect("a key file");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("a private file");
    let line = key.public_key().to_openssh().expect("a public key");
    std::fs::write(file.with_extension("pub"), &line).expect("a public key file");
    (file, line)
}
