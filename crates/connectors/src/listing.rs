//! A listing that is believed only when it makes sense: bounded, without repeats, and with its end. Opens no connection.

use crate::ConnectorError;
use crate::connector::{PAGE_OBJECTS, Page, Pages, Part};
use futures::{Stream, StreamExt};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// The most accounts and entitlements of one system.
pub const OBJECTS: usize = 5_000_000;
/// The longest login, name or native id, in bytes.
pub const NAME_BYTES: usize = 1_024;
/// The most attributes of one account, and the longest value of one in bytes.
pub const ATTRIBUTES: usize = 64;
pub const VALUE_BYTES: usize = 8 << 10;

/// The same pages, until one is wrong: then `BrokenListing`, and nothing after it. A stream that ends without
/// [`Page::End`] is broken as well.
pub fn checked<'a>(address: String, pages: Pages<'a>) -> impl Stream<Item = Result<Page, ConnectorError>> + Send + 'a {
    let listing = Listing { address, seen: HashSet::new(), hasher: RandomState::new(), ended: false };
    futures::stream::unfold((listing, pages), |(mut listing, mut pages)| async move {
        if listing.ended {
            return None;
        }
        let page = match pages.next().await {
            Some(page) => page.and_then(|page| listing.check(page)),
            None => Err(listing.broken("it stopped before its end")),
        };
        listing.ended = matches!(page, Ok(Page::End) | Err(_));
        Some((page, (listing, pages)))
    })
}

struct Listing {
    address: String,
    /// Digests of the ids seen, 8 bytes each.
    seen: HashSet<u64>,
    hasher: RandomState,
    ended: bool,
}

impl Listing {
    fn check(&mut self, page: Page) -> Result<Page, ConnectorError> {
        let Page::Part(part) = &page else { return Ok(page) };
        if part.accounts.len() + part.entitlements.len() > PAGE_OBJECTS {
            return Err(self.broken("a page holds more than was asked for"));
        }
        bounded(part).map_err(|detail| self.broken(detail))?;
        for key in keys(part) {
            if !self.seen.insert(self.hasher.hash_one(key)) {
                return Err(self.broken("the same object came twice"));
            }
        }
        if self.seen.len() > OBJECTS {
            return Err(self.broken("it has more than 5,000,000 objects"));
        }
        Ok(page)
    }

    fn broken(&self, detail: &str) -> ConnectorError {
        ConnectorError::BrokenListing { address: self.address.clone(), detail: detail.to_owned() }
    }
}

fn keys(part: &Part) -> impl Iterator<Item = (u8, &str)> {
    let accounts = part.accounts.iter().map(|account| (0, account.id.0.as_str()));
    accounts.chain(part.entitlements.iter().map(|entitlement| (1, entitlement.id.0.as_str())))
}

fn bounded(part: &Part) -> Result<(), &'static str> {
    let names = part.accounts.iter().flat_map(|account| [&account.id.0, &account.login]);
    let names = names.chain(part.entitlements.iter().flat_map(|entitlement| [&entitlement.id.0, &entitlement.name]));
    if names.into_iter().any(|name| name.is_empty() || name.len() > NAME_BYTES) {
        return Err("an id or a name is empty or longer than 1,024 bytes");
    }
    for account in &part.accounts {
        let longest = account.attributes.values().flatten().map(String::len).max().unwrap_or(0);
        if account.attributes.len() > ATTRIBUTES || longest > VALUE_BYTES {
            return Err("an account has more than 64 attributes, or a value of more than 8 KiB");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::{Entitlement, EntitlementKind, NativeId};

    fn part(ids: &[&str]) -> Page {
        let entitlement = |id: &&str| Entitlement {
            id: NativeId((*id).to_owned()),
            kind: EntitlementKind::Group,
            name: format!("group {id}"),
            privileged: None,
        };
        Page::Part(Part { entitlements: ids.iter().map(entitlement).collect(), ..Part::default() })
    }

    async fn read(pages: Vec<Result<Page, ConnectorError>>) -> (usize, Result<bool, String>) {
        let pages = checked("here".to_owned(), futures::stream::iter(pages).boxed());
        let mut parts = 0;
        let mut pages = std::pin::pin!(pages);
        while let Some(page) = pages.next().await {
            match page {
                Ok(Page::Part(_) | Page::Unread(_)) => parts += 1,
                Ok(Page::End) => return (parts, Ok(pages.next().await.is_none())),
                Err(error) => {
                    assert!(pages.next().await.is_none(), "something came after the error");
                    return (parts, Err(error.to_string()));
                }
            }
        }
        panic!("the listing ended without an end and without an error")
    }

    #[tokio::test]
    async fn only_a_listing_with_its_end_and_without_a_repeat_is_whole() {
        let end = || Ok(Page::End);
        let outage = || ConnectorError::Unreachable { address: "here".to_owned(), detail: "gone".to_owned() };
        let (long, many) = ("x".repeat(NAME_BYTES + 1), (0..=PAGE_OBJECTS).map(|n| n.to_string()).collect::<Vec<_>>());
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (pages, parts, says) in [
            (vec![Ok(part(&["a"])), Ok(part(&["b"])), end()], 2, None),
            (vec![end(), Ok(part(&["a"]))], 0, None),
            (vec![], 0, Some("before its end")),
            (vec![Ok(part(&["a"]))], 1, Some("before its end")),
            (vec![Ok(part(&["a", "a"])), end()], 0, Some("twice")),
            (vec![Ok(part(&["a"])), Ok(part(&["a"])), end()], 1, Some("twice")),
            (vec![Ok(part(&[&long])), end()], 0, Some("1,024 bytes")),
            (vec![Ok(part(&[""])), end()], 0, Some("empty")),
            (vec![Ok(part(&many)), end()], 0, Some("more than was asked")),
            (vec![Ok(part(&["a"])), Err(outage()), end()], 1, Some("cannot be reached")),
        ] {
            let (seen, answer) = read(pages).await;
            assert_eq!(seen, parts, "{says:?}");
            match (says, answer) {
                (None, Ok(over)) => assert!(over, "something came after the end"),
                (Some(says), Err(error)) => assert!(error.contains(says), "{error}"),
                (says, answer) => panic!("{says:?}: {answer:?}"),
            }
        }
    }
}
