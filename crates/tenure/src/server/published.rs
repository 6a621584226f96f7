//! What others see of the mode: the seal's status, and what is open.

use super::open::Live;
use api::{Resealing, SealStatus};
use seal::State;
use std::sync::Arc;
use tokio::sync::watch;

pub(crate) struct Published {
    pub(crate) status: watch::Sender<SealStatus>,
    pub(crate) live: watch::Sender<Option<Arc<Live>>>,
}

/// What the keys are, as the database has them.
pub(crate) struct KeysSeen {
    pub(crate) state: State,
    pub(crate) data_key: u32,
    pub(crate) resealing: Option<Resealing>,
}

impl Published {
    pub(crate) fn new(state: &State) -> Self {
        let status = SealStatus { sealed: true, ..SealStatus::default() };
        let published = Self { status: watch::channel(status).0, live: watch::channel(None).0 };
        published.sealed_by(state);
        published
    }

    pub(crate) fn keys(&self, seen: KeysSeen) {
        let KeysSeen { state, data_key, resealing } = seen;
        self.sealed_by(&state);
        self.status.send_modify(|status| (status.data_key, status.resealing) = (data_key, resealing));
    }

    /// What the database says about its seal.
    pub(crate) fn sealed_by(&self, state: &State) {
        self.status.send_modify(|status| {
            status.kind = state.kind().to_string();
            status.threshold = state.sharing().map(|sharing| sharing.threshold);
            status.shares = state.sharing().map(|sharing| sharing.shares);
            status.share_set = state.sharing().map(|sharing| sharing.set.clone());
            status.root_generation = state.generation();
        });
    }
}
