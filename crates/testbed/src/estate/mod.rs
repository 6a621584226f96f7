//! A company on seven real systems at once: OpenLDAP, Active Directory, PostgreSQL, MariaDB, two hosts and a SCIM service,
//! governed by one Tenure whose clock only the story moves. What ought to be there is said by `years::oracle`; what the
//! product should make of it is not known here.

mod acts;
mod compare;
mod configuration;
mod days;
mod ldif;
mod settle;
mod systems;

pub use days::{Term, Total, carry_through};
pub use systems::{SYSTEMS, Seen};

use crate::years::oracle::Policy;
use crate::years::{Company, Human};
use crate::{blocking, config};
use connectors::hr_csv;
use db::jobs::Worker;
use governance::configuration::{self as declared, File, Terms};
use governance::imports::{self, Mode};
use governance::{identities, sources};
use ledger::Ctx;
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::sessions::Node;
use privilege::{inventory, services, targets};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use systems::Systems;
use types::{Actor, Chance, Clock, IdentityId, ManagedAccountId, Role, Secret, Timestamp};

/// Jobs that run at once, as on a server of a few systems.
const AT_ONCE: usize = 16;

/// A Tenure in this process that does nothing by itself: its duties and jobs are done when the story wants it.
pub(crate) struct Estate {
    pub(crate) ctx: Ctx,
    clock: Clock,
    node: Node,
    worker: Worker,
    systems: Arc<Systems>,
    /// The head of the company, who administers Tenure, and owns whatever nobody else does.
    head: IdentityId,
    known: BTreeMap<Human, IdentityId>,
    /// Accounts of each system that nobody of the company has.
    strangers: BTreeMap<&'static str, BTreeSet<String>>,
    shared: Vec<ManagedAccountId>,
    away: BTreeSet<&'static str>,
    folder: tempfile::TempDir,
}

/// Where something was not as it should be, what Tenure knew then is needed to understand it.
impl Drop for Estate {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.folder.disable_cleanup(true);
            println!("what Tenure knew is kept in {}", self.folder.path().display());
        }
    }
}

impl Estate {
    /// Everything declared and read, and of the company nobody known but its head.
    pub(crate) async fn start(company: &Company, at: Timestamp, policy: Policy) -> Self {
        let folder = folder();
        let (clock, chance) = (Clock::still(at), Chance::system());
        let location = db::Location::Sqlite(folder.path().join("tenure.db"));
        let config = config(folder.path(), location, folder.path().join("recordings"));
        let ctx = tenure::init::create(&config, clock.clone(), chance).await.expect("a new Tenure");
        let key = PrivateKey::from(Ed25519Keypair::from_seed(&ctx.chance().bytes()));
        let line = key.public_key().to_openssh().expect("a public key");
        let systems = blocking(move || Systems::start(&configuration::held(), &line)).await;
        let node = Node::new("node-1", folder.path().join("recordings"));
        let worker = Worker::new(ctx.db().clone(), clock.clone(), ctx.chance(), |job| async move {
            panic!("a job died: {job:?}");
        });
        let worker = privilege::duties::handlers(governance::duties::handlers(worker, &ctx), &ctx, &node);
        let head = head(&ctx, company).await;
        let mut estate = Self {
            clock,
            node,
            worker: worker.at_once(AT_ONCE),
            systems: Arc::new(systems),
            head,
            known: BTreeMap::new(),
            strangers: BTreeMap::new(),
            shared: Vec::new(),
            away: BTreeSet::new(),
            folder,
            ctx,
        };
        estate.connect(&key).await;
        let owner = &company.employments.values().find(|one| one.human == 0).expect("a head").written.email;
        estate.declare(&configuration::files(owner, policy)).await;
        for system in SYSTEMS {
            inventory::read(&estate.ctx, system).await.expect("it is asked for");
            estate.strangers.insert(system, estate.seen(system).await.into_keys().collect());
        }
        estate
    }

    /// Declares what the files say, as somebody who keeps the configuration does.
    pub(crate) async fn declare(&self, files: &[File]) {
        let terms = Terms { reason: Some("as the company wants it".to_owned()), ..Terms::default() };
        let plan = declared::plan(&self.ctx, files, &terms).await.expect("a plan");
        assert!(plan.faults.is_empty(), "{:#?}", plan.faults);
        declared::apply(&self.ctx, files, &terms, &plan.state.expect("a state")).await.expect("it is applied");
    }

    /// What a system says of itself.
    pub(crate) async fn seen(&self, system: &'static str) -> BTreeMap<String, Seen> {
        let systems = self.systems.clone();
        blocking(move || systems.accounts(system)).await
    }

