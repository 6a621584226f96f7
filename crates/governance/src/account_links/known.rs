//! Accounts that are nobody's own and whose credential somebody who left may know, as long as Tenure does not keep it.

use super::{AccountLinkError, described, events, store, there};
use db::ReadTx;
use ledger::Write;
use provisioning::{ObservedAccount, inventory};
use types::{IdentityId, ObservedAccountId};

/// One that is there and not under management.
pub(crate) struct KnownToLeaver {
    pub(crate) account: ObservedAccount,
    pub(crate) left: IdentityId,
    /// Under which it is kept: the account may be called otherwise since.
    key: store::Key,
}

/// Kept also while the account is disabled or gone: it may be back.
pub(crate) async fn keep(tx: &mut Write, id: &ObservedAccountId, left: &IdentityId) -> Result<(), AccountLinkError> {
    let account = there(tx, id).await?;
    Ok(store::set_known_to(tx, &store::key(&account), Some(left)).await?)
}

/// Those that are there, also under another name.
pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<KnownToLeaver>, AccountLinkError> {
    let mut all = Vec::new();
    for store::Known { key, account, left } in store::known(tx).await? {
        let [system, native_id, login] = &key;
        let found = inventory::by_native(tx, system, native_id).await?;
        let is_same =
            |found: &ObservedAccount| found.login.to_lowercase() == *login || account.as_ref() == Some(&found.id);
        all.extend(found.filter(is_same).map(|account| KnownToLeaver { account, left, key }));
    }
    Ok(all)
}

/// It is this account, whatever that is called from now on.
pub(crate) async fn recognise(tx: &mut Write, known: &KnownToLeaver) -> Result<(), AccountLinkError> {
    Ok(store::set_account(tx, &known.key, &known.account.id).await?)
}

/// It came under management: privilege changes its credential and knows until when somebody may know it.
pub(crate) async fn is_kept_elsewhere(tx: &mut Write, known: &KnownToLeaver) -> Result<(), AccountLinkError> {
    tx.also(events::distrusted(&known.account, &known.left));
    let answer = described(tx, vec![known.account.clone()]).await?.remove(0).answer;
    if let Some(answer) = answer {
        store::save_answer(tx, &known.account, &answer).await?;
    }
    Ok(store::set_known_to(tx, &known.key, None).await?)
}

/// `LOGIN@SYSTEM` as it is and as it was whenever something was said of the account.
pub(crate) async fn names(tx: &mut ReadTx, id: &ObservedAccountId) -> Result<Vec<String>, AccountLinkError> {
    let account = inventory::account(tx, id).await?;
    let logins = [vec![account.login], store::logins(tx, id).await?].concat();
    Ok(logins.into_iter().map(|login| format!("{login}@{}", account.system)).collect())
}
