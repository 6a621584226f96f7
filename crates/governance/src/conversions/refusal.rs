//! Every no of this slice about one membership, in words for the person who wanted it converted.

use crate::identities::Standing;

use types::{AssignmentId, ConversionId, DriftId, Failure, GrantId, Kind, OrderId};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the account has this power by itself and not by a membership: take it away on the system")]
    OwnPower,
    #[error("the account is not a direct member of it: have the system read, then look again")]
    NotMember,
    #[error("it gives no power: there is nothing to convert")]
    NoPower,
    #[error("the account is protected: nothing is ever sent to it")]
    Protected,
    #[error("nobody knows whose the account is: say so with `tenure inventory link`")]
    NobodysAccount,
    #[error("the account is no person's own: only a person can ask for what they do not have")]
    NonPersonal,
    #[error("whose it is {0}: only somebody at work can ask for what they do not have")]
    NotWorking(Standing),
    #[error("the account is disabled: nobody can be let in by it; take the membership away instead")]
    Disabled,
    #[error("a grant would be given to `{0}`, an older account of theirs there: convert that one, or disable it")]
    OtherAccount(String),
    #[error("{by} gives it, and would give it back (`{assignment}`): {advice}")]
    Assigned { by: String, assignment: AssignmentId, advice: &'static str },
    #[error("it was given by hand, and nobody has said whether it stays (`{0}`): decide with `tenure drifts decide`")]
    DriftUndecided(DriftId),
    #[error("it is being changed back already (`{0}`): nothing is left to convert")]
    DriftReverting(DriftId),
    #[error("something is ordered about it already (`{0}`): wait until that is over")]
    UnderWay(OrderId),
    #[error("a grant gives it for a time: it is none that stands")]
    ForATime,
    #[error("there is a grant for it (`{0}`) that has not ended: convert it afterwards, or withdraw the grant")]
    GrantStands(GrantId),
    #[error("it is being converted already (`{0}`)")]
    Converting(ConversionId),
    #[error("you would convert your own: ask another administrator")]
    Own,
    #[error(
        "no role offers `{slug}@{system}` with the channel membership: add it to the logins of the system and to what a \
         role makes eligible for"
    )]
    NoOffer { slug: String, system: String },
    #[error("whose it is may not ask for it yet: name the role that they are given, one of {0}")]
    NotEligible(String),
    #[error("the role `{0}` does not make them eligible for it")]
    RoleOffersNothing(String),
    #[error("the role `{0}` would give it back by itself: choose one that only makes eligible")]
    RoleGivesIt(String),
}

impl Failure for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::Own => Kind::Forbidden,
            Self::RoleOffersNothing(_) | Self::RoleGivesIt(_) => Kind::Invalid,
            _ => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::OwnPower => "own_power",
            Self::NotMember => "not_a_member",
            Self::NoPower => "gives_no_power",
            Self::Protected => "protected",
            Self::NobodysAccount => "nobodys_account",
            Self::NonPersonal => "non_personal",
            Self::NotWorking(_) => "holder_not_working",
            Self::Disabled => "account_disabled",
            Self::OtherAccount(_) => "other_account",
            Self::Assigned { .. } => "assigned",
            Self::DriftUndecided(_) => "drift_undecided",
            Self::DriftReverting(_) => "drift_under_way",
            Self::UnderWay(_) => "order_under_way",
            Self::ForATime => "for_a_time",
            Self::GrantStands(_) => "grant_stands",
            Self::Converting(_) => "converting",
            Self::Own => "own_privilege",
            Self::NoOffer { .. } => "no_offer",
            Self::NotEligible(_) => "not_eligible",
            Self::RoleOffersNothing(_) => "role_offers_nothing",
            Self::RoleGivesIt(_) => "role_gives_it",
        }
    }
}
