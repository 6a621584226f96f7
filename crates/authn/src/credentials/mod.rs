//! What a person signs in with: a password hash (Argon2id, RFC 9106) and the sealed secret of a second factor.
//! Knows no sign-in and no link; those slices ask it.

pub(crate) mod queue;
pub(crate) mod rules;
pub(crate) mod store;

pub(crate) use store::SEALED;
pub(crate) mod totp;

pub use queue::HashingFailed;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use queue::Turn;
use seal::{Record, Seal, SealError};
use std::sync::LazyLock;
use types::{Chance, IdentityId, Secret};

/// OWASP's first choice for Argon2id at one lane: 19 MiB, 2 passes.
const PARAMS: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Checked for names without a password, so that they take as long as those with one.
static NO_PASSWORD: LazyLock<Option<String>> = LazyLock::new(|| hash_now(b"", &[0; 16]));

pub(crate) struct Credentials {
    pub(crate) password_hash: String,
    pub(crate) sealed_totp: Vec<u8>,
    /// The last time step whose code was accepted; none up to it is accepted again.
    pub(crate) totp_step: u64,
}

impl Credentials {
    pub(crate) fn new(
        seal: &Seal,
        identity: &IdentityId,
        password_hash: String,
        totp: &Secret<Vec<u8>>,
        totp_step: u64,
    ) -> Result<Self, SealError> {
        Ok(Self { password_hash, sealed_totp: seal.seal(totp_record(identity), totp.expose())?, totp_step })
    }

    pub(crate) fn totp(&self, seal: &Seal, identity: &IdentityId) -> Result<Secret<Vec<u8>>, SealError> {
        seal.unseal(totp_record(identity), &self.sealed_totp)
    }
}

pub(crate) async fn hash_password(
    turn: Turn,
    chance: &Chance,
    password: &Secret<String>,
) -> Result<String, HashingFailed> {
    let (password, salt) = (password.clone(), chance.bytes::<16>());
    in_turn(turn, move || hash_now(password.expose().as_bytes(), &salt)).await
}

/// Whether the password is the one of `hash`. Without a hash the answer is no, after the same work.
pub(crate) async fn verify_password(
    turn: Turn,
    hash: Option<String>,
    password: &Secret<String>,
) -> Result<bool, HashingFailed> {
    let password = password.clone();
    let matches = move || {
        let exists = hash.is_some();
        let hash = hash.as_deref().or(NO_PASSWORD.as_deref())?;
        let parsed = PasswordHash::new(hash).ok()?;
        let verified = Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok();
        Some(exists && verified)
    };
    in_turn(turn, matches).await
}

/// The turn goes with the work, so that a client who hangs up frees no place while its hash still runs.
async fn in_turn<T: Send + 'static>(
    turn: Turn,
    work: impl FnOnce() -> Option<T> + Send + 'static,
) -> Result<T, HashingFailed> {
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    done.await.ok().flatten().ok_or(HashingFailed::Failed)
}

fn hash_now(password: &[u8], salt: &[u8; 16]) -> Option<String> {
    let (memory_kib, passes, lanes) = PARAMS;
    let params = Params::new(memory_kib, passes, lanes, Some(32)).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_with_salt(password, salt).ok().map(|hash| hash.to_string())
}

fn totp_record(identity: &IdentityId) -> Record<'_> {
    Record { table: "credentials", column: "totp_secret", row: identity.as_str() }
}
