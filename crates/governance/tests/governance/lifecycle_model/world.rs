//! A company in the product and in the model at once: whatever happens is told to both.

use super::hr::{ADA, Hr, PEOPLE, Source, Who};
use super::model::{Entitled, Follows, GRACE_DAYS, Model, Role};
use super::place::{POWER, Place};
use super::process::Process;
use crate::company::Company;
use crate::dice::Dice;
use connectors::sources::csv;
use governance::imports::{self, Mode, Outcome};
use governance::mappings;
use governance::sources::{self, Declaration, Settings, SourceKind};
use governance::{entitlements, identities, policy, roles, systems};
use ledger::Ctx;
use std::collections::BTreeMap;
use std::time::Duration;
use types::{Actor, Failure, IdentityId, Role as Permits, Timestamp};

pub(crate) const CORP: &[&str] = &["admins", "operators", "orders", "payments", "staff", "tickets"];
pub(crate) const BRANCH: &[&str] = &["admins", "books", "desk", "tools"];

const SYSTEMS: &str = r#"
[[system]]
name = "corp"
owner = "bob@example.com"
logins = ["root"]

[[system]]
name = "branch"
owner = "bob@example.com"
logins = ["root"]

[[mapping]]
system = "corp"
login = "{given_name:1}{family_name}"
authoritative = ["mail"]
creates = true
renames = true
drift = "revert"

[mapping.attributes]
mail = "{email}"
department = "{department}"

[[mapping]]
system = "branch"
login = "{given_name:1}{family_name}"
authoritative = ["mail"]
creates = true
drift = "ask"
delete_after_days = 10

[mapping.attributes]
mail = "{email}"
"#;

#[derive(serde::Deserialize)]
struct Declared {
    system: Vec<systems::Declaration>,
    mapping: Vec<mappings::Declaration>,
}

pub(crate) struct World {
    pub(crate) process: Process,
    pub(crate) hr: Hr,
    pub(crate) model: Model,
    pub(crate) places: [Place; 2],
    pub(crate) dice: Dice,
    pub(crate) ids: [Option<IdentityId>; PEOPLE],
    /// What was done so far, to be told when something breaks.
    pub(crate) trail: Vec<String>,
    pub(crate) confirmed: usize,
}

impl World {
    pub(crate) async fn new(company: Company, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut die = || Dice(dice.roll(u64::MAX));
        let places = [Place::new("corp", CORP, die()), Place::new("branch", BRANCH, die())];
        let process = Process::new(company, 0, die());
        let (hr, model) = (Hr::new(process.company.ctx.now()), Model::new(declared_roles()));
        let (ids, trail) = (std::array::from_fn(|_| None), Vec::new());
        let mut world = Self { process, hr, model, places, dice, ids, trail, confirmed: 0 };
        world.begin().await;
        world.process.stops = 5;
        world
    }

    async fn begin(&mut self) {
        self.feed(Source::Hr, true).await;
        let ctx = &self.process.company.ctx;
        authn::accounts::set_roles(ctx, self.id(ADA), &[Permits::Administrator].into()).await.unwrap();
        let lifecycle = policy::LifecyclePolicy { mover_grace_days: GRACE_DAYS, ..Default::default() };
        policy::declare(ctx, &policy::Policy { lifecycle, ..Default::default() }, None).await.unwrap();
        let settings = Settings { precedence: Some(200), ..Settings::default() };
        let (name, owner, kind) = ("agency".to_owned(), "bob@example.com".to_owned(), SourceKind::Csv);
        let agency = Declaration { name, kind, description: String::new(), owner, settings };
        sources::declare(ctx, &[agency], None).await.unwrap();
        let Declared { system, mapping } = toml::from_str(SYSTEMS).unwrap();
        systems::declare(ctx, &system).await.unwrap();
        for place in 0..self.places.len() {
            for name in self.places[place].groups {
                let owner = self.dice.between(1, 9).unsigned_abs() as usize;
                self.own((self.places[place].name, name), owner).await;
            }
        }
        let ctx = &self.process.company.ctx;
        mappings::declare(ctx, &mapping, None).await.unwrap();
        for place in &self.places {
            place.read(&self.process.company).await;
        }
        let names: Vec<&'static str> = self.model.roles.keys().copied().collect();
        self.declare(&names).await;
        self.feed(Source::Agency, true).await;
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.process.company.ctx.now()
    }

    pub(crate) fn id(&self, who: Who) -> &IdentityId {
        self.ids[who].as_ref().expect("somebody who is known")
    }

    /// Ada, or Bob where it is about Ada.
    pub(crate) fn above(&self, who: Who) -> Actor {
        Actor::Identity(self.id(usize::from(who == ADA)).clone())
    }

    /// A source tells everything it has to say.
    pub(crate) async fn feed(&mut self, source: Source, insists: bool) -> String {
        let feed = csv::read(self.hr.told(source).as_bytes(), &[]).unwrap();
        let take = async |company: &Company| {
            imports::take(&company.ctx, source.name(), &feed, Mode::Apply).await.unwrap().outcome
        };
        let mut outcome = self.process.surely(take).await;
        if let Outcome::Held(id, trip) = &outcome {
            if !insists && self.dice.percent(25) {
                return format!("{} is held: {trip}", source.name());
            }
            let (id, actor) = (id.clone(), self.above(usize::MAX));
            let confirm = async |company: &Company| {
                let confirmed = imports::confirm(&company.ctx.acting_as(actor.clone()), &id, "they have left").await;
                settled(confirmed, "import_not_held");
            };
            self.process.surely(confirm).await;
            self.confirmed += 1;
            outcome = Outcome::Applied(id.clone());
        }
        let now = self.now();
        self.model.import(&self.hr, source, now);
        self.learn_ids().await;
        format!("{} says: {}", source.name(), if outcome == Outcome::Unchanged { "nothing new" } else { "news" })
    }

