//! The ledger entries of scans. None holds a value or a digest of one.

use super::{Scan, Value};
use ledger::{Entry, EventKind};
use types::{RotationId, ScanId};

const BEGUN: EventKind =
    EventKind { name: "scan.begun", doc: "Somebody got a key to look for values of the vault outside of it." };
const COMPARED: EventKind =
    EventKind { name: "scan.compared", doc: "A scan asked which digests are values of the vault." };
const MATCHED: EventKind = EventKind { name: "scan.matched", doc: "A scan found a value of the vault outside of it." };
const ENDED: EventKind = EventKind { name: "scan.ended", doc: "A scan was told to be done, or its hour was over." };

pub const KINDS: &[EventKind] = &[BEGUN, COMPARED, MATCHED, ENDED];

pub(super) fn begun(scan: &Scan) -> Entry {
    Entry::new(BEGUN, &scan.id).about(&scan.begun_by).with("what", scan.what).with("expires_at", scan.expires_at)
}

pub(super) fn compared(scan: &ScanId, digests: usize, matched: usize) -> Entry {
    Entry::new(COMPARED, scan).with("digests", digests).with("matched", matched)
}

pub(super) fn matched(scan: &ScanId, value: &Value, rotation: Option<&RotationId>) -> Entry {
    let entry = Entry::new(MATCHED, scan).about(&value.subject()).with("version", value.version());
    match value {
        Value::Secret { id, key, .. } => entry.with("secret", id).with("key", key),
        Value::Account { id, state, .. } => entry.with("account", id).with("state", state).with("rotation", rotation),
    }
}

pub(super) fn ended(scan: &ScanId, why: &'static str) -> Entry {
    Entry::new(ENDED, scan).with("why", why)
}
