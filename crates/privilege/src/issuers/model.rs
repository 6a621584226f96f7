//! What an issuer is, what its profiles allow, and what became of everything that it issued. Pure.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use types::{CredentialId, GrantId, IdentityId, IssuerId, Secret, SigningKeyId, Timestamp, TokenId};

/// Of the keys that we make and certify. RSA is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    EcdsaP256,
    Ed25519,
}

impl std::fmt::Display for Algorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::EcdsaP256 => "ecdsa_p256",
            Self::Ed25519 => "ed25519",
        })
    }
}

/// What an issuer is, as somebody says it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The TARGET in `LOGIN@TARGET`.
    pub name: String,
    pub terms: Terms,
}

/// What an issuer is for; it never changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Terms {
    X509Root {
        #[serde(default = "p256")]
        algorithm: Algorithm,
        common_name: String,
        days: u32,
        /// How many authorities may stand between it and a certificate.
        #[serde(default = "one")]
        path_length: u8,
        /// Whether it issues certificates itself, and not only those of intermediates.
        #[serde(default)]
        issues: bool,
    },
    X509Intermediate {
        #[serde(default = "p256")]
        algorithm: Algorithm,
        common_name: String,
        days: u32,
        #[serde(default)]
        path_length: u8,
        /// Names and all below them that it may certify; empty for all.
        #[serde(default)]
        permitted_dns: Vec<String>,
        /// A root of ours that signs it; without, its request is exported, to be signed elsewhere.
        #[serde(default)]
        parent: Option<String>,
    },
    Jwt {
        #[serde(default = "p256")]
        algorithm: Algorithm,
    },
    Ssh {},
}

const fn p256() -> Algorithm {
    Algorithm::EcdsaP256
}

const fn one() -> u8 {
    1
}

impl Terms {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::X509Root { .. } => "x509_root",
            Self::X509Intermediate { .. } => "x509_intermediate",
            Self::Jwt { .. } => "jwt",
            Self::Ssh {} => "ssh",
        }
    }

    pub const fn is_x509(&self) -> bool {
        matches!(self, Self::X509Root { .. } | Self::X509Intermediate { .. })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    pub id: IssuerId,
    pub name: String,
    pub terms: Terms,
    pub created_at: Timestamp,
    /// It issues nothing any more.
    pub withdrawn_at: Option<Timestamp>,
    /// Oldest first; the last one signs.
    pub keys: Vec<Key>,
}

/// A signing key as it is told; the private part is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub id: SigningKeyId,
    /// PEM, a JWK, or an OpenSSH line, by the kind of the issuer.
    pub public_key: String,
    pub authority: Option<Authority>,
    pub created_at: Timestamp,
    pub retired: Option<Retired>,
}

/// A key that signs no more. Verifiers find it until the last token that it signed has expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired {
    pub at: Timestamp,
    pub published_until: Timestamp,
}

/// The CA certificate of a key, and those above it, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    pub certificate: String,
    /// May be empty; the root comes last.
    pub above: String,
}

/// What may be issued: the LOGIN in `LOGIN@TARGET`.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub name: String,
    pub max_minutes: u32,
    /// How many of one grant may be valid at a time.
    #[serde(default = "a_hundred")]
    pub max_live: u32,
    pub rules: Rules,
}

