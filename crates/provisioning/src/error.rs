//! What can go wrong with orders, and with what was observed.

use db::DbError;
use ledger::LedgerError;
use seal::SealError;
use types::{EntitlementId, Failure, Kind, ObservedAccountId, OrderId, ReadId};

#[derive(Debug, thiserror::Error)]
pub enum ProvisioningError {
    #[error("there is no order `{0}`")]
    NoSuchOrder(OrderId),
    #[error("there is no account `{0}` on any system: read the system first")]
    NoSuchAccount(ObservedAccountId),
    #[error("there is no entitlement `{0}` on any system: read the system first")]
    NoSuchEntitlement(EntitlementId),
    #[error("`{thing}` is not on `{system}`: order it for the system that it was read on")]
    ElsewhereOrdered { thing: String, system: String },
    #[error("the account `{0}` is protected: nothing is ever changed there, unless the protection is taken away")]
    Protected(ObservedAccountId),
    #[error("`{subject}` on `{system}` is ordered twice at once: order what it should be")]
    Twice { system: String, subject: String },
    #[error("the order `{0}` is not one that a person carries out")]
    NotForPerson(OrderId),
    #[error("the order `{0}` is about an account that is not made yet: carry out the order that makes it first")]
    NotMadeYet(OrderId),
    /// Another reading of the system began later.
    #[error("somebody else is reading `{0}`: what this reading saw is not written")]
    Stale(String),
    #[error("there is no reading `{0}` of this source")]
    NoSuchReading(ReadId),
    #[error("no reading of `{0}` waits for a decision")]
    NothingHeld(String),
    #[error(
        "on `{system}` {} account(s), {} entitlement(s) and {} membership(s) are missing by now, more than you named: look \
         at them, and name them all",
        missing[0], missing[1], missing[2]
    )]
    MoreIsMissing { system: String, missing: [u64; 3] },
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for ProvisioningError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoSuchOrder(_) | Self::NoSuchAccount(_) | Self::NoSuchEntitlement(_) | Self::NoSuchReading(_) => {
                Kind::NotFound
            }
            Self::ElsewhereOrdered { .. } | Self::Twice { .. } => Kind::Invalid,
            Self::Protected(_)
            | Self::NotForPerson(_)
            | Self::NotMadeYet(_)
            | Self::Stale(_)
            | Self::NothingHeld(_)
            | Self::MoreIsMissing { .. } => Kind::Conflict,
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchOrder(_) => "no_such_order",
            Self::NoSuchAccount(_) => "no_such_observed_account",
            Self::NoSuchEntitlement(_) => "no_such_entitlement",
            Self::ElsewhereOrdered { .. } => "ordered_elsewhere",
            Self::Protected(_) => "account_protected",
            Self::Twice { .. } => "ordered_twice",
            Self::NotForPerson(_) => "order_not_for_person",
            Self::NotMadeYet(_) => "account_not_made_yet",
            Self::Stale(_) => "reading_stale",
            Self::NoSuchReading(_) => "no_such_reading",
            Self::NothingHeld(_) => "no_reading_held",
            Self::MoreIsMissing { .. } => "more_is_missing",
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
