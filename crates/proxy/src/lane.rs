//! One direction of a session: everything goes through in order, and nothing goes on that was not recorded.
//! It does not decide whether something may pass.

use crate::sftp::{BadSftp, Sftp};
use crate::ssh::Person;
use crate::ssh::transport::Flow;
use bytes::Bytes;
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use privilege::recordings::{PtySize, Recorder, RecordingFailed};
use russh::{ChannelMsg, ChannelWriteHalf, Sig, client};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What a message takes while it waits, beside its bytes.
const MESSAGE_BYTES: usize = 256;

/// A message that arrived and waits. It counts in its connection's flow until it is dropped.
pub(crate) struct Held {
    bytes: Bytes,
    flow: Arc<Flow>,
}

impl Held {
    fn new(bytes: Bytes, flow: &Arc<Flow>) -> Self {
        flow.arrived(bytes.len() + MESSAGE_BYTES);
        Self { bytes, flow: Arc::clone(flow) }
    }

    fn without_bytes(flow: &Arc<Flow>) -> Self {
        Self::new(Bytes::new(), flow)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.flow.passed_on(self.bytes.len() + MESSAGE_BYTES);
    }
}

/// What goes from the client to the target.
pub(crate) enum Inward {
    Data(Held),
    Extended(u32, Held),
    Eof(Held),
    /// Overtakes data that waits.
    Resize {
        size: PtySize,
        pixels: (u32, u32),
        held: Held,
    },
    Signal(Sig, Held),
}

impl Inward {
    /// `None` for what a target need not know.
    pub(crate) fn new(message: ChannelMsg, flow: &Arc<Flow>) -> Option<Self> {
        match message {
            ChannelMsg::Data { data } => Some(Self::Data(Held::new(data, flow))),
            ChannelMsg::ExtendedData { data, ext } => Some(Self::Extended(ext, Held::new(data, flow))),
            ChannelMsg::Eof => Some(Self::Eof(Held::without_bytes(flow))),
            ChannelMsg::WindowChange { col_width, row_height, pix_width, pix_height } => {
                let size = PtySize { columns: col_width, rows: row_height };
                Some(Self::Resize { size, pixels: (pix_width, pix_height), held: Held::without_bytes(flow) })
            }
            ChannelMsg::Signal { signal } => Some(Self::Signal(signal, Held::without_bytes(flow))),
            _ => None,
        }
    }

    pub(crate) fn overtakes(&self) -> bool {
        matches!(self, Self::Resize { .. } | Self::Signal(..))
    }
}

/// What goes from the target to the client.
pub(crate) enum Outward {
    Data(Held),
    Extended(u32, Held),
    Eof(Held),
    ExitStatus(u32, Held),
    ExitSignal { signal: Sig, core_dumped: bool, message: String, held: Held },
}

impl Outward {
    pub(crate) fn new(message: ChannelMsg, flow: &Arc<Flow>) -> Option<Self> {
        match message {
            ChannelMsg::Data { data } => Some(Self::Data(Held::new(data, flow))),
            ChannelMsg::ExtendedData { data, ext } => Some(Self::Extended(ext, Held::new(data, flow))),
            ChannelMsg::Eof => Some(Self::Eof(Held::without_bytes(flow))),
            ChannelMsg::ExitStatus { exit_status } => Some(Self::ExitStatus(exit_status, Held::without_bytes(flow))),
            ChannelMsg::ExitSignal { signal_name, core_dumped, error_message, .. } => {
                let held = Held::without_bytes(flow);
                Some(Self::ExitSignal { signal: signal_name, core_dumped, message: error_message, held })
            }
            _ => None,
        }
    }
}

/// Why a direction cannot go on.
#[derive(Debug)]
pub(crate) enum Broken {
    Recording(RecordingFailed),
    Unreadable(BadSftp),
    ClientGone,
    TargetGone,
}

/// What passed, for the session's end.
#[derive(Default)]
pub(crate) struct Counts {
    inward: AtomicU64,
    outward: AtomicU64,
    exit_status: OnceLock<u32>,
    exit_told: OnceLock<()>,
}

impl Counts {
    pub(crate) fn bytes_in(&self) -> u64 {
        self.inward.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes_out(&self) -> u64 {
        self.outward.load(Ordering::Relaxed)
    }

    pub(crate) fn exit_status(&self) -> Option<u32> {
        self.exit_status.get().copied()
    }

    /// Whether the client was told how the program ended.
    pub(crate) fn exit_told(&self) -> bool {
        self.exit_told.get().is_some()
    }
}

/// Where both directions leave their traces.
pub(crate) struct Traces<'a> {
    pub recorder: &'a Recorder,
    pub sftp: Option<Mutex<Sftp>>,
    pub counts: &'a Counts,
}

