//! What can go wrong with a conversion.

use super::{DEADLINE, MOST, Refusal};
use crate::account_links::AccountLinkError;
use crate::assignments::AssignmentError;
use crate::breakers::{BreakerError, Trip};
use crate::plans::PlanError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{BadReason, ConversionId, Failure, GrantId, Kind};

#[derive(Debug, thiserror::Error)]
pub enum ConversionError {
    #[error("there is no conversion `{0}`: see `tenure standing conversions`")]
    NotFound(ConversionId),
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("name 1 to {MOST} memberships, each once")]
    HowMany,
    #[error("it must be gone within {} to {} minutes", DEADLINE.start(), DEADLINE.end())]
    BadDeadline,
    #[error("there is no role `{0}`: see `tenure roles list`")]
    NoSuchRole(String),
    /// `what` names the membership.
    #[error("{what} cannot be converted: {why}")]
    Refused { what: String, why: Box<Refusal> },
    #[error("{what} cannot be converted: {why}")]
    RoleNotGiven { what: String, why: Box<AssignmentError> },
    /// Nothing is done.
    #[error(
        "{}: nothing is done; somebody else who may confirm plans lets the same through, or do fewer at once",
        told(.0)
    )]
    Tripped(Vec<Trip>),
    #[error("what a breaker holds is let through by who may confirm plans (`plans.confirm`), and by nobody else")]
    MayNotConfirm,
    #[error(
        "nobody else was held with these memberships and this role within a day: whoever wants them converted begins \
         without letting anything through, and another one lets it through"
    )]
    NobodyElseBegan,
    #[error("`{0}` was undone or given up already: convert it anew")]
    Over(ConversionId),
    #[error("you would give yourself a privilege back: ask another administrator")]
    Own,
    #[error("whose it was is not at work: nothing is given back to them")]
    HolderNotWorking,
    #[error("a grant for it (`{0}`) has not ended, and would take away what is given back: withdraw it first")]
    GrantStands(GrantId),
    #[error("something is under way: look again with `tenure standing show {0}`")]
    UnderWay(ConversionId),
    #[error("it is done for more than 30 days: give the role or the entitlement anew instead")]
    TooLate,
    #[error("the account is protected: nothing is ever sent to it")]
    Protected,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Assignment(#[from] Box<AssignmentError>),
    #[error(transparent)]
    AccountLink(#[from] AccountLinkError),
    #[error(transparent)]
    Breaker(#[from] BreakerError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

fn told(trips: &[Trip]) -> String {
    trips.iter().map(Trip::to_string).collect::<Vec<_>>().join("; ")
}

impl Failure for ConversionError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotAPerson | Self::Own | Self::MayNotConfirm => Kind::Forbidden,
            Self::HowMany | Self::BadDeadline | Self::NoSuchRole(_) => Kind::Invalid,
            Self::Refused { why, .. } => why.kind(),
            Self::RoleNotGiven { why, .. } => why.kind(),
            Self::Tripped(_)
            | Self::NobodyElseBegan
            | Self::Over(_)
            | Self::HolderNotWorking
            | Self::GrantStands(_)
            | Self::UnderWay(_)
            | Self::TooLate
            | Self::Protected => Kind::Conflict,
            Self::NoReason(e) => e.kind(),
            Self::Assignment(e) => e.kind(),
            Self::AccountLink(e) => e.kind(),
            Self::Breaker(e) => e.kind(),
            Self::Plan(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_conversion",
            Self::NotAPerson => "not_a_person",
            Self::HowMany => "how_many",
            Self::BadDeadline => "bad_deadline",
            Self::NoSuchRole(_) => "no_such_role",
            Self::Refused { why, .. } => why.code(),
            Self::RoleNotGiven { why, .. } => why.code(),
            Self::Tripped(_) => "breaker_tripped",
            Self::MayNotConfirm => "may_not_confirm",
            Self::NobodyElseBegan => "nobody_else_began",
            Self::Over(_) => "conversion_over",
            Self::Own => "own_privilege",
            Self::HolderNotWorking => "holder_not_working",
            Self::GrantStands(_) => "grant_stands",
            Self::UnderWay(_) => "conversion_under_way",
            Self::TooLate => "too_late",
            Self::Protected => "protected",
            Self::NoReason(e) => e.code(),
            Self::Assignment(e) => e.code(),
            Self::AccountLink(e) => e.code(),
            Self::Breaker(e) => e.code(),
            Self::Plan(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
