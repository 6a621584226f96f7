//! One forwarded connection (`ssh -L`): a session of its own on the channel `port_forward`, from the target onwards.
//! Only what a grant allows; the bytes are counted, not kept.

use super::channel::{open, readable};
use super::connection::{Connection, Known, log_in};
use super::upstream::{Upstream, UpstreamError};
use super::{ClientEnd, Person, TargetEnd, Voice};
use privilege::sessions::machine::Event;
use privilege::sessions::{EndReason, Opened, Opening};
use russh::server::{ChannelOpenHandle, Msg};
use russh::{Channel as SshChannel, ChannelOpenFailure};
use std::collections::BTreeMap;
use std::sync::Arc;
use types::Channel;

/// Where the target shall connect to.
pub(super) struct Destination {
    pub host: String,
    pub port: u32,
}

impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// A refusal in words (RFC 4254, section 5.1: code 1 is "administratively prohibited").
pub(super) fn refused(line: impl Into<String>) -> ChannelOpenFailure {
    ChannelOpenFailure::Other { code: 1, reason: line.into() }
}

/// Serves one forwarded connection to its end.
pub(super) async fn serve(
    connection: Arc<Connection>,
    channel: SshChannel<Msg>,
    reply: ChannelOpenHandle,
    destination: Destination,
) {
    let Known { who, access, .. } = match connection.asking.known() {
        Ok(known) => known,
        Err(line) => {
            reply.reject(refused(line)).await;
            return connection.count_refusal();
        }
    };
    let opening = Opening {
        who: who.clone(),
        target: access.target.clone(),
        login: access.login.clone(),
        channel: Channel::PortForward,
        command: Some(readable(destination.to_string().as_bytes())),
        pty: None,
        environment: BTreeMap::new(),
        client: connection.client,
    };
    let mut session = match Box::pin(open(&connection, &opening)).await {
        Ok(session) => session,
        Err(error) => {
            reply.reject(refused(error.to_string())).await;
            return connection.count_refusal();
        }
    };
    let (from, to) = channel.split();
    let (handle, flow) = (connection.handle.clone(), Arc::clone(&connection.flow));
    let client = ClientEnd { from, person: Person { to, handle, flow, voice: Voice::Silent } };
    if connection.shared.is_stopping() {
        drop(reply);
        return session.end_unopened(client, Event::Told(EndReason::NodeStopped), None).await;
    }
    let ahead = connection.take_ahead();
    let start =
        async |opened: &Opened| onwards(log_in(&connection.shared.ctx, ahead, opened).await?, &destination).await;
    match Box::pin(session.prepare(start)).await {
        Ok(Ok(target)) => {
            reply.accept().await;
            session.carry(client, target, Vec::new()).await;
        }
        Ok(Err(error)) => {
            reply.reject(ChannelOpenFailure::Other { code: 2, reason: format!("{destination}: {error}") }).await;
            session.end_unopened(client, error.event(), None).await;
        }
        Err(event) => {
            drop(reply);
            session.end_unopened(client, event, None).await;
        }
    }
}

async fn onwards(upstream: Upstream, destination: &Destination) -> Result<TargetEnd, UpstreamError> {
    let opened =
        upstream.handle().channel_open_direct_tcpip(&*destination.host, destination.port, "127.0.0.1", 0).await;
    let (from, to) = match opened {
        Ok(channel) => channel.split(),
        Err(russh::Error::ChannelOpenFailure(_)) => return Err(UpstreamError::NotOffered("this connection onwards")),
        Err(error) => return Err(error.into()),
    };
    Ok(TargetEnd { from, to, upstream })
}
