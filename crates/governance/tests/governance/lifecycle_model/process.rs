//! The process of the product, which may stop at any moment at which it waits for anything, the commit of a transaction
//! among them; another one opens the database and is asked for the same.

use crate::company::Company;
use crate::dice::Dice;
use governance::duties;
use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

/// What was seen that must not be, in one line.
pub(crate) type Told = Result<(), String>;

const NODE: &str = "node-1";

pub(crate) struct Process {
    pub(crate) company: Company,
    pub(crate) crashes: usize,
    /// Of a hundred acts, so many meet a crash.
    pub(crate) stops: u64,
    dice: Dice,
}

impl Process {
    pub(crate) const fn new(company: Company, stops: u64, dice: Dice) -> Self {
        Self { company, crashes: 0, stops, dice }
    }

    /// Asks for the same until it is done. What was done already is no news then.
    pub(crate) async fn surely<T>(&mut self, mut act: impl AsyncFnMut(&Company) -> T) -> T {
        while self.dice.percent(self.stops) {
            let most = 1 << self.dice.roll(8);
            let waits = self.dice.roll(most);
            if let Some(done) = cut(act(&self.company), waits).await {
                return done;
            }
            self.crashes += 1;
            self.company.restart().await;
            db::jobs::release_of(&self.company.fixture.db, NODE).await.unwrap();
        }
        Box::pin(act(&self.company)).await
    }

    pub(crate) async fn duties(&mut self) {
        self.surely(async |company| duties::run_once(&company.ctx).await.map(drop).unwrap()).await;
    }

    pub(crate) async fn jobs(&mut self) {
        self.surely(async |company| company.worker().of(NODE).run_due().await.map(drop).unwrap()).await;
    }

    pub(crate) fn pass(&self, span: Duration) {
        self.company.clock.advance(span);
    }
}

/// `None` when it was stopped, after it had waited so often.
async fn cut<F: Future>(act: F, waits: u64) -> Option<F::Output> {
    let (mut act, mut left) = (Box::pin(act), waits);
    poll_fn(move |cx| match act.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
