//! A set-up link and what its bearer is shown. Pure.

use types::{IdentityId, Secret, SetupLinkId, Timestamp};

/// What the bearer of a link needs to set up an authenticator.
#[derive(Debug)]
pub struct Begun {
    /// The sign-in name.
    pub name: String,
    /// An `otpauth://totp/` URI with the shared secret, for a QR code.
    pub otpauth_uri: Secret<String>,
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) id: SetupLinkId,
    pub(crate) identity: IdentityId,
    /// The second factor that was shown last; `None` before anybody looked.
    pub(crate) sealed_totp: Option<Vec<u8>>,
    /// How often its bearer was shown a second factor.
    pub(crate) begun: u32,
    pub(crate) expires_at: Timestamp,
}
