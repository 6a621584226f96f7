//! What may happen next: in HR, by persons, on systems by hand, to the process, and by the time that passes.

use super::hr::{ADA, BOB, DEPARTMENTS, PEOPLE, STAFF, Says, Source, TITLES, Who, day_of, days};
use super::model::{Entitled, Gift, Ordered, State, What};
use super::process::Told;
use super::world::{BRANCH, CORP, World, settled};
use crate::company::Company;
use governance::assignments::{self, Because};
use governance::plans::{self, PlanError};
use governance::requests::{self, Decision};
use governance::roles::Entitled as Named;
use governance::states::{self, OrderKind};
use std::time::Duration;
use types::{Actor, Failure};

impl World {
    /// Returns what happened, in one line.
    pub(crate) async fn step(&mut self) -> Result<String, String> {
        match self.dice.roll(40) {
            0..=10 => Ok(self.of_hr().await),
            11..=13 => Ok(self.of_a_person().await),
            14 | 15 => Ok(self.gives().await),
            16 => Ok(self.declares().await),
            17..=20 => Ok(self.by_hand()),
            21 => Ok(self.trouble()),
            22..=24 => self.works().await,
            25 | 26 => Ok(self.reads().await),
            27..=30 => Ok(self.runs().await),
            31 => Ok(self.confirms().await),
            32 => Ok(self.asks().await),
            _ => Ok(self.passes().await),
        }
    }

    /// Of those who do not run the company.
    fn somebody(&mut self) -> Who {
        STAFF + self.dice.below(PEOPLE - STAFF)
    }

    fn source(&mut self) -> Source {
        if self.dice.percent(75) { Source::Hr } else { Source::Agency }
    }

    async fn of_hr(&mut self) -> String {
        let (who, source, today) = (self.somebody(), self.source(), day_of(self.now()));
        let (later, earlier) = (self.dice.between(1, 14), self.dice.between(0, 6));
        let department = self.dice.pick(&DEPARTMENTS).unwrap();
        let Some(row) = self.hr.rows.get_mut(&(source, who)) else {
            let start = if self.dice.percent(60) { today + later } else { today - earlier };
            match self.dice.percent(50) {
                true => self.hr.hire_back(who, source, department, start),
                false => self.hr.hire(who, source, department, start),
            }
            return format!("{who} is hired for day {start}: {}", self.feed(source, false).await);
        };
        let did = match self.dice.roll(14) {
            0..=2 => {
                row.department = department;
                format!("{who} moves to {department}")
            }
            3 => {
                row.title = self.dice.pick(&TITLES).unwrap();
                format!("{who} becomes {}", row.title)
            }
            4 => {
                self.hr.rename(who);
                self.feed(Source::Hr, false).await;
                format!("{who} is renamed")
            }
            5 => {
                let manager = self.dice.below(PEOPLE);
                row.manager = (manager != who).then_some(manager);
                format!("{who} is managed by {manager}")
            }
            6 | 7 => {
                self.hr.rows.remove(&(source, who));
                format!("{who} is named no more")
            }
            8 => {
                let back_dated = self.dice.percent(30);
                row.end = Some((if back_dated { today - earlier } else { today + later }).max(row.start));
                format!("the last day of {who} is {:?}", row.end)
            }
            9 => {
                row.end = None;
                format!("{who} stays")
            }
            10 => {
                row.says = Says::Terminated;
                format!("{who} is said to have left")
            }
            11 => {
                row.says = Says::OnLeave;
                format!("{who} is said to be on leave")
            }
            12 if row.start >= today => {
                row.start = if self.dice.percent(50) { today + later } else { today - earlier };
                row.end = row.end.map(|end| end.max(row.start));
                format!("the first day of {who} is {}", row.start)
            }
            12 => {
                // Back with another number.
                self.hr.hire(who, source, department, today + later - 7);
                format!("{who} is hired anew")
            }
            _ => {
                row.says = Says::Active;
                format!("{who} is said to be at work")
            }
        };
        format!("{}, {did}: {}", source.name(), self.feed(source, false).await)
    }

