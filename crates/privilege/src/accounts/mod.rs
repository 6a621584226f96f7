//! Accounts under management: whose credential Tenure keeps, sealed, in versions, and sees working. Who may have a
//! credential is not decided here, and how one is changed stands in `rotation`.

pub(crate) mod credential;
mod current;
pub(crate) mod duties;
mod error;
mod events;
mod import;
mod model;
mod rules;
mod store;

pub(crate) use store::SEALED as SEALED_VERSIONS;
pub(crate) mod system;
#[cfg(test)]
mod tests;
mod values;
mod values_store;
pub(crate) mod verify;

pub(crate) use current::own_in;
pub use current::{Current, administrator, current_for_reader, current_in};
pub use error::AccountError;
pub use events::KINDS;
pub(crate) use events::{known_no_more, known_to_leaver};
pub use import::{Given, Import, import};
pub(crate) use model::words;
pub use model::{
    AccountKind, Behind, ChangeAs, CredentialKind, Managed, Pair, Reconcile, Settings, State, Version, VersionState,
};
pub use store::Filter;
pub(crate) use store::{settle, take_fence, word_of};
pub(crate) use values::{each_value, live_versions};
pub use verify::verify;

use crate::checkouts;
use crate::rotation;
use db::{DbError, ReadTx, WriteTx};
use ledger::{Ctx, Write};
use provisioning::ownership;
use types::{IdentityId, ManagedAccountId, Secret, Timestamp};

/// Woken whenever an account's credential changed its state.
pub const TOPIC: &str = "rotations";

/// What to change of how an account is managed.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    #[serde(skip)]
    pub owner: Option<IdentityId>,
    pub kind: Option<AccountKind>,
    pub purpose: Option<String>,
    pub policy: Option<String>,
    #[serde(default, with = "given")]
    pub rotate_every_seconds: Option<Option<u64>>,
    #[serde(default, with = "given")]
    pub verify_every_seconds: Option<Option<u64>>,
    pub change_as: Option<ChangeAs>,
    #[serde(default, with = "given")]
    pub reconcile_by: Option<Option<ManagedAccountId>>,
    pub reconcile: Option<Reconcile>,
    pub rotate_on_leak: Option<bool>,
    pub dual_control: Option<bool>,
    pub exclusive: Option<bool>,
    pub one_time: Option<bool>,
    #[serde(default, with = "given")]
    pub max_checkout_seconds: Option<Option<u64>>,
    pub grace_seconds: Option<u64>,
    pub dependents_behind: Option<Behind>,
}

/// Tells `null`, which takes a setting away, from a setting that is not named.
mod given {
    use serde::{Deserialize, Deserializer};

    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

impl Change {
    pub(crate) fn apply(self, settings: &mut Settings) {
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        set(&mut settings.kind, self.kind);
        set(&mut settings.purpose, self.purpose);
        set(&mut settings.policy, self.policy);
        set(&mut settings.rotate_every_seconds, self.rotate_every_seconds);
        set(&mut settings.verify_every_seconds, self.verify_every_seconds);
        set(&mut settings.change_as, self.change_as);
        set(&mut settings.reconcile_by, self.reconcile_by);
        set(&mut settings.reconcile, self.reconcile);
        set(&mut settings.rotate_on_leak, self.rotate_on_leak);
        set(&mut settings.dual_control, self.dual_control);
        set(&mut settings.exclusive, self.exclusive);
        set(&mut settings.one_time, self.one_time);
        set(&mut settings.max_checkout_seconds, self.max_checkout_seconds);
        set(&mut settings.grace_seconds, self.grace_seconds);
        set(&mut settings.dependents_behind, self.dependents_behind);
    }
}

/// Changes how an account is managed. A new policy holds from the next rotation on.
pub async fn set(ctx: &Ctx, id: &ManagedAccountId, change: Change) -> Result<Managed, AccountError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let before = find_managed(&mut tx, id).await?;
    let mut account = before.clone();
    account.owner = change.owner.clone().unwrap_or(account.owner);
    change.apply(&mut account.settings);
    if account == before {
        return Ok(account);
    }
    import::check(&mut tx, &account).await?;
    if account.settings.verify_every_seconds != before.settings.verify_every_seconds {
        account.verify_at = rules::verify_at(&account.settings, &account, now);
    }
    if account.settings.rotate_every_seconds != before.settings.rotate_every_seconds {
        account.rotate_at = rules::rotate_at(&account.settings, &account, account.changed_at.unwrap_or(now));
    }
    tx.also(events::changed(&account));
    store::update_settings(&mut tx, &account).await?;
    tx.commit().await?;
    Ok(account)
}

