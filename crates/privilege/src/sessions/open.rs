//! Opening a session: one transaction asks, counts, and keeps everything that follows from a yes.

use super::{
    Credential, EndReason, Ended, Node, OpenError, Opened, Opening, Session, SessionError, State, TOPIC, Used,
    close_surely, command_record, events, store,
};
use crate::leases;
use crate::recordings::{self, Header, Recorder, RecordingError, Started};
use crate::targets::route::{self, Route};
use crate::targets::{self, NoRoute, SignIn, Target, TargetError};
use crate::visits;
use grants::{Ask, Seat, SessionPermit, enforce};
use ledger::{Ctx, Write};
use types::{Failure, SessionId};

/// What one declared target needs before the question is asked.
struct Ready {
    target: Target,
    route: Result<Route, NoRoute>,
    recording: Result<Started, RecordingError>,
}

/// Opens a session, or refuses it in words for the person; both leave evidence. Somebody without a grant hears the
/// same whether or not there is such a target.
pub async fn open(ctx: &Ctx, node: &Node, opening: &Opening) -> Result<Opened, OpenError> {
    let session = SessionId::new(ctx.clock(), ctx.chance());
    let opening = &plain(opening);
    let ready = match prepare(ctx, node, &session, opening).await {
        Ok(ready) => ready,
        Err(error) => return Err(not_opened(ctx, &session, opening, error).await),
    };
    let mut tx = ctx.decide().await?;
    let (target, login, channel) = (opening.target.as_str(), opening.login.as_str(), opening.channel);
    let ask = Ask { who: &opening.who, target, login, channel };
    let seat = Seat { session: &session, node: &node.name };
    let permit = match enforce::seat(ctx, &mut tx, &ask, seat).await? {
        Ok(permit) => permit,
        Err(refusal) => {
            tx.commit().await?;
            return Err(OpenError::Refused(refusal));
        }
    };
    let result = match ready {
        Some(ready) => keep(ctx, tx, node, opening, permit, ready).await,
        None => {
            // Nothing is spent, and the writer's place is free for the evidence.
            drop(tx);
            Err(OpenError::NoTarget(opening.target.clone()))
        }
    };
    match result {
        Ok(opened) => Ok(opened),
        Err(error) => Err(not_opened(ctx, &session, opening, error).await),
    }
}

/// What a person typed goes into evidence and refusals: one line of bounded length.
fn plain(opening: &Opening) -> Opening {
    Opening { target: short(&opening.target), login: short(&opening.login), ..opening.clone() }
}

pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}

/// `None` when there is no such target, or no such login.
async fn prepare(ctx: &Ctx, node: &Node, session: &SessionId, opening: &Opening) -> Result<Option<Ready>, OpenError> {
    if !types::is_login(&opening.login) {
        return Ok(None);
    }
    let target = match targets::get(ctx, &opening.target).await {
        Ok(target) => target,
        Err(TargetError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if target.sign_in == SignIn::Vaulted {
        visits::wait_for_change(ctx, &target.name, &opening.login).await?;
    }
    let header = Header {
        title: format!("{}@{}", opening.login, opening.target),
        channel: opening.channel,
        command: opening.command.clone(),
        terminal: opening.pty,
        environment: opening.environment.clone(),
    };
    let route = route::find(&target, node.source_address).await;
    let recording = recordings::start(ctx, node, session, &header).await;
    Ok(Some(Ready { target, route, recording }))
}

async fn keep(
    ctx: &Ctx,
    mut tx: Write,
    node: &Node,
    opening: &Opening,
    permit: SessionPermit,
    ready: Ready,
) -> Result<Opened, OpenError> {
    let Ready { target, route, recording } = ready;
    if !targets::is_same_host(&mut tx, &target).await? {
        return Err(OpenError::TargetChanged(target.name));
    }
    let (route, recording) = (route?, recording?);
    let place = (&target, &route, &recording);
    let credential = save(ctx, &mut tx, node, opening, &permit, place).await?;
    let (id, address, source) = (permit.session().clone(), route.to, route.from);
    let recorder = recording.into_recorder();
    match tx.commit().await {
        Ok(()) => Ok(Opened { id, permit, target, address, source, credential, recorder }),
        Err(error) => {
            tokio::spawn(end_unknown(ctx.clone(), id, recorder));
            Err(error.into())
        }
    }
}

/// The answer to the commit was lost, and perhaps not the commit: a session that nobody carries must not stay live.
async fn end_unknown(ctx: Ctx, session: SessionId, recorder: Recorder) {
    let recording = recorder.finish().await;
    let (exit_status, leftover_processes, bytes_in, bytes_out) = (None, None, 0, 0);
    let reason = EndReason::LostContact;
    let ended = Ended { session, reason, exit_status, bytes_in, bytes_out, recording, leftover_processes };
    match close_surely(&ctx, &ended).await {
        // Its file goes at the next start.
        Ok(_) | Err(SessionError::NotFound(_)) => {}
        Err(error) => tracing::error!(session = %ended.session, %error, "a session that was not opened stays live"),
    }
}

/// What the session logs in to its target with, kept with all that follows from a yes.
async fn save(
    ctx: &Ctx,
    tx: &mut Write,
    node: &Node,
    opening: &Opening,
    permit: &SessionPermit,
    (target, route, recording): (&Target, &Route, &Started),
) -> Result<Credential, OpenError> {
    let credential = match target.sign_in {
        SignIn::Certificate => None,
        SignIn::Vaulted => Some(visits::vaulted(ctx, tx, &target.name, permit.login()).await?),
    };
    let session = session(tx, node, opening, permit, credential.as_ref());
    let command = session.command.as_deref();
    let sealed = command.map(|command| ctx.seal().seal(command_record(&session.id), command.as_bytes())).transpose()?;
    tx.also(events::started(permit, opening, node));
    store::insert(tx, &session, sealed).await?;
    let credential = match credential {
        Some(vaulted) => {
            tx.also(events::credential_used(permit, &vaulted));
            Credential::Vaulted(vaulted)
        }
        None => Credential::Lease(Box::new(leases::issue(ctx, tx, permit, route.from).await?)),
    };
    recording.keep(tx, permit).await?;
    tx.wake(TOPIC);
    Ok(credential)
}

fn session(
    tx: &Write,
    node: &Node,
    opening: &Opening,
    permit: &SessionPermit,
    vaulted: Option<&visits::Vaulted>,
) -> Session {
    Session {
        id: permit.session().clone(),
        grant: permit.grant().clone(),
        holder: permit.holder().clone(),
        target: permit.target().to_owned(),
        login: permit.login().to_owned(),
        channel: permit.channel(),
        command: opening.command.clone(),
        client: opening.client,
        node: node.name.clone(),
        started_at: tx.now(),
        deadline: permit.deadline(),
        used: vaulted.map(|used| Used { account: used.account.clone(), version: used.version }),
        state: State::Live { kill: None },
    }
}

/// A use that was asked for and could not be opened leaves evidence, where evidence can be written.
async fn not_opened(ctx: &Ctx, session: &SessionId, opening: &Opening, error: OpenError) -> OpenError {
    match ctx.append(events::not_opened(session, opening, error.code())).await {
        Ok(()) => error,
        Err(unwritten) => unwritten.into(),
    }
}
