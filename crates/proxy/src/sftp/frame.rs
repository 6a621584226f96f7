//! Cuts a byte stream into SFTP packets (draft-ietf-secsh-filexfer-02, section 3) and keeps only their heads.
//! File contents pass by and are never copied; what a packet means is decided elsewhere.

use super::BadSftp;

/// No packet may be longer, in bytes. OpenSSH sends and accepts 256 KiB.
const MAX_PACKET: u32 = 1024 * 1024;
/// Requests that name paths must fit whole.
const MAX_HEAD: u32 = 32 * 1024;
/// How much of a path is told; no Linux system takes a longer one.
const MAX_PATH: usize = 4096;

pub(super) const WRITE: u8 = 6;
pub(super) const DATA: u8 = 103;
pub(super) const NAME: u8 = 104;

/// The stream of one direction, wherever it is cut.
#[derive(Default)]
pub(super) struct Frames {
    /// The length field, the type and as much of the body as matters.
    head: Vec<u8>,
    /// Bytes of the packet that are still to pass by.
    skip: u32,
}

/// One packet: its type, the start of its body, and how long the body is in full.
pub(super) struct Frame<'a> {
    pub kind: u8,
    pub body: &'a [u8],
    pub length: u32,
}

impl Frames {
    /// Calls `each` for every packet whose head is complete, in order.
    pub(super) fn feed(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(Frame<'_>) -> Result<(), BadSftp>,
    ) -> Result<(), BadSftp> {
        while !bytes.is_empty() {
            if self.skip > 0 {
                let passed = bytes.len().min(self.skip as usize);
                self.skip -= passed as u32;
                bytes = &bytes[passed..];
                continue;
            }
            let wanted = self.wanted()?;
            let taken = bytes.len().min(wanted - self.head.len());
            self.head.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.head.len() >= 5 && self.head.len() == self.wanted()? {
                let length = self.length() - 1;
                self.skip = length - (self.head.len() - 5) as u32;
                each(Frame { kind: self.head[4], body: &self.head[5..], length })?;
                self.head.clear();
            }
        }
        Ok(())
    }

    fn length(&self) -> u32 {
        u32::from_be_bytes([self.head[0], self.head[1], self.head[2], self.head[3]])
    }

    /// How long the head becomes before it is judged.
    fn wanted(&self) -> Result<usize, BadSftp> {
        if self.head.len() < 5 {
            return Ok(5);
        }
        let length = self.length();
        if length == 0 || length > MAX_PACKET {
            return Err(BadSftp("a packet of impossible length"));
        }
        // id, handle (at most 256 bytes), offset and the length of the data
        let limit = match self.head[4] {
            WRITE => 4 + 4 + 256 + 8 + 4,
            DATA => 8,
            NAME => 4,
            _ if length > MAX_HEAD => return Err(BadSftp("a request that is too long")),
            _ => length,
        };
        Ok(5 + (length - 1).min(limit) as usize)
    }
}

/// Reads the fields of a body.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn u32(&mut self) -> Result<u32, BadSftp> {
        let (field, rest) = self.0.split_first_chunk::<4>().ok_or(SHORT)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*field))
    }

    pub(super) fn u64(&mut self) -> Result<u64, BadSftp> {
        Ok((u64::from(self.u32()?) << 32) | u64::from(self.u32()?))
    }

    pub(super) fn string(&mut self) -> Result<&'a [u8], BadSftp> {
        let length = self.u32()? as usize;
        let (field, rest) = self.0.split_at_checked(length).ok_or(SHORT)?;
        self.0 = rest;
        Ok(field)
    }

    /// A path as text for a reader.
    pub(super) fn path(&mut self) -> Result<String, BadSftp> {
        let path = self.string()?;
        Ok(quoted(&path[..path.len().min(MAX_PATH)]))
    }
}

/// In quotes; what is not printable is escaped, and each byte that is not UTF-8 is `\xNN`. Different bytes never look
/// the same.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        let valid = format!("{:?}", chunk.valid());
        text.push_str(&valid[1..valid.len() - 1]);
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text + "\""
}

const SHORT: BadSftp = BadSftp("a packet that ends too early");