    async fn of_a_person(&mut self) -> String {
        let (who, now) = (self.somebody(), self.now());
        if self.ids[who].is_none() {
            return format!("{who} is nobody yet");
        }
        let (id, above) = (self.id(who).clone(), self.above(who));
        let open = self.model.people[who].orders.iter().any(|order| order.is_open(now));
        if open && self.dice.percent(50) {
            let resume = async |company: &Company| {
                let lifted = states::resume(&company.ctx.acting_as(above.clone()), &id, "it is over").await;
                settled(lifted, "nothing_to_lift");
            };
            self.process.surely(resume).await;
            self.model.people[who].orders.retain(|order| !order.is_open(now));
            self.model.settle(now);
            return format!("what was ordered for {who} is lifted");
        }
        let kind = match self.dice.roll(6) {
            0 => OrderKind::TerminatedForCause,
            1..=3 => OrderKind::Suspended,
            _ => OrderKind::Leave,
        };
        if self.model.people[who].orders.iter().any(|order| order.kind == kind && order.is_open(now)) {
            return format!("{who} is under that order already");
        }
        let from = self.dice.percent(30).then(|| now.plus(hours(self.dice.roll(100) + 1)));
        let until = self.dice.percent(40).then(|| from.unwrap_or(now).plus(hours(self.dice.roll(200) + 1)));
        let order = async |company: &Company| {
            let new = states::New { reason: "somebody said so".into(), from, until };
            settled(states::order(&company.ctx.acting_as(above.clone()), &id, kind, new).await, "ordered_already");
        };
        self.process.surely(order).await;
        self.model.people[who].orders.push(Ordered { kind, from: from.unwrap_or(now), until });
        self.model.settle(now);
        format!("{who} is ordered {} from {from:?} until {until:?}", kind.as_str())
    }

    fn an_entitlement(&mut self) -> Entitled {
        if self.dice.percent(60) {
            ("corp", self.dice.pick(CORP).unwrap())
        } else {
            ("branch", self.dice.pick(BRANCH).unwrap())
        }
    }

    /// Somebody is given something, or it is taken back.
    async fn gives(&mut self) -> String {
        let (who, now) = (self.somebody(), self.now());
        if self.ids[who].is_none() {
            return format!("{who} is nobody yet");
        }
        let (id, above) = (self.id(who).clone(), self.above(who));
        let filter =
            assignments::Filter { identity: Some(id.clone()), open_only: true, limit: 100, ..Default::default() };
        let given = |all: Vec<assignments::Assignment>| {
            all.into_iter().filter(|one| matches!(one.because, Because::Person { .. })).collect::<Vec<_>>()
        };
        let has = given(assignments::list(&self.process.company.ctx, &filter).await.unwrap());
        if let Some(one) = has.first().filter(|_| self.dice.percent(40)) {
            let end = async |company: &Company| {
                let ended = assignments::end(&company.ctx.acting_as(above.clone()), &one.id, "enough").await;
                settled(ended, "assignment_ended");
            };
            self.process.surely(end).await;
            self.model.people[who].gifts.retain(|gift| named(gift.what) != one.what);
            return format!("{who} is given {} no more", one.what);
        }
        let what = match self.dice.roll(4) {
            0 => What::Role("auditor"),
            1 => What::Role("stand-in"),
            _ => What::Entitlement(self.an_entitlement()),
        };
        let from = self.dice.percent(40).then(|| now.plus(hours(self.dice.roll(150) + 1)));
        let until = self.dice.percent(50).then(|| from.unwrap_or(now).plus(hours(self.dice.roll(300) + 1)));
        let give = async |company: &Company| {
            let (identity, reason) = (id.clone(), "as agreed".to_owned());
            let new = assignments::New { identity, what: named(what), from, until, reason };
            let given = assignments::give(&company.ctx.acting_as(above.clone()), new).await;
            given.map_or_else(|refused| refused.code(), |_| "yes")
        };
        let answer = self.process.surely(give).await;
        let has = given(assignments::list(&self.process.company.ctx, &filter).await.unwrap());
        if has.iter().any(|one| one.what == named(what) && one.given_at == now) {
            let from = from.unwrap_or(now);
            self.model.people[who].gifts.push(Gift { what, from, until });
        }
        format!("{who} is given {what:?} from {from:?} until {until:?}: {answer}")
    }

