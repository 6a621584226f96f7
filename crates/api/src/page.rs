//! Lists in pages: `?after=CURSOR&limit=N`, answered with the items and the next cursor.

use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::str::FromStr;

const DEFAULT_LIMIT: u32 = 50;
const LARGEST_LIMIT: u32 = 200;

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// The `next` of the page before.
    after: Option<String>,
    /// At most this many items; 50 unless told, 200 at most.
    limit: Option<u32>,
}

impl PageQuery {
    /// Where the page before ended.
    pub(crate) fn after<T: FromStr<Err: Display>>(&self) -> Result<Option<T>, Problem> {
        let refused = |e: T::Err| Problem::invalid(format!("`after` must be the `next` of the page before: {e}"));
        self.after.as_deref().map(|after| after.parse().map_err(refused)).transpose()
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LARGEST_LIMIT)
    }

    /// How many to look for: one more than a page shows, whose presence says that there is a next page.
    pub(crate) fn and_one_more(&self) -> u32 {
        self.limit() + 1
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Give it as `after` for the next page; `null` on the last one.
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// The first `limit` items; where there are more, it goes on after the last of those.
    pub(crate) fn new(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }

    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_next_one_only_where_there_is_more() {
        for (found, shown, next) in [(0, 0, None), (1, 1, None), (2, 2, None), (3, 2, Some("1"))] {
            let page = Page::new((0..found).collect(), 2, ToString::to_string);
            assert_eq!((page.items.len(), page.next.as_deref()), (shown, next), "{found} found");
        }
        let query = |limit| PageQuery { after: None, limit };
        assert_eq!([None, Some(0), Some(3), Some(900)].map(|limit| query(limit).and_one_more()), [51, 2, 4, 201]);
    }

    #[test]
    fn a_page_goes_on_after_the_last_one_and_refuses_what_is_no_cursor() {
        let after = |after: Option<&str>| PageQuery { after: after.map(str::to_owned), limit: None }.after::<u64>();
        assert_eq!((after(None).unwrap(), after(Some("7")).unwrap()), (None, Some(7)));
        let refused = after(Some("seven")).unwrap_err();
        assert_eq!((refused.status, refused.code.as_str()), (422, "invalid"));
        assert!(refused.detail.starts_with("`after` must be the `next` of the page before"), "{}", refused.detail);
    }
}
