//! What a lease is: the certificate of one session, and what became of it. Pure.

use russh::keys::{Certificate, PrivateKey};
use std::net::IpAddr;
use std::sync::Arc;
use types::{GrantId, LeaseId, SessionId, Timestamp};

/// A certificate that a target accepts, with its private key, which exists in this value's memory only.
#[derive(Clone)]
pub struct Lease {
    pub id: LeaseId,
    pub serial: u64,
    pub certificate: Certificate,
    pub expires_at: Timestamp,
    pub(crate) key: Arc<PrivateKey>,
}

impl Lease {
    /// The private key, for the login on the target. Every call is a place where it leaves its wrapper.
    pub fn expose_key(&self) -> Arc<PrivateKey> {
        Arc::clone(&self.key)
    }

    /// The only address that the certificate works from, as far as it names one.
    pub fn source_address(&self) -> Option<IpAddr> {
        source_address(&self.certificate)
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lease({}, serial {})", self.id, self.serial)
    }
}

/// A lease as it is kept: without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: LeaseId,
    pub session: SessionId,
    pub grant: GrantId,
    pub target: String,
    pub login: String,
    /// Public: the target judges it by this alone.
    pub certificate: Certificate,
    pub serial: u64,
    pub expires_at: Timestamp,
    pub state: State,
}

impl Credential {
    /// The only address that the certificate works from, as far as it names one.
    pub fn source_address(&self) -> Option<IpAddr> {
        source_address(&self.certificate)
    }
}

fn source_address(certificate: &Certificate) -> Option<IpAddr> {
    certificate.critical_options().get("source-address")?.parse().ok()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    Live,
    /// Its session is over. Listed in the KRL until some time after its expiry.
    Ended {
        at: Timestamp,
    },
    /// The target was seen to refuse it.
    Gone {
        ended_at: Timestamp,
        observed_at: Timestamp,
    },
}
