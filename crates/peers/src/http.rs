//! One request to a peer over plain HTTP, as a test sets it up. Nothing here knows which peer it asks.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Result, bail};
use data_encoding::BASE64;

pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) authorization: &'a str,
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a str,
}

/// The body of the answer; an error where it is no yes.
pub(crate) fn ask(port: u16, request: &Request) -> Result<String> {
    let Request { method, path, authorization, content_type, body } = request;
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {authorization}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    if !status.starts_with('2') {
        bail!("{method} {path}: {answer}");
    }
    Ok(answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned())
}

/// What `Authorization` says of a login and its password (RFC 7617).
pub(crate) fn basic(login: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{login}:{password}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_written_as_the_rfc_has_it() {
        for (text, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(BASE64.encode(text.as_bytes()), encoded);
        }
        assert_eq!(basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
}
