//! What the HTTPS listener shows: a router and a certificate, both of which change while it listens.

use axum::Router;
use rustls::ServerConfig;
use std::sync::{Arc, RwLock};
use tokio::sync::watch;

/// Clones share it.
#[derive(Clone)]
pub(crate) struct Facade(Arc<Shown>);

struct Shown {
    router: RwLock<Router>,
    tls: RwLock<Option<Arc<ServerConfig>>>,
    closings: watch::Sender<u64>,
}

impl Facade {
    /// Without a certificate, connections are ended at once.
    pub(crate) fn new(router: Router, tls: Option<Arc<ServerConfig>>) -> Self {
        let (router, tls) = (RwLock::new(router), RwLock::new(tls));
        Self(Arc::new(Shown { router, tls, closings: watch::channel(0).0 }))
    }

    pub(crate) fn router(&self) -> Router {
        self.0.router.read().expect("no holder panics").clone()
    }

    pub(crate) fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.0.tls.read().expect("no holder panics").clone()
    }

    /// For requests from now on, also on connections that are open.
    pub(crate) fn show(&self, router: Router) {
        *self.0.router.write().expect("no holder panics") = router;
    }

    /// For connections from now on.
    pub(crate) fn present(&self, tls: Arc<ServerConfig>) {
        *self.0.tls.write().expect("no holder panics") = Some(tls);
    }

    /// Ends every connection that is open, and with it what is still being answered.
    pub(crate) fn close_connections(&self) {
        self.0.closings.send_modify(|count| *count += 1);
    }

    pub(crate) fn closings(&self) -> watch::Receiver<u64> {
        self.0.closings.subscribe()
    }
}
