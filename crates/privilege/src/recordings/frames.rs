//! The file of a recording: frames, each encrypted, each bound to all before it. Knows nothing of asciicast.
//!
//! ```text
//! file   = header frame*
//! header = one line of JSON: {"tenure_recording":1,"session":"ses_…","node":"…"}
//! frame  = length of sealed (4 bytes, big endian), sealed
//! sealed = nonce, ciphertext, tag (AES-256-GCM under the recording's own key)
//!          with "tenure recording frame\0", index (8 bytes, big endian), previous link as associated data
//! link 0 = SHA-256(header)
//! link n = SHA-256(link n-1, frame n)
//! ```
//! The header names the session, so a frame opens only in its place of its own session's file, and the last link
//! stands for the whole file.

use aws_lc_rs::digest::{Context, SHA256, digest};
use seal::{OwnKey, SealError};
use std::io::Read;
use types::{Secret, SessionId};

/// Of one frame; longer ones are not read, so that a damaged length cannot fill the memory.
pub(super) const MAX_FRAME_BYTES: usize = 32 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct FileHeader {
    pub(super) tenure_recording: u32,
    pub(super) session: SessionId,
    pub(super) node: String,
}

impl FileHeader {
    pub(super) fn new(session: &SessionId, node: &str) -> Self {
        Self { tenure_recording: 1, session: session.clone(), node: node.to_owned() }
    }

    pub(super) fn to_line(&self) -> String {
        let mut line = serde_json::to_string(self).expect("a header is plain data");
        line.push('\n');
        line
    }
}

/// Where the chain stands: the place of the next frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain {
    index: u64,
    link: [u8; 32],
}

impl Chain {
    pub(super) fn start(header: &str) -> Self {
        Self { index: 0, link: sha256(header.as_bytes()) }
    }

    /// The next frame, and where the chain stands once it is written.
    pub(super) fn seal(self, key: &OwnKey, plain: &[u8]) -> Result<(Vec<u8>, Self), SealError> {
        let sealed = key.seal(&self.associated(), plain)?;
        let length = u32::try_from(sealed.len()).map_err(|_| SealError::Cipher)?;
        let mut frame = Vec::with_capacity(4 + sealed.len());
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(&sealed);
        let next = self.after(&frame);
        Ok((frame, next))
    }

    fn open(self, key: &OwnKey, frame: &[u8]) -> Result<(Secret<Vec<u8>>, Self), SealError> {
        let plain = key.unseal(&self.associated(), &frame[4..])?;
        Ok((plain, self.after(frame)))
    }

    fn associated(self) -> Vec<u8> {
        [b"tenure recording frame\0".as_slice(), &self.index.to_be_bytes(), &self.link].concat()
    }

    fn after(self, frame: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&self.link);
        context.update(frame);
        Self { index: self.index + 1, link: finish(context) }
    }

    /// Frames so far.
    pub(super) fn frames(self) -> u64 {
        self.index
    }

    pub(super) fn to_hex(self) -> String {
        data_encoding::HEXLOWER.encode(&self.link)
    }
}

pub(super) fn finish(context: Context) -> [u8; 32] {
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// What a file holds from its start, as far as it is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Walk {
    pub(super) chain: Chain,
    /// Of the file, up to the end of its last whole frame.
    pub(super) bytes: u64,
    /// `None` when the file ends there.
    pub(super) broken: Option<Broken>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("its header is not the one of this session")]
    Header,
    #[error("it is cut inside a frame")]
    Cut,
    #[error("a frame was changed or moved")]
    Changed,
}

/// Reads the frames in turn and gives each one's plain bytes to `each`, until the end or the first that does not fit.
pub(super) fn walk(
    mut file: impl Read,
    header: &FileHeader,
    key: &OwnKey,
    mut each: impl FnMut(&[u8]),
) -> std::io::Result<Walk> {
    let line = header.to_line();
    let mut chain = Chain::start(&line);
    let mut found = Vec::new();
    file.by_ref().take(line.len() as u64).read_to_end(&mut found)?;
    if found != line.as_bytes() {
        return Ok(Walk { chain, bytes: 0, broken: Some(Broken::Header) });
    }
    let mut bytes = line.len() as u64;
    loop {
        let frame = match next_frame(&mut file)? {
            Ok(Some(frame)) => frame,
            Ok(None) => return Ok(Walk { chain, bytes, broken: None }),
            Err(broken) => return Ok(Walk { chain, bytes, broken: Some(broken) }),
        };
        let Ok((plain, next)) = chain.open(key, &frame) else {
            return Ok(Walk { chain, bytes, broken: Some(Broken::Changed) });
        };
        each(plain.expose());
        chain = next;
        bytes += frame.len() as u64;
    }
}

