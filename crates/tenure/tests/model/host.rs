//! A host on loopback that refuses every login, as a real one does with certificates that are over. It runs nothing.

use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::server::{Auth, Config, Handler, PublicKeyOffer};
use russh::{MethodKind, MethodSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) struct Host {
    pub(crate) address: SocketAddr,
    pub(crate) key_line: String,
    serving: JoinHandle<()>,
}

struct Refuses;

impl Handler for Refuses {
    type Error = russh::Error;

    /// Its clock is that of the machine, by which a certificate of the model's own time may be valid.
    async fn auth_publickey_offered(&mut self, _user: &str, _offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        Ok(Auth::reject())
    }
}

impl Host {
    pub(crate) async fn start(seed: u8) -> Self {
        let key: PrivateKey = Ed25519Keypair::from_seed(&[seed; 32]).into();
        let key_line = key.public_key().to_openssh().expect("a public key");
        let config = Arc::new(Config {
            methods: MethodSet::from(&[MethodKind::PublicKey][..]),
            auth_rejection_time: Duration::ZERO,
            auth_rejection_time_initial: Some(Duration::ZERO),
            keys: vec![key],
            nodelay: true,
            ..Config::default()
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let config = config.clone();
                tokio::spawn(async move {
                    if let Ok(session) = russh::server::run_stream(config, stream, Refuses).await {
                        // A probe goes away when it has its answer.
                        let _ = session.await;
                    }
                });
            }
        });
        Self { address, key_line, serving }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