/// Somebody else answers for it, because its owner left. One that is not managed any more needs nobody.
pub(crate) async fn hand_over(tx: &mut Write, id: &str, to: IdentityId) -> Result<(), AccountError> {
    let id: ManagedAccountId = id.parse().map_err(|_| AccountError::NotFound(id.to_owned()))?;
    let account = Managed { owner: to, ..find_managed(tx, &id).await? };
    tx.also(events::changed(&account));
    Ok(store::update_settings(tx, &account).await?)
}

/// Keeps a new credential that somebody set at the system by hand: for kinds that Tenure cannot change by itself, and
/// for an account of which no kept credential logs in any more.
///
/// # Errors
/// A conflict while Tenure itself changes it.
pub async fn give(ctx: &Ctx, id: &ManagedAccountId, value: Secret<String>) -> Result<Managed, AccountError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let mut account = find_managed(&mut tx, id).await?;
    if matches!(account.state, State::Changing { .. }) {
        return Err(AccountError::Rotating(account.name()));
    }
    let system = system::find(&mut tx, &account.target).await?;
    let public_key = import::check_value(&system, &account, &value)?;
    if credential::kept(ctx, &mut tx, id).await?.iter().any(|kept| kept.value.expose() == value.expose()) {
        let reason = "it was this account's before, and whoever knew it then knows it still: set a new one";
        return Err(AccountError::BadValue { account: account.name(), reason });
    }
    let fresh = credential::Fresh { value, public_key };
    let version = credential::keep(ctx, &mut tx, id, &fresh, VersionState::Candidate).await?;
    store::make_current(&mut tx, id, version, None, now).await?;
    account.fence = store::take_fence(&mut tx, id).await?;
    account.state = State::Settled { current: version };
    (account.changed_at, account.verified_at) = (Some(now), None);
    account.rotate_at = rules::rotate_at(&account.settings, &account, now);
    store::settle(&mut tx, &account).await?;
    tx.also(events::value_given(&account, version));
    if account.credential.is_verifiable() {
        verify::enqueue(ctx, &mut tx, id).await?;
        rotation::catch_up(ctx, &mut tx, id, version).await?;
    }
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(account)
}

/// Lets two accounts take turns. The first one is handed out until the other was rotated.
pub async fn pair(ctx: &Ctx, first: &ManagedAccountId, second: &ManagedAccountId) -> Result<(), AccountError> {
    let mut tx = ctx.decide().await?;
    let (one, other) = (find_managed(&mut tx, first).await?, find_managed(&mut tx, second).await?);
    if one.pair.as_ref().is_some_and(|pair| pair.other == other.id) {
        return Ok(());
    }
    rules::check_pair(&one, &other)?;
    let flipped_at = Some(tx.now());
    for (account, other, handed_out) in [(&one, &other, true), (&other, &one, false)] {
        let pair = Pair { other: other.id.clone(), handed_out, flipped_at };
        tx.also(events::paired(&account.id, Some(&pair)));
        store::update_pair(&mut tx, &account.id, Some(&pair)).await?;
    }
    tx.wake(TOPIC);
    Ok(tx.commit().await?)
}

/// Takes a pair apart; both stay under management.
pub async fn unpair(ctx: &Ctx, id: &ManagedAccountId) -> Result<(), AccountError> {
    let mut tx = ctx.decide().await?;
    let account = find_managed(&mut tx, id).await?;
    let Some(pair) = account.pair else { return Ok(()) };
    for id in [&account.id, &pair.other] {
        tx.also(events::paired(id, None));
        store::update_pair(&mut tx, id, None).await?;
    }
    tx.wake(TOPIC);
    Ok(tx.commit().await?)
}