    async fn learn_ids(&mut self) {
        if self.ids.iter().enumerate().all(|(who, id)| id.is_some() || !self.model.has_ever_worked(who)) {
            return;
        }
        let filter = identities::Filter { limit: 1_000, ..identities::Filter::default() };
        let all = identities::list(&self.process.company.ctx, &filter).await.unwrap();
        for who in 0..PEOPLE {
            let found = all.iter().find(|person| person.email == self.hr.email(who));
            self.ids[who] = self.ids[who].take().or_else(|| found.map(|person| person.id.clone()));
        }
    }

    /// Somebody answers for an entitlement.
    pub(crate) async fn own(&mut self, (system, slug): Entitled, owner: Who) {
        let owner = self.hr.email(owner);
        let said = format!("[[entitlement]]\nsystem = '{system}'\nslug = '{slug}'\nowner = '{owner}'\n");
        let said = toml::from_str::<entitlements::File>(&said).unwrap().entitlement;
        let declare = async |company: &Company| drop(entitlements::declare(&company.ctx, &said, None).await.unwrap());
        self.process.surely(declare).await;
    }

    /// Roles as the model has them; what follows is drawn at once.
    pub(crate) async fn declare(&mut self, names: &[&'static str]) {
        let file: String = names.iter().map(|name| told(name, &self.model.roles[name])).collect();
        let declared = toml::from_str::<roles::File>(&file).unwrap().role;
        let declare = async |company: &Company| drop(roles::declare(&company.ctx, &declared).await.unwrap());
        self.process.surely(declare).await;
        self.process.jobs().await;
        let now = self.now();
        (0..PEOPLE).for_each(|who| self.model.follow(who, Follows::Role, now));
    }

    /// Time passes; whatever changes by itself meanwhile is seen when it does.
    pub(crate) async fn pass(&mut self, span: Duration) {
        let until = self.now().plus(span);
        while let Some(at) = self.model.next_moment(self.now()).filter(|at| *at <= until) {
            self.process.pass(at.since(self.now()));
            self.model.settle(at);
            self.process.duties().await;
        }
        self.process.pass(until.since(self.now()));
    }

    pub(crate) fn acting(&self, who: Who) -> Ctx {
        self.process.company.ctx.acting_as(Actor::Identity(self.id(who).clone()))
    }
}

/// A refusal because it was done before the crash is none.
pub(crate) fn settled<T, E: Failure>(result: Result<T, E>, done: &str) {
    if let Err(error) = result {
        assert_eq!(error.code(), done, "{error}");
    }
}

fn told(name: &str, role: &Role) -> String {
    let one_of = |departments: &[&str]| {
        let all: Vec<String> = departments.iter().map(|one| format!("principal.department == \"{one}\"")).collect();
        format!("({})", all.join(" || "))
    };
    let mut conditions = Vec::new();
    if !role.departments.is_empty() {
        conditions.push(one_of(&role.departments));
    }
    conditions.extend(role.title.map(|title| format!("principal.job_title == \"{title}\"")));
    let given = match (role.is_given, conditions.is_empty()) {
        (true, _) => "given = true".to_owned(),
        (false, true) => "condition = 'principal.department != \"\"'".to_owned(),
        (false, false) => format!("condition = '{}'", conditions.join(" && ")),
    };
    let grants = role.grants.iter().map(|(system, name)| format!("{{ system = '{system}', entitlement = '{name}' }}"));
    let eligible = match name {
        "platform" => "makes_eligible = [{ system = 'corp', login = 'root', max_minutes = 60 }]\n",
        _ => "",
    };
    let conflicts = role.conflicts_with.map_or(String::new(), |other| format!("conflicts_with = ['{other}']\n"));
    format!(
        "[[role]]\nname = '{name}'\n{given}\ngrants = [{}]\n{conflicts}{eligible}",
        grants.collect::<Vec<_>>().join(", ")
    )
}

fn declared_roles() -> BTreeMap<&'static str, Role> {
    let role = |departments: &[&'static str], grants: &[Entitled]| Role {
        departments: departments.to_vec(),
        title: None,
        grants: grants.to_vec(),
        conflicts_with: None,
        is_given: false,
    };
    let given = |grants: &[Entitled]| Role { is_given: true, ..role(&[], grants) };
    let beside = |other: &'static str, role: Role| Role { conflicts_with: Some(other), ..role };
    [
        ("employee", role(&[], &[("corp", "staff")])),
        ("platform", role(&["Platform"], &[("corp", "operators"), ("corp", POWER), ("branch", "tools")])),
        ("payer", beside("buyer", role(&["Finance"], &[("corp", "payments"), ("branch", "books")]))),
        ("buyer", beside("payer", role(&["Purchasing"], &[("corp", "orders")]))),
        ("agent", role(&["Support", "Sales"], &[("corp", "tickets"), ("branch", "desk")])),
        ("lead", Role { title: Some("Lead"), ..role(&[], &[("corp", "tickets"), ("branch", POWER)]) }),
        ("auditor", given(&[("branch", "books"), ("corp", "tickets")])),
        ("stand-in", given(&[("corp", "operators"), ("branch", POWER)])),
    ]
    .into()
}
