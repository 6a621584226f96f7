//! What can go wrong with a ticket.

use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{BadReason, Failure, Kind, TicketId};

#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    #[error("there is no ticket `{0}` of yours: see `tenure tickets list`")]
    NotFound(TicketId),
    #[error("the ticket `{0}` is closed already")]
    NotOpen(TicketId),
    #[error(
        "`{0}` is about your own account: your manager or an administrator says that it was done, nobody says it of themselves"
    )]
    Own(TicketId),
    #[error("only a person can say that something was done: sign in first")]
    NotAPerson,
    #[error("say what you did and where that can be looked up: {0}")]
    NoProof(#[from] BadReason),
    #[error(transparent)]
    Order(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for TicketError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotOpen(_) => Kind::Conflict,
            Self::Own(_) | Self::NotAPerson => Kind::Forbidden,
            Self::NoProof(e) => e.kind(),
            Self::Order(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_ticket",
            Self::NotOpen(_) => "ticket_closed",
            Self::Own(_) => "own_account",
            Self::NotAPerson => "not_a_person",
            Self::NoProof(_) => "no_proof",
            Self::Order(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