impl Traces<'_> {
    async fn inward(&self, bytes: &Bytes) -> Result<(), Broken> {
        self.recorder.input(bytes.clone()).await.map_err(Broken::Recording)?;
        self.operations(|sftp, _| sftp.request(bytes)).await
    }

    async fn outward(&self, bytes: &Bytes) -> Result<(), Broken> {
        self.recorder.output(bytes.clone()).await.map_err(Broken::Recording)?;
        self.operations(|sftp, note| sftp.reply(bytes, note)).await
    }

    async fn operations(
        &self,
        read: impl FnOnce(&mut Sftp, &mut dyn FnMut(String)) -> Result<(), BadSftp>,
    ) -> Result<(), Broken> {
        let Some(sftp) = &self.sftp else { return Ok(()) };
        let mut notes = Vec::new();
        let outcome = {
            let mut sftp = sftp.lock().unwrap_or_else(PoisonError::into_inner);
            read(&mut sftp, &mut |note| notes.push(note))
        };
        self.note(notes).await?;
        outcome.map_err(Broken::Unreadable)
    }

    async fn note(&self, notes: Vec<String>) -> Result<(), Broken> {
        for note in notes {
            self.recorder.note(&note).await.map_err(Broken::Recording)?;
        }
        Ok(())
    }

    /// Notes what only the end shows. A recording that cannot take it says so itself when it is finished.
    pub(crate) async fn finish(self) {
        let Some(sftp) = self.sftp else { return };
        let mut notes = Vec::new();
        sftp.into_inner().unwrap_or_else(PoisonError::into_inner).finish(&mut |note| notes.push(note));
        for note in notes {
            let _ = self.recorder.note(&note).await;
        }
    }
}

/// Runs until the lane is closed and empty.
pub(crate) async fn to_target(
    mut lane: UnboundedReceiver<Inward>,
    target: &ChannelWriteHalf<client::Msg>,
    traces: &Traces<'_>,
) -> Result<(), Broken> {
    while let Some(inward) = lane.next().await {
        let sent = match inward {
            Inward::Data(held) => {
                traces.inward(&held.bytes).await?;
                let sent = target.data_bytes(held.bytes.clone()).await;
                traces.counts.inward.fetch_add(held.bytes.len() as u64, Ordering::Relaxed);
                sent
            }
            Inward::Extended(kind, held) => {
                traces.recorder.input(held.bytes.clone()).await.map_err(Broken::Recording)?;
                traces.counts.inward.fetch_add(held.bytes.len() as u64, Ordering::Relaxed);
                target.extended_data_bytes(kind, held.bytes.clone()).await
            }
            Inward::Eof(_held) => {
                traces.note(vec!["end of input".to_owned()]).await?;
                target.eof().await
            }
            Inward::Resize { size, pixels: (width, height), held: _held } => {
                traces.recorder.resize(size).await.map_err(Broken::Recording)?;
                target.window_change(size.columns, size.rows, width, height).await
            }
            Inward::Signal(signal, _held) => {
                traces.note(vec![format!("signal {signal:?}")]).await?;
                target.signal(signal).await
            }
        };
        sent.map_err(|_| Broken::TargetGone)?;
    }
    Ok(())
}

/// Runs until the lane is closed and empty.
pub(crate) async fn to_client(
    mut lane: UnboundedReceiver<Outward>,
    person: &Person,
    traces: &Traces<'_>,
) -> Result<(), Broken> {
    let (client, handle) = (&person.to, &person.handle);
    let gone = |()| Broken::ClientGone;
    while let Some(outward) = lane.next().await {
        match outward {
            Outward::Data(held) => {
                traces.outward(&held.bytes).await?;
                client.data_bytes(held.bytes.clone()).await.map_err(|_| Broken::ClientGone)?;
                traces.counts.outward.fetch_add(held.bytes.len() as u64, Ordering::Relaxed);
            }
            Outward::Extended(kind, held) => {
                traces.recorder.output(held.bytes.clone()).await.map_err(Broken::Recording)?;
                client.extended_data_bytes(kind, held.bytes.clone()).await.map_err(|_| Broken::ClientGone)?;
                traces.counts.outward.fetch_add(held.bytes.len() as u64, Ordering::Relaxed);
            }
            Outward::Eof(_held) => client.eof().await.map_err(|_| Broken::ClientGone)?,
            Outward::ExitStatus(status, _held) => {
                let _ = traces.counts.exit_status.set(status);
                let _ = traces.counts.exit_told.set(());
                handle.exit_status_request(client.id(), status).await.map_err(gone)?;
            }
            Outward::ExitSignal { signal, core_dumped, message, held: _held } => {
                let _ = traces.counts.exit_told.set(());
                let told = handle.exit_signal_request(client.id(), signal, core_dumped, message, String::new());
                told.await.map_err(gone)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_with_few_bytes_or_none_cannot_pile_up_uncounted() {
        let signal = || ChannelMsg::Signal { signal: Sig::INT };
        let resize = || ChannelMsg::WindowChange { col_width: 1, row_height: 1, pix_width: 1, pix_height: 1 };
        let data = || ChannelMsg::Data { data: Bytes::from_static(b"x") };
        for message in [&signal as &dyn Fn() -> ChannelMsg, &resize, &data, &|| ChannelMsg::Eof] {
            let flow = Arc::new(Flow::default());
            let mut waiting = Vec::new();
            while !flow.is_full() {
                waiting.extend(Inward::new(message(), &flow));
                assert!(waiting.len() < 200_000);
            }
            drop(waiting);
            assert!(!flow.is_full());
        }
    }
}
