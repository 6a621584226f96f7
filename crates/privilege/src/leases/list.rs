//! The revocation list as target hosts fetch it: read again only when it has changed.

use super::{LeaseError, krl, rules, store};
use authn::authority::{self, Purpose};
use ledger::Ctx;
use russh::keys::PublicKey;
use std::sync::{Arc, Mutex, PoisonError};
use types::Timestamp;

/// What decides the list: leases end once and never come back, and they leave the list in the order of their expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) all: u64,
    pub(super) latest: Option<Timestamp>,
    pub(super) listed: u64,
}

/// The revocation list for `RevokedKeys` of sshd: every ended certificate until ten minutes after its expiry.
/// The same bytes as long as nothing has changed.
#[derive(Clone, Default)]
pub struct RevocationList(Arc<Mutex<Option<Made>>>);

struct Made {
    from: Ends,
    krl: Arc<[u8]>,
}

impl RevocationList {
    /// As it is now.
    pub async fn krl(&self, ctx: &Ctx) -> Result<Arc<[u8]>, LeaseError> {
        let since = ctx.now().minus(rules::KEEP_REVOKED);
        let mut tx = ctx.read().await?;
        let ends = store::ends(&mut tx, since).await?;
        if let Some(known) = self.made_from(ends) {
            return Ok(known);
        }
        let serials = store::revoked(&mut tx, since).await?;
        drop(tx);
        let line = authority::public_key(ctx, Purpose::Targets).await?;
        let key = PublicKey::from_openssh(&line).map_err(|_| LeaseError::AuthorityKey)?;
        let generated_at = ends.latest.unwrap_or(Timestamp::from_micros(0));
        let revoked = krl::Revoked { authority: &key, serials: &serials, version: ends.all, generated_at };
        let krl: Arc<[u8]> = krl::encode(&revoked).map_err(|_| LeaseError::AuthorityKey)?.into();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Made { from: ends, krl: krl.clone() });
        Ok(krl)
    }

    fn made_from(&self, ends: Ends) -> Option<Arc<[u8]>> {
        let made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.as_ref().filter(|made| made.from == ends).map(|made| made.krl.clone())
    }
}
