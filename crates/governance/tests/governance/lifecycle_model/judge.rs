//! Lets everything come to rest, and compares: what should be by the model, what was observed, and what is there.

use super::hr::{ADA, PEOPLE, Source, Who, days};
use super::model::{DELETE_DAYS, Desired, State};
use super::place::{Place, There};
use super::process::Told;
use super::world::{World, settled};
use crate::company::Company;
use connectors::connector::Status;
use governance::drifts::{self, Decision};
use governance::{entitlements, invariants, lifecycle, plans};
use ledger::Ctx;
use provisioning::inventory::{self, AccountFilter};
use provisioning::order::{self, OrderFilter};
use provisioning::{Order, walk};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use types::IdentityId;

/// Of the policy that nobody declared otherwise.
const ARCHIVE_DAYS: u64 = 90;

/// More rounds than this nothing needs.
const ROUNDS: usize = 20;

/// An account as governance believes it to be.
#[derive(Debug)]
struct Believed {
    native: String,
    login: String,
    enabled: bool,
    of: Option<IdentityId>,
    groups: BTreeSet<String>,
}

impl World {
    /// Everything is reached again, and whatever is due is done until nothing is.
    pub(crate) async fn rest(&mut self) -> Told {
        for place in &mut self.places {
            (place.is_away, place.loses) = (false, 0);
            place.evict()?;
        }
        for source in Source::ALL {
            self.feed(source, true).await;
        }
        let mut quiet = 0;
        for round in 0..ROUNDS {
            self.pass(Duration::from_secs(310)).await;
            self.reads().await;
            self.runs().await;
            if round == 1 || round == 8 {
                self.insist().await;
            }
            let (confirmed, decided) = (self.confirms().await, self.decide().await);
            self.works().await?;
            self.runs().await;
            let nothing = confirmed.starts_with('0') && decided == 0 && self.open_orders().await.is_empty();
            quiet = if nothing { quiet + 1 } else { 0 };
            if quiet == 2 {
                return Ok(());
            }
        }
        Err(format!("it does not come to rest: {:#?}", self.open_orders().await))
    }

    /// A person has plans computed, so that what was refused is tried once more.
    async fn insist(&mut self) {
        let ada = self.above(usize::MAX);
        for place in &self.places {
            let insist = async |company: &Company| {
                plans::compute_now(&company.ctx.acting_as(ada.clone()), place.name).await.unwrap();
            };
            self.process.surely(insist).await;
        }
    }

    /// Whatever waits for a person is changed back.
    async fn decide(&mut self) -> usize {
        let filter = drifts::Filter { state: Some("waiting".into()), limit: 1_000, ..drifts::Filter::default() };
        let waiting = drifts::list(&self.process.company.ctx, &filter).await.unwrap();
        for drift in &waiting {
            let by = self.above(if drift.identity == *self.id(ADA) { ADA } else { usize::MAX });
            let decide = async |company: &Company| {
                let ctx = company.ctx.acting_as(by.clone());
                let decided = drifts::decide(&ctx, &drift.id, Decision::Revert, "nobody asked for it").await;
                settled(decided, "drift_under_way");
            };
            self.process.surely(decide).await;
        }
        waiting.len()
    }

    async fn open_orders(&self) -> Vec<Order> {
        let filter = OrderFilter { open: true, limit: 20, ..OrderFilter::default() };
        order::list(&self.process.company.ctx, &filter).await.unwrap()
    }

    /// Desired, observed and there are the same, and every invariant holds.
    pub(crate) async fn judge(&mut self) -> Told {
        let ctx = self.process.company.ctx.clone();
        for who in 0..PEOPLE {
            self.state_is(&ctx, who).await?;
        }
        self.is_owned(&ctx).await?;
        for place in &self.places {
            let believed = believed(&ctx, place).await;
            self.is_seen(place, &believed)?;
            for who in 0..PEOPLE {
                self.is_right(place, &believed, who)?;
            }
        }
        let checked = invariants::verify(&ctx, 100).await.map_err(|error| error.to_string())?;
        let broken: Vec<_> = checked.iter().flat_map(|invariant| &invariant.broken).collect();
        if broken.is_empty() { Ok(()) } else { Err(format!("{broken:?}")) }
    }

