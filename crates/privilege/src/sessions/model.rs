//! What a session is: one use of a grant on one channel, live or ended for one reason. Pure.

use crate::leases::Lease;
use crate::recordings::{Limits, Live, PtySize, Recorder, Sealed};
use crate::silent::Silent;
use crate::targets::Target;
use crate::visits::Vaulted;
use grants::SessionPermit;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use types::{Actor, Channel, GrantId, IdentityId, ManagedAccountId, SessionId, Timestamp};

/// The server process that carries sessions.
#[derive(Clone)]
pub struct Node {
    pub name: String,
    pub recordings_dir: PathBuf,
    /// Below which declared folders of tables and feeds may be; `None`: nowhere.
    pub csv_folder: Option<PathBuf>,
    /// The address from which targets see this node; `None` where the operating system's choice is right.
    pub source_address: Option<IpAddr>,
    /// What is being recorded here now.
    pub live: Live,
    pub recording_limits: Limits,
    /// Which systems do not answer at the moment.
    pub silent: Silent,
}

impl Node {
    pub fn new(name: impl Into<String>, recordings_dir: impl Into<PathBuf>) -> Self {
        let (name, recordings_dir) = (name.into(), recordings_dir.into());
        let (live, recording_limits) = (Live::default(), Limits::NONE);
        let (csv_folder, source_address) = (None, None);
        Self { name, recordings_dir, csv_folder, source_address, live, recording_limits, silent: Silent::default() }
    }
}

/// What somebody with a proven identity wants to open.
#[derive(Debug, Clone)]
pub struct Opening {
    pub who: IdentityId,
    pub target: String,
    pub login: String,
    pub channel: Channel,
    pub command: Option<String>,
    pub pty: Option<PtySize>,
    /// What the client sets for the program, as the target will get it.
    pub environment: BTreeMap<String, String>,
    pub client: SocketAddr,
}

/// An open session: everything that the proxy may use, and only for it.
#[derive(Debug)]
pub struct Opened {
    pub id: SessionId,
    pub permit: SessionPermit,
    pub target: Target,
    /// Where to connect to: the target's address at this moment, which our own fits.
    pub address: SocketAddr,
    /// Ours, as the target sees it.
    pub source: IpAddr,
    pub credential: Credential,
    pub recorder: Recorder,
}

/// What a session logs in to its target with. It is offered once, and shown to nobody.
#[derive(Debug)]
pub enum Credential {
    Lease(Box<Lease>),
    Vaulted(Vaulted),
}

impl Opened {
    /// The certificate, where the session has one.
    pub fn lease(&self) -> Option<&Lease> {
        match &self.credential {
            Credential::Lease(lease) => Some(lease),
            Credential::Vaulted(_) => None,
        }
    }
}

/// Which credential of the vault a session logged in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    pub account: ManagedAccountId,
    pub version: u32,
}

/// What SSH clients ask for and no grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unoffered {
    AgentForwarding,
    X11Forwarding,
    RemoteForwarding,
    SocketForwarding,
    Subsystem,
}

/// How a session ended.
#[derive(Debug, Clone)]
pub struct Ended {
    pub session: SessionId,
    pub reason: EndReason,
    pub exit_status: Option<u32>,
    /// From the client to the target.
    pub bytes_in: u64,
    /// From the target to the client.
    pub bytes_out: u64,
    pub recording: Sealed,
    /// Processes of the session still alive on the target after the last look; `None` where nobody looked.
    pub leftover_processes: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub grant: GrantId,
    pub holder: IdentityId,
    pub target: String,
    pub login: String,
    pub channel: Channel,
    pub command: Option<String>,
    pub client: SocketAddr,
    pub node: String,
    pub started_at: Timestamp,
    pub deadline: Timestamp,
    /// `None` where it logged in by a certificate of its own.
    pub used: Option<Used>,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Live { kill: Option<Kill> },
    Ended(Outcome),
}

/// An order to end a session at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kill {
    pub at: Timestamp,
    pub by: Actor,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub at: Timestamp,
    pub reason: EndReason,
    /// An order to end it, whether or not that is why it ended.
    pub kill: Option<Kill>,
    pub exit_status: Option<u32>,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub leftover_processes: Option<u32>,
}

impl Session {
    pub fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.state {
            State::Live { .. } => None,
            State::Ended(outcome) => Some(outcome),
        }
    }

    /// What the person was told when it ended.
    pub fn end_line(&self) -> Option<String> {
        self.outcome().map(|outcome| outcome.reason.line(&self.login, &self.target))
    }
}