fn next_frame(file: &mut impl Read) -> std::io::Result<Result<Option<Vec<u8>>, Broken>> {
    let mut frame = Vec::new();
    file.by_ref().take(4).read_to_end(&mut frame)?;
    if frame.is_empty() {
        return Ok(Ok(None));
    }
    let Ok(length) = <[u8; 4]>::try_from(frame.as_slice()) else { return Ok(Err(Broken::Cut)) };
    let length = u32::from_be_bytes(length) as usize;
    if length > MAX_FRAME_BYTES {
        return Ok(Err(Broken::Changed));
    }
    file.by_ref().take(length as u64).read_to_end(&mut frame)?;
    Ok(if frame.len() == 4 + length { Ok(Some(frame)) } else { Err(Broken::Cut) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{Chance, Clock};

    struct File {
        header: FileHeader,
        key: OwnKey,
        bytes: Vec<u8>,
        ends: Vec<usize>,
        chain: Chain,
    }

    fn file(plains: &[&str]) -> File {
        let (clock, chance) = (Clock::system(), Chance::seeded(1));
        let header = FileHeader::new(&SessionId::new(&clock, &chance), "node-1");
        let key = OwnKey::generate(&chance);
        let mut bytes = header.to_line().into_bytes();
        let (mut chain, mut ends) = (Chain::start(&header.to_line()), vec![bytes.len()]);
        for plain in plains {
            let (frame, next) = chain.seal(&key, plain.as_bytes()).unwrap();
            bytes.extend(frame);
            ends.push(bytes.len());
            chain = next;
        }
        File { header, key, bytes, ends, chain }
    }

    fn read(file: &File, bytes: &[u8]) -> (Vec<String>, Walk) {
        let mut plains = Vec::new();
        let take = |plain: &[u8]| plains.push(String::from_utf8(plain.to_vec()).unwrap());
        let walk = walk(bytes, &file.header, &file.key, take).unwrap();
        (plains, walk)
    }

    #[test]
    fn a_file_cut_at_any_byte_is_whole_up_to_its_last_frame() {
        let file = file(&["one", "two", "", "three"]);
        for at in 0..=file.bytes.len() {
            let (plains, walk) = read(&file, &file.bytes[..at]);
            let whole = file.ends.iter().filter(|end| **end <= at).count();
            assert_eq!(plains.len(), whole.saturating_sub(1), "cut at {at}");
            assert_eq!(walk.bytes, file.ends[..whole].last().map_or(0, |end| *end as u64), "cut at {at}");
            assert_eq!(walk.broken.is_none(), file.ends.contains(&at), "cut at {at}");
        }
        let (plains, walk) = read(&file, &file.bytes);
        assert_eq!(plains, ["one", "two", "", "three"]);
        assert_eq!((walk.chain, walk.chain.frames()), (file.chain, 4));
    }

    #[test]
    fn a_file_changed_in_any_byte_is_refused_from_that_frame_on() {
        let file = file(&["one", "two", "three"]);
        for at in 0..file.bytes.len() {
            let mut changed = file.bytes.clone();
            changed[at] ^= 1;
            let (plains, walk) = read(&file, &changed);
            let frame = file.ends.iter().filter(|end| **end <= at).count();
            assert_eq!(plains.len(), frame.saturating_sub(1), "byte {at}");
            assert!(walk.broken.is_some(), "byte {at}");
        }
    }

    #[test]
    fn frames_swapped_dropped_or_of_another_session_do_not_open() {
        let ours = file(&["one", "two", "end"]);
        let frames: Vec<&[u8]> = ours.ends.windows(2).map(|ends| &ours.bytes[ends[0]..ends[1]]).collect();
        let start = &ours.bytes[..ours.ends[0]];
        for (order, readable) in [(vec![1, 0, 2], 0), (vec![0, 2], 1), (vec![0, 0, 1], 1), (vec![2], 0)] {
            let moved = [start.to_vec(), order.iter().flat_map(|at| frames[*at].to_vec()).collect()].concat();
            let (plains, walk) = read(&ours, &moved);
            assert_eq!((plains.len(), walk.broken), (readable, Some(Broken::Changed)), "{order:?}");
        }
        let other = FileHeader { node: "node-2".to_owned(), ..ours.header.clone() };
        let walk = walk(ours.bytes.as_slice(), &other, &ours.key, |_| ()).unwrap();
        assert_eq!(walk.broken, Some(Broken::Header));
    }
}
