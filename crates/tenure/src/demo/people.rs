//! The demo's four people: their roles in Tenure, API tokens, SSH keys and one-time links. A second start finds the
//! files of the first.

use super::console;
use crate::server::Server;
use crate::write::{Readers, atomically, private_folder, read_if_there};
use anyhow::{Context, Result};
use governance::identities::{self, Identity};
use ledger::Ctx;
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use types::{Permission, Role, Secret};

const TOKEN_LIFE: Duration = Duration::from_secs(30 * 86_400);

pub(super) struct Person {
    pub(super) name: &'static str,
    /// Name and part in the demo.
    pub(super) who: String,
    pub(super) token: Secret<String>,
    pub(super) ssh_key_file: PathBuf,
    /// `None` once it was used.
    pub(super) link: Option<Secret<String>>,
}

const CAST: [(&str, &str, &str, &[Role]); 4] = [
    ("alice", "alice@example.com", "asks", &[Role::Member]),
    ("bob", "bob@example.com", "owns web-1 and approves", &[Role::Member]),
    ("carol", "carol@example.com", "audits", &[Role::Member, Role::Auditor]),
    ("admin", "admin@example.com", "administers", &Role::ALL),
];

pub(super) async fn prepare(server: &Server, ctx: &Ctx, folder: &Path) -> Result<Vec<Person>> {
    let ctx = console(ctx);
    let mut people = Vec::with_capacity(CAST.len());
    for (name, mail, part, roles) in CAST {
        let identity = identities::by_email(&ctx, mail).await?;
        let roles: BTreeSet<Role> = roles.iter().copied().collect();
        let account = authn::accounts::get(&ctx, &identity.id).await?;
        if account.roles != roles {
            authn::accounts::set_roles(&ctx, &identity.id, &roles).await?;
        }
        let own = folder.join("people").join(name);
        private_folder(&own)?;
        people.push(Person {
            name,
            who: format!("{} {part}", identity.name()),
            token: token(&ctx, &identity, &roles, &own).await?,
            ssh_key_file: ssh_key(&ctx, &identity, &own).await?,
            link: link(&ctx, &identity, &own, &server.url).await?,
        });
        write_command(server, folder, name)?;
    }
    Ok(people)
}

async fn token(ctx: &Ctx, identity: &Identity, roles: &BTreeSet<Role>, own: &Path) -> Result<Secret<String>> {
    let file = own.join("token");
    let permitted = Permission::ALL.iter().copied().filter(|p| roles.iter().any(|role| role.permits(*p)));
    let scopes: BTreeSet<Permission> = permitted.collect();
    if let Ok(text) = std::fs::read_to_string(&file) {
        let secret = Secret::new(text.trim().to_owned());
        // One that an earlier version made may lack what has come since.
        let caller = authn::tokens::authenticate(ctx, &secret).await;
        if caller.is_ok_and(|caller| scopes.iter().all(|scope| caller.may(*scope))) {
            return Ok(secret);
        }
    }
    let expires_at = ctx.now().plus(TOKEN_LIFE);
    let (_, secret) = authn::tokens::create(ctx, &identity.id, "demo", scopes, expires_at).await?;
    atomically(&file, secret.expose().as_bytes(), Readers::Owner)?;
    Ok(secret)
}

/// The key pair is written before it is registered, so that a start which was cut off is finished by the next.
async fn ssh_key(ctx: &Ctx, identity: &Identity, own: &Path) -> Result<PathBuf> {
    let file = own.join("id_ed25519");
    let key = match read_if_there(&file)? {
        Some(text) => PrivateKey::from_openssh(&text).with_context(|| format!("`{}` is not a key", file.display()))?,
        None => {
            let seed = Secret::new(ctx.chance().bytes::<32>());
            let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(seed.expose()));
            let key = PrivateKey::new(pair, &*identity.email)?;
            atomically(&file, key.to_openssh(LineEnding::LF)?.as_bytes(), Readers::Owner)?;
            key
        }
    };
    let line = key.public_key().to_openssh()?;
    std::fs::write(own.join("id_ed25519.pub"), format!("{line}\n"))?;
    let fingerprint = key.fingerprint(russh::keys::HashAlg::Sha256).to_string();
    let registered = authn::ssh_keys::list(ctx, &identity.id).await?;
    if !registered.iter().any(|known| known.fingerprint == fingerprint) {
        authn::ssh_keys::register(ctx, &identity.id, &line, "demo").await?;
    }
    Ok(file)
}

async fn link(ctx: &Ctx, identity: &Identity, own: &Path, url: &str) -> Result<Option<Secret<String>>> {
    let file = own.join("setup-link");
    let shown = |token: &str| Secret::new(format!("{url}/setup#{token}"));
    if let Ok(text) = std::fs::read_to_string(&file) {
        let token = Secret::new(text.trim().to_owned());
        let unused = authn::setup::is_usable(ctx, &token).await?;
        return Ok(unused.then(|| shown(token.expose())));
    }
    let token = authn::setup::create(ctx, &identity.id).await?;
    atomically(&file, token.expose().as_bytes(), Readers::Owner)?;
    Ok(Some(shown(token.expose())))
}

/// `bin/alice` is `tenure` as Alice. The token is read from its file when it runs.
fn write_command(server: &Server, folder: &Path, name: &str) -> Result<()> {
    let bin = folder.join("bin");
    std::fs::create_dir_all(&bin)?;
    let quoted = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    let ca_file = server.ca_file.as_deref().map(quoted).unwrap_or_default();
    let script = format!(
        "#!/bin/sh\nexport TENURE_URL='{}' TENURE_CA_FILE={ca_file}\nTENURE_TOKEN=$(cat {}) || exit 1\nexport TENURE_TOKEN\nexec {} \"$@\"\n",
        server.url,
        quoted(&folder.join("people").join(name).join("token")),
        quoted(&std::env::current_exe()?),
    );
    let file = bin.join(name);
    std::fs::write(&file, script)?;
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}
