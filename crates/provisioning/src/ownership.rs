//! Who answers for what the privilege plane keeps: accounts under management and secrets, by their ids. Privilege says
//! what there is and whose; governance says who takes over, and privilege carries that out.

use crate::{ProvisioningError, TOPIC, ownership_store as store};
use db::{DbError, ReadTx, Value, WriteTx};
use ledger::Write;
use types::IdentityId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An account under management.
    Account,
    Secret,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Account, Self::Secret];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Secret => "secret",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    pub kind: Kind,
    /// Its id in the privilege plane.
    pub subject: String,
    /// How people know it, where that is no secret itself: `LOGIN@TARGET`.
    pub name: Option<String>,
    pub owner: IdentityId,
    /// Who is to own it as soon as privilege has carried that out.
    pub heir: Option<IdentityId>,
    /// Who answered for it before and has left: they may know its credential until another one is its own.
    pub known_to: Option<IdentityId>,
    /// The last version of it that they may know; `None` until privilege has begun to change it.
    pub known_version: Option<u32>,
}

/// Privilege's door: it is there, and this is whose; with the change that says so. Whoever was to take over has, or not
/// any more.
pub async fn keep(
    tx: &mut WriteTx,
    kind: Kind,
    subject: &impl ToString,
    name: Option<&str>,
    owner: &IdentityId,
) -> Result<(), DbError> {
    store::save(tx, kind, &subject.to_string(), name, owner).await
}

/// Privilege's door: it is not there any more.
pub async fn forget(tx: &mut WriteTx, kind: Kind, subject: &impl ToString) -> Result<(), DbError> {
    store::delete(tx, kind, &subject.to_string()).await
}

/// Privilege's door: what is to get another owner.
pub async fn to_hand_over(tx: &mut ReadTx) -> Result<Vec<Owned>, DbError> {
    store::with_heir(tx).await
}

/// Governance's door: what these people own or are about to.
pub async fn of(
    tx: &mut ReadTx,
    owners: impl IntoIterator<Item = &IdentityId>,
) -> Result<Vec<Owned>, ProvisioningError> {
    let mut found = store::of(tx, owners.into_iter().map(Value::from).collect()).await?;
    found.sort_by(|a, b| (a.kind, &a.subject).cmp(&(b.kind, &b.subject)));
    found.dedup();
    Ok(found)
}

pub async fn get(tx: &mut ReadTx, kind: Kind, subject: &str) -> Result<Option<Owned>, ProvisioningError> {
    Ok(store::get(tx, kind, subject).await?)
}

/// Governance's door: somebody else answers for it, and the credential of an account that its owner may know is changed. The
/// caller records who decided.
///
/// # Errors
/// One of the database when there is no such thing.
pub async fn hand_over(tx: &mut Write, kind: Kind, subject: &str, to: &IdentityId) -> Result<(), ProvisioningError> {
    store::set_heir(tx, kind, subject, to).await?;
    tx.wake(TOPIC);
    Ok(())
}

/// Governance's door: who left and answered for an account, by its name `LOGIN@TARGET`, may know its credential. Says whether
/// such an account is under management.
pub async fn distrust(tx: &mut Write, name: &str, who: &IdentityId) -> Result<bool, ProvisioningError> {
    let known = store::set_known_to(tx, name, who).await? > 0;
    tx.wake(TOPIC);
    Ok(known)
}

/// Governance's door: whether an account of this name, `LOGIN@TARGET`, is under management.
pub async fn is_managed(tx: &mut ReadTx, name: &str) -> Result<bool, ProvisioningError> {
    Ok(store::accounts_called(tx, name).await? > 0)
}

/// Governance's door: whether an account of this name, `LOGIN@TARGET`, has a credential still that somebody who left may know.
pub async fn is_distrusted(tx: &mut ReadTx, name: &str) -> Result<bool, ProvisioningError> {
    Ok(store::distrusted_called(tx, name).await? > 0)
}

/// Governance's door: whether something has a credential still that somebody who left may know.
pub async fn is_known_to(tx: &mut ReadTx, who: &IdentityId) -> Result<bool, ProvisioningError> {
    Ok(!store::known_to(tx, Some(who)).await?.is_empty())
}

/// Privilege's door: whose credential is to be another one, because somebody who left may know it.
pub async fn to_change(tx: &mut ReadTx) -> Result<Vec<Owned>, DbError> {
    store::known_to(tx, None).await
}

/// Privilege's door: it is being changed; whoever left knows no version after this one.
pub async fn is_changing(tx: &mut WriteTx, subject: &str, version: u32) -> Result<(), DbError> {
    store::set_known_version(tx, subject, version).await
}

/// Privilege's door: it has another credential now.
pub async fn was_changed(tx: &mut WriteTx, subject: &str) -> Result<(), DbError> {
    store::clear_known_to(tx, subject).await
}