    /// A role is declared anew, or somebody else answers for an entitlement.
    async fn declares(&mut self) -> String {
        if self.dice.percent(40) {
            let (entitled, who) = (self.an_entitlement(), self.somebody());
            if self.model.people[who].state == State::Active {
                self.own(entitled, who).await;
            }
            return format!("{who} answers for {entitled:?}");
        }
        let name = self.dice.pick(&["platform", "agent", "lead", "stand-in"]).unwrap();
        let (entitled, department) = (self.an_entitlement(), self.dice.pick(&DEPARTMENTS).unwrap());
        let role = self.model.roles.get_mut(name).expect("a role");
        match self.dice.roll(3) {
            0 if !role.grants.contains(&entitled) => role.grants.push(entitled),
            1 if role.grants.len() > 1 => drop(role.grants.remove(0)),
            _ if role.is_given || role.title.is_some() => {}
            _ if role.departments.contains(&department) && role.departments.len() > 1 => {
                role.departments.retain(|one| *one != department);
            }
            _ if !role.departments.contains(&department) => role.departments.push(department),
            _ => {}
        }
        let told = format!("the role {name} is now {role:?}");
        self.declare(&[name]).await;
        told
    }

    /// Somebody changes a system by hand.
    fn by_hand(&mut self) -> String {
        let (at, who) = (self.dice.below(2), self.somebody());
        let (login, email) = (self.hr.login(who), self.hr.email(who));
        let (root, squats) = (login[..3].to_owned(), self.dice.percent(30));
        let place = &mut self.places[at];
        let ids: Vec<String> = place.accounts.keys().cloned().collect();
        let group = self.dice.pick(place.groups).unwrap();
        let picked = self.dice.pick(&ids);
        let did = match (self.dice.roll(9), picked) {
            (0, Some(id)) => {
                let there = place.accounts.get_mut(&id).unwrap();
                there.enabled = !there.enabled;
                format!("{id} is enabled: {}", there.enabled)
            }
            (1 | 2, Some(id)) => {
                place.members.insert((id.clone(), group.to_owned()));
                place.by_hand.insert((id.clone(), group.to_owned()));
                format!("{id} joins {group}")
            }
            (3 | 4, Some(id)) => {
                place.members.retain(|(member, of)| (member, of.as_str()) != (&id, group));
                format!("{id} leaves {group}")
            }
            (5, Some(id)) => {
                let department = vec!["Gardening".to_owned()];
                place.accounts.get_mut(&id).unwrap().attributes.insert("department".into(), department);
                format!("{id} works in the garden")
            }
            (6, Some(id)) => {
                place.remove(&id);
                format!("{id} is deleted")
            }
            (7, _) if !place.accounts.values().any(|there| there.login.starts_with(&root)) => {
                if squats {
                    let id = place.add(&login, Default::default(), None);
                    place.squatters.insert(id.clone());
                    return format!("on {} by hand, {id} takes the login of {who}", place.name);
                }
                let garden = ("department".to_owned(), vec!["Gardening".to_owned()]);
                let id = place.add(&login, [("mail".to_owned(), vec![email]), garden].into(), None);
                format!("{id} is made for {who}")
            }
            _ => {
                let id = place.add(&format!("svc{}", place.accounts.len()), Default::default(), None);
                format!("{id} is made for nobody")
            }
        };
        format!("on {} by hand, {did}", self.places[at].name)
    }