/// Which sessions to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub live: Option<bool>,
    pub grant: Option<GrantId>,
    pub holder: Option<IdentityId>,
    pub target: Option<String>,
    /// Continue after this one (newest first).
    pub after: Option<SessionId>,
    pub limit: u32,
}

/// Why a session ended: a closed list, and exactly one for each session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    ClientClosed,
    TargetClosed,
    Expired,
    Withdrawn,
    Leaver,
    Ineligible,
    OwnerGone,
    MachineEnded,
    Killed,
    ProofRevoked,
    RecordingFailed,
    RecordingFull,
    TargetUnreachable,
    TargetRefused,
    HostKeyChanged,
    NodeStopped,
    NodeCrashed,
    TaskFailed,
    LostContact,
}

impl EndReason {
    pub const ALL: [Self; 19] = [
        Self::ClientClosed,
        Self::TargetClosed,
        Self::Expired,
        Self::Withdrawn,
        Self::Leaver,
        Self::Ineligible,
        Self::OwnerGone,
        Self::MachineEnded,
        Self::Killed,
        Self::ProofRevoked,
        Self::RecordingFailed,
        Self::RecordingFull,
        Self::TargetUnreachable,
        Self::TargetRefused,
        Self::HostKeyChanged,
        Self::NodeStopped,
        Self::NodeCrashed,
        Self::TaskFailed,
        Self::LostContact,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientClosed => "client_closed",
            Self::TargetClosed => "target_closed",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Leaver => "leaver",
            Self::Ineligible => "ineligible",
            Self::OwnerGone => "owner_gone",
            Self::MachineEnded => "machine_ended",
            Self::Killed => "killed",
            Self::ProofRevoked => "proof_revoked",
            Self::RecordingFailed => "recording_failed",
            Self::RecordingFull => "recording_full",
            Self::TargetUnreachable => "target_unreachable",
            Self::TargetRefused => "target_refused",
            Self::HostKeyChanged => "host_key_changed",
            Self::NodeStopped => "node_stopped",
            Self::NodeCrashed => "node_crashed",
            Self::TaskFailed => "task_failed",
            Self::LostContact => "lost_contact",
        }
    }

    /// Whether nothing of the session may run on. A program that ends by itself may leave one that is meant to go on;
    /// a target that let nobody in runs nothing.
    pub const fn ends_what_runs(self) -> bool {
        !matches!(self, Self::TargetClosed | Self::TargetRefused | Self::HostKeyChanged)
    }

    /// The line for the person's terminal: why, and what to do next.
    pub fn line(self, login: &str, target: &str) -> String {
        let again = format!("request it again with `tenure request {login}@{target} --for 1h --reason TEXT`");
        let why = match self {
            Self::ClientClosed => "you closed it".to_owned(),
            Self::TargetClosed => "the target closed it".to_owned(),
            Self::Expired => format!("its time is over: {again}"),
            Self::Withdrawn => format!("the grant was withdrawn: {again}"),
            Self::Leaver => "it was withdrawn with your employment: ask your manager".to_owned(),
            Self::Ineligible => "no role makes you eligible for it any more: ask your manager".to_owned(),
            Self::OwnerGone => "it was withdrawn because its owner left: a new owner asks again".to_owned(),
            Self::MachineEnded => "the machine identity ended: register a new one for what must go on".to_owned(),
            Self::Killed => "an operator ended the session: ask them before you connect again".to_owned(),
            Self::ProofRevoked => {
                "the key or certificate that you signed in with was removed: sign in with `tenure login`".to_owned()
            }
            Self::RecordingFailed => {
                "it could not be recorded any longer, and nothing runs unrecorded: tell an administrator".to_owned()
            }
            Self::RecordingFull => {
                "its recording is as large as one may become: connect again, and send large output to a file".to_owned()
            }
            Self::TargetUnreachable => "the target cannot be reached: try again, or check that it runs".to_owned(),
            Self::TargetRefused => {
                "the target refused tenure's certificate, or the credential that tenure keeps: ask its owner whether \
                 it trusts tenure's ssh ca, or whether somebody changed that credential"
                    .to_owned()
            }
            Self::HostKeyChanged => {
                "the target showed another host key than the pinned one: tell its owner before anybody connects"
                    .to_owned()
            }
            Self::NodeStopped => "this tenure server is stopping: connect again in a moment".to_owned(),
            Self::NodeCrashed => "the tenure server that carried it stopped: connect again".to_owned(),
            Self::TaskFailed => {
                "tenure failed while it carried it: connect again, and tell an administrator".to_owned()
            }
            Self::LostContact => {
                "tenure lost its database and cannot tell whether you still may: try again soon".to_owned()
            }
        };
        format!("your access to {login}@{target} ended: {why}")
    }
}

impl std::fmt::Display for EndReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
