//! Every value of every secret, one after another, for as long as it is looked at. Keeps none.

use super::{Data, record, row, values_store};
use db::ReadTx;
use ledger::Ctx;
use seal::SealError;
use types::SecretId;

pub(crate) use values_store::{kept_versions, last_written};

const AT_ONCE: u32 = 50;

/// A version of a secret.
pub(crate) struct Versioned {
    pub(crate) id: SecretId,
    pub(crate) name: String,
    pub(crate) version: u32,
}

/// Shows every text in every version that is not destroyed, with its key. Returns how many versions do not open.
pub(crate) async fn each_value(
    ctx: &Ctx,
    tx: &mut ReadTx,
    mut see: impl FnMut(&Versioned, &str, &str) + Send,
) -> Result<u64, SealError> {
    let (mut unreadable, mut after) = (0, None);
    loop {
        let page = values_store::sealed_versions(tx, after.as_ref(), AT_ONCE).await?;
        let Some((last, _)) = page.last() else { return Ok(unreadable) };
        after = Some((last.id.clone(), last.version));
        for (of, sealed) in &page {
            match open(ctx, of, sealed) {
                Ok(data) => data.texts().for_each(|(key, text)| see(of, key, text.expose())),
                Err(SealError::Unreadable | SealError::NoSuchKey(_)) => unreadable += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

fn open(ctx: &Ctx, of: &Versioned, sealed: &[u8]) -> Result<Data, SealError> {
    let json = ctx.seal().unseal(record(&row(&of.id, of.version)), sealed)?;
    Data::from_json(json.expose()).map_err(|_| SealError::Unreadable)
}
