//! AES-256-GCM and HKDF-SHA256 of aws-lc-rs, in the two shapes that the envelope needs.

use crate::SealError;
use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk};
use types::Secret;

pub(crate) const NONCE_LEN: usize = 12;
pub(crate) const TAG_LEN: usize = 16;

/// 256 bits that encrypt.
pub(crate) struct Key(Secret<[u8; 32]>);

struct Len32;

impl KeyType for Len32 {
    fn len(&self) -> usize {
        32
    }
}

impl Key {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// HKDF-Expand (RFC 5869) with this uniformly random key as the pseudorandom key.
    pub(crate) fn derive(&self, info: &[u8]) -> Self {
        let mut bytes = [0; 32];
        let info = [info];
        let prk = Prk::new_less_safe(HKDF_SHA256, self.0.expose());
        let okm = prk.expand(&info, Len32).expect("32 bytes are below HKDF's limit");
        okm.fill(&mut bytes).expect("the buffer has the length asked for");
        Self::new(bytes)
    }

    /// Nonce, ciphertext, tag. The nonce is drawn by the library.
    pub(crate) fn encrypt(&self, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, self.0.expose()).map_err(|_| SealError::Cipher)?;
        let mut body = plaintext.to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(aad), &mut body).map_err(|_| SealError::Cipher)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + body.len());
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    pub(crate) fn decrypt(&self, aad: &[u8], sealed: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        if sealed.len() < NONCE_LEN + TAG_LEN {
            return Err(SealError::Unreadable);
        }
        let (nonce, body) = sealed.split_at(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Unreadable)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, self.0.expose()).map_err(|_| SealError::Cipher)?;
        let mut body = body.to_vec();
        let length = key.open_in_place(nonce, Aad::from(aad), &mut body).map_err(|_| SealError::Unreadable)?.len();
        body.truncate(length);
        Ok(Secret::new(body))
    }
}