    /// What every system that is there says of itself, asked at the same time.
    pub(crate) async fn all_seen(&self) -> Vec<(&'static str, BTreeMap<String, Seen>)> {
        let there = SYSTEMS.into_iter().filter(|system| !self.away.contains(system));
        let asked: Vec<_> = there
            .map(|system| {
                let systems = self.systems.clone();
                (system, tokio::task::spawn_blocking(move || systems.accounts(system)))
            })
            .collect();
        let mut seen = Vec::with_capacity(asked.len());
        for (system, asked) in asked {
            seen.push((system, asked.await.expect("its own client answers")));
        }
        seen
    }

    /// The head of the company at work.
    pub(crate) fn as_head(&self) -> Ctx {
        self.acting(&self.head)
    }

    fn acting(&self, who: &IdentityId) -> Ctx {
        self.ctx.acting_as(Actor::Identity(who.clone()))
    }

    async fn connect(&self, root_key: &PrivateKey) {
        let key = root_key.to_openssh(LineEnding::LF).expect("a private key").to_string();
        let mut credentials = Vec::new();
        for (service, secret) in self.systems.services() {
            let login = service["admin_login"].as_str().expect("a login").to_owned();
            let kind = if service["kind"] == "scim" { CredentialKind::ApiKey } else { CredentialKind::Password };
            let declaration: services::Declaration = serde_json::from_value(service).expect("a declaration");
            credentials.push((declaration.name.clone(), login, kind, secret));
            services::declare(&self.ctx, &[declaration]).await.expect("a service");
        }
        for target in self.systems.targets() {
            let declaration: targets::Declaration = serde_json::from_value(target).expect("a declaration");
            credentials.push((declaration.name.clone(), "root".to_owned(), CredentialKind::SshKey, key.clone()));
            targets::declare(&self.ctx, &[declaration]).await.expect("a host");
        }
        let import = |(target, login, credential, secret): (String, String, CredentialKind, String)| Import {
            target,
            login,
            kind: AccountKind::Service,
            credential,
            owner: self.head.clone(),
            purpose: "by which Tenure administers it".to_owned(),
            given: Given::Value(Secret::new(secret)),
            change: Change::default(),
        };
        accounts::import(&self.ctx, credentials.into_iter().map(import).collect()).await.expect("credentials");
    }

    /// A feed as a source sends it: taken, held for the head of the company, or refused; says which.
    pub(crate) async fn send(&self, source: &str, text: &str) -> Taken {
        let declared = sources::csv(&self.ctx, source).await.expect("a source");
        let feed = match connectors::sources::csv::read(text.as_bytes(), &declared.own_attributes()) {
            Ok(feed) => feed,
            Err(fault) => {
                let fault = imports::unreadable(&self.ctx, &declared, fault, &Mode::Apply).await.expect("it is told");
                return Taken::Refused(fault.to_string());
            }
        };
        match imports::take(&self.ctx, source, &feed, Mode::Apply).await {
            Ok(run) => match run.outcome {
                imports::Outcome::Held(id, _) => Taken::Held(id),
                _ => Taken::Applied,
            },
            Err(refused @ imports::ImportError::Refused(_)) => Taken::Refused(refused.to_string()),
            Err(error) => panic!("{source}: {error}"),
        }
    }

    /// Who somebody is whom the product was told of.
    async fn whoever_has(&self, email: &str) -> Option<IdentityId> {
        let filter = identities::Filter { query: Some(email.to_owned()), limit: 100, ..Default::default() };
        let found = identities::list(&self.ctx, &filter).await.expect("people");
        found.into_iter().find(|one| one.email == email).map(|one| one.id)
    }
}

/// In memory where there is such a place: what survives a crash is not asked here, and a term has a hundred thousand commits.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}

/// What became of a feed.
#[derive(Debug)]
pub(crate) enum Taken {
    Applied,
    Held(types::ImportId),
    Refused(String),
}

/// The first person, of a feed of one, who administers.
async fn head(ctx: &Ctx, company: &Company) -> IdentityId {
    let story = crate::years::Story { company: company.clone(), days: Vec::new() };
    let feeds = crate::years::feed::Feeds::new(&story, crate::years::feed::Columns::Ten);
    let first = feeds.first(crate::years::Source::Hr);
    let head = company.employments.values().find(|one| one.human == 0).expect("a head");
    let (header, rest) = first.split_once('\n').expect("a header");
    let line = rest.lines().find(|line| line.starts_with(&format!("{},", head.key))).expect("their line");
    let alone = hr_csv::read(format!("{header}\n{line}\n#end,1\n").as_bytes()).expect("a feed");
    imports::apply(ctx, &alone, Mode::Apply).await.expect("an import");
    let head = identities::by_email(ctx, &head.written.email).await.expect("the head").id;
    authn::accounts::set_roles(ctx, &head, &BTreeSet::from([Role::Member, Role::Administrator])).await.expect("roles");
    head
}

#[cfg(test)]
mod tests;
