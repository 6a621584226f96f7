//! Faults of a conversation over HTTP/1.1 without encryption: answers that are not those of the server. One request for
//! each connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::{Shared, cut, lock};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 429, perhaps with a time to wait in seconds. The server is not asked.
    TooMany { retry_after: Option<u32> },
    /// 500. The server is not asked.
    Fails,
    /// The server does what it is asked, and somebody on the way answers 502.
    LosesChange,
    /// The server does what it is asked, and the connection ends in the middle of its answer.
    HalfAnswer,
    /// What is read is no JSON, though it says so.
    WrongJson,
    /// What is read is a page that says, with 200, that something went wrong.
    ErrorPage,
    /// An answer comes byte by byte, but in time.
    Drip,
    /// A page of a listing that is not the first is the first once more; `parameter` says which page is asked for.
    FirstPageAgain { parameter: &'static str },
    /// The same, from then on.
    FirstPageForEver { parameter: &'static str },
}

pub type Proxy = super::Proxy<Fault>;

impl Proxy {
    pub fn to(to: SocketAddr) -> Result<Proxy> {
        Proxy::carrying(to, carry)
    }
}

fn carry(shared: &Arc<Shared<Fault>>, client: TcpStream, server: TcpStream) {
    let shared = shared.clone();
    std::thread::spawn(move || {
        if let Some(request) = Request::read(&client) {
            // Whoever asked may be gone already.
            let _ = answer(&shared, request, &client, &server);
        }
        cut(&client);
        cut(&server);
    });
}

fn answer(shared: &Shared<Fault>, request: Request, client: &TcpStream, server: &TcpStream) -> std::io::Result<()> {
    let fault = shared.strike(|fault| request.meets(*fault));
    if let Some(again @ Fault::FirstPageForEver { .. }) = fault {
        *lock(&shared.fault) = Some(again);
    }
    match fault {
        Some(Fault::TooMany { retry_after: None }) => say(client, "429 Too Many Requests", "", b"{}"),
        Some(Fault::TooMany { retry_after: Some(seconds) }) => {
            say(client, "429 Too Many Requests", &format!("Retry-After: {seconds}\r\n"), b"{}")
        }
        Some(Fault::Fails) => say(client, "500 Internal Server Error", "", b"{}"),
        Some(Fault::LosesChange) => {
            ask(server, &request.text(None))?;
            say(client, "502 Bad Gateway", "Content-Type: text/html\r\n", b"<h1>Bad Gateway</h1>")
        }
        Some(Fault::HalfAnswer) => {
            let answer = ask(server, &request.text(None))?;
            (&mut &*client).write_all(&answer[..answer.len() / 2])
        }
        Some(Fault::WrongJson) => say(client, "200 OK", "Content-Type: application/json\r\n", b"{\"data\": [{\"id\""),
        Some(Fault::ErrorPage) => {
            say(client, "200 OK", "Content-Type: text/html\r\n", b"<h1>Sorry, something went wrong</h1>")
        }
        Some(Fault::Drip) => {
            for byte in ask(server, &request.text(None))? {
                (&mut &*client).write_all(&[byte])?;
            }
            Ok(())
        }
        Some(Fault::FirstPageAgain { parameter } | Fault::FirstPageForEver { parameter }) => {
            let answer = ask(server, &request.text(Some(parameter)))?;
            (&mut &*client).write_all(&answer)
        }
        None => {
            let answer = ask(server, &request.text(None))?;
            (&mut &*client).write_all(&answer)
        }
    }
}

fn say(mut client: &TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    client.write_all(&[head.as_bytes(), body].concat())
}

/// The whole answer, with its length and the promise that nothing follows it.
fn ask(mut server: &TcpStream, request: &[u8]) -> std::io::Result<Vec<u8>> {
    server.write_all(request)?;
    server.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    let Some(end) = head_end(&answer) else { return Ok(answer) };
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let body = &answer[end + 4..];
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default().replace("HTTP/1.0", "HTTP/1.1");
    let kept = lines.filter(|line| !is_header(line, "connection") && !is_header(line, "content-length"));
    let kept: String = kept.map(|line| format!("{line}\r\n")).collect();
    // What has no body says so by its status.
    let length = if status.contains(" 204") || status.contains(" 304") {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    let head = format!("{status}\r\n{kept}Connection: close\r\n{length}\r\n");
    Ok([head.as_bytes(), body].concat())
}

struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    fn read(mut client: &TcpStream) -> Option<Self> {
        let (mut all, mut buffer) = (Vec::new(), [0; 16 << 10]);
        loop {
            if let Some(end) = head_end(&all) {
                let head = String::from_utf8_lossy(&all[..end]).into_owned();
                let length = head.lines().find(|line| is_header(line, "content-length"));
                let length = length.and_then(|line| line.split_once(':')?.1.trim().parse().ok()).unwrap_or(0);
                if all.len() >= end + 4 + length {
                    return Some(Self { head, body: all[end + 4..].to_vec() });
                }
            }
            let read = client.read(&mut buffer).ok().filter(|read| *read > 0)?;
            all.extend_from_slice(&buffer[..read]);
        }
    }

    fn is_read(&self) -> bool {
        self.head.starts_with("GET ")
    }

    fn query(&self) -> &str {
        let target = self.head.split(' ').nth(1).unwrap_or_default();
        target.split_once('?').map_or("", |(_, query)| query)
    }

    fn meets(&self, fault: Fault) -> bool {
        match fault {
            Fault::WrongJson | Fault::ErrorPage => self.is_read(),
            Fault::LosesChange => !self.is_read(),
            Fault::FirstPageAgain { parameter } | Fault::FirstPageForEver { parameter } => {
                self.is_read() && self.query().split('&').any(|pair| asks(pair, parameter))
            }
            Fault::TooMany { .. } | Fault::Fails | Fault::HalfAnswer | Fault::Drip => true,
        }
    }

    /// As the server gets it, whose answer ends with the connection; without a parameter, where that is wanted.
    fn text(&self, without: Option<&str>) -> Vec<u8> {
        let mut lines = self.head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let kept: Vec<&str> = query.split('&').filter(|pair| !without.is_some_and(|name| asks(pair, name))).collect();
        let joint = if kept.iter().all(|pair| pair.is_empty()) { "" } else { "?" };
        let headers = lines.filter(|line| !is_header(line, "connection")).map(|line| format!("{line}\r\n"));
        let headers: String = headers.collect();
        let head = format!("{method} {path}{joint}{} HTTP/1.0\r\n{headers}Connection: close\r\n\r\n", kept.join("&"));
        [head.as_bytes(), &self.body].concat()
    }
}

/// Whether it says which page is asked for, and that it is not the first.
fn asks(pair: &str, parameter: &str) -> bool {
    pair.split_once('=').is_some_and(|(name, value)| name == parameter && value != "1")
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n")
}

fn is_header(line: &str, name: &str) -> bool {
    line.split_once(':').is_some_and(|(found, _)| found.trim().eq_ignore_ascii_case(name))
}
