//! The ledger entries of sessions. A session's thread also holds its lease and its recording.

use super::{Ended, Node, Opening, Session, Unoffered};
use crate::visits::Vaulted;
use connectors::linux::SshConnection;
use grants::SessionPermit;
use ledger::timeline::Line;
use ledger::{Entry, EventKind};
use std::net::IpAddr;
use types::{Access, GrantId, IdentityId, ManagedAccountId, SessionId};

const STARTED: EventKind =
    EventKind { name: "session.started", doc: "A session was opened with a permit, under recording." };
const NOT_OPENED: EventKind =
    EventKind { name: "session.not_opened", doc: "A session was allowed but could not be opened; nothing was used." };
const CONNECTED: EventKind = EventKind {
    name: "session.connected",
    doc: "Tenure connected to the target for a session; from which address and port, as the target's own log names it.",
};
const CREDENTIAL_USED: EventKind = EventKind {
    name: "session.credential_used",
    doc: "A session logs in by the password or key that the vault keeps for the login; nobody sees it.",
};
const SWEEPING: EventKind = EventKind {
    name: "session.sweeping",
    doc: "A certificate of one minute was issued, or the vault used, to end what a session has left on its target.",
};
const SWEPT: EventKind = EventKind {
    name: "session.swept",
    doc: "Processes that a session had left on its target were ended; how many stay.",
};
const NOT_OFFERED: EventKind = EventKind {
    name: "session.not_offered",
    doc: "Something was asked for that no grant allows: agent, X11, remote or socket forwarding, or another subsystem.",
};
const KILL_ORDERED: EventKind =
    EventKind { name: "session.kill_ordered", doc: "Somebody ordered a live session to end at once." };
const ENDED: EventKind = EventKind { name: "session.ended", doc: "A session ended, for one reason." };

pub const KINDS: &[EventKind] =
    &[STARTED, NOT_OPENED, CREDENTIAL_USED, CONNECTED, NOT_OFFERED, KILL_ORDERED, ENDED, SWEEPING, SWEPT];

pub(super) fn started(permit: &SessionPermit, opening: &Opening, node: &Node) -> Entry {
    let entry = Entry::new(STARTED, permit.session())
        .about(permit.grant())
        .about(permit.holder())
        .with("target", permit.target())
        .with("login", permit.login())
        .with("channel", permit.channel())
        .with("terminal", opening.pty.is_some())
        .with("deadline", permit.deadline())
        .with("node", &node.name)
        .with_personal(permit.holder(), "client", opening.client.ip().to_canonical().to_string());
    match &opening.command {
        Some(command) => entry.with_personal(permit.holder(), "command", command),
        None => entry,
    }
}

pub(super) fn connected(session: &SessionId, connection: SshConnection) -> Entry {
    Entry::new(CONNECTED, session).with("from", connection.from).with("to", connection.to)
}

/// What [`connected`] recorded.
pub(super) fn connection_in(line: &Line) -> Option<SshConnection> {
    let end = |name: &str| line.body.get(name)?.as_str()?.parse().ok();
    (line.kind == CONNECTED.name).then_some(())?;
    Some(SshConnection { from: end("from")?, to: end("to")? })
}

/// `account` and its version are named where the visit uses the vault's credential of one.
pub(super) fn sweeping(session: &SessionId, source: IpAddr, account: Option<(&ManagedAccountId, u32)>) -> Entry {
    let entry = Entry::new(SWEEPING, session).with("source_address", source);
    match account {
        Some((account, version)) => entry.about(account).with("account", account).with("version", version),
        None => entry,
    }
}

pub(super) fn credential_used(permit: &SessionPermit, vaulted: &Vaulted) -> Entry {
    Entry::new(CREDENTIAL_USED, permit.session())
        .about(permit.grant())
        .about(&vaulted.account)
        .with("permit", permit.id())
        .with("account", &vaulted.account)
        .with("version", vaulted.version)
        .with("credential", vaulted.kind)
}

pub(super) fn swept(session: &SessionId, grant: &GrantId, left: u32) -> Entry {
    Entry::new(SWEPT, session).about(grant).with("leftover_processes", left)
}

pub(super) fn not_opened(session: &SessionId, opening: &Opening, code: &str) -> Entry {
    Entry::new(NOT_OPENED, session)
        .about(&opening.who)
        .with("target", &opening.target)
        .with("login", &opening.login)
        .with("channel", opening.channel)
        .with("code", code)
}

pub(super) fn not_offered(who: &IdentityId, access: &Access, what: Unoffered) -> Entry {
    Entry::new(NOT_OFFERED, who).with("target", &access.target).with("login", &access.login).with("code", what)
}

pub(super) fn kill_ordered(session: &Session, reason: &str) -> Entry {
    Entry::new(KILL_ORDERED, &session.id).about(&session.grant).with_personal(&session.holder, "reason", reason)
}

pub(super) fn ended(session: &Session, ended: &Ended) -> Entry {
    Entry::new(ENDED, &session.id)
        .about(&session.grant)
        .about(&session.holder)
        .with("reason", ended.reason)
        .with("exit_status", ended.exit_status)
        .with("bytes_in", ended.bytes_in)
        .with("bytes_out", ended.bytes_out)
        .with("leftover_processes", ended.leftover_processes)
}
