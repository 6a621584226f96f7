//! `tenure issuers create`: the terms of an issuer, as somebody types them.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

pub(super) const EXAMPLES: &str = "\
Examples:
  tenure issuers create root-ca --kind x509-root --common-name 'Example Root' --days 3650
  tenure issuers create server-ca --kind x509-intermediate --common-name Servers --days 365 --parent root-ca
  tenure issuers create outside-ca --kind x509-intermediate --common-name 'Example Clients' --days 365
  tenure issuers create tokens --kind jwt
  tenure issuers create ssh-ca --kind ssh";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    X509Root,
    X509Intermediate,
    Jwt,
    Ssh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Algorithm {
    EcdsaP256,
    Ed25519,
}

#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// Its name, the TARGET in PROFILE@ISSUER
    name: String,
    /// What it is: a root or an intermediate for X.509, a signer of tokens, or an SSH authority
    #[arg(long)]
    kind: Kind,
    /// Of its key; an SSH authority has Ed25519 always
    #[arg(long, default_value = "ecdsa-p256")]
    algorithm: Algorithm,
    /// The name in its certificate
    #[arg(long, value_name = "NAME", required_if_eq_any([("kind", "x509-root"), ("kind", "x509-intermediate")]))]
    common_name: Option<String>,
    /// How long its certificate lasts
    #[arg(long, value_name = "DAYS", required_if_eq_any([("kind", "x509-root"), ("kind", "x509-intermediate")]))]
    days: Option<u32>,
    /// How many authorities may stand below it: 1 for a root, 0 for an intermediate, unless given
    #[arg(long, value_name = "N")]
    path_length: Option<u8>,
    /// The root here that signs an intermediate; without, its request is signed elsewhere
    #[arg(long, value_name = "ISSUER")]
    parent: Option<String>,
    /// A name that an intermediate may certify with all below it, repeated for each; all unless given
    #[arg(long, value_name = "NAME")]
    permit_dns: Vec<String>,
    /// Let a root issue certificates itself, and not only those of intermediates
    #[arg(long)]
    issues: bool,
}

impl CreateArgs {
    pub(super) fn body(&self) -> Value {
        let algorithm = match self.algorithm {
            Algorithm::EcdsaP256 => "ecdsa_p256",
            Algorithm::Ed25519 => "ed25519",
        };
        let authority = |path_length: u8| {
            json!({"algorithm": algorithm, "common_name": self.common_name, "days": self.days,
                "path_length": self.path_length.unwrap_or(path_length)})
        };
        let mut terms = match self.kind {
            Kind::X509Root => authority(1),
            Kind::X509Intermediate => authority(0),
            Kind::Jwt => json!({"algorithm": algorithm}),
            Kind::Ssh => json!({}),
        };
        let (kind, more) = match self.kind {
            Kind::X509Root => ("x509_root", vec![("issues", json!(self.issues))]),
            Kind::X509Intermediate => {
                ("x509_intermediate", vec![("parent", json!(self.parent)), ("permitted_dns", json!(self.permit_dns))])
            }
            Kind::Jwt => ("jwt", vec![]),
            Kind::Ssh => ("ssh", vec![]),
        };
        terms["kind"] = json!(kind);
        for (name, value) in more {
            terms[name] = value;
        }
        json!({"name": self.name, "terms": terms})
    }
}