    fn trouble(&mut self) -> String {
        let (at, loses) = (self.dice.below(2), self.dice.pick(&[0, 20, 60]).unwrap());
        let place = &mut self.places[at];
        if self.dice.percent(50) {
            place.is_away = !place.is_away;
        } else {
            place.loses = loses;
        }
        format!("{} is away: {}, and loses {} of 100 answers", place.name, place.is_away, place.loses)
    }

    pub(crate) async fn works(&mut self) -> Result<String, String> {
        for at in 0..2 {
            let place = &mut self.places[at];
            let told: Told = self.process.surely(async |company| place.work(company).await).await;
            told?;
        }
        let gone = async |company: &Company| {
            for grant in grants::enforce::not_gone(&company.ctx).await.unwrap() {
                if grant.ended().is_some() {
                    grants::enforce::report_gone(&company.ctx, &grant.id).await.unwrap();
                }
            }
        };
        self.process.surely(gone).await;
        Ok("privilege works".to_owned())
    }

    pub(crate) async fn reads(&mut self) -> String {
        self.pass(Duration::from_secs(1)).await;
        for place in &self.places {
            self.process.surely(async |company| place.read(company).await).await;
        }
        "privilege reads".to_owned()
    }

    pub(crate) async fn runs(&mut self) -> String {
        self.pass(Duration::from_secs(1)).await;
        self.process.duties().await;
        self.process.jobs().await;
        "governance does what is due".to_owned()
    }

    /// Every plan that is held.
    pub(crate) async fn confirms(&mut self) -> String {
        let filter = plans::Filter { state: Some("held".into()), limit: 10, ..plans::Filter::default() };
        let held = plans::list(&self.process.company.ctx, &filter).await.unwrap();
        // What gives Ada power is confirmed by Bob.
        let (ada, bob) = (self.above(usize::MAX), self.above(ADA));
        for plan in &held {
            let confirm = async |company: &Company| {
                let by = async |who: &Actor| {
                    plans::confirm(&company.ctx.acting_as(who.clone()), &plan.id, "looked at it").await
                };
                match by(&ada).await {
                    Err(PlanError::Own(_)) => settled(by(&bob).await, "plan_not_held"),
                    confirmed => settled(confirmed, "plan_not_held"),
                }
            };
            self.process.surely(confirm).await;
        }
        self.confirmed += held.len();
        format!("{} plans are confirmed", held.len())
    }

    /// Somebody asks for root on `corp`, and Bob lets them.
    async fn asks(&mut self) -> String {
        let who = self.somebody();
        if self.ids[who].is_none() {
            return format!("{who} is nobody yet");
        }
        let (system, login, reason) = ("corp".into(), "root".into(), "to repair what is broken".into());
        let new = requests::New { system, login, minutes: 60, channels: None, reason, beneficiary: None };
        let asked = requests::submit(&self.acting(who), new).await.map_err(|refused| refused.code());
        let granted = match asked {
            Ok(asked) => {
                let decided = requests::decide(&self.acting(BOB), &asked.id, Decision::Approve, "go ahead").await;
                decided.map_or_else(|refused| refused.code(), |_| "yes")
            }
            Err(code) => code,
        };
        format!("{who} asks for root: {granted}")
    }

    async fn passes(&mut self) -> String {
        let span = match self.dice.roll(20) {
            0..=7 => Duration::from_secs(60 * (1 + self.dice.roll(60))),
            8..=14 => hours(1 + self.dice.roll(20)),
            15..=18 => days(1 + self.dice.roll(5)),
            _ => days(7 + self.dice.roll(14)),
        };
        self.pass(span).await;
        format!("{} hours pass", span.as_secs() / 3600)
    }
}

fn named(what: What) -> assignments::What {
    match what {
        What::Role(role) => assignments::What::Role(role.to_owned()),
        What::Entitlement((system, entitlement)) => {
            assignments::What::Entitlement(Named { system: system.to_owned(), entitlement: entitlement.to_owned() })
        }
    }
}

const fn hours(count: u64) -> Duration {
    Duration::from_secs(count * 3600)
}
