//! The revocation list in OpenSSH's own format (PROTOCOL.krl), for `RevokedKeys` of sshd. Pure.

use russh::keys::PublicKey;
use types::Timestamp;

const MAGIC: u64 = 0x5353_484b_524c_0a00;
const FORMAT_VERSION: u32 = 1;
const SECTION_CERTIFICATES: u8 = 1;
const SECTION_CERT_SERIAL_LIST: u8 = 0x20;

/// Certificates of one authority that are revoked.
pub(crate) struct Revoked<'a> {
    pub(crate) authority: &'a PublicKey,
    /// Ascending.
    pub(crate) serials: &'a [u64],
    /// Grows with every certificate that is revoked.
    pub(crate) version: u64,
    pub(crate) generated_at: Timestamp,
}

pub(crate) fn encode(revoked: &Revoked<'_>) -> Result<Vec<u8>, russh::keys::ssh_key::Error> {
    let mut krl = Vec::new();
    krl.extend(MAGIC.to_be_bytes());
    krl.extend(FORMAT_VERSION.to_be_bytes());
    krl.extend(revoked.version.to_be_bytes());
    krl.extend(u64::try_from(revoked.generated_at.seconds()).unwrap_or(0).to_be_bytes());
    krl.extend(0_u64.to_be_bytes());
    string(&mut krl, b"");
    string(&mut krl, b"tenure: certificates of ended sessions");
    if revoked.serials.is_empty() {
        return Ok(krl);
    }
    let mut section = Vec::new();
    string(&mut section, &revoked.authority.to_bytes()?);
    string(&mut section, b"");
    section.push(SECTION_CERT_SERIAL_LIST);
    let serials: Vec<u8> = revoked.serials.iter().flat_map(|serial| serial.to_be_bytes()).collect();
    string(&mut section, &serials);
    krl.push(SECTION_CERTIFICATES);
    string(&mut krl, &section);
    Ok(krl)
}

fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("a list of serials far below 4 GiB");
    out.extend(length.to_be_bytes());
    out.extend_from_slice(bytes);
}
