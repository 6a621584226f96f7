//! What no feed tells, done as people do it: by the use cases of the product, or by hand on a system.

use super::{Estate, configuration};
use crate::blocking;
use crate::years::Human;
use crate::years::events::{Act, Owned};
use governance::account_links::{self, Said};
use governance::assignments::{self, What};
use governance::requests::{self, Decision};
use governance::roles::Entitled;
use governance::states::{self, OrderKind};
use governance::{identities, systems};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use std::time::Duration;
use types::{Failure, IdentityId, Secret};

const REASON: &str = "as the company wants it";
/// How long a system that was away may have to wait until it is tried again.
const LONGEST_DELAY: Duration = Duration::from_secs(300);

impl Estate {
    fn who(&self, human: Human) -> &IdentityId {
        self.known.get(&human).unwrap_or_else(|| panic!("human {human} was never told of"))
    }

    pub(super) async fn act(&mut self, act: &Act) {
        match act {
            Act::TerminatedForCause { human } => self.order(*human, OrderKind::TerminatedForCause).await,
            Act::Suspended { human } => self.order(*human, OrderKind::Suspended).await,
            Act::Resumed { human } => {
                states::resume(&self.as_head(), self.who(*human), REASON).await.expect("they are back");
            }
            Act::GivenByHand { human, grant } => {
                let what = Entitled { system: grant.system.to_owned(), entitlement: grant.entitlement.to_owned() };
                let (identity, what) = (self.who(*human).clone(), What::Entitlement(what));
                let new = assignments::New { identity, what, from: None, until: None, reason: REASON.to_owned() };
                assignments::give(&self.as_head(), new).await.expect("it is given");
            }
            Act::Owns { human, what: Owned::System(system) } => self.owns(*human, system).await,
            Act::Owns { human, what: Owned::SharedAccount { login, .. } } => self.shares(*human, login).await,
            Act::Requested { by, beneficiary, system } => self.request(*by, *beneficiary, system).await,
            Act::PolicyEdited { .. } => self.declare(&[configuration::roles(configuration::MINUTES / 2)]).await,
            Act::OrphanMade { system, login } => {
                self.by_hand(format!("create role {login} login")).await;
                self.strangers.entry(system).or_default().insert(login.clone());
            }
            Act::OrphanClaimed { system, login, by } => self.claim(system, login, *by).await,
            Act::SystemAway { system } => {
                let systems = self.systems.clone();
                blocking(move || systems.samba.stop().expect("it stops")).await;
                self.away.insert(system);
            }
            Act::SystemBack { system } => {
                let systems = self.systems.clone();
                blocking(move || systems.samba.start().expect("it starts")).await;
                self.away.remove(system);
                self.clock.advance(LONGEST_DELAY);
            }
        }
    }

    async fn by_hand(&self, statement: String) {
        let systems = self.systems.clone();
        blocking(move || systems.postgres.sql(&statement).expect("a statement")).await;
    }

    async fn order(&self, human: Human, kind: OrderKind) {
        let new = states::New { reason: REASON.to_owned(), ..states::New::default() };
        states::order(&self.as_head(), self.who(human), kind, new).await.expect("an order");
    }

    async fn owns(&self, human: Human, system: &str) {
        let owner = identities::get(&self.ctx, self.who(human)).await.expect("a person").email;
        let before = systems::get(&self.ctx, system).await.expect("a system");
        let declaration = systems::Declaration {
            name: before.name,
            description: before.description,
            owner,
            logins: before.logins,
            environment: before.environment,
            machine_logins: before.machine_logins,
        };
        systems::declare(&self.ctx, &[declaration]).await.expect("another owner");
    }

    /// An account of a database that several people use, under management and answered for by one of them.
    async fn shares(&mut self, human: Human, login: &str) {
        const PASSWORD: &str = "Correct-horse-1";
        self.by_hand(format!("create role {login} login password '{PASSWORD}'")).await;
        self.strangers.entry("postgres").or_default().insert(login.to_owned());
        let import = Import {
            target: "postgres".to_owned(),
            login: login.to_owned(),
            kind: AccountKind::Shared,
            credential: CredentialKind::Password,
            owner: self.who(human).clone(),
            purpose: "what several people use".to_owned(),
            given: Given::Value(Secret::new(PASSWORD.to_owned())),
            change: Change::default(),
        };
        let shared = accounts::import(&self.ctx, vec![import]).await.expect("an account under management");
        self.shared.extend(shared.into_iter().map(|account| account.id));
    }

    /// Whoever asks, and whoever would get it, does not decide, so it stays open. Who is not the manager of the other asks for
    /// themselves, if the system is theirs; else the other does.
    async fn request(&self, by: Human, beneficiary: Human, system: &str) {
        let (by, beneficiary) = (self.who(by), self.who(beneficiary));
        let new = |beneficiary: Option<&IdentityId>| requests::New {
            system: system.to_owned(),
            login: "deploy".to_owned(),
            minutes: 20,
            channels: None,
            reason: "the disk is full".to_owned(),
            beneficiary: beneficiary.cloned(),
        };
        let asked = match requests::submit(&self.acting(by), new(Some(beneficiary))).await {
            Err(refused) if refused.code() == "not_your_person" => {
                let is_owner = systems::owns(&self.ctx, by, system).await.expect("a system");
                let who = if is_owner { by } else { beneficiary };
                requests::submit(&self.acting(who), new(None)).await
            }
            asked => asked,
        };
        let asked = asked.unwrap_or_else(|refused| panic!("{by} for {beneficiary} on {system}: {refused}"));
        for who in [&asked.requester, &asked.beneficiary] {
            let decided = requests::decide(&self.acting(who), &asked.id, Decision::Approve, REASON).await;
            assert!(decided.is_err(), "{who} decided on what they asked for, or would get");
        }
    }

    async fn claim(&mut self, system: &'static str, login: &str, by: Human) {
        let filter = account_links::Filter {
            system: Some(system.to_owned()),
            query: Some(login.to_owned()),
            limit: 10,
            ..account_links::Filter::default()
        };
        let found = account_links::list(&self.ctx, &filter).await.expect("accounts").accounts;
        let orphan = found.into_iter().find(|one| one.observed.login == login).expect("it was read");
        let said = Said::Person(self.who(by).clone());
        account_links::say(&self.as_head(), &orphan.observed.id, said, REASON).await.expect("an answer");
        self.strangers.entry(system).or_default().remove(login);
    }
}
