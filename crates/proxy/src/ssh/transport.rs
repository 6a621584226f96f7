//! The byte stream under one SSH connection: it reads in large steps, can be cut, and slows down when what arrived
//! is not passed on. It knows no SSH message.

use bytes::{Buf, BytesMut};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;
use tokio::time::Sleep;

/// What a peer may send on one channel before it has to wait, in bytes.
pub(crate) const WINDOW_BYTES: u32 = 8 * 1024 * 1024;
/// russh gives a peer room again when less than half of the target is left: with two bytes that is at zero. So a
/// peer whose data nobody takes may send two bytes a turn, and a pause makes the turns rare.
const NARROW_WINDOW_BYTES: u32 = 2;
const PAUSE: Duration = Duration::from_millis(10);
/// How much may wait before the window is narrowed, in bytes.
const BEHIND_BYTES: usize = 4 * 1024 * 1024;
/// How much may wait at all; only a peer that ignores its window gets there.
const FULL_BYTES: usize = 4 * WINDOW_BYTES as usize;
/// What one system call reads at most. Held only while bytes are in it.
const READ_BYTES: usize = 64 * 1024;

/// How one connection flows: what arrived and waits, whether the peer takes what is sent, whether it is cut.
#[derive(Default)]
pub(crate) struct Flow {
    waiting: AtomicUsize,
    stalled: AtomicBool,
    cut: AtomicBool,
    cut_notice: Arc<Notify>,
}

impl Flow {
    pub(crate) fn arrived(&self, bytes: usize) {
        self.waiting.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn passed_on(&self, bytes: usize) {
        self.waiting.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// The room to give next.
    pub(crate) fn window(&self) -> u32 {
        if self.is_behind() { NARROW_WINDOW_BYTES } else { WINDOW_BYTES }
    }

    /// Whether to listen no more until something was passed on.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > FULL_BYTES
    }

    /// Whether the peer does not take what was written.
    pub(crate) fn is_stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed)
    }

    /// Ends the connection without a word: nothing is read or written from now on.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.cut_notice.notify_waiters();
    }

    fn is_behind(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > BEHIND_BYTES
    }
}

pub(crate) struct Transport<S> {
    stream: S,
    flow: Arc<Flow>,
    buffer: BytesMut,
    pause: Option<Pin<Box<Sleep>>>,
    read_cut: Pin<Box<OwnedNotified>>,
    write_cut: Pin<Box<OwnedNotified>>,
}

impl<S> Transport<S> {
    pub(crate) fn new(stream: S, flow: Arc<Flow>) -> Self {
        let notice = || Box::pin(Arc::clone(&flow.cut_notice).notified_owned());
        let (read_cut, write_cut) = (notice(), notice());
        Self { stream, flow, buffer: BytesMut::new(), pause: None, read_cut, write_cut }
    }
}

impl<S: AsyncRead + Unpin> Transport<S> {
    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.pause.is_none() && self.flow.is_behind() {
            self.pause = Some(Box::pin(tokio::time::sleep(PAUSE)));
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        Poll::Ready(())
    }

    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<std::io::Result<usize>> {
        self.buffer.reserve(READ_BYTES);
        let outcome = pin!(self.stream.read_buf(&mut self.buffer)).poll(cx);
        if outcome.is_pending() {
            self.buffer = BytesMut::new();
        }
        outcome
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Transport<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        if is_cut(&this.flow, &mut this.read_cut, cx) {
            return Poll::Ready(Err(std::io::ErrorKind::ConnectionAborted.into()));
        }
        if this.buffer.is_empty() {
            ready!(this.poll_pause(cx));
            if ready!(this.poll_fill(cx))? == 0 {
                return Poll::Ready(Ok(()));
            }
        }
        let count = out.remaining().min(this.buffer.len());
        out.put_slice(&this.buffer[..count]);
        this.buffer.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Transport<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let this = &mut *self;
        if is_cut(&this.flow, &mut this.write_cut, cx) {
            return Poll::Ready(Err(std::io::ErrorKind::ConnectionAborted.into()));
        }
        let outcome = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.flow.stalled.store(outcome.is_pending(), Ordering::Relaxed);
        outcome
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn is_cut(flow: &Flow, notice: &mut Pin<Box<OwnedNotified>>, cx: &mut Context<'_>) -> bool {
    flow.cut.load(Ordering::SeqCst) || notice.as_mut().poll(cx).is_ready()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn bytes_arrive_whole_and_in_order() {
        let (mut peer, stream) = tokio::io::duplex(1000);
        let mut transport = Transport::new(stream, Arc::default());
        let sent: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        let expected = sent.clone();
        let send = async move {
            peer.write_all(&sent).await.unwrap();
            drop(peer);
        };
        let mut received = Vec::new();
        let (_, read) = tokio::join!(send, transport.read_to_end(&mut received));
        read.unwrap();
        assert_eq!(received, expected);
    }

    #[tokio::test]
    async fn a_cut_ends_a_read_that_waits_and_a_write_that_is_stalled() {
        let (_peer, stream) = tokio::io::duplex(10);
        let flow = Arc::new(Flow::default());
        let (mut reader, mut writer) = tokio::io::split(Transport::new(stream, Arc::clone(&flow)));
        let read = tokio::spawn(async move { reader.read_u8().await });
        let write = tokio::spawn(async move { writer.write_all(&[0; 100]).await });
        while !flow.is_stalled() {
            tokio::task::yield_now().await;
        }
        flow.cut();
        assert!(read.await.unwrap().is_err());
        assert!(write.await.unwrap().is_err());
    }

    #[test]
    fn the_window_is_narrow_while_data_waits() {
        let flow = Flow::default();
        flow.arrived(BEHIND_BYTES + 1);
        assert_eq!(flow.window(), NARROW_WINDOW_BYTES);
        flow.passed_on(1);
        assert_eq!(flow.window(), WINDOW_BYTES);
    }
}
