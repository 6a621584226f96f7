//! A feed that came in pages: whole, or refused. Pure.

use super::refusal::Refusal;
use connectors::sources::{Extent, Feed, Record};
use sha2::{Digest, Sha256};
use types::Timestamp;

/// One page of a read, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// From 0.
    pub number: u64,
    pub records: Vec<Record>,
    /// Whether the source said that nothing comes behind it.
    pub ends: bool,
    /// How many records the source says that there are, where it says.
    pub stated_total: Option<u64>,
}

/// Puts the pages of a whole read together. Only the page that ends it proves that it is whole.
pub fn assemble(mut pages: Vec<Page>, as_of: Option<Timestamp>) -> Result<Feed, Refusal> {
    pages.sort_by_key(|page| page.number);
    let found = pages.iter().map(|page| page.records.len() as u64).sum();
    if let Some((page, _)) = (0..).zip(&pages).find(|(expected, page)| page.number != *expected) {
        return Err(Refusal::PageMissing { page });
    }
    if !pages.last().is_some_and(|page| page.ends) {
        return Err(Refusal::NoEnd { found });
    }
    if let Some(stated) = pages.iter().rev().find_map(|page| page.stated_total)
        && stated != found
    {
        return Err(Refusal::Truncated { stated, found });
    }
    let records: Vec<Record> = pages.into_iter().flat_map(|page| page.records).collect();
    let bytes = serde_json::to_vec(&records).expect("records are plain data");
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    Ok(Feed { records, extent: Extent::Whole, sha256, as_of })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn page(number: u64, keys: &[&str], ends: bool, stated_total: Option<u64>) -> Page {
        let record = |key: &&str| Record { key: (*key).to_owned(), attributes: BTreeMap::new(), employment: None };
        Page { number, records: keys.iter().map(record).collect(), ends, stated_total }
    }

    #[test]
    fn a_feed_that_is_half_loaded_is_refused_with_its_reason_and_changes_nothing() {
        for (pages, expected) in [
            (vec![page(0, &["a"], false, None), page(1, &["b"], true, None)], Ok(2)),
            (vec![page(1, &["b"], true, None), page(0, &["a"], false, Some(2))], Ok(2)),
            (vec![page(0, &["a"], false, None), page(2, &["c"], true, None)], Err("feed_half_loaded")),
            (vec![page(1, &["b"], true, None)], Err("feed_half_loaded")),
            (vec![page(0, &["a"], false, None), page(1, &["b"], false, None)], Err("feed_half_loaded")),
            (vec![page(0, &["a"], false, None), page(0, &["a"], true, None)], Err("feed_half_loaded")),
            (vec![], Err("feed_half_loaded")),
            (vec![page(0, &["a"], false, Some(3)), page(1, &["b"], true, Some(3))], Err("feed_truncated")),
        ] {
            let assembled = assemble(pages.clone(), None);
            assert_eq!(
                assembled.map(|feed| feed.records.len()).map_err(|refusal| refusal.code()),
                expected,
                "{pages:?}"
            );
        }
    }
}
