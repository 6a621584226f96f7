//! The HTTPS listener: bounded handshakes, graceful end.

use super::facade::Facade;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use proxy::ssh::Limits;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsAcceptor;
use tower::{ServiceExt, service_fn};

const HANDSHAKE: Duration = Duration::from_secs(10);
const HEADERS: Duration = Duration::from_secs(15);
/// From the handshake until the first request: who connects has something to say.
const FIRST_REQUEST: Duration = Duration::from_secs(15);
const HTTP2_PING: Duration = Duration::from_secs(20);
const CONNECTIONS: usize = 2048;
/// So that one client cannot take every place away.
const CONNECTIONS_PER_ADDRESS: usize = 256;
const DRAIN: Duration = Duration::from_secs(5);
/// For an answer that is on its way when connections are closed.
const LAST_MOMENT: Duration = Duration::from_millis(500);

/// Serves until `stop` changes, then lets answers under way finish for a moment.
pub(crate) async fn serve(listener: TcpListener, facade: Facade, mut stop: watch::Receiver<bool>) {
    let limits = Limits::new(CONNECTIONS, CONNECTIONS_PER_ADDRESS);
    let graceful = Arc::new(GracefulShutdown::new());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Some(place) = limits.place(peer.ip()) else {
            metrics::counter!("tenure_https_connections_refused_total").increment(1);
            continue;
        };
        let (facade, watcher) = (facade.clone(), graceful.watcher());
        tokio::spawn(async move {
            connection(stream, peer, facade, watcher).await;
            drop(place);
        });
    }
    if let Some(graceful) = Arc::into_inner(graceful) {
        let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, facade: Facade, watcher: Watcher) {
    let _ = stream.set_nodelay(true);
    let mut closings = facade.closings();
    let Some(tls) = facade.tls() else { return };
    let accepted = TlsAcceptor::from(tls).accept(stream);
    let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, accepted).await else { return };
    let asked = Arc::new(Notify::new());
    let first = asked.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        first.notify_one();
        request.extensions_mut().insert(ConnectInfo(peer));
        facade.router().oneshot(request.map(axum::body::Body::new))
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(128).keep_alive_interval(HTTP2_PING);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = watcher.watch(connection.into_owned());
    tokio::pin!(connection);
    let served = async {
        tokio::select! {
            ended = &mut connection => Some(ended),
            silent = tokio::time::timeout(FIRST_REQUEST, asked.notified()) => match silent {
                Ok(()) => Some(connection.await),
                Err(_) => None,
            },
        }
    };
    let Some(ended) = until_closed(served, &mut closings).await else { return };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended");
    }
}

/// Goes on for a last moment when every connection is to be closed.
async fn until_closed<T>(served: impl Future<Output = Option<T>>, closings: &mut watch::Receiver<u64>) -> Option<T> {
    tokio::pin!(served);
    tokio::select! {
        ended = &mut served => return ended,
        _ = closings.changed() => {}
    }
    tokio::time::timeout(LAST_MOMENT, served).await.ok().flatten()
}
