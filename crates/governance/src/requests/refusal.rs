//! Every no of this slice, in words for the person who asked.

use crate::identities::Standing;
use crate::machines::Environment;
use types::{BadReason, Channel, Failure, IdentityId, Kind, Reason, RequestId, Timestamp};

/// No, and why, in words for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("you {0}, so you cannot ask for access or decide on it")]
    NotWorking(Standing),
    #[error("there is no system `{0}`: see `tenure systems list`")]
    NoSuchSystem(String),
    #[error("there is no identity `{0}` to ask for")]
    NoSuchBeneficiary(IdentityId),
    #[error("you can ask for yourself and for people whom you manage, not for `{0}`")]
    NotYourPerson(IdentityId),
    #[error("you can ask for machine identities that you own, not for `{0}`")]
    NotYourMachine(String),
    #[error("the machine identity `{0}` has no owner: an administrator must hand it over first")]
    MachineWithoutOwner(String),
    #[error("the machine identity `{0}` has ended: register a new one")]
    MachineEnded(String),
    #[error("the machine identity `{name}` ends at {ends_at}, before the access would: ask for less, or extend it")]
    MachineEndsFirst { name: String, ends_at: Timestamp },
    #[error("`{name}` is of {machine} and `{system}` of {of_system}: a machine identity stays in its environment")]
    OtherEnvironment { name: String, machine: Environment, system: String, of_system: Environment },
    #[error("the person who would hold the access {0}")]
    BeneficiaryNotWorking(Standing),
    #[error("no role makes {whose} eligible for {login} on {system}: see `tenure access me` for what may be asked for", whose = if *.own { "you" } else { "that person" })]
    NotEligible { own: bool, system: String, login: String },
    #[error("{asked} minutes are too long for {login} on {system}: ask for at most {max}")]
    TooLong { system: String, login: String, asked: u32, max: u32 },
    #[error("ask for at least one minute")]
    NoTime,
    #[error("{login} on {system} is not offered with {channel}: ask for some of {offered}")]
    ChannelNotOffered { system: String, login: String, channel: Channel, offered: String },
    #[error("ask for at least one channel")]
    NoChannel,
    #[error("give a reason of {least} to {most} characters that the approver will understand", most = Reason::MOST)]
    ReasonLength { least: u32 },
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error("you have asked for this already: `{0}` is waiting for a decision")]
    AlreadyAsked(RequestId),
    #[error("this request is not open any more")]
    NotPending,
    #[error("this request was not decided in time and has expired: ask again")]
    Overdue,
    #[error("you asked for this yourself: another person must decide")]
    OwnRequest,
    #[error("you would hold this access yourself: another person must decide")]
    OwnBenefit,
    #[error("only the person who {0} may decide on this request")]
    NotApprover(String),
    #[error("nobody above {0} can decide, so only an administrator may")]
    OnlyAdministrator(String),
    #[error("only the person who asked, or would benefit, may cancel this request")]
    NotYourRequest,
    #[error("only its holder, or the owner of `{0}`, may withdraw this grant")]
    NotYourGrant(String),
}

impl Failure for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::NoSuchSystem(_) | Self::NoSuchBeneficiary(_) => Kind::NotFound,
            Self::TooLong { .. }
            | Self::NoTime
            | Self::ChannelNotOffered { .. }
            | Self::NoChannel
            | Self::ReasonLength { .. }
            | Self::NoReason(_) => Kind::Invalid,
            Self::AlreadyAsked(_)
            | Self::NotPending
            | Self::Overdue
            | Self::MachineWithoutOwner(_)
            | Self::MachineEnded(_)
            | Self::MachineEndsFirst { .. } => Kind::Conflict,
            _ => Kind::Forbidden,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotAPerson => "not_a_person",
            Self::NotWorking(_) => "not_working",
            Self::NoSuchSystem(_) => "no_such_system",
            Self::NoSuchBeneficiary(_) => "no_such_identity",
            Self::NotYourPerson(_) => "not_your_person",
            Self::NotYourMachine(_) => "not_your_machine",
            Self::MachineWithoutOwner(_) => "machine_without_owner",
            Self::MachineEnded(_) => "machine_ended",
            Self::MachineEndsFirst { .. } => "machine_ends_first",
            Self::OtherEnvironment { .. } => "other_environment",
            Self::BeneficiaryNotWorking(_) => "beneficiary_not_working",
            Self::NotEligible { .. } => "not_eligible",
            Self::TooLong { .. } => "too_long",
            Self::NoTime => "no_time",
            Self::ChannelNotOffered { .. } => "channel_not_offered",
            Self::NoChannel => "no_channel",
            Self::ReasonLength { .. } => "reason_length",
            Self::NoReason(e) => e.code(),
            Self::AlreadyAsked(_) => "already_asked",
            Self::NotPending => "request_not_open",
            Self::Overdue => "request_expired",
            Self::OwnRequest => "own_request",
            Self::OwnBenefit => "own_benefit",
            Self::NotApprover(_) | Self::OnlyAdministrator(_) => "not_approver",
            Self::NotYourRequest => "not_your_request",
            Self::NotYourGrant(_) => "not_your_grant",
        }
    }
}
