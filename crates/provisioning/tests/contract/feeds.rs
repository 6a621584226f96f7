//! Readings of sources: asked, kept sealed a page at a time, whole only with their end, and forgotten.

use super::place::{Place, places};
use provisioning::ProvisioningError;
use provisioning::feed::{self, Asks, Changes, End, Outcome, Page, Question, Reading, State, Trouble};
use types::ReadId;

fn question() -> Question {
    let asks = Asks::Query { text: "select * from hr.people".to_owned() };
    let changes = Some(Changes { by: "changed_at".to_owned(), since: None });
    Question { service: "hr-db".to_owned(), login: None, asks, changes }
}

async fn ask(place: &Place) -> Reading {
    let mut tx = place.decision().await;
    let reading = feed::ask(&place.ctx, &mut tx, "hr", question()).await.unwrap();
    tx.commit().await.unwrap();
    reading
}

async fn begun(place: &Place) -> ReadId {
    ask(place).await;
    feed::begin(&place.ctx, "hr").await.unwrap().unwrap().id
}

async fn keep(
    place: &Place,
    read: &ReadId,
    (number, records): (u32, u64),
    end: Option<Option<u64>>,
) -> Result<(), ProvisioningError> {
    let bytes = format!("page {number}");
    let end = end.map(|stated_total| End { stated_total, cursor: Some("2026".to_owned()) });
    let page = Page { source: "hr", read, number, bytes: bytes.as_bytes(), records, end };
    feed::keep(&place.ctx, &page).await
}

async fn is_whole(place: &Place, read: &ReadId) -> bool {
    feed::progress(&mut place.ctx.read().await.unwrap(), "hr", read).await.unwrap().is_whole
}

async fn settle(place: &Place, read: &ReadId, outcome: Outcome) {
    feed::settle(&place.ctx, read, outcome).await.unwrap();
}

async fn found(place: &Place, read: &ReadId) -> Reading {
    feed::get(&mut place.ctx.read().await.unwrap(), "hr", read).await.unwrap()
}

#[tokio::test]
async fn a_reading_is_whole_with_its_end_without_a_gap_and_with_as_many_records_as_the_source_counts() {
    for place in places().await {
        let end = |total| Some(total);
        for (pages, whole) in [
            (vec![(0, 2, None)], false),
            (vec![(0, 2, None), (1, 1, end(Some(3)))], true),
            (vec![(0, 2, None), (2, 2, end(None))], false),
            (vec![(0, 2, end(Some(3)))], false),
        ] {
            let read = begun(&place).await;
            assert!(!is_whole(&place, &read).await, "nothing is kept");
            for (number, records, end) in &pages {
                keep(&place, &read, (*number, *records), *end).await.unwrap();
            }
            assert_eq!(is_whole(&place, &read).await, whole, "{pages:?}");
            let reading = found(&place, &read).await;
            assert_eq!(reading.pages, pages.len() as u64);
            assert_eq!(matches!(reading.state, State::Ended { .. }), pages.iter().any(|page| page.2.is_some()));
            settle(&place, &read, Outcome::Unchanged).await;
        }
        let all = feed::list(&mut place.ctx.read().await.unwrap(), "hr", None, 10).await.unwrap();
        assert_eq!(all.len(), 4);
    }
}

#[tokio::test]
async fn a_page_is_sealed_opens_for_its_reading_and_is_destroyed_with_it() {
    for place in places().await {
        let read = begun(&place).await;
        keep(&place, &read, (0, 1), Some(None)).await.unwrap();
        let mut tx = place.ctx.read().await.unwrap();
        let mut kept = tx.all("select sealed from feed_pages", vec![]).await.unwrap();
        let sealed: Vec<u8> = kept[0].take("sealed").unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == b"page"));
        let page = feed::page(&place.ctx, &mut tx, "hr", &read, 0).await.unwrap().unwrap();
        assert_eq!(page.expose(), b"page 0");
        drop(tx);
        settle(&place, &read, Outcome::Unchanged).await;
        let mut tx = place.ctx.read().await.unwrap();
        assert!(feed::page(&place.ctx, &mut tx, "hr", &read, 0).await.unwrap().is_none());
        assert_eq!(
            place.kinds(&read).await,
            [
                "source.reading_asked",
                "source.reading_began",
                "source.page_kept",
                "source.reading_settled",
                "source.pages_forgotten"
            ]
        );
    }
}

#[tokio::test]
async fn a_source_has_one_reading_under_way_and_who_was_overtaken_adds_nothing_to_it() {
    for place in places().await {
        assert_eq!(feed::begin(&place.ctx, "hr").await.unwrap(), None, "nothing is asked");
        let asked = ask(&place).await;
        assert_eq!(ask(&place).await.id, asked.id, "it is asked once");
        let first = feed::begin(&place.ctx, "hr").await.unwrap().unwrap().id;
        keep(&place, &first, (0, 5), None).await.unwrap();
        let second = feed::begin(&place.ctx, "hr").await.unwrap().unwrap();
        assert_ne!(second.id, first, "it is begun anew");
        assert_eq!((second.pages, &second.question), (0, &question()));
        for page in [None, Some(None)] {
            let late = keep(&place, &first, (1, 5), page).await.unwrap_err();
            assert!(matches!(late, ProvisioningError::Stale(_)), "{late}");
        }
        assert_eq!(found(&place, &first).await.state.as_str(), "refused");
        keep(&place, &second.id, (0, 5), Some(Some(5))).await.unwrap();
        assert!(keep(&place, &second.id, (1, 1), None).await.is_err(), "it has ended");
        assert_eq!(feed::begin(&place.ctx, "hr").await.unwrap(), None, "it waits to be taken");
    }
}

#[tokio::test]
async fn how_far_the_next_reading_goes_back_follows_from_what_was_taken_and_not_from_what_was_read() {
    for place in places().await {
        let cursor = async || feed::cursor(&mut place.ctx.read().await.unwrap(), "hr").await.unwrap();
        let trouble = || Trouble { code: "host_unreachable".to_owned(), detail: "away".to_owned() };
        let refused = begun(&place).await;
        keep(&place, &refused, (0, 1), Some(None)).await.unwrap();
        settle(&place, &refused, Outcome::Refused(trouble())).await;
        assert_eq!(cursor().await, None);
        let broken = begun(&place).await;
        keep(&place, &broken, (0, 1), None).await.unwrap();
        feed::broken(&place.ctx, &broken, trouble()).await.unwrap();
        let reading = found(&place, &broken).await;
        assert!(matches!(&reading.state, State::Broken { trouble, .. } if trouble.code == "host_unreachable"));
        assert!(feed::broken(&place.ctx, &broken, trouble()).await.is_err(), "it is over already");
        settle(&place, &broken, Outcome::Refused(trouble())).await;
        let taken = begun(&place).await;
        keep(&place, &taken, (0, 1), Some(None)).await.unwrap();
        assert_eq!(cursor().await, None);
        settle(&place, &taken, Outcome::Unchanged).await;
        settle(&place, &taken, Outcome::Refused(trouble())).await;
        assert_eq!(
            (cursor().await.as_deref(), found(&place, &taken).await.state.as_str()),
            (Some("2026"), "unchanged")
        );
        let mut tx = place.ctx.read().await.unwrap();
        let elsewhere = feed::get(&mut tx, "other", &taken).await.unwrap_err();
        assert!(matches!(elsewhere, ProvisioningError::NoSuchReading(_)));
    }
}