/// Ends the management. What is kept of its credentials stays for a time, and its history for good.
///
/// # Errors
/// [`AccountError::Needed`] while another account is reconciled by it or paired with it, [`AccountError::Known`] while
/// somebody has its credential in hand or would know it afterwards, also who answered for it and left.
pub async fn unmanage(ctx: &Ctx, id: &ManagedAccountId) -> Result<(), AccountError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let account = find_managed(&mut tx, id).await?;
    if matches!(account.state, State::Changing { .. }) {
        return Err(AccountError::Rotating(account.name()));
    }
    if store::needed_by(&mut tx, id).await? > 0 {
        return Err(AccountError::Needed(account.name()));
    }
    let owned = ownership::get(&mut tx, ownership::Kind::Account, id.as_str()).await?;
    let left = owned.and_then(|owned| owned.known_to);
    if left.is_some() || checkouts::known_to(&mut tx, id).await? > 0 {
        return Err(AccountError::Known(account.name()));
    }
    tx.also(events::unmanaged(&account));
    store::update_unmanaged(&mut tx, id, now).await?;
    tx.wake(TOPIC);
    Ok(tx.commit().await?)
}

pub async fn get(ctx: &Ctx, id: &ManagedAccountId) -> Result<Managed, AccountError> {
    find(&mut ctx.read().await?, id).await
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Managed>, AccountError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// The versions that an account's credential had, newest first; never a credential.
pub async fn history(ctx: &Ctx, id: &ManagedAccountId) -> Result<Vec<Version>, AccountError> {
    let mut tx = ctx.read().await?;
    find(&mut tx, id).await?;
    Ok(store::versions(&mut tx, id).await?)
}

/// The managed ones with this login there, whatever they prove themselves with, as the transaction sees them.
pub(crate) async fn of_login(tx: &mut ReadTx, target: &str, login: &str) -> Result<Vec<Managed>, AccountError> {
    Ok(store::of_login(tx, target, login).await?)
}

/// As the transaction sees it.
pub(crate) async fn find(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Managed, AccountError> {
    store::get(tx, id).await?.ok_or_else(|| AccountError::NotFound(id.to_string()))
}

pub(crate) async fn find_managed(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Managed, AccountError> {
    let account = find(tx, id).await?;
    if account.is_managed() { Ok(account) } else { Err(AccountError::Unmanaged(account.id)) }
}

/// When an account is looked at next, from a moment at which its credential was seen working; `changed`: since when it is
/// the current one, where it is a new one.
pub(crate) fn schedule(account: &mut Managed, changed: Option<Timestamp>, now: Timestamp) {
    account.verify_at = rules::verify_at(&account.settings, account, now);
    account.changed_at = changed.or(account.changed_at);
    if changed.is_some() || account.rotate_at.is_none() {
        account.rotate_at = rules::rotate_at(&account.settings, account, now);
    }
}

pub(crate) async fn make_current(
    tx: &mut Write,
    id: &ManagedAccountId,
    version: u32,
    now: Timestamp,
) -> Result<(), DbError> {
    store::make_current(tx, id, version, Some(now), now).await
}

pub(crate) async fn refuse(tx: &mut Write, id: &ManagedAccountId, version: u32) -> Result<(), DbError> {
    let now = tx.now();
    store::update_refused(tx, id, version, now).await
}

/// Hands out `to` from now on, and not `from`.
pub(crate) async fn flip(tx: &mut Write, to: &ManagedAccountId, from: &ManagedAccountId) -> Result<(), DbError> {
    let now = Some(tx.now());
    for (id, other, handed_out) in [(to, from, true), (from, to, false)] {
        let pair = Pair { other: other.clone(), handed_out, flipped_at: now };
        store::update_pair(tx, id, Some(&pair)).await?;
    }
    Ok(())
}

pub(crate) async fn due_for_rotation(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<ManagedAccountId>, DbError> {
    store::due(tx, store::Due::Rotate, now).await
}

/// The rotation that is due was ordered: it sets the next date when it is done.
pub(crate) async fn put_off_rotation(tx: &mut WriteTx, id: &ManagedAccountId) -> Result<(), AccountError> {
    let account = Managed { rotate_at: None, ..find(tx, id).await? };
    Ok(store::update_settings(tx, &account).await?)
}
