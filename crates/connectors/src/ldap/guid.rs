//! A GUID as Active Directory keeps it (MS-DTYP, 2.3.4), in the text that people know.

use std::fmt::Write;

/// `None`: these bytes are none.
pub(crate) fn text(bytes: &[u8]) -> Option<String> {
    let bytes: [u8; 16] = bytes.try_into().ok()?;
    let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
    let mut text = String::with_capacity(36);
    for (at, byte) in [d, c, b, a, f, e, h, g].into_iter().chain(rest).enumerate() {
        let dash = if [4, 6, 8, 10].contains(&at) { "-" } else { "" };
        let _ = write!(text, "{dash}{byte:02x}");
    }
    Some(text)
}