fn a_hundred() -> u32 {
    100
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rules {
    X509(X509Rules),
    Jwt(JwtRules),
    Ssh(SshRules),
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct X509Rules {
    /// `web.example.com`, `*.example.com` (one label below) or `.example.com` (everything below, without wildcards).
    #[serde(default)]
    pub dns: Vec<String>,
    /// Addresses and networks.
    #[serde(default)]
    pub ips: Vec<String>,
    /// SPIFFE ids; `/*` at the end for all below.
    #[serde(default)]
    pub uris: Vec<String>,
    pub usages: BTreeSet<Usage>,
    #[serde(default = "p256")]
    pub algorithm: Algorithm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Usage {
    Server,
    Client,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JwtRules {
    pub audiences: BTreeSet<String>,
    /// Holds `{holder}` once, which becomes the id of the grant's holder.
    #[serde(default = "holder")]
    pub subject: String,
    /// The same in every token.
    #[serde(default)]
    pub claims: Map<String, Value>,
}

fn holder() -> String {
    "{holder}".to_owned()
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SshRules {
    pub certifies: Certifies,
    /// Logins, or names of hosts as in [`X509Rules::dns`].
    pub principals: Vec<String>,
    #[serde(default)]
    pub extensions: BTreeSet<Extension>,
    /// The only networks that a user certificate works from; empty for all.
    #[serde(default)]
    pub source_addresses: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certifies {
    User,
    Host,
}

/// A closed list. Agent and X11 forwarding are not on it: they would lend the person's own keys and screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extension {
    Pty,
    PortForwarding,
}

/// What somebody wants issued. Which fields count is for the profile to say.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub profile: String,
    /// Never longer than the profile and the grant allow; as long as they do when it is left out.
    pub minutes: Option<u32>,
    /// A PKCS #10 request in PEM; without, the key pair is made here.
    pub csr: Option<String>,
    pub dns: Vec<String>,
    pub ips: Vec<String>,
    pub uris: Vec<String>,
    /// A line of a `.pub` file; without, the key pair is made here.
    pub public_key: Option<String>,
    pub principals: Vec<String>,
    /// One or more of the profile's; all of them when it is left out.
    pub audiences: BTreeSet<String>,
    /// What proved who asks, where that was a token.
    pub token: Option<TokenId>,
}

/// What is answered, once.
#[derive(Debug, Clone)]
pub struct Issuance {
    pub issued: Issued,
    /// PEM, an OpenSSH line, or nothing where a token is all there is.
    pub certificate: Option<String>,
    /// PEM of the authorities between the certificate and its root.
    pub chain: Option<String>,
    pub private_key: Option<Secret<String>>,
    pub token: Option<Secret<String>>,
}

/// What was issued, as it is kept: without any key, and without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub id: CredentialId,
    pub issuer: String,
    pub key: SigningKeyId,
    pub form: Form,
    pub profile: String,
    pub grant: GrantId,
    pub holder: IdentityId,
    /// By which it was asked for, where that was a token: it ends with that.
    pub token: Option<TokenId>,
    /// Hex for X.509, decimal for SSH, the `jti` of a token.
    pub serial: String,
    /// What it is for: names, principals or audiences.
    pub names: Vec<String>,
    /// Of the certificate's DER, the OpenSSH line or the token, hex.
    pub sha256: String,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    X509,
    Jwt,
    Ssh,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::X509, Self::Jwt, Self::Ssh];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X509 => "x509",
            Self::Jwt => "jwt",
            Self::Ssh => "ssh",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Live,
    /// On a revocation list that was not seen published yet.
    Ended {
        at: Timestamp,
        cause: Cause,
    },
    /// It has expired, or was seen on the list that everybody reads.
    Gone {
        ended_at: Timestamp,
        cause: Cause,
        observed_at: Timestamp,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Expired,
    Revoked,
    GrantEnded,
    /// The token that it was asked for by works no more.
    TokenEnded,
    /// The key that signed it was taken back.
    KeyWithdrawn,
}

impl Cause {
    pub const ALL: [Self; 5] = [Self::Expired, Self::Revoked, Self::GrantEnded, Self::TokenEnded, Self::KeyWithdrawn];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::GrantEnded => "grant_ended",
            Self::TokenEnded => "token_ended",
            Self::KeyWithdrawn => "key_withdrawn",
        }
    }
}

/// Which issued things to list, newest first. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub issuer: Option<String>,
    pub grant: Option<GrantId>,
    pub holder: Option<IdentityId>,
    pub live: Option<bool>,
    pub after: Option<CredentialId>,
    pub limit: u32,
}
