//! Faults of a conversation in LDAP (RFC 4511), message by message. Knows of the encoding what tells messages apart.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};

use anyhow::Result;

use super::{Shared, cut, lock};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The next change is carried out; the connection ends instead of its answer.
    LoseChangesAnswer,
    /// The connection ends before the next change reaches the server.
    LoseChange,
    /// The next change or search is answered with this result code and not carried out.
    Answer(u8),
    /// The next search brings its entries, and the connection ends instead of its end.
    LoseSearchsEnd,
    /// The entries of the next search come twice.
    RepeatEntries,
    /// Every search after the next is answered as that one was, for ever.
    SamePageForEver,
}

pub type Proxy = super::Proxy<Fault>;

impl Proxy {
    /// To a server that speaks plain LDAP.
    pub fn to(to: SocketAddr) -> Result<Proxy> {
        Proxy::carrying(to, carry)
    }
}

const SEARCH: u8 = 0x63;
const SEARCH_ENTRY: u8 = 0x64;
const SEARCH_DONE: u8 = 0x65;
/// Modify, add, delete, rename, and extended operations such as a change of password.
const CHANGES: [u8; 5] = [0x66, 0x68, 0x4a, 0x6c, 0x77];

/// One message: its id, its operation's tag, and all its bytes.
struct Message {
    id: Vec<u8>,
    tag: u8,
    bytes: Vec<u8>,
}

struct Conversation {
    shared: Arc<Shared<Fault>>,
    client: TcpStream,
    server: TcpStream,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What happens to the answer to the request of this id.
    doomed: Option<(Vec<u8>, Fault)>,
    /// The answer that every search gets.
    page: Option<Vec<Message>>,
}

fn carry(shared: &Arc<Shared<Fault>>, client: TcpStream, server: TcpStream) {
    let state = Mutex::default();
    let conversation = Arc::new(Conversation { shared: shared.clone(), client, server, state });
    let other = conversation.clone();
    std::thread::spawn(move || conversation.requests());
    std::thread::spawn(move || other.answers());
}

impl Conversation {
    fn requests(&self) {
        while let Some(message) = read(&self.client) {
            let went = match self.met(&message) {
                Some(Fault::LoseChange) => false,
                Some(Fault::Answer(code)) => self.to_client(&refusal(&message, code)),
                Some(fault) => {
                    lock(&self.state).doomed = Some((message.id.clone(), fault));
                    self.to_server(&message.bytes)
                }
                None if message.tag == SEARCH => {
                    self.replay(&message).unwrap_or_else(|| self.to_server(&message.bytes))
                }
                None => self.to_server(&message.bytes),
            };
            if !went {
                break;
            }
        }
        self.end();
    }

    /// The fault that strikes at this request.
    fn met(&self, message: &Message) -> Option<Fault> {
        let (is_search, is_change) = (message.tag == SEARCH, CHANGES.contains(&message.tag));
        self.shared.strike(|fault| match fault {
            Fault::LoseChangesAnswer | Fault::LoseChange => is_change,
            Fault::Answer(_) => is_change || is_search,
            Fault::LoseSearchsEnd | Fault::RepeatEntries | Fault::SamePageForEver => is_search,
        })
    }

    /// Answers a search as another was; nothing when none is to be repeated.
    fn replay(&self, request: &Message) -> Option<bool> {
        let state = lock(&self.state);
        let page = state.page.as_ref().filter(|page| page.last().is_some_and(|last| last.tag == SEARCH_DONE))?;
        let again: Vec<u8> = page.iter().flat_map(|message| with_id(message, &request.id)).collect();
        Some(self.to_client(&again))
    }

    fn answers(&self) {
        while let Some(message) = read(&self.server) {
            let doomed = lock(&self.state).doomed.clone().filter(|(id, _)| *id == message.id).map(|(_, fault)| fault);
            let went = match doomed {
                Some(Fault::LoseChangesAnswer) => false,
                Some(Fault::LoseSearchsEnd) if message.tag == SEARCH_DONE => false,
                Some(Fault::RepeatEntries) if message.tag == SEARCH_ENTRY => {
                    self.to_client(&[message.bytes.clone(), message.bytes].concat())
                }
                Some(Fault::SamePageForEver) => {
                    let went = self.to_client(&message.bytes);
                    lock(&self.state).page.get_or_insert_default().push(message);
                    went
                }
                _ => self.to_client(&message.bytes),
            };
            if !went {
                break;
            }
        }
        self.end();
    }

    fn to_client(&self, bytes: &[u8]) -> bool {
        (&self.client).write_all(bytes).is_ok()
    }

    fn to_server(&self, bytes: &[u8]) -> bool {
        (&self.server).write_all(bytes).is_ok()
    }

    fn end(&self) {
        cut(&self.client);
        cut(&self.server);
    }
}

fn read(mut stream: &TcpStream) -> Option<Message> {
    let mut bytes = vec![0; 2];
    stream.read_exact(&mut bytes).ok()?;
    let mut length = usize::from(bytes[1]);
    if let Some(count) = length.checked_sub(0x80) {
        let start = bytes.len();
        bytes.resize(start + count, 0);
        stream.read_exact(&mut bytes[start..]).ok()?;
        length = bytes[start..].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    }
    let start = bytes.len();
    bytes.resize(start + length, 0);
    stream.read_exact(&mut bytes[start..]).ok()?;
    let id_length = usize::from(*bytes.get(start + 1)?);
    let id = bytes.get(start + 2..start + 2 + id_length)?.to_vec();
    let tag = *bytes.get(start + 2 + id_length)?;
    Some(Message { id, tag, bytes })
}

/// The same message as an answer to another request.
fn with_id(message: &Message, id: &[u8]) -> Vec<u8> {
    let header = if message.bytes[1] < 0x80 { 2 } else { 2 + usize::from(message.bytes[1] - 0x80) };
    let body = &message.bytes[header + 2 + message.id.len()..];
    envelope(id, body)
}

/// An answer to a request with a result code and no words.
fn refusal(request: &Message, code: u8) -> Vec<u8> {
    // Every answer has the tag after its request's, but for a delete, which is asked in short, and a search.
    let tag = match request.tag {
        SEARCH => SEARCH_DONE,
        0x4a => 0x6b,
        tag => tag + 1,
    };
    envelope(&request.id, &[tag, 7, 0x0a, 1, code, 4, 0, 4, 0])
}

fn envelope(id: &[u8], operation: &[u8]) -> Vec<u8> {
    let mut inside = vec![2, id.len() as u8];
    inside.extend_from_slice(id);
    inside.extend_from_slice(operation);
    let mut bytes = vec![0x30, 0x84];
    bytes.extend_from_slice(&(inside.len() as u32).to_be_bytes());
    bytes.extend(inside);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_the_answer_to_its_request() {
        let delete = Message { id: vec![7], tag: 0x4a, bytes: Vec::new() };
        assert_eq!(refusal(&delete, 51), [0x30, 0x84, 0, 0, 0, 12, 2, 1, 7, 0x6b, 7, 0x0a, 1, 51, 4, 0, 4, 0]);
        let done = Message { id: vec![1], tag: SEARCH_DONE, bytes: vec![0x30, 5, 2, 1, 1, SEARCH_DONE, 0] };
        assert_eq!(with_id(&done, &[9]), [0x30, 0x84, 0, 0, 0, 5, 2, 1, 9, SEARCH_DONE, 0]);
    }
}
