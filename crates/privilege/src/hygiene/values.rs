//! Every value that the vault holds with the texts by which it is recognised, for as long as it is looked at. Keeps none.

use super::model::Value;
use super::{HygieneError, split};
use crate::{accounts, secrets};
use db::ReadTx;
use ledger::Ctx;

/// Shows every undestroyed value with the texts by which it is recognised. Returns how many do not open: they hold up
/// no other.
pub(super) async fn each(
    ctx: &Ctx,
    tx: &mut ReadTx,
    mut see: impl FnMut(&Value, &[u8]) + Send,
) -> Result<u64, HygieneError> {
    let secrets = secrets::each_value(ctx, tx, |of, key, text| {
        let (id, name, key) = (of.id.clone(), of.name.clone(), key.to_owned());
        show(&Value::Secret { id, name, version: of.version, key }, text, &mut see);
    });
    let unreadable = secrets.await?;
    let accounts = accounts::each_value(ctx, tx, |of, text| {
        let (id, name, version) = (of.id.clone(), of.name.clone(), of.version);
        show(&Value::Account { id, name, version, state: of.state, is_live: of.is_live }, text, &mut see);
    });
    Ok(unreadable + accounts.await?)
}

fn show(value: &Value, text: &str, see: &mut impl FnMut(&Value, &[u8])) {
    for form in split::forms(text.as_bytes()) {
        see(value, form.expose());
    }
}
