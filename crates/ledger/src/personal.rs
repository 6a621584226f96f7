//! Personal values beside the log: each is sealed under a key of its subject. Erasing a person destroys the key;
//! entries keep only the salted digest, and every hash stays true.

use crate::entry::Personal;
use crate::{LedgerError, store};
use db::{ReadTx, WriteTx};
use seal::{OwnKey, Record, Seal};
use std::collections::{BTreeSet, HashMap};
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

/// A personal value of entry `seq` that is to be kept.
pub(crate) struct New<'a> {
    pub(crate) seq: u64,
    pub(crate) field: &'a Personal,
    pub(crate) salt: [u8; 16],
}

/// Keeps the personal values of entries that were just written.
pub(crate) async fn keep(tx: &mut WriteTx, seal: &Seal, chance: &Chance, new: &[New<'_>]) -> Result<(), LedgerError> {
    let keys = keys_of(tx, seal, chance, new.iter().map(|new| new.field.subject.as_str()).collect()).await?;
    let mut sealed = Vec::with_capacity(new.len());
    for New { seq, field, salt } in new {
        let opening = [salt.as_slice(), field.value.as_bytes()].concat();
        let (name, subject) = (field.name.to_owned(), field.subject.clone());
        let value = keys[subject.as_str()].seal(&associated(*seq, field.name), &opening)?;
        sealed.push((*seq, store::SealedPersonal { name, subject, sealed: value }));
    }
    Ok(store::insert_personal(tx, sealed).await?)
}

/// The key of each subject; who has none yet is given one.
async fn keys_of(
    tx: &mut WriteTx,
    seal: &Seal,
    chance: &Chance,
    subjects: BTreeSet<&str>,
) -> Result<HashMap<String, OwnKey>, LedgerError> {
    let mut keys = HashMap::with_capacity(subjects.len());
    for (subject, sealed) in store::subject_keys_of(tx, &subjects).await? {
        let key = OwnKey::from_sealed(seal, key_record(&subject), &sealed)?;
        keys.insert(subject, key);
    }
    let mut made = Vec::new();
    for subject in subjects {
        if !keys.contains_key(subject) {
            let key = OwnKey::generate(chance);
            made.push((subject, key.to_sealed(seal, key_record(subject))?));
            keys.insert(subject.to_owned(), key);
        }
    }
    store::insert_subject_keys(tx, made).await?;
    Ok(keys)
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
