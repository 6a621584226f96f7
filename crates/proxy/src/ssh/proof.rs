//! What signed a connection, and whose it is. It is asked again as long as the connection lives: nothing here is kept
//! as an answer.

use authn::gateway::{self, Unknown};
use ledger::Ctx;
use russh::keys::{Certificate, PublicKey};
use types::IdentityId;

pub(super) enum Proof {
    Key(PublicKey),
    Certificate(Box<Certificate>),
}

impl Proof {
    pub(super) async fn identity(&self, ctx: &Ctx) -> Result<IdentityId, Unknown> {
        match self {
            Self::Key(key) => gateway::identify_key(ctx, key).await,
            Self::Certificate(certificate) => gateway::identify_certificate(ctx, certificate).await,
        }
    }

    /// Whether it proves `who` now.
    pub(super) async fn still_proves(&self, ctx: &Ctx, who: &IdentityId) -> Result<(), Unknown> {
        if self.identity(ctx).await? == *who { Ok(()) } else { Err(Unknown::NotRegistered) }
    }
}

/// Whether somebody took the proof away. One whose time is over opens nothing new and ends nothing: grants bound what
/// is open.
pub(super) fn was_taken(unknown: &Unknown) -> bool {
    !matches!(unknown, Unknown::OutOfTime | Unknown::Db(_))
}
