//! Time-based one-time codes (RFC 6238): SHA-1, six digits, steps of 30 s, one step of drift either way. Pure.

use totp_rs::Builder;
use types::{Chance, Secret, Timestamp};

/// Six digits and the blanks that people put between them.
pub(crate) const MAX_CODE_BYTES: usize = 16;

const ISSUER: &str = "Tenure";

/// 160 random bits, the length that RFC 4226 recommends.
pub(crate) fn generate(chance: &Chance) -> Secret<Vec<u8>> {
    Secret::new(chance.bytes::<20>().to_vec())
}

/// The `otpauth` URI that authenticators read from a QR code.
pub(crate) fn uri(secret: &Secret<Vec<u8>>, name: &str) -> Secret<String> {
    let builder = Builder::new().with_secret(secret.expose().clone()).with_account_name(name).with_issuer(Some(ISSUER));
    let uri = builder.build().and_then(|totp| totp.to_url());
    Secret::new(uri.expect("a secret of 160 bits, and names without colons"))
}

/// The time step that this code belongs to, if it is one of those around `now`. The caller makes sure that no step is
/// accepted twice.
pub(crate) fn step_of(secret: &Secret<Vec<u8>>, code: &str, now: Timestamp) -> Option<u64> {
    if code.len() > MAX_CODE_BYTES {
        return None;
    }
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let totp = Builder::new().with_secret(secret.expose().clone()).build().expect("a secret of 160 bits");
    totp.check(&code, u64::try_from(now.seconds()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238_within_one_step() {
        let secret = Secret::new(b"12345678901234567890".to_vec());
        for (seconds, code, step) in [
            (59, "287082", Some(1)),
            (59 - 30, "287082", Some(1)),
            (59 + 30, "287082", Some(1)),
            (59 + 61, "287082", None),
            (1_111_111_109, "081804", Some(37_037_036)),
            (1_111_111_109, "081 804", Some(37_037_036)),
            (1_111_111_109, "081805", None),
            (1_111_111_109, "", None),
            (1_111_111_109, "0818040", None),
            (1_111_111_109, "081804           ", None),
        ] {
            assert_eq!(
                step_of(&secret, code, Timestamp::from_micros(seconds * 1_000_000)),
                step,
                "{code} at {seconds}"
            );
        }
    }

    #[test]
    fn the_uri_names_the_issuer_and_the_account() {
        let uri = uri(&Secret::new(b"12345678901234567890".to_vec()), "alice@example.com");
        let text = uri.expose();
        assert!(text.starts_with("otpauth://totp/Tenure:alice%40example.com?"), "{text}");
        assert!(text.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{text}");
    }
}
