//! What Active Directory calls its objects: GUIDs and SIDs in bytes and in text (MS-DTYP, 2.3.4 and 2.4.2), and its clock.

use crate::connector::NativeId;
use types::Timestamp;

/// The id of the object with this GUID; `None`: these bytes are none.
pub(super) fn guid(bytes: &[u8]) -> Option<NativeId> {
    crate::ldap::guid::text(bytes).map(NativeId)
}

/// The GUID as a filter needs it.
pub(super) fn guid_bytes(id: &NativeId) -> Option<[u8; 16]> {
    let text = id.0.as_bytes();
    if text.len() != 36 || [8, 13, 18, 23].iter().any(|at| text[*at] != b'-') {
        return None;
    }
    let hex: String = id.0.split('-').collect();
    let mut bytes = [0; 16];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    let [d, c, b, a, f, e, h, g, rest @ ..] = bytes;
    let mut guid = [a, b, c, d, e, f, g, h, 0, 0, 0, 0, 0, 0, 0, 0];
    guid[8..].copy_from_slice(&rest);
    Some(guid)
}

/// A SID: who made it, and its number there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sid {
    bytes: Vec<u8>,
}

impl Sid {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let parts = usize::from(*bytes.get(1)?);
        (bytes[0] == 1 && (1..=15).contains(&parts) && bytes.len() == 8 + 4 * parts)
            .then(|| Self { bytes: bytes.to_vec() })
    }

    /// Its last part: the number of the object in its domain.
    pub(super) fn rid(&self) -> u32 {
        let (_, last) = self.bytes.split_at(self.bytes.len() - 4);
        u32::from_le_bytes([last[0], last[1], last[2], last[3]])
    }

    /// Another object of the same domain.
    pub(super) fn with_rid(&self, rid: u32) -> Self {
        let mut bytes = self.bytes.clone();
        let at = bytes.len() - 4;
        bytes[at..].copy_from_slice(&rid.to_le_bytes());
        Self { bytes }
    }

    /// Whether it is one of the groups that every domain has under the same SID (`S-1-5-32-…`).
    pub(super) fn is_builtin(&self) -> bool {
        self.bytes.len() == 16 && self.bytes[8..12] == 32u32.to_le_bytes()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// `S-1-5-21-…`
impl std::fmt::Display for Sid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let authority = self.bytes[2..8].iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        write!(f, "S-1-{authority}")?;
        for part in self.bytes[8..].chunks_exact(4) {
            write!(f, "-{}", u32::from_le_bytes([part[0], part[1], part[2], part[3]]))?;
        }
        Ok(())
    }
}

/// A point of time, which is kept in 100 ns since 1601; `None`: never.
pub(super) fn time(ticks: i64) -> Option<Timestamp> {
    const MICROS_BEFORE_1970: i64 = 11_644_473_600_000_000;
    (ticks > 0 && ticks != i64::MAX).then(|| Timestamp::from_micros(ticks / 10 - MICROS_BEFORE_1970))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_read_as_windows_writes_them() {
        let bytes: Vec<u8> = (0..16).collect();
        let id = guid(&bytes).unwrap();
        assert_eq!(id.0, "03020100-0504-0706-0809-0a0b0c0d0e0f");
        for none in ["", "03020100", "0302010x-0504-0706-0809-0a0b0c0d0e0f", "03020100-0504-0706-0809-0a0b0c0d0eéé"] {
            assert_eq!(guid_bytes(&NativeId(none.to_owned())), None, "{none}");
        }
        let admins = Sid::read(&[1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0]).unwrap();
        assert_eq!((admins.to_string().as_str(), admins.rid(), admins.is_builtin()), ("S-1-5-32-544", 544, true));
        assert_eq!(admins.with_rid(545).to_string(), "S-1-5-32-545");
        for none in [&[][..], &[1], &[1, 2, 0], &[2, 1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0]] {
            assert_eq!(Sid::read(none), None);
        }
        assert_eq!(time(133_485_408_000_000_000).unwrap().to_string(), "2024-01-01T00:00:00.000000Z");
        assert_eq!((time(0), time(i64::MAX)), (None, None));
    }

    proptest! {
        #[test]
        fn a_guid_reads_back_as_it_was(bytes in any::<[u8; 16]>()) {
            prop_assert_eq!(guid_bytes(&guid(&bytes).unwrap()), Some(bytes));
        }
    }
}
