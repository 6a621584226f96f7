//! Ways to a server on which something goes wrong when a test says so, once each, so that the test knows what it met.
//! They carry bytes and decide nothing: which fault comes when is the test's, drawn from a seed that it prints.

pub mod http;
pub mod ldap;
pub mod tcp;

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

/// Numbers that look drawn by chance and are the same for the same seed.
pub struct Seeded(u64);

impl Seeded {
    pub fn new(seed: u64) -> Seeded {
        Seeded(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 up to `bound`, which it never is.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }
}

/// A listener that gives every connection, with one of its own to the server, to whoever carries it. Dropped, it takes no
/// more connections and cuts those that it carries.
pub struct Proxy<F> {
    port: u16,
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    to: SocketAddr,
    /// What goes wrong next.
    fault: Mutex<Option<F>>,
    struck: AtomicUsize,
    open: Mutex<Vec<TcpStream>>,
    over: AtomicBool,
}

impl<F: Send + 'static> Proxy<F> {
    fn carrying(to: SocketAddr, carry: fn(&Arc<Shared<F>>, TcpStream, TcpStream)) -> Result<Proxy<F>> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let (fault, open) = (Mutex::new(None), Mutex::default());
        let shared = Shared { to, fault, struck: AtomicUsize::new(0), open, over: AtomicBool::new(false) };
        let shared = Arc::new(shared);
        let accepting = shared.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if accepting.over.load(Ordering::Acquire) {
                    return;
                }
                let Ok(server) = TcpStream::connect(accepting.to) else { continue };
                let mut open = lock(&accepting.open);
                open.retain(|stream| stream.peer_addr().is_ok());
                open.extend([client.try_clone(), server.try_clone()].into_iter().flatten());
                drop(open);
                carry(&accepting, client, server);
            }
        });
        Ok(Proxy { port, shared })
    }

    /// On 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Takes the place of one that has not struck yet.
    pub fn arm(&self, fault: F) {
        *lock(&self.shared.fault) = Some(fault);
    }

    pub fn disarm(&self) {
        *lock(&self.shared.fault) = None;
    }

    /// Faults that have struck so far.
    pub fn struck(&self) -> usize {
        self.shared.struck.load(Ordering::Acquire)
    }
}

impl<F> Shared<F> {
    /// The armed fault, if it is to strike now.
    fn strike(&self, now: impl FnOnce(&mut F) -> bool) -> Option<F> {
        let mut fault = lock(&self.fault);
        if !fault.as_mut().is_some_and(now) {
            return None;
        }
        self.struck.fetch_add(1, Ordering::AcqRel);
        fault.take()
    }
}

impl<F> Drop for Proxy<F> {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        for stream in lock(&self.shared.open).drain(..) {
            cut(&stream);
        }
        // Wakes whoever accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// The other side may be gone already.
fn cut(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Both);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
