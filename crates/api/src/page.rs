//! Lists in pages: `?after=CURSOR&limit=N`, answered with the items and the next cursor.

use serde::{Deserialize, Serialize};

const DEFAULT_LIMIT: u32 = 50;
const LARGEST_LIMIT: u32 = 200;

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many items; 50 unless told, 200 at most.
    pub(crate) limit: Option<u32>,
}

impl PageQuery {
    pub(crate) fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LARGEST_LIMIT)
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Give it as `after` for the next page; `null` on the last one.
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// A page that may go on after its last item when it is full.
    pub(crate) fn new(items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let full = items.len() as u64 >= u64::from(limit);
        let next = items.last().filter(|_| full).map(cursor);
        Self { items, next }
    }

    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}
