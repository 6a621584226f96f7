//! The days of a company, one after the other: the feeds of the day, what people do, what the product makes of it, and whether
//! every system then says of itself what it should. Prints a line a week.

use super::compare::differences;
use super::settle::Settled;
use super::{Estate, Taken};
use crate::years::events::{Event, FeedFault};
use crate::years::feed::{Columns, Feeds};
use crate::years::oracle::{Oracle, Policy};
use crate::years::{Company, Date, Human, Scene, Source, Story, StoryDay};
use governance::plans::{self, Outcome};
use governance::requests::{self, StateName};
use governance::{drifts, identities, imports, systems};
use privilege::accounts;
use privilege::invariants::Depth;
use provisioning::order;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;
use types::{IdentityId, Timestamp};

const FIRST_DAY: &str = "2027-01-04";
/// When everything of a day is looked at, in UTC.
const NOON: i64 = 12;
const ROWS: u32 = 1_000;

/// Which company, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    pub seed: u64,
    pub people: usize,
    /// At least `years::scenes::SHORTEST`.
    pub days: usize,
}

/// What happened in a term.
#[derive(Debug, Clone, Default)]
pub struct Total {
    pub days: usize,
    /// People of whom anything was ever told.
    pub people: usize,
    /// Accounts that were compared with what they should be, each on each day.
    pub compared: u64,
    /// How many accounts each system has.
    pub accounts: BTreeMap<&'static str, usize>,
    /// What was ordered on the systems, and seen done.
    pub orders: u64,
    pub refused_feeds: usize,
    /// Plans, feeds and records that a person decided on.
    pub asked: usize,
    pub scenes: BTreeSet<Scene>,
    pub spent: Spent,
}

/// Where the time went.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    pub feeds: Duration,
    /// What people did.
    pub acts: Duration,
    pub duties: Duration,
    pub jobs: Duration,
    /// Until every system had said what it holds.
    pub asking: Duration,
    /// Until the product had compared every system once more.
    pub comparing: Duration,
}

impl Spent {
    fn all(&self) -> Duration {
        self.feeds + self.acts + self.duties + self.jobs + self.asking + self.comparing
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { feeds, acts, duties, jobs, asking, comparing } = self;
        let parts = [
            ("feeds", feeds),
            ("acts", acts),
            ("duties", duties),
            ("jobs", jobs),
            ("asking", asking),
            ("comparing", comparing),
        ];
        let parts = parts.map(|(name, spent)| format!("{name} {:.1}", spent.as_secs_f64()));
        write!(f, "{:.1} s ({})", self.all().as_secs_f64(), parts.join(", "))
    }
}

impl std::fmt::Display for Total {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { days, people, compared, orders, refused_feeds, asked, scenes, spent, .. } = self;
        let (each, scenes) = (spent.all().as_secs_f64() / (*days).max(1) as f64, scenes.len());
        write!(
            f,
            "{days} days, {people} people, {orders} orders, {compared} accounts compared, {refused_feeds} feeds refused, \
             {asked} decided by a person, {scenes} scenes; {each:.2} s a day of {spent}",
        )
    }
}

/// Carries a company through its days. After every day what the oracle, the product and each system say is the same.
///
/// # Panics
/// With a line for each account that is not what it should be, and the day.
pub async fn carry_through(term: Term, tell: impl Fn(&str)) -> Total {
    let first_day = Date::parse(FIRST_DAY);
    let story = Story::write(Company::generate(term.seed, term.people, first_day), term.days);
    let policy = Policy::default();
    let began = Instant::now();
    let estate = Estate::start(&story.company, first_day.plus(-1).at_hour(NOON), policy).await;
    tell(&format!("seven systems are there after {:.0} s", began.elapsed().as_secs_f64()));
    let mut years = Years {
        feeds: Feeds::new(&story, Columns::Thirteen),
        oracle: Oracle::new(&story.company, policy),
        whose: BTreeMap::new(),
        total: Total::default(),
        since: first_day.plus(-2).at_hour(NOON),
        estate,
    };
    years.load(&story.company).await;
    tell(&format!("loaded, {:?}: {}", years.total.accounts, years.total));
    years.total.spent = Spent::default();
    while let Some(day) = years.feeds.next_day() {
        years.day(day).await;
        tell(&format!("{}: {}", day.date, years.total));
    }
    years.all_holds().await;
    years.total
}

