//! Ends what a session has left on its target, on the session's own connection, by a script that is always the same.
//! Puts nothing of a session into the script; when to do this is decided by the session machine.

use super::upstream::Upstream;
use connectors::linux::{LEFTOVERS_SCRIPT, left};
use russh::ChannelMsg;

/// Understood by every login shell: it leaves the work to a plain one, which reads the script from its input.
const COMMAND: &str = "exec /bin/sh -s";
const MAX_ANSWER_BYTES: usize = 4096;

/// Kills the connection's processes on the target. Returns how many are left, or `None` where it could not tell.
pub(crate) async fn sweep(upstream: &Upstream) -> Option<u32> {
    let mut channel = upstream.handle().channel_open_session().await.ok()?;
    channel.exec(false, COMMAND).await.ok()?;
    channel.data_bytes(LEFTOVERS_SCRIPT).await.ok()?;
    channel.eof().await.ok()?;
    let mut answer = Vec::new();
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Data { data } if answer.len() + data.len() <= MAX_ANSWER_BYTES => {
                answer.extend_from_slice(&data)
            }
            ChannelMsg::Close => break,
            _ => {}
        }
    }
    left(&String::from_utf8_lossy(&answer))
}
