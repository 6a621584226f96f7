//! Faults of any conversation over TCP, encrypted or not: answers that are lost, connections that are cut.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use anyhow::Result;

use super::{Shared, cut};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// So many answers pass; the server then gets what it is asked, and the connection ends instead of its next answer.
    LoseAnswer { after: usize },
    /// So many requests pass, and the connection ends before the next reaches the server.
    LoseRequest { after: usize },
}

pub type Proxy = super::Proxy<Fault>;

impl Proxy {
    pub fn to(to: SocketAddr) -> Result<Proxy> {
        Proxy::carrying(to, carry)
    }
}

fn carry(shared: &Arc<Shared<Fault>>, client: TcpStream, server: TcpStream) {
    let (Ok(client_too), Ok(server_too)) = (client.try_clone(), server.try_clone()) else { return };
    let asking = shared.clone();
    std::thread::spawn(move || {
        copy(&client, &server_too, || {
            asking.strike(|fault| match fault {
                Fault::LoseRequest { after } => count_down(after),
                Fault::LoseAnswer { .. } => false,
            })
        })
    });
    let answering = shared.clone();
    std::thread::spawn(move || {
        copy(&server, &client_too, || {
            answering.strike(|fault| match fault {
                Fault::LoseAnswer { after } => count_down(after),
                Fault::LoseRequest { .. } => false,
            })
        })
    });
}

/// Whether nothing more is to pass.
fn count_down(left: &mut usize) -> bool {
    let is_over = *left == 0;
    *left = left.saturating_sub(1);
    is_over
}

fn copy(mut from: &TcpStream, mut to: &TcpStream, strikes: impl Fn() -> Option<Fault>) {
    let mut buffer = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if strikes().is_some() || to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    cut(from);
    cut(to);
}
