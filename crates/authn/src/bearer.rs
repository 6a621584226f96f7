//! Secrets that whoever bears them may use: set-up links, cookies, API tokens, wrapped secrets. 256 random bits as text;
//! stored only as SHA-256 and found by that hash, so that no comparison depends on the secret.

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::BASE32_NOPAD;
use types::{Chance, Secret};

/// 256 random bits as text after `prefix`, which lets scanners find leaked ones.
pub fn generate(chance: &Chance, prefix: &str) -> Secret<String> {
    let random = Secret::new(chance.bytes::<32>());
    let mut text = BASE32_NOPAD.encode(random.expose());
    text.make_ascii_lowercase();
    text.insert_str(0, prefix);
    Secret::new(text)
}

/// What is stored of it, and found by.
pub fn hash(secret: &Secret<String>) -> [u8; 32] {
    digest(&[secret.expose().as_bytes()])
}

/// SHA-256 over all parts; of a secret among them no copy stays in memory.
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    parts.iter().for_each(|part| context.update(part));
    context.finish().as_ref().try_into().expect("32 bytes")
}
