//! A Debian host that trusts a certificate authority of the test's own, and credentials for it.

#![allow(dead_code, reason = "each test binary uses a part")]

use connectors::linux::{HostCredential, HostKeyPin, HostSession};
use peers::sshd::{HostOptions, LinuxHost};
use russh::keys::ssh_key::certificate::{Builder, CertType};
use russh::keys::ssh_key::private::{Ed25519Keypair, PrivateKey};
use types::Clock;

pub(crate) struct Host {
    pub(crate) linux: LinuxHost,
    pub(crate) address: String,
    pub(crate) pin: HostKeyPin,
}

impl Host {
    pub(crate) fn start(options: HostOptions) -> Self {
        let trusted_ca = Some(authority().public_key().to_openssh().unwrap());
        let linux = LinuxHost::start(HostOptions { trusted_ca, ..options }).unwrap();
        let pin = linux.host_key_line().parse().unwrap();
        Self { address: linux.addr().to_string(), pin, linux }
    }

    pub(crate) async fn session(&self, login: &str) -> HostSession {
        HostSession::connect(&self.address, &self.pin, login, &credential(login)).await.unwrap()
    }
}

pub(crate) fn authority() -> PrivateKey {
    Ed25519Keypair::from_seed(&[1; 32]).into()
}

/// The private key that every credential of these tests certifies.
pub(crate) fn private_key() -> PrivateKey {
    Ed25519Keypair::from_seed(&[2; 32]).into()
}

pub(crate) fn credential(login: &str) -> HostCredential {
    signed_by(&authority(), login)
}

pub(crate) fn signed_by(authority: &PrivateKey, login: &str) -> HostCredential {
    let key = private_key();
    let now = u64::try_from(Clock::system().now().seconds()).unwrap();
    let mut builder = Builder::new([3; 16], key.public_key(), now - 60, now + 120).unwrap();
    builder.serial(7).unwrap().key_id("test").unwrap().cert_type(CertType::User).unwrap();
    builder.valid_principal(login).unwrap().extension("permit-pty", "").unwrap();
    HostCredential::new(builder.sign(authority).unwrap(), key)
}
