//! A way to a server that a test can cut, close and hold: TCP both ways, one thread for each.

use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const HELD: Duration = Duration::from_millis(2);

/// Dropped, it takes no more connections and cuts those that it carries.
pub struct Relay {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    to: u16,
    open: Mutex<Vec<TcpStream>>,
    accepted: AtomicUsize,
    /// The number of the connection that is held before its first byte goes on, and on.
    hold: AtomicUsize,
    over: AtomicBool,
}

const NONE: usize = usize::MAX;

impl Relay {
    /// To a port of this machine.
    pub fn to(to: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let (open, accepted, over) = (Mutex::default(), AtomicUsize::new(0), AtomicBool::new(false));
        let shared = Arc::new(Shared { to, open, accepted, hold: AtomicUsize::new(NONE), over });
        let accepting = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if accepting.over.load(Ordering::Acquire) {
                    return;
                }
                let number = accepting.accepted.fetch_add(1, Ordering::AcqRel);
                accepting.carry(stream, number);
            }
        });
        Ok(Self { port, shared })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Connections so far.
    pub fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::Acquire)
    }

    /// Cuts every connection that is open now.
    pub fn cut(&self) {
        self.shared.cut();
    }

    /// Holds the connection of this number, counted from 0, until [`Self::release`].
    pub fn hold(&self, number: usize) {
        self.shared.hold.store(number, Ordering::Release);
    }

    pub fn release(&self) {
        self.shared.hold.store(NONE, Ordering::Release);
    }
}

impl Shared {
    fn carry(self: &Arc<Self>, client: TcpStream, number: usize) {
        let Ok(server) = TcpStream::connect(("127.0.0.1", self.to)) else { return };
        let clones = (client.try_clone(), server.try_clone());
        let (Ok(client_too), Ok(server_too)) = clones else { return };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|stream| stream.peer_addr().is_ok());
        open.extend([client.try_clone(), server.try_clone()].into_iter().flatten());
        drop(open);
        for (from, to) in [(client, server_too), (server, client_too)] {
            let shared = self.clone();
            std::thread::spawn(move || shared.copy(from, to, number));
        }
    }

    fn copy(&self, mut from: TcpStream, mut to: TcpStream, number: usize) {
        let mut buffer = [0; 16 << 10];
        while let Ok(read) = from.read(&mut buffer) {
            while self.hold.load(Ordering::Acquire) == number && !self.over.load(Ordering::Acquire) {
                std::thread::sleep(HELD);
            }
            if read == 0 || to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        // The other side may be gone already.
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }

    fn cut(&self) {
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        self.shared.cut();
        // Wakes whoever accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}
