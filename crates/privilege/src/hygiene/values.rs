//! Every value that the vault holds, one after another, for as long as it is looked at. Keeps none.

use super::model::Value;
use super::{HygieneError, split, store};
use crate::accounts::credential;
use crate::secrets::{self, Data};
use db::ReadTx;
use ledger::Ctx;
use seal::SealError;
use types::{ManagedAccountId, SecretId};

const AT_ONCE: u32 = 50;

/// Shows every undestroyed value with the texts by which it is recognised. Returns how many do not open: they hold up
/// no other.
pub(super) async fn each(
    ctx: &Ctx,
    tx: &mut ReadTx,
    mut see: impl FnMut(&Value, &[u8]) + Send,
) -> Result<u64, HygieneError> {
    let mut unreadable = 0;
    let mut after: Option<(SecretId, u32)> = None;
    loop {
        let page = store::secret_versions(tx, after.as_ref(), AT_ONCE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.id.clone(), last.version));
        for sealed in &page {
            unreadable += missed(see_secret(ctx, sealed, &mut see))?;
        }
    }
    let mut after: Option<(ManagedAccountId, u32)> = None;
    loop {
        let page = store::account_versions(tx, after.as_ref(), AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(unreadable) };
        after = Some((last.id.clone(), last.version));
        for sealed in &page {
            unreadable += missed(see_account(ctx, sealed, &mut see))?;
        }
    }
}

fn missed(seen: Result<(), HygieneError>) -> Result<u64, HygieneError> {
    match seen {
        Ok(()) => Ok(0),
        Err(HygieneError::Seal(SealError::Unreadable | SealError::NoSuchKey(_))) => Ok(1),
        Err(error) => Err(error),
    }
}

fn see_secret(
    ctx: &Ctx,
    sealed: &store::SealedSecret,
    see: &mut impl FnMut(&Value, &[u8]),
) -> Result<(), HygieneError> {
    let row = secrets::row(&sealed.id, sealed.version);
    let json = ctx.seal().unseal(secrets::record(&row), &sealed.sealed)?;
    let data = Data::from_json(json.expose()).map_err(|_| SealError::Unreadable)?;
    for (key, text) in data.texts() {
        let (id, name, version, key) = (sealed.id.clone(), sealed.name.clone(), sealed.version, key.to_owned());
        show(&Value::Secret { id, name, version, key }, text.expose(), see);
    }
    Ok(())
}

fn see_account(
    ctx: &Ctx,
    sealed: &store::SealedAccount,
    see: &mut impl FnMut(&Value, &[u8]),
) -> Result<(), HygieneError> {
    let row = credential::row(&sealed.id, sealed.version);
    let bytes = ctx.seal().unseal(credential::record(&row), &sealed.sealed)?;
    let text = std::str::from_utf8(bytes.expose()).map_err(|_| SealError::Unreadable)?;
    show(&sealed.value(), text, see);
    Ok(())
}

fn show(value: &Value, text: &str, see: &mut impl FnMut(&Value, &[u8])) {
    for form in split::forms(text.as_bytes()) {
        see(value, form.expose());
    }
}