    /// Somebody who works here answers for everything.
    async fn is_owned(&self, ctx: &Ctx) -> Told {
        for one in entitlements::list(ctx).await.unwrap() {
            let owner = (0..PEOPLE).find(|who| self.ids[*who].as_ref() == Some(&one.owner)).expect("somebody");
            if self.model.people[owner].state == State::Left {
                return Err(format!("{owner} has left and owns {} on {}", one.slug, one.system));
            }
        }
        Ok(())
    }

    /// Who is not at work has no grant that stands.
    pub(crate) async fn grants_are_of_who_works(&self) -> Told {
        let filter = grants::Filter { limit: 1_000, ..grants::Filter::default() };
        for grant in grants::list(&self.process.company.ctx, &filter).await.unwrap() {
            let holder = (0..PEOPLE).find(|who| self.ids[*who].as_ref() == Some(&grant.holder)).expect("somebody");
            if grant.stands(self.now()) && self.model.people[holder].state != State::Active {
                return Err(format!("{holder} holds {grant:?}, and is {:?}", self.model.people[holder].state));
            }
        }
        Ok(())
    }

    async fn state_is(&self, ctx: &Ctx, who: Who) -> Told {
        use governance::states::State as Product;
        let (state, Some(id)) = (self.model.people[who].state, &self.ids[who]) else { return Ok(()) };
        let outlook = governance::identities::get(ctx, id).await.unwrap().outlook;
        let found = match outlook.settled() {
            Product::PreHire { preparing, .. } => State::PreHire { is_near: *preparing },
            Product::Active => State::Active,
            Product::Leave { .. } => State::Leave,
            Product::Suspended { .. } => State::Suspended,
            Product::Terminated { .. } | Product::Archived { .. } => State::Left,
        };
        if let Some(case) = lifecycle::of_identity(ctx, id).await.unwrap().filter(|case| case.is_open()) {
            return Err(format!("the case of {who} is open still: {case:?}"));
        }
        if found != state {
            return Err(format!("{who} is {found:?}, and should be {state:?}: {outlook:?}"));
        }
        let kept_from = match outlook.settled() {
            Product::Terminated { since, learned, .. } => learned.unwrap_or(*since),
            Product::Archived { since } => since.minus(days(ARCHIVE_DAYS)),
            _ => return Ok(()),
        };
        let expected = self.model.kept_from(who, self.now());
        if (expected.known..=expected.over).contains(&kept_from) {
            return Ok(());
        }
        let person = &self.model.people[who];
        Err(format!("{who} is kept from {kept_from}, and should be from {expected:?}: {outlook:?}\n{person:?}"))
    }

    /// What governance believes is there.
    fn is_seen(&self, place: &Place, believed: &[Believed]) -> Told {
        let seen: BTreeMap<&String, &Believed> = believed.iter().map(|one| (&one.native, one)).collect();
        for (id, there) in &place.accounts {
            let groups: BTreeSet<String> = place.groups_of(id).into_iter().map(str::to_owned).collect();
            let same = |one: &&&Believed| {
                let account = (&one.login, one.enabled) == (&there.login, there.enabled);
                account && (one.of.is_none() || one.groups == groups)
            };
            if seen.get(id).filter(same).is_none() {
                let name = place.name;
                return Err(format!("on {name}, {id} is {there:?} in {groups:?}, and is believed {:?}", seen.get(id)));
            }
            if seen[id].of.is_none() {
                place.is_as_given_by_hand(id)?;
            }
        }
        match believed.iter().find(|one| !place.accounts.contains_key(&one.native)) {
            Some(gone) => Err(format!("on {}, {gone:?} is believed, and is not there", place.name)),
            None => Ok(()),
        }
    }

