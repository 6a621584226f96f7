//! What `mysql_native_password` keeps: sent in place of a new password, so that the password itself stays out of the
//! server's logs.

use crate::ConnectorError;
use crate::account::settable;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use data_encoding::HEXUPPER;
use types::Secret;

pub(super) struct Hash(Secret<String>);

impl Hash {
    /// # Errors
    /// `BadPassword`.
    pub(super) fn of(password: &Secret<String>) -> Result<Self, ConnectorError> {
        let once = digest(&SHA1_FOR_LEGACY_USE_ONLY, settable(password)?.as_bytes());
        let twice = digest(&SHA1_FOR_LEGACY_USE_ONLY, once.as_ref());
        Ok(Self(Secret::new(format!("*{}", HEXUPPER.encode(twice.as_ref())))))
    }

    /// A star and forty hexadecimal digits.
    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_servers() {
        // select password('password')
        let hash = Hash::of(&Secret::new("password".to_owned())).unwrap();
        assert_eq!(hash.expose(), "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
    }
}
