//! The two ends of a session: a channel of somebody's client, and a channel on a target.
//! They move nothing by themselves and decide nothing.

use super::transport::Flow;
use super::upstream::Upstream;
use russh::{ChannelReadHalf, ChannelWriteHalf, client, server};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long one word to a client may take that does not listen.
const TELL_LIMIT: Duration = Duration::from_millis(300);
const STDERR: u32 = 1;

/// How a person can be told something on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// On standard error.
    Plain,
    /// On a terminal in raw mode, where a new line needs a carriage return.
    Terminal,
    /// Not at all: the channel carries another protocol.
    Silent,
}

pub(crate) struct ClientEnd {
    pub from: ChannelReadHalf,
    pub person: Person,
}

impl ClientEnd {
    /// Listens no more. What the client still sends is dropped, so that it cannot hold up what it is told.
    pub(crate) fn stop_listening(self) -> Person {
        self.person
    }
}

/// The way back to whoever opened the channel.
pub(crate) struct Person {
    pub to: ChannelWriteHalf<server::Msg>,
    pub handle: server::Handle,
    pub flow: Arc<Flow>,
    pub voice: Voice,
}

impl Person {
    /// Shows text to the person, if they listen within a moment.
    pub(crate) async fn tell(&self, text: &str) {
        let text = match self.voice {
            Voice::Silent => return,
            Voice::Plain => text.lines().map(|line| format!("tenure: {line}\n")).collect::<String>(),
            Voice::Terminal => {
                text.lines().map(|line| format!("\r\ntenure: {line}")).chain(["\r\n".to_owned()]).collect()
            }
        };
        let _ = timeout(TELL_LIMIT, self.to.extended_data_bytes(STDERR, text)).await;
    }

    /// Closes the channel. A client that takes nothing any more loses its connection, so that nothing reaches it later.
    pub(crate) async fn close(&self, exit_status: Option<u32>) {
        let close = async {
            if let (Some(status), true) = (exit_status, self.voice != Voice::Silent) {
                let _ = self.to.exit_status(status).await;
            }
            let _ = self.to.eof().await;
            let _ = self.to.close().await;
        };
        if timeout(TELL_LIMIT, close).await.is_err() || (exit_status.is_some() && self.flow.is_stalled()) {
            self.flow.cut();
        }
    }
}

pub(crate) struct TargetEnd {
    pub from: ChannelReadHalf,
    pub to: ChannelWriteHalf<client::Msg>,
    pub upstream: Upstream,
}

impl TargetEnd {
    /// Listens no more. What still comes must not hold up the connection, which is needed for the end.
    pub(crate) fn stop_listening(self) -> (ChannelWriteHalf<client::Msg>, Upstream) {
        (self.to, self.upstream)
    }
}
