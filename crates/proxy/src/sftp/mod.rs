//! Reads along while SFTP version 3 (draft-ietf-secsh-filexfer-02) passes, and says which file operations happened.
//! It changes nothing and keeps no contents; what it cannot read is an error, and the session must end.

mod frame;
mod operation;
#[cfg(test)]
mod tests;

use frame::{DATA, Fields, Frame, Frames, NAME, WRITE};
use operation::{attributes, open_flags, status_text};
use std::collections::HashMap;

/// The other side broke the protocol, or speaks one that cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the SFTP stream has {0}")]
pub(crate) struct BadSftp(&'static str);

/// Requests that may wait for their answer at the same time. Some clients ask for a whole file at once.
const MAX_WAITING: usize = 1 << 17;
/// What the lines about them may take.
const MAX_WAITING_BYTES: usize = 16 * 1024 * 1024;
const MAX_HANDLES: usize = 1 << 14;

/// Both directions of one SFTP channel.
#[derive(Default)]
pub(crate) struct Sftp {
    requests: Frames,
    replies: Frames,
    watched: Watched,
}

impl Sftp {
    /// Bytes on their way to the target.
    pub(crate) fn request(&mut self, bytes: &[u8]) -> Result<(), BadSftp> {
        let watched = &mut self.watched;
        self.requests.feed(bytes, |frame| watched.request(&frame))
    }

    /// Bytes on their way to the client. Each operation that is known to be over is given to `note`.
    pub(crate) fn reply(&mut self, bytes: &[u8], note: &mut dyn FnMut(String)) -> Result<(), BadSftp> {
        let watched = &mut self.watched;
        self.replies.feed(bytes, |frame| watched.reply(&frame, note))
    }

    /// What was sent and whose answer nobody saw, in its order, and the totals of files that were not closed. The target
    /// may have done all of it.
    pub(crate) fn finish(mut self, note: &mut dyn FnMut(String)) {
        let mut waiting: Vec<_> = self.watched.waiting.drain().map(|(_, sent)| sent).collect();
        waiting.sort_by_key(|sent| sent.number);
        for sent in waiting {
            if let Waiting::Open(_, line) | Waiting::Line(line) = sent.waiting {
                note(format!("{line}: sent, no answer seen"));
            }
        }
        let mut open: Vec<_> = self.watched.open.drain().collect();
        open.sort_by_key(|(slot, _)| *slot);
        for (_, file) in open {
            file.closed(note);
        }
    }
}

#[derive(Default)]
struct Watched {
    waiting: HashMap<u32, Sent>,
    waiting_bytes: usize,
    next_number: u64,
    handles: HashMap<Box<[u8]>, u32>,
    /// Handles that the client closes while the target has not answered that yet.
    closing: HashMap<Box<[u8]>, u32>,
    open: HashMap<u32, Open>,
    next_slot: u32,
}

/// A request without its answer, and which one in their order it is.
struct Sent {
    number: u64,
    waiting: Waiting,
}

enum Waiting {
    /// Becomes a handle, or does not.
    Open(Open, String),
    Read(u32),
    Write(u32, u32),
    Close(u32, Box<[u8]>),
    /// Worth a line once the answer is there.
    Line(String),
    Quiet,
}

impl Waiting {
    fn bytes(&self) -> usize {
        match self {
            Self::Open(open, line) => open.path.len() + line.len(),
            Self::Line(line) => line.len(),
            Self::Read(_) | Self::Write(..) | Self::Close(..) | Self::Quiet => 0,
        }
    }
}

struct Open {
    path: String,
    kind: Kind,
    read: u64,
    written: u64,
    /// Bytes in writes without an answer.
    unanswered: u64,
}

#[derive(PartialEq)]
enum Kind {
    File,
    Folder,
}

impl Open {
    fn new(path: String, kind: Kind) -> Self {
        Self { path, kind, read: 0, written: 0, unanswered: 0 }
    }

    fn closed(self, note: &mut dyn FnMut(String)) {
        if self.kind == Kind::File {
            let mut line = format!("close {}: {} bytes read, {} bytes written", self.path, self.read, self.written);
            if self.unanswered > 0 {
                line += &format!(", {} bytes sent to be written, no answer seen", self.unanswered);
            }
            note(line);
        }
    }
}

impl Watched {
    fn request(&mut self, frame: &Frame<'_>) -> Result<(), BadSftp> {
        let mut fields = Fields(frame.body);
        let id = fields.u32()?;
        let waiting = match frame.kind {
            // SSH_FXP_INIT has a version where others have an id, and no answer with an id.
            1 => return Ok(()),
            3 => {
                let path = fields.path()?;
                let line = format!("open {path} {}", open_flags(fields.u32()?));
                Waiting::Open(Open::new(path, Kind::File), line)
            }
            4 => self.close(&mut fields)?,
            5 => Waiting::Read(self.slot(&mut fields)?),
            WRITE => self.write(&mut fields, frame)?,
            9 => Waiting::Line(format!("set attributes of {}{}", fields.path()?, attributes(&mut fields)?)),
            10 => {
                let path = self.path_of(&mut fields)?;
                Waiting::Line(format!("set attributes of {path}{}", attributes(&mut fields)?))
            }
            11 => {
                let path = fields.path()?;
                let line = format!("list {path}");
                Waiting::Open(Open::new(path, Kind::Folder), line)
            }
            13 => Waiting::Line(format!("remove {}", fields.path()?)),
            14 => Waiting::Line(format!("make folder {}", fields.path()?)),
            15 => Waiting::Line(format!("remove folder {}", fields.path()?)),
            18 => Waiting::Line(format!("rename {} to {}", fields.path()?, fields.path()?)),
            // OpenSSH sends the arguments of SSH_FXP_SYMLINK in the opposite order of the draft, and so does everybody.
            20 => Waiting::Line(format!("link to {} as {}", fields.path()?, fields.path()?)),
            200 => self.extended(&mut fields)?,
            8 | 12 => {
                self.slot(&mut fields)?;
                Waiting::Quiet
            }
            7 | 16 | 17 | 19 => Waiting::Quiet,
            _ => return Err(BadSftp("a request that this version does not have")),
        };
        self.waiting_bytes += waiting.bytes();
        if self.waiting.len() >= MAX_WAITING || self.waiting_bytes > MAX_WAITING_BYTES {
            return Err(BadSftp("too many requests without an answer"));
        }
        self.next_number += 1;
        match self.waiting.insert(id, Sent { number: self.next_number, waiting }) {
            None => Ok(()),
            Some(_) => Err(BadSftp("two requests with one number")),
        }
    }

    fn write(&mut self, fields: &mut Fields<'_>, frame: &Frame<'_>) -> Result<Waiting, BadSftp> {
        let before = fields.0.len();
        let handle = fields.string()?;
        fields.u64()?;
        let length = fields.u32()?;
        let head = 4 + (before - fields.0.len()) as u64;
        if head + u64::from(length) != u64::from(frame.length) {
            return Err(BadSftp("a write whose length is wrong"));
        }
        let slot = self.slot_of(handle)?;
        let Some(open) = self.open.get_mut(&slot) else { return Ok(Waiting::Quiet) };
        if !self.handles.contains_key(handle) {
            return Ok(Waiting::Line(format!("write {length} bytes to {} after its close", open.path)));
        }
        open.unanswered += u64::from(length);
        Ok(Waiting::Write(slot, length))
    }

    /// The totals are told with the answer, after those of the writes before it.
    fn close(&mut self, fields: &mut Fields<'_>) -> Result<Waiting, BadSftp> {
        let handle = fields.string()?;
        match self.handles.remove_entry(handle) {
            Some((handle, slot)) => {
                self.closing.insert(handle.clone(), slot);
                Ok(Waiting::Close(slot, handle))
            }
            None => self.slot_of(handle).map(|_| Waiting::Quiet),
        }
    }

    fn extended(&mut self, fields: &mut Fields<'_>) -> Result<Waiting, BadSftp> {
        let name = fields.string()?;
        Ok(Waiting::Line(match name {
            b"posix-rename@openssh.com" => format!("rename {} to {}", fields.path()?, fields.path()?),
            b"hardlink@openssh.com" => format!("hard link to {} as {}", fields.path()?, fields.path()?),
            b"lsetstat@openssh.com" => {
                format!("set attributes of {}{}", fields.path()?, attributes(fields)?)
            }
            b"copy-data" => {
                let from = self.path_of(fields)?;
                fields.u64()?;
                fields.u64()?;
                format!("copy from {from} to {}", self.path_of(fields)?)
            }
            b"limits@openssh.com"
            | b"statvfs@openssh.com"
            | b"fstatvfs@openssh.com"
            | b"fsync@openssh.com"
            | b"expand-path@openssh.com"
            | b"home-directory"
            | b"users-groups-by-id@openssh.com" => {
                return Ok(Waiting::Quiet);
            }
            _ => format!("extended request {}", frame::quoted(&name[..name.len().min(200)])),
        }))
    }

    fn reply(&mut self, frame: &Frame<'_>, note: &mut dyn FnMut(String)) -> Result<(), BadSftp> {
        let mut fields = Fields(frame.body);
        let id = fields.u32()?;
        if frame.kind == 2 {
            return if id <= 3 { Ok(()) } else { Err(BadSftp("a version other than 3")) };
        }
        let Sent { waiting, .. } = self.waiting.remove(&id).ok_or(BadSftp("an answer to no request"))?;
        self.waiting_bytes -= waiting.bytes();
        match (frame.kind, waiting) {
            (101, waiting) => self.status(fields.u32()?, waiting, note),
            (102, Waiting::Open(open, line)) => {
                note(line);
                self.remember(fields.string()?, open)?;
            }
            (DATA, Waiting::Read(slot)) => {
                let length = u64::from(fields.u32()?);
                if let Some(open) = self.open.get_mut(&slot) {
                    open.read += length;
                }
            }
            (NAME | 105, Waiting::Quiet) | (DATA, Waiting::Quiet) => {}
            (201, Waiting::Line(line)) => note(line),
            (201, Waiting::Quiet) => {}
            _ => return Err(BadSftp("an answer of the wrong kind")),
        }
        Ok(())
    }

    fn status(&mut self, code: u32, waiting: Waiting, note: &mut dyn FnMut(String)) {
        let line = match waiting {
            Waiting::Write(slot, length) => {
                if let Some(open) = self.open.get_mut(&slot) {
                    open.unanswered -= u64::from(length);
                    open.written += if code == 0 { u64::from(length) } else { 0 };
                }
                return;
            }
            Waiting::Close(slot, handle) => {
                if self.closing.get(&handle) == Some(&slot) {
                    self.closing.remove(&handle);
                }
                if let Some(open) = self.open.remove(&slot) {
                    open.closed(note);
                }
                return;
            }
            Waiting::Read(_) | Waiting::Quiet => return,
            Waiting::Open(_, line) | Waiting::Line(line) => line,
        };
        match status_text(code) {
            None => note(line),
            Some(text) => note(format!("{line}: failed, {text}")),
        }
    }

    fn slot(&self, fields: &mut Fields<'_>) -> Result<u32, BadSftp> {
        self.slot_of(fields.string()?)
    }

    /// A client may use a handle that it closes just now; one that it never got it has guessed.
    fn slot_of(&self, handle: &[u8]) -> Result<u32, BadSftp> {
        let slot = self.handles.get(handle).or_else(|| self.closing.get(handle));
        slot.copied().ok_or(BadSftp("a handle that was never given"))
    }

    fn path_of(&self, fields: &mut Fields<'_>) -> Result<String, BadSftp> {
        let slot = self.slot(fields)?;
        Ok(self.open.get(&slot).map_or_else(|| "an unknown file".to_owned(), |open| open.path.clone()))
    }

    /// A target may give a handle again as soon as it was closed.
    fn remember(&mut self, handle: &[u8], open: Open) -> Result<(), BadSftp> {
        if self.open.len() >= MAX_HANDLES || handle.len() > 256 {
            return Err(BadSftp("too many or too long handles"));
        }
        self.next_slot = self.next_slot.wrapping_add(1);
        self.open.insert(self.next_slot, open);
        match self.handles.insert(handle.into(), self.next_slot) {
            None => Ok(()),
            Some(_) => Err(BadSftp("one handle for two files")),
        }
    }
}
