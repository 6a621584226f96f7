//! Personal values beside the log: each is sealed under a key of its subject. Erasing a person destroys the key;
//! entries keep only the salted digest, and every hash stays true.

use crate::entry::Personal;
use crate::{LedgerError, store};
use db::{ReadTx, WriteTx};
use seal::{OwnKey, Record, Seal};
use types::Chance;

/// A personal value with the salt that opens its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) salt: [u8; 16],
    pub(crate) value: String,
}

pub(crate) fn key_record(subject: &str) -> Record<'_> {
    Record { table: "subject_keys", column: "sealed_key", row: subject }
}

fn associated(seq: u64, name: &str) -> Vec<u8> {
    format!("ledger_personal {seq} {name}").into_bytes()
}

pub(crate) async fn keep(
    tx: &mut WriteTx,
    seal: &Seal,
    chance: &Chance,
    seq: u64,
    field: &Personal,
    salt: &[u8; 16],
) -> Result<(), LedgerError> {
    let key = match store::subject_key(tx, &field.subject).await? {
        Some(sealed) => OwnKey::from_sealed(seal, key_record(&field.subject), &sealed)?,
        None => {
            let key = OwnKey::generate(chance);
            let sealed = key.to_sealed(seal, key_record(&field.subject))?;
            store::insert_subject_key(tx, &field.subject, sealed).await?;
            key
        }
    };
    let opening = [salt.as_slice(), field.value.as_bytes()].concat();
    let sealed = key.seal(&associated(seq, field.name), &opening)?;
    Ok(store::insert_personal(tx, seq, field.name, &field.subject, sealed).await?)
}

/// The personal values of an entry whose subjects have not been erased.
pub(crate) async fn of_entry(tx: &mut ReadTx, seal: &Seal, seq: u64) -> Result<Vec<(String, Opening)>, LedgerError> {
    let mut openings = Vec::new();
    for field in store::personal_of(tx, seq).await? {
        let Some(sealed) = store::subject_key(tx, &field.subject).await? else { continue };
        let key = OwnKey::from_sealed(seal, key_record(&field.subject), &sealed)?;
        let opened = key.unseal(&associated(seq, &field.name), &field.sealed)?;
        let damaged = || LedgerError::Damaged(format!("the personal value `{}` of entry {seq}", field.name));
        let (salt, value) = opened.expose().split_first_chunk::<16>().ok_or_else(damaged)?;
        let value = String::from_utf8(value.to_vec()).map_err(|_| damaged())?;
        openings.push((field.name, Opening { salt: *salt, value }));
    }
    Ok(openings)
}
