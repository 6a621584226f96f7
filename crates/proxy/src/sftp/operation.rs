//! Words for the numbers of SFTP version 3: open flags, attributes, status codes. Holds no state.

use super::BadSftp;
use super::frame::Fields;

pub(super) fn open_flags(flags: u32) -> String {
    let words = [
        (0x01, "read"),
        (0x02, "write"),
        (0x04, "append"),
        (0x08, "create"),
        (0x10, "truncate"),
        (0x20, "only if new"),
    ];
    let set: Vec<&str> = words.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, word)| *word).collect();
    format!("({})", set.join(", "))
}

/// What a change of attributes changes, as `: mode 0644, owner 0:0`.
pub(super) fn attributes(fields: &mut Fields<'_>) -> Result<String, BadSftp> {
    let flags = fields.u32()?;
    let mut changes = Vec::new();
    if flags & 0x1 != 0 {
        changes.push(format!("size {}", fields.u64()?));
    }
    if flags & 0x2 != 0 {
        changes.push(format!("owner {}:{}", fields.u32()?, fields.u32()?));
    }
    if flags & 0x4 != 0 {
        changes.push(format!("mode {:04o}", fields.u32()? & 0o7777));
    }
    if flags & 0x8 != 0 {
        fields.u64()?;
        changes.push("times".to_owned());
    }
    if flags & 0x8000_0000 != 0 {
        changes.push("extended attributes".to_owned());
    }
    Ok(if changes.is_empty() { String::new() } else { format!(": {}", changes.join(", ")) })
}

/// `None` for success.
pub(super) fn status_text(code: u32) -> Option<&'static str> {
    match code {
        0 => None,
        1 => Some("end of file"),
        2 => Some("no such file"),
        3 => Some("permission denied"),
        8 => Some("not supported"),
        _ => Some("refused by the target"),
    }
}
