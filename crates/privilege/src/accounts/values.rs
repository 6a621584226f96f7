//! Every credential that is kept, one after another, for as long as it is looked at. Keeps none.

use super::{AccountError, VersionState, credential, values_store};
use db::ReadTx;
use ledger::Ctx;
use seal::SealError;
use types::ManagedAccountId;

pub(crate) use values_store::live_versions;

const AT_ONCE: u32 = 50;

/// A version of an account's credential.
pub(crate) struct Versioned {
    pub(crate) id: ManagedAccountId,
    /// `login@target`.
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) state: VersionState,
    /// Whether it still opens something, as far as is known.
    pub(crate) is_live: bool,
}

/// Shows every version that is not destroyed. Returns how many do not open.
pub(crate) async fn each_value(
    ctx: &Ctx,
    tx: &mut ReadTx,
    mut see: impl FnMut(&Versioned, &str) + Send,
) -> Result<u64, AccountError> {
    let (mut unreadable, mut after) = (0, None);
    loop {
        let page = values_store::sealed_versions(tx, after.as_ref(), AT_ONCE).await?;
        let Some((last, _)) = page.last() else { return Ok(unreadable) };
        after = Some((last.id.clone(), last.version));
        for (of, sealed) in &page {
            match credential::unseal(ctx, &of.id, of.version, sealed) {
                Ok(text) => see(of, text.expose()),
                Err(AccountError::Seal(SealError::Unreadable | SealError::NoSuchKey(_))) => unreadable += 1,
                Err(error) => return Err(error),
            }
        }
    }
}
