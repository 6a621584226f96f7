//! A watch that fails.

use super::*;
use tokio::sync::oneshot;
use types::{Chance, Clock};

#[tokio::test]
async fn when_the_watch_fails_every_session_is_told_to_end_and_none_can_go_on_after_it() {
    let (fail, failing) = oneshot::channel::<()>();
    let watch = Watch::by(|_| async move {
        failing.await.unwrap();
        panic!("as a defect would");
    });
    let (one, later) = [(); 2].map(|()| SessionId::new(&Clock::system(), &Chance::system())).into();
    let mut told = watch.attach(&one);
    let early = tokio::time::timeout(Duration::from_millis(50), told.to_end()).await;
    assert!(early.is_err(), "nothing has failed yet: {early:?}");
    let lost = watch.lost();
    fail.send(()).unwrap();
    assert_eq!(told.to_end().await, EndReason::LostContact);
    lost.await;
    assert_eq!(watch.attach(&later).to_end().await, EndReason::LostContact);
}

#[tokio::test]
async fn sessions_of_a_watch_that_is_let_go_are_told_that_the_node_stops() {
    let watch = Watch::by(|_| std::future::pending());
    let mut told = watch.attach(&SessionId::new(&Clock::system(), &Chance::system()));
    drop(watch);
    assert_eq!(told.to_end().await, EndReason::NodeStopped);
}
