//! What a listing lacked for a time and is there again: the same as before, so that orders about it are about it still.

use super::write::line;
use crate::difference::Seen;
use crate::past_store::{self as store, PastAccount, PastEntitlement};
use crate::reading;
use crate::{ProvisioningError, reading_store};
use connectors::connector::{Account, Entitlement};
use ledger::Write;
use types::{ObservedAccountId, Timestamp};

pub(super) async fn accounts<'a>(
    tx: &mut Write,
    returned: Vec<(&'a Account, Option<PastAccount>)>,
    seen: &mut Seen,
    looked_at: Option<Timestamp>,
    lines: &mut Vec<Vec<u8>>,
) -> Result<Vec<(ObservedAccountId, &'a Account)>, ProvisioningError> {
    let mut there = Vec::with_capacity(returned.len());
    for (account, past) in returned.into_iter().filter_map(|(account, past)| Some((account, past?))) {
        let digest = reading::digest_of(account);
        store::reopen_account(tx, &past.id).await?;
        reading_store::update_account(tx, past.id.as_str(), digest, account, looked_at).await?;
        lines.push(line("account", past.id.as_str(), "back", Some(digest)));
        seen.accounts.set(past.ordinal);
        there.push((past.id, account));
    }
    Ok(there)
}

pub(super) async fn entitlement(
    tx: &mut Write,
    past: &PastEntitlement,
    entitlement: &Entitlement,
    slug: &str,
) -> Result<Vec<u8>, ProvisioningError> {
    let (digest, now) = (reading::digest_of_entitlement(entitlement), tx.now());
    store::reopen_entitlement(tx, &past.id, slug, now).await?;
    reading_store::update_entitlement(tx, past.id.as_str(), digest, entitlement).await?;
    Ok(line("entitlement", past.id.as_str(), "back", Some(digest)))
}