struct Years<'a> {
    feeds: Feeds<'a>,
    oracle: Oracle,
    /// By number.
    whose: BTreeMap<String, Human>,
    total: Total,
    /// Up to when orders were counted.
    since: Timestamp,
    estate: Estate,
}

impl Years<'_> {
    /// The company as it is before the first day.
    async fn load(&mut self, company: &Company) {
        let began = Instant::now();
        self.whose.extend(company.employments.values().map(|one| (one.key.clone(), one.human)));
        for source in Source::BOTH {
            let taken = self.estate.send(source.as_str(), &self.feeds.first(source)).await;
            assert!(matches!(taken, Taken::Applied), "{source:?}: {taken:?}");
        }
        let mut by_number = BTreeMap::new();
        let everybody = identities::Filter { limit: u32::MAX, ..identities::Filter::default() };
        for person in identities::list(&self.estate.ctx, &everybody).await.expect("people") {
            by_number.insert(person.employee_id, person.id);
        }
        let known = self.whose.iter().map(|(key, human)| (*human, by_number[key].clone()));
        self.estate.known = known.collect();
        self.total.spent.feeds += began.elapsed();
        self.settle().await;
        self.compare("the day before the first").await;
    }

    async fn day(&mut self, day: &StoryDay) {
        self.total.days += 1;
        self.total.scenes.extend(day.events.iter().filter_map(|told| told.scene));
        self.oracle.day(day);
        self.estate.clock.advance(day.date.at_hour(NOON).since(self.estate.ctx.now()));
        // What follows from the time alone comes before what is told on one day, and together with it on the next.
        if self.total.days.is_multiple_of(2) {
            self.settle().await;
        }
        let began = Instant::now();
        for source in Source::BOTH {
            self.send(source).await;
        }
        self.meet(day).await;
        self.total.spent.feeds += began.elapsed();
        let began = Instant::now();
        for told in &day.events {
            if let Event::Act(act) = &told.event {
                self.estate.act(act).await;
            }
        }
        self.total.spent.acts += began.elapsed();
        self.settle().await;
        self.compare(&day.date.to_string()).await;
    }

    /// The feeds of the day. None that something is wrong with is taken.
    async fn send(&mut self, source: Source) {
        for (fault, text) in self.feeds.of(source) {
            match (fault, self.estate.send(source.as_str(), &text).await) {
                (None, Taken::Applied) => {}
                (None, Taken::Held(id)) => {
                    self.total.asked += 1;
                    let confirmed = imports::confirm(&self.estate.as_head(), &id, "it is what happened").await;
                    confirmed.expect("it is taken");
                }
                (Some(_), Taken::Refused(_)) => self.total.refused_feeds += 1,
                (Some(FeedFault::Rekeyed | FeedFault::Shifted | FeedFault::HalfLoaded), Taken::Held(_)) => {
                    self.total.refused_feeds += 1;
                }
                (None, Taken::Refused(why)) => panic!("a good feed of {source:?} is refused: {why}"),
                (fault, taken) => panic!("{source:?} with {fault:?}: {taken:?}"),
            }
        }
    }

    /// Remembers who those are who were told of for the first time.
    async fn meet(&mut self, day: &StoryDay) {
        let hired = day.events.iter().filter_map(|told| match &told.event {
            Event::Hired(employment) => Some(employment),
            _ => None,
        });
        for employment in hired {
            self.whose.insert(employment.key.clone(), employment.human);
            if !self.estate.known.contains_key(&employment.human) {
                let email = &employment.written.email;
                let found = self.estate.whoever_has(email).await;
                let found = found.unwrap_or_else(|| panic!("{email} is not known"));
                self.estate.known.insert(employment.human, found);
            }
        }
    }

    async fn settle(&mut self) {
        let Settled { plans, people, duties, jobs } = self.estate.settle(&self.whose).await;
        self.total.asked += plans + people;
        self.total.spent.duties += duties;
        self.total.spent.jobs += jobs;
    }

    /// What the oracle says should be is what the product finds nothing to do about, and what each system says of itself.
    async fn compare(&mut self, when: &str) {
        let (began, mut wrong) = (Instant::now(), Vec::new());
        let said = self.estate.all_seen().await;
        self.total.spent.asking += began.elapsed();
        let began = Instant::now();
        for (system, seen) in said {
            self.total.compared += seen.len() as u64;
            self.total.accounts.insert(system, seen.len());
            let nobody = BTreeSet::new();
            let strangers = self.estate.strangers.get(system).unwrap_or(&nobody);
            wrong.extend(differences(self.oracle.desired(), system, &seen, strangers));
            let outcome = plans::compute_now(&self.estate.as_head(), system).await.expect("it is compared");
            if outcome != Outcome::Nothing {
                wrong.push(format!("{system}: the product would do something still: {outcome:?}"));
            }
            let mut tx = self.estate.ctx.read().await.expect("a reading");
            let given = order::given_since(&mut tx, system, self.since).await.expect("orders");
            self.total.orders += given.iter().map(|given| given.orders).sum::<u64>();
        }
        self.since = self.estate.ctx.now();
        wrong.extend(self.unanswered().await);
        assert!(wrong.is_empty(), "{when}: {wrong:#?}\n{}", self.shown(&wrong).await);
        self.total.people = self.oracle.desired().len();
        self.total.spent.comparing += began.elapsed();
    }

    /// Systems and shared accounts that nobody at work answers for, requests of people who left, and drifts that wait.
    async fn unanswered(&self) -> Vec<String> {
        let (ctx, mut wrong) = (&self.estate.ctx, Vec::new());
        for system in systems::list(ctx).await.expect("systems") {
            if self.has_left(&system.owner).await {
                wrong.push(format!("{} owns {} and has left", system.owner, system.name));
            }
        }
        for shared in &self.estate.shared {
            let owner = accounts::get(ctx, shared).await.expect("an account").owner;
            if self.has_left(&owner).await {
                wrong.push(format!("{owner} answers for {shared} and has left"));
            }
        }
        let pending = requests::Filter { state: Some(StateName::Pending), limit: ROWS, ..Default::default() };
        for request in requests::list(ctx, &pending).await.expect("requests") {
            for who in [&request.requester, &request.beneficiary] {
                if self.has_left(who).await {
                    wrong.push(format!("{} of {who}, who has left, is open", request.id));
                }
            }
        }
        let waiting = drifts::Filter { state: Some("waiting".to_owned()), limit: ROWS, ..Default::default() };
        let waiting = drifts::list(ctx, &waiting).await.expect("drifts");
        wrong.extend(waiting.into_iter().map(|drift| format!("a drift waits: {drift:?}")));
        wrong
    }

    async fn has_left(&self, who: &IdentityId) -> bool {
        let person = identities::get(&self.estate.ctx, who).await.expect("a person");
        person.outlook.at(self.estate.ctx.now()).has_left()
    }

    /// What the product knows of those with whom something is wrong.
    async fn shown(&self, wrong: &[String]) -> String {
        let human = |line: &String| line.split_once("of human ")?.1.split(',').next()?.parse::<Human>().ok();
        let mut shown = String::new();
        for human in wrong.iter().filter_map(human).take(3) {
            let person = identities::get(&self.estate.ctx, &self.estate.known[&human]).await.expect("a person");
            let filter =
                order::OrderFilter { identity: Some(person.id.clone()), limit: 12, ..order::OrderFilter::default() };
            let orders = order::list(&self.estate.ctx, &filter).await.expect("orders");
            shown += &format!("human {human} is {person:#?}, ordered: {orders:#?}\n");
        }
        shown
    }

    /// The ledger, and every invariant of both planes, derived again.
    async fn all_holds(&self) {
        let (ctx, node) = (&self.estate.ctx, &self.estate.node);
        let (_, wrong) = ledger::verify::database(ctx, ROWS).await.expect("the ledger is read");
        assert!(wrong.is_empty(), "{wrong:#?}");
        let planes = [
            authn::invariants::verify(ctx, ROWS).await.expect("invariants"),
            governance::invariants::verify(ctx, ROWS).await.expect("invariants"),
            privilege::invariants::verify(ctx, node, Depth::Everything, ROWS).await.expect("invariants"),
        ];
        let broken: Vec<String> = planes.into_iter().flatten().flat_map(|invariant| invariant.broken).collect();
        assert!(broken.is_empty(), "{broken:#?}");
    }
}