    fn is_right(&self, place: &Place, believed: &[Believed], who: Who) -> Told {
        let Some(identity) = &self.ids[who] else { return Ok(()) };
        let (now, name) = (self.now(), place.name);
        let theirs = believed.iter().filter(|one| one.of.as_ref() == Some(identity));
        let theirs: Vec<(&There, BTreeSet<&str>)> =
            theirs.map(|one| (&place.accounts[&one.native], place.groups_of(&one.native))).collect();
        let (desired, person) = (self.model.desired(who, name, now), &self.model.people[who]);
        let wrong = |why: &str| Err(format!("on {name}, {who} has {theirs:?}, {why}: {desired:?}\n{person:?}"));
        if theirs.iter().filter(|(there, _)| there.mark.is_some()).count() > 1 {
            return wrong("of which one too many was made");
        }
        let holds = |(there, groups): &(&There, BTreeSet<&str>)| there.enabled || !groups.is_empty();
        match &desired {
            Desired::Needless if theirs.iter().any(holds) => wrong("and should hold nothing"),
            Desired::Needless => {
                let kept = || self.model.kept_from(who, now).over.plus(days(DELETE_DAYS + 1));
                let is_late = name == "branch" && person.state == State::Left && kept() <= now;
                if is_late && !theirs.is_empty() { wrong("which should be deleted") } else { Ok(()) }
            }
            Desired::Present { must_be, .. } if theirs.is_empty() => {
                if *must_be {
                    wrong("and should have one")
                } else {
                    Ok(())
                }
            }
            Desired::Present { is_open, groups: wanted, .. } => {
                let is_it = |(there, groups): &(&There, BTreeSet<&str>)| {
                    there.enabled == *is_open && groups == wanted && self.is_named(place, there, who)
                };
                let is_right = |first: usize| {
                    let mut others = theirs.iter().enumerate().filter(|(at, _)| *at != first);
                    is_it(&theirs[first]) && others.all(|(_, (_, groups))| groups.is_empty())
                };
                if (0..theirs.len()).any(is_right) { Ok(()) } else { wrong("which should be otherwise") }
            }
        }
    }

    fn is_named(&self, place: &Place, there: &There, who: Who) -> bool {
        let is =
            |name: &str, value: &str| there.attributes.get(name).is_some_and(|values| values == &[value.to_owned()]);
        let is_corp = place.name == "corp";
        let is_called = there.login == self.hr.login(who) && is("department", self.model.department(who));
        is("mail", &self.hr.email(who)) && (!is_corp || is_called)
    }
}

async fn believed(ctx: &Ctx, place: &Place) -> Vec<Believed> {
    let mut tx = ctx.read().await.unwrap();
    let filter = AccountFilter { system: Some(place.name.into()), limit: 1_000, ..AccountFilter::default() };
    let accounts = inventory::accounts(&mut tx, &filter).await.unwrap();
    let people: BTreeSet<IdentityId> =
        accounts.iter().filter_map(|account| account.link.as_ref()).map(|link| link.identity.clone()).collect();
    let people: Vec<IdentityId> = people.into_iter().collect();
    let names = inventory::all_entitlements(&mut tx, place.name).await.unwrap().into_iter();
    let names: BTreeMap<_, _> = names.map(|entitlement| (entitlement.id, entitlement.name)).collect();
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for held in walk::accounts_on(&mut tx, place.name, &people).await.unwrap() {
        let of = held.direct.keys().filter_map(|id| names.get(id)).cloned().collect();
        groups.insert(held.account.native_id, of);
    }
    let mut one = |account: provisioning::ObservedAccount| Believed {
        groups: groups.remove(&account.native_id).unwrap_or_default(),
        enabled: account.status == Status::Enabled,
        of: account.link.map(|link| link.identity),
        login: account.login,
        native: account.native_id,
    };
    accounts.into_iter().map(&mut one).collect()
}
