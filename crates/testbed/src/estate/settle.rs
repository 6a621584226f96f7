//! Lets the product work until nothing is left: duties and jobs as a server runs them, and what waits for a person decided by
//! the head of the company. Judges nothing.

use super::Estate;
use crate::years::Human;
use governance::correlation::{self, Decision};
use governance::plans;
use provisioning::Order;
use provisioning::order::{self, OrderFilter};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// What is tried again, or looked at again, waits a few seconds.
const A_WHILE: Duration = Duration::from_secs(3);
/// Without anything left to do, orders are waited for this often.
const PATIENCE: u32 = 200;
/// Of one list.
const MANY: u32 = 1_000;

/// What a person was asked meanwhile, and how long the product was at work.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Settled {
    pub(crate) plans: usize,
    pub(crate) people: usize,
    pub(crate) duties: Duration,
    pub(crate) jobs: Duration,
}

impl Estate {
    /// `whose` says of every record by its number which human being it is of.
    pub(crate) async fn settle(&mut self, whose: &BTreeMap<String, Human>) -> Settled {
        let (mut settled, mut waits) = (Settled::default(), 0);
        loop {
            let began = Instant::now();
            governance::duties::run_once(&self.ctx).await.expect("the duties of governance");
            privilege::duties::run_once(&self.ctx).await.expect("the duties of privilege");
            settled.duties += began.elapsed();
            let began = Instant::now();
            let ran = self.worker.run_due().await.expect("the jobs that are due");
            settled.jobs += began.elapsed();
            let (plans, people) = (self.confirm().await, self.say_who(whose).await);
            settled.plans += plans;
            settled.people += people;
            if ran + plans + people > 0 {
                continue;
            }
            let open = self.open_orders().await;
            if open.is_empty() {
                return settled;
            }
            waits += 1;
            assert!(waits < PATIENCE, "nothing becomes of {open:#?}");
            self.clock.advance(A_WHILE);
        }
    }

    /// Of systems that are there.
    async fn open_orders(&self) -> Vec<Order> {
        let filter = OrderFilter { open: true, limit: MANY, ..OrderFilter::default() };
        let mut open = order::list(&self.ctx, &filter).await.expect("orders");
        open.retain(|order| !self.away.contains(order.system.as_str()));
        open
    }

    async fn confirm(&self) -> usize {
        let filter = plans::Filter { state: Some("held".to_owned()), limit: MANY, ..plans::Filter::default() };
        let held = plans::list(&self.ctx, &filter).await.expect("plans");
        for plan in &held {
            let confirmed = plans::confirm(&self.as_head(), &plan.id, "it is what the company does").await;
            confirmed.unwrap_or_else(|error| panic!("{plan:?}: {error}"));
        }
        held.len()
    }

    /// Somebody who knows everybody answers whose a record is.
    async fn say_who(&mut self, whose: &BTreeMap<String, Human>) -> usize {
        let open = correlation::list(&self.ctx, Some("open"), None, MANY).await.expect("cases");
        for case in &open {
            let known = whose.get(&case.key).and_then(|human| self.known.get(human)).cloned();
            let decision = known.map_or(Decision::New, Decision::Same);
            correlation::decide(&self.as_head(), &case.id, decision, "I know them").await.expect("an answer");
        }
        open.len()
    }
}
