//! Which algorithms and limits the gateway uses, as a server to people's clients and as a client to targets.
//! No SHA-1, no CBC, no plain RSA, no unauthenticated cipher without an encrypt-then-MAC.

use super::transport::WINDOW_BYTES;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey};
use russh::{Limits, MethodKind, MethodSet, Preferred, SshId, cipher, client, compression, kex, mac, server};
use std::borrow::Cow;
use std::time::Duration;

/// The largest packet that russh takes without complaint.
const PACKET_BYTES: u32 = 65_535;
/// Packets between russh and a session. Windows bound the bytes; this bounds what waits beside them.
const CHANNEL_PACKETS: usize = 32;
/// A peer that says nothing for this long is asked whether it is there.
const KEEPALIVE: Duration = Duration::from_secs(15);

const KEX: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::DH_G16_SHA512,
    kex::EXTENSION_SUPPORT_AS_SERVER,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
];

/// Targets in FIPS mode know only curves of NIST, which no client needs from the gateway.
const TARGET_KEX: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::ECDH_SHA2_NISTP256,
    kex::ECDH_SHA2_NISTP384,
    kex::ECDH_SHA2_NISTP521,
    kex::DH_G16_SHA512,
    kex::EXTENSION_SUPPORT_AS_CLIENT,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT,
];

/// Processors do AES-GCM in hardware.
const FAST_CIPHERS: &[cipher::Name] = &[cipher::AES_128_GCM, cipher::AES_256_GCM];

const CIPHERS: &[cipher::Name] = &[
    cipher::AES_128_GCM,
    cipher::AES_256_GCM,
    cipher::CHACHA20_POLY1305,
    cipher::AES_256_CTR,
    cipher::AES_192_CTR,
    cipher::AES_128_CTR,
];

const MACS: &[mac::Name] = &[mac::HMAC_SHA256_ETM, mac::HMAC_SHA512_ETM];

const KEYS: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::SkEd25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
    Algorithm::SkEcdsaSha2NistP256,
    Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
    Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
];

/// How much a client is offered.
#[derive(Debug, Clone, Copy)]
pub(super) enum Offer {
    /// The fast ciphers only. The client's order decides, and OpenSSH's prefers ciphers that are slower through a
    /// gateway; it has both of these since version 6.2.
    Fast,
    /// What clients without AES-GCM need too.
    Wide,
}

impl Offer {
    /// By what the client says it is. It cannot be altered on the way: the key exchange covers it.
    pub(super) fn to(identification: &[u8]) -> Self {
        if identification.starts_with(b"SSH-2.0-OpenSSH_") { Self::Fast } else { Self::Wide }
    }
}

/// For people's clients: public keys and certificates only, rejections in constant time.
pub(super) fn server(host_keys: Vec<PrivateKey>, offer: Offer) -> server::Config {
    let ciphers = match offer {
        Offer::Fast => FAST_CIPHERS,
        Offer::Wide => CIPHERS,
    };
    server::Config {
        server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-Tenure")),
        methods: MethodSet::from(&[MethodKind::PublicKey][..]),
        auth_rejection_time: Duration::from_millis(100),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: host_keys,
        window_size: WINDOW_BYTES,
        maximum_packet_size: PACKET_BYTES,
        channel_buffer_size: CHANNEL_PACKETS,
        event_buffer_size: CHANNEL_PACKETS,
        preferred: preferred(KEX, ciphers),
        limits: Limits::default(),
        max_auth_attempts: 20,
        inactivity_timeout: None,
        keepalive_interval: Some(KEEPALIVE),
        keepalive_max: 4,
        nodelay: true,
        ..server::Config::default()
    }
}

/// For targets, whose pinned host key proves itself by `keys` only.
pub(super) fn client(keys: Vec<Algorithm>) -> client::Config {
    client::Config {
        client_id: SshId::Standard(Cow::Borrowed("SSH-2.0-Tenure")),
        window_size: WINDOW_BYTES,
        maximum_packet_size: PACKET_BYTES,
        channel_buffer_size: CHANNEL_PACKETS,
        preferred: Preferred { key: Cow::Owned(keys), ..preferred(TARGET_KEX, CIPHERS) },
        keepalive_interval: Some(KEEPALIVE),
        keepalive_max: 4,
        nodelay: true,
        ..client::Config::default()
    }
}

fn preferred(kex: &'static [kex::Name], ciphers: &'static [cipher::Name]) -> Preferred {
    Preferred {
        kex: Cow::Borrowed(kex),
        key: Cow::Borrowed(KEYS),
        host_key_certificates: Cow::Borrowed(&[]),
        cipher: Cow::Borrowed(ciphers),
        mac: Cow::Borrowed(MACS),
        compression: Cow::Borrowed(&[compression::NONE]),
    }
}
