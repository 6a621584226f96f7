//! The client's end of every connection to a host: the host's key is checked, and the host opens nothing towards us.

use russh::client::{self, ChannelOpenHandle, Msg, Session};
use russh::keys::{PublicKey, PublicKeyOrCertificate};
use russh::{Channel, ChannelId};

/// What differs from connection to connection.
pub trait HostCheck: Send {
    type Error: From<russh::Error> + std::fmt::Debug + Send;

    /// Whether this is the host's key.
    ///
    /// # Errors
    /// As an implementation sees fit; the connection then ends with that error.
    fn check(&mut self, shown: &PublicKey) -> Result<bool, Self::Error>;

    /// The room in bytes to give the host next on a channel; `usual` is what it was given before.
    fn window(&self, usual: u32) -> u32 {
        usual
    }
}

/// A host opens no channel: russh refuses one whose handle is dropped, and would else accept it.
pub struct NoChannels<C>(pub C);

impl<C: HostCheck> client::Handler for NoChannels<C> {
    type Error = C::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, C::Error> {
        self.0.check(&shown.public_key())
    }

    fn adjust_window(&mut self, _: ChannelId, usual: u32) -> u32 {
        self.0.window(usual)
    }

    async fn server_channel_open_session(
        &mut self,
        _: Channel<Msg>,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), C::Error> {
        Ok(())
    }

    async fn server_channel_open_forwarded_tcpip(
        &mut self,
        _: Channel<Msg>,
        _: &str,
        _: u32,
        _: &str,
        _: u32,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), C::Error> {
        Ok(())
    }

    async fn server_channel_open_forwarded_streamlocal(
        &mut self,
        _: Channel<Msg>,
        _: &str,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), C::Error> {
        Ok(())
    }

    async fn server_channel_open_agent_forward(
        &mut self,
        _: Channel<Msg>,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), C::Error> {
        Ok(())
    }

    async fn server_channel_open_direct_tcpip(
        &mut self,
        _: Channel<Msg>,
        _: &str,
        _: u32,
        _: &str,
        _: u32,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), C::Error> {
        Ok(())
    }

    async fn server_channel_open_direct_streamlocal(
        &mut self,
        _: Channel<Msg>,
        _: &str,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), C::Error> {
        Ok(())
    }

    async fn server_channel_open_x11(
        &mut self,
        _: Channel<Msg>,
        _: &str,
        _: u32,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), C::Error> {
        Ok(())
    }
}
