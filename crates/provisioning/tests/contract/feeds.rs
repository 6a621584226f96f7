//! Pages of sources: sealed, whole only with their end, and forgotten.

use super::place::{Place, places};
use provisioning::feed::{self, End, Page};
use types::ReadId;

async fn keep(place: &Place, read: &ReadId, number: u32, records: u64, end: Option<Option<u64>>) {
    let bytes = format!("page {number}");
    let end = end.map(|stated_total| End { stated_total });
    let page = Page { source: "hr", read, number, bytes: bytes.as_bytes(), records, end };
    feed::keep(&place.ctx, &page).await.unwrap();
}

async fn is_whole(place: &Place, read: &ReadId) -> bool {
    feed::progress(&mut place.ctx.read().await.unwrap(), "hr", read).await.unwrap().is_whole
}

#[tokio::test]
async fn a_reading_is_whole_with_its_end_without_a_gap_and_with_as_many_records_as_the_source_counts() {
    for place in places().await {
        let read = || ReadId::new(place.ctx.clock(), place.ctx.chance());
        let [whole, endless, gap, short] = [read(), read(), read(), read()];
        assert!(!is_whole(&place, &whole).await, "nothing is kept");
        keep(&place, &whole, 0, 2, None).await;
        assert!(!is_whole(&place, &whole).await);
        keep(&place, &whole, 1, 1, Some(Some(3))).await;
        assert!(is_whole(&place, &whole).await);
        keep(&place, &endless, 0, 2, None).await;
        assert!(!is_whole(&place, &endless).await);
        keep(&place, &gap, 0, 2, None).await;
        keep(&place, &gap, 2, 2, Some(None)).await;
        assert!(!is_whole(&place, &gap).await);
        keep(&place, &short, 0, 2, Some(Some(3))).await;
        assert!(!is_whole(&place, &short).await);
        let readings = feed::readings(&mut place.ctx.read().await.unwrap(), "hr").await.unwrap();
        assert_eq!(readings.len(), 4);
    }
}

#[tokio::test]
async fn a_page_is_sealed_opens_for_its_reading_and_is_destroyed_with_it() {
    for place in places().await {
        let read = ReadId::new(place.ctx.clock(), place.ctx.chance());
        keep(&place, &read, 0, 1, Some(None)).await;
        let mut tx = place.ctx.read().await.unwrap();
        let mut kept = tx.all("select sealed from feed_pages", vec![]).await.unwrap();
        let sealed: Vec<u8> = kept[0].take("sealed").unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == b"page"));
        let page = feed::page(&place.ctx, &mut tx, "hr", &read, 0).await.unwrap().unwrap();
        assert_eq!(page.expose(), b"page 0");
        drop(tx);
        let mut tx = place.decision().await;
        feed::forget(&mut tx, "hr", &read).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = place.ctx.read().await.unwrap();
        assert!(feed::page(&place.ctx, &mut tx, "hr", &read, 0).await.unwrap().is_none());
        assert_eq!(place.kinds(&read).await, ["source.page_kept", "source.pages_forgotten"]);
    }
}
