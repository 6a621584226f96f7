//! Which way leads to a target: its address now, and the address of ours that it will see. Sends nothing to it.

use super::Target;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::UdpSocket;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) to: SocketAddr,
    pub(crate) from: IpAddr,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{target}` cannot be reached: {problem}; check its address and the name service")]
pub struct NoRoute {
    pub target: String,
    pub problem: String,
}

/// `source` is our address as targets see it, where the operating system cannot know it.
pub(crate) async fn find(target: &Target, source: Option<IpAddr>) -> Result<Route, NoRoute> {
    let no_route = |problem: String| NoRoute { target: target.name.clone(), problem };
    let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
    let mut problem = "its name has no address".to_owned();
    for to in found.map_err(|e| no_route(e.to_string()))? {
        match local_address(to).await {
            Ok(from) => return Ok(Route { to, from: source.unwrap_or(from) }),
            Err(error) => problem = error.to_string(),
        }
    }
    Err(no_route(problem))
}

/// Connecting a datagram socket chooses a route and sends nothing.
async fn local_address(to: SocketAddr) -> std::io::Result<IpAddr> {
    let any: IpAddr = if to.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(to).await?;
    Ok(socket.local_addr()?.ip())
}
