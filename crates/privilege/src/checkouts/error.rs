//! What can go wrong with a checkout. Refusals say why, and name another holder only to those who may see them.

use crate::accounts::{AccountError, CredentialKind};
use db::DbError;
use grants::{GrantError, Refusal};
use ledger::LedgerError;
use seal::SealError;
use types::{BadReason, CheckoutId, Failure, IdentityId, Kind, Timestamp};

#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    #[error(transparent)]
    Refused(Refusal),
    #[error("there is no checkout `{0}`, or you may not see it: see `tenure checkouts list`")]
    NotFound(CheckoutId),
    /// There is a grant for it, so saying this tells nobody anything new.
    #[error("`{0}` is not an account under management: ask its owner")]
    NoAccount(String),
    #[error("`{account}` has several credentials: name one of {kinds}", kinds = words(kinds))]
    Several { account: String, kinds: Vec<CredentialKind> },
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error("a credential is checked out for at least a minute: say how long you need it")]
    NoTime,
    #[error("`{account}` is checked out for at most {most} minutes at a time: ask for less")]
    TooLong { account: String, most: u64 },
    #[error(
        "you took `{account}` in hand {times} times within an hour: keep it for as long as you need it, and try again in a while"
    )]
    TooOften { account: String, times: u64 },
    #[error("you can keep it until {until} at the latest: give it back by then and check it out again")]
    NoLonger { until: Timestamp },
    #[error("you have `{account}` checked out until {until}: give it back first, with `tenure checkin {id}`")]
    HaveIt { account: String, id: CheckoutId, until: Timestamp },
    #[error(
        "{} has `{account}` checked out until {until}: try again then, or ask them to give it back",
        by.as_ref().map_or("somebody".to_owned(), ToString::to_string)
    )]
    Taken { account: String, by: Option<IdentityId>, until: Timestamp },
    #[error("the credential of `{0}` is being changed after its last use: try again in a moment")]
    BeingChanged(String),
    #[error("a checkout is confirmed by a second person, and you asked for it: ask a colleague")]
    OwnCheckout,
    #[error("a checkout of `{0}` is confirmed by somebody with a grant for it, or by an operator")]
    MayNotConfirm(String),
    #[error("`{0}` does not wait for anybody's confirmation: see `tenure checkouts show {0}`")]
    NotPending(CheckoutId),
    #[error("`{0}` is not open: see `tenure checkouts show {0}`")]
    NotOpen(CheckoutId),
    #[error("only its holder gives a credential back or keeps it longer; operators take it back with a reason")]
    NotHolder,
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

fn words(kinds: &[CredentialKind]) -> String {
    kinds.iter().map(|kind| format!("`{}`", kind.as_str())).collect::<Vec<_>>().join(", ")
}

impl Failure for CheckoutError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(_) | Self::OwnCheckout | Self::MayNotConfirm(_) | Self::NotHolder => Kind::Forbidden,
            Self::NotFound(_) | Self::NoAccount(_) => Kind::NotFound,
            Self::Several { .. } | Self::NoReason(_) | Self::NoTime | Self::TooLong { .. } | Self::NoLonger { .. } => {
                Kind::Invalid
            }
            Self::HaveIt { .. }
            | Self::TooOften { .. }
            | Self::Taken { .. }
            | Self::BeingChanged(_)
            | Self::NotPending(_)
            | Self::NotOpen(_) => Kind::Conflict,
            Self::Account(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::NotFound(_) => "no_such_checkout",
            Self::NoAccount(_) => "no_such_account",
            Self::Several { .. } => "several_credentials",
            Self::NoReason(e) => e.code(),
            Self::NoTime => "no_time",
            Self::TooLong { .. } => "too_long",
            Self::NoLonger { .. } => "no_longer",
            Self::TooOften { .. } => "too_often",
            Self::HaveIt { .. } => "checked_out_by_you",
            Self::Taken { .. } => "checked_out",
            Self::BeingChanged(_) => "rotating",
            Self::OwnCheckout => "own_checkout",
            Self::MayNotConfirm(_) => "may_not_confirm",
            Self::NotPending(_) => "not_pending",
            Self::NotOpen(_) => "not_open",
            Self::NotHolder => "not_holder",
            Self::Account(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

impl CheckoutError {
    /// A refusal, which leaves evidence, and not a failure of ours.
    pub(super) fn is_refusal(&self) -> bool {
        !matches!(self.kind(), Kind::Internal | Kind::Unavailable)
    }

    /// Without the name of another holder, for whoever may not see it.
    pub(super) fn without_names(self) -> Self {
        match self {
            Self::Taken { account, until, .. } => Self::Taken { account, by: None, until },
            other => other,
        }
    }
}
