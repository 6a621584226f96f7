//! What makes a feed look wrong, so that a person looks at it before anything is done. Pure.

use super::leaving::Leaving;
use super::{Books, Held, Known, News};
use crate::identities::Status;
use crate::imports::Trip;
use crate::policy::Breaker;
use crate::sources::sift::called;
use connectors::sources::{Extent, Record};
use std::collections::HashSet;
use types::IdentityId;

/// Of this many people on, a column can look exchanged.
const FEWEST_SHIFTED: u64 = 10;

/// The first thing that is wrong with a feed, if anything is.
pub(super) fn trip(
    known: &Known,
    books: &Books<'_>,
    news: &News<'_>,
    gone: &[Held],
    leaving: Leaving,
    breaker: &Breaker,
) -> Option<Trip> {
    let whole = news.feed.extent == Extent::Whole;
    let by_shape = whole
        .then(|| rekeyed(books, news, gone).or_else(|| truncated(books, news, gone)).or_else(|| shifted(books, news)));
    by_shape.flatten().or_else(|| too_many(known, leaving, breaker))
}

fn is_here(books: &Books<'_>, identity: Option<&IdentityId>) -> bool {
    let person = identity.and_then(|identity| books.people.get(identity));
    person.is_some_and(|person| person.status != Status::Terminated)
}

/// People whom the source named and who are here, and those of them whom it names no more.
fn present_and_missing(books: &Books<'_>, gone: &[Held]) -> (u64, u64) {
    let here = books.there().filter(|held| is_here(books, held.identity.as_ref())).count() as u64;
    let missing = gone.iter().filter(|held| is_here(books, held.identity.as_ref())).count() as u64;
    (here, missing)
}

/// A fifth of the people are missing, and most of the unknown ones are they by mail or name.
fn rekeyed(books: &Books<'_>, news: &News<'_>, gone: &[Held]) -> Option<Trip> {
    let (here, missing) = present_and_missing(books, gone);
    if missing < 2 || missing * 5 < here {
        return None;
    }
    let mail = |record: &Record| record.text("email").map(str::to_lowercase);
    let mails: HashSet<String> = gone.iter().filter_map(|held| mail(&held.record)).collect();
    let names: HashSet<String> = gone.iter().map(|held| called(&held.record)).collect();
    let unknown: Vec<&Record> = news.feed.records.iter().filter(|record| books.mine(&record.key).is_none()).collect();
    let same =
        |record: &&&Record| mail(record).is_some_and(|mail| mails.contains(&mail)) || names.contains(&called(record));
    let matching = unknown.iter().filter(same).count() as u64;
    (matching * 2 >= missing).then_some(Trip::Rekeyed { unknown: unknown.len() as u64, matching })
}

fn truncated(books: &Books<'_>, news: &News<'_>, gone: &[Held]) -> Option<Trip> {
    let (known, missing) = present_and_missing(books, gone);
    let least = 100 - u64::from(news.source.max_missing_percent().min(100));
    (missing > 1 && (known - missing) * 100 < known * least).then_some(Trip::LooksTruncated { known, missing })
}

/// More than half of the people have another value than before in one attribute.
fn shifted(books: &Books<'_>, news: &News<'_>) -> Option<Trip> {
    let records = news.feed.records.iter();
    let pairs: Vec<(&Held, &Record)> =
        records.filter_map(|record| books.mine(&record.key).map(|held| (held, record))).collect();
    let known = pairs.len() as u64;
    if known < FEWEST_SHIFTED {
        return None;
    }
    let names: HashSet<&String> = pairs.iter().flat_map(|(held, _)| held.record.attributes.keys()).collect();
    let mut names: Vec<&String> = names.into_iter().filter(|name| name.as_str() != "manager").collect();
    names.sort();
    names.into_iter().find_map(|attribute| {
        let differs = |(held, record): &&(&Held, &Record)| {
            let (old, new) = (held.record.attributes.get(attribute), record.attributes.get(attribute));
            old.is_some() && new.is_some() && old != new
        };
        let changed = pairs.iter().filter(differs).count() as u64;
        (changed * 2 > known).then(|| Trip::Shifted { attribute: attribute.clone(), changed, known })
    })
}

fn too_many(known: &Known, leaving: Leaving, breaker: &Breaker) -> Option<Trip> {
    let active = known.people.iter().filter(|person| person.status != Status::Terminated).count() as u64;
    let before = active + known.recent_leavers;
    let leavers = leaving.together.max(leaving.by_feed + known.recent_leavers);
    let rounding = 1e-6;
    let by_share = (before as f64 * breaker.max_leavers_share + rounding).floor() as u64;
    let limit = by_share.max(1).min(u64::from(breaker.max_leavers));
    (leaving.by_feed > 0 && leavers > limit).then_some(Trip::TooManyLeavers { leavers, limit })
}
