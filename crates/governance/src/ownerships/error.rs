//! What can go wrong with the ownership of what leavers owned, and every no of this slice.

use crate::account_links::AccountLinkError;
use crate::identities::Standing;
use crate::machines::MachineError;
use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{BadReason, Failure, IdentityId, Kind, OwnershipId};

#[derive(Debug, thiserror::Error)]
pub enum OwnershipError {
    #[error("there is no ownership `{0}`: see `tenure ownerships list`")]
    NotFound(OwnershipId),
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("there is no identity `{0}` to own it")]
    NoSuchIdentity(IdentityId),
    #[error("the person who would own it {0}: name somebody who works here")]
    NotWorking(Standing),
    #[error("this person owns it already")]
    SameOwner,
    #[error("it is not there any more: nobody needs to own it")]
    Gone,
    #[error("it was given to somebody else since: change its owner where it is declared")]
    ElsewhereOwned,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Machine(#[from] Box<MachineError>),
    #[error(transparent)]
    AccountLink(#[from] AccountLinkError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for OwnershipError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoSuchIdentity(_) => Kind::NotFound,
            Self::NotAPerson => Kind::Forbidden,
            Self::NotWorking(_) | Self::NoReason(_) => Kind::Invalid,
            Self::SameOwner | Self::Gone | Self::ElsewhereOwned => Kind::Conflict,
            Self::Machine(e) => e.kind(),
            Self::AccountLink(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_ownership",
            Self::NotAPerson => "not_a_person",
            Self::NoSuchIdentity(_) => "no_such_identity",
            Self::NotWorking(_) => "owner_not_working",
            Self::SameOwner => "same_owner",
            Self::Gone => "thing_gone",
            Self::ElsewhereOwned => "owned_elsewhere",
            Self::NoReason(e) => e.code(),
            Self::Machine(e) => e.code(),
            Self::AccountLink(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
