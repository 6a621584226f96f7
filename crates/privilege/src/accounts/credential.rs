//! A credential between its making and its sealing: the only place of this noun that sees plain text.

use super::{AccountError, CredentialKind, Managed, VersionState, store};
use crate::passwords;
use connectors::Credential;
use db::ReadTx;
use ledger::{Ctx, Write};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use seal::Record;
use types::{ManagedAccountId, Secret};

const TABLE: &str = "account_credentials";

/// A credential of our making or somebody's giving, with what may be public of it.
pub(crate) struct Fresh {
    pub(crate) value: Secret<String>,
    pub(crate) public_key: Option<String>,
}

impl Fresh {
    /// By the account's policy, or an Ed25519 pair.
    pub(crate) async fn make(ctx: &Ctx, tx: &mut ReadTx, account: &Managed) -> Result<Self, AccountError> {
        match account.credential {
            CredentialKind::Password => {
                let policy = passwords::get(tx, &account.settings.policy).await?;
                let made = passwords::generate(&policy, &account.login, ctx.chance());
                let none = || passwords::PasswordError::NoneFor { policy: policy.name, login: account.login.clone() };
                Ok(Self { value: made.ok_or_else(none)?, public_key: None })
            }
            CredentialKind::SshKey => Self::key_pair(ctx, account),
            CredentialKind::ApiKey | CredentialKind::Certificate => Err(AccountError::NotVerifiable(account.name())),
        }
    }

    fn key_pair(ctx: &Ctx, account: &Managed) -> Result<Self, AccountError> {
        let seed = Secret::new(ctx.chance().bytes::<32>());
        let mut key: PrivateKey = Ed25519Keypair::from_seed(seed.expose()).into();
        key.set_comment(format!("tenure {}", account.name()));
        let bad = |_| AccountError::BadValue { account: account.name(), reason: "the key pair cannot be written" };
        let value = Secret::new(key.to_openssh(LineEnding::LF).map_err(bad)?.to_string());
        Ok(Self { value, public_key: Some(key.public_key().to_openssh().map_err(bad)?) })
    }
}

fn row(id: &ManagedAccountId, version: u32) -> String {
    format!("{id}/{version}")
}

fn record(row: &str) -> Record<'_> {
    Record { table: TABLE, column: "sealed", row }
}

/// Seals a version and keeps it. Returns its number.
pub(crate) async fn keep(
    ctx: &Ctx,
    tx: &mut Write,
    id: &ManagedAccountId,
    fresh: &Fresh,
    state: VersionState,
) -> Result<u32, AccountError> {
    let version = store::next_version(tx, id).await?;
    let row = row(id, version);
    let record = record(&row);
    let sealed = ctx.seal().seal(record, fresh.value.expose().as_bytes())?;
    let public_key = fresh.public_key.clone();
    let now = tx.now();
    store::insert_version(tx, id, store::Sealed { version, state, sealed, public_key }, now).await?;
    Ok(version)
}

/// A version that is kept, opened.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) version: u32,
    pub(crate) state: VersionState,
    pub(crate) value: Secret<String>,
    pub(crate) public_key: Option<String>,
}

/// Every version that is not destroyed, newest first.
pub(crate) async fn kept(ctx: &Ctx, tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Vec<Kept>, AccountError> {
    store::kept(tx, id).await?.into_iter().map(|sealed| open(ctx, id, sealed)).collect()
}

/// Those that the account could have at its system, as far as anybody would try them; newest first.
pub(crate) async fn in_question(ctx: &Ctx, tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Vec<Kept>, AccountError> {
    store::in_question(tx, id).await?.into_iter().map(|sealed| open(ctx, id, sealed)).collect()
}

pub(crate) async fn one(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: &ManagedAccountId,
    version: u32,
) -> Result<Option<Kept>, AccountError> {
    store::one_kept(tx, id, version).await?.map(|sealed| open(ctx, id, sealed)).transpose()
}

fn open(ctx: &Ctx, id: &ManagedAccountId, sealed: store::Sealed) -> Result<Kept, AccountError> {
    let value = unseal(ctx, id, sealed.version, &sealed.sealed)?;
    Ok(Kept { version: sealed.version, state: sealed.state, value, public_key: sealed.public_key })
}

pub(super) fn unseal(
    ctx: &Ctx,
    id: &ManagedAccountId,
    version: u32,
    sealed: &[u8],
) -> Result<Secret<String>, AccountError> {
    let bytes = ctx.seal().unseal(record(&row(id, version)), sealed)?;
    let text = std::str::from_utf8(bytes.expose()).map_err(|_| seal::SealError::Unreadable)?;
    Ok(Secret::new(text.to_owned()))
}

impl Kept {
    /// As systems take it; `None` for kinds that no system of ours is asked about.
    pub(crate) fn credential(&self, kind: CredentialKind) -> Option<Credential> {
        match kind {
            CredentialKind::Password => Some(Credential::Password(self.value.clone())),
            CredentialKind::SshKey => Some(Credential::SshKey(self.value.clone())),
            CredentialKind::ApiKey | CredentialKind::Certificate => None,
        }
    }
}
