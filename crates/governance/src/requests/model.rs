//! A request for access and the states it passes through. Each state holds what is true then and no more.

use crate::identities::Identity;
use crate::machines::Machine;
use crate::policy::RequestPolicy;
use crate::roles::{Catalogue, Eligibility};
use crate::systems::System;
use authn::Caller;
use std::collections::BTreeSet;
use types::{Actor, Channel, GrantId, IdentityId, Permission, RequestId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AccessRequest {
    pub id: RequestId,
    pub requester: IdentityId,
    /// Who would hold the grant.
    pub beneficiary: IdentityId,
    pub system: String,
    pub login: String,
    pub channels: BTreeSet<Channel>,
    pub minutes: u32,
    pub reason: String,
    /// The role that made the beneficiary eligible when the request was submitted.
    pub role: String,
    pub submitted_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    Pending { expires_at: Timestamp },
    Approved { decided: Decided, grant: GrantId },
    Denied { decided: Decided },
    Cancelled { at: Timestamp, by: Actor, why: String },
    Expired { at: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Decided {
    pub at: Timestamp,
    pub by: IdentityId,
    pub reason: String,
    /// Why this person was the one to decide.
    pub because: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approve,
    Deny,
}

/// A request to be submitted.
#[derive(Debug, Clone)]
pub struct New {
    pub system: String,
    pub login: String,
    pub minutes: u32,
    /// `None` asks for the ordinary ones, as far as the role allows them.
    pub channels: Option<BTreeSet<Channel>>,
    pub reason: String,
    /// `None` asks for oneself. A manager may ask for one of their people, and an owner for their machine identity.
    pub beneficiary: Option<IdentityId>,
}

/// Who may decide on a request, and why they.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Route {
    pub approver: Approver,
    /// Such as "owns `web-1`".
    pub because: String,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    Person(IdentityId),
    AnyAdministrator,
}

/// A request as one person sees it.
#[derive(Debug, Clone)]
pub struct View {
    pub request: AccessRequest,
    pub route: Route,
    /// Why the viewer may not decide, if so.
    pub why_not: Option<super::Refusal>,
}

impl View {
    /// Whether the viewer, who calls with this proof, may decide.
    pub fn may_be_decided_by(&self, viewer: &Caller) -> bool {
        self.why_not.is_none() && viewer.may(Permission::RequestsDecide)
    }
}

/// Which requests to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// As requester or as beneficiary.
    pub of: Option<IdentityId>,
    pub system: Option<String>,
    pub state: Option<StateName>,
    /// Continue after this one (newest first).
    pub after: Option<RequestId>,
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    Pending,
    Approved,
    Denied,
    Cancelled,
    Expired,
}

impl StateName {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// How far a person's right to withdraw grants reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One's own grants, and those on systems that one owns.
    Own,
    Any,
}

impl Reach {
    pub fn of(caller: &Caller) -> Self {
        if caller.may(Permission::GrantsWithdraw) { Self::Any } else { Self::Own }
    }
}

/// What the rules look at when somebody asks.
#[derive(Debug)]
pub(super) struct SubmitFacts {
    pub(super) requester: Identity,
    pub(super) beneficiary: Beneficiary,
    pub(super) system: Option<System>,
    pub(super) eligibility: Vec<Eligibility>,
    pub(super) policy: RequestPolicy,
    /// An open request for the same login and beneficiary.
    pub(super) already: Option<RequestId>,
    pub(super) now: Timestamp,
}

/// What the rules look at when somebody decides.
#[derive(Debug)]
pub(super) struct DecideFacts {
    pub(super) system: System,
    /// The system's owner first, then the owner's managers upwards, each once.
    pub(super) chain: Vec<Identity>,
    pub(super) beneficiary: Beneficiary,
    pub(super) eligibility: Vec<Eligibility>,
    pub(super) now: Timestamp,
}

/// Who would hold the access.
#[derive(Debug, Clone)]
pub(super) enum Beneficiary {
    Person(Identity),
    /// With whoever answers for it, or did so last.
    Machine {
        machine: Machine,
        owner: Identity,
    },
}

impl Beneficiary {
    pub(super) fn id(&self) -> &IdentityId {
        match self {
            Self::Person(person) => &person.id,
            Self::Machine { machine, .. } => &machine.id,
        }
    }

    /// The person whose HR record makes them eligible.
    pub(super) fn person(&self) -> &Identity {
        match self {
            Self::Person(person) => person,
            Self::Machine { owner, .. } => owner,
        }
    }

    pub(super) fn eligibility(&self, catalogue: &Catalogue, now: Timestamp) -> Vec<Eligibility> {
        match self {
            Self::Person(person) => catalogue.eligibility(person, now),
            Self::Machine { owner, .. } => catalogue.eligibility_of_machine(owner, now),
        }
    }
}

/// Who wants to decide.
#[derive(Debug)]
pub(super) struct Decider {
    pub(super) identity: Identity,
    pub(super) is_administrator: bool,
}

impl AccessRequest {
    pub fn state_name(&self) -> StateName {
        match self.state {
            State::Pending { .. } => StateName::Pending,
            State::Approved { .. } => StateName::Approved,
            State::Denied { .. } => StateName::Denied,
            State::Cancelled { .. } => StateName::Cancelled,
            State::Expired { .. } => StateName::Expired,
        }
    }

    pub fn decided(&self) -> Option<&Decided> {
        match &self.state {
            State::Approved { decided, .. } | State::Denied { decided } => Some(decided),
            State::Pending { .. } | State::Cancelled { .. } | State::Expired { .. } => None,
        }
    }

    pub fn grant(&self) -> Option<&GrantId> {
        match &self.state {
            State::Approved { grant, .. } => Some(grant),
            _ => None,
        }
    }

    /// The request after its one transition out of pending; `None` when it was not pending.
    pub(super) fn settle(self, state: State) -> Option<Self> {
        match self.state {
            State::Pending { .. } => Some(Self { state, ..self }),
            _ => None,
        }
    }
}
