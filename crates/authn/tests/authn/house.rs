//! A Tenure with people in it, on either engine, with a clock that only the tests move.

use authn::sign_in::{SignInError, SignedIn};
use authn::{accounts, authority, setup};
use db::Migration;
use db::fixture::Fixture;
use ledger::{Ctx, Ledger, timeline};
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use russh::keys::{PrivateKey, PublicKey};
use seal::RootKey;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use totp_rs::Totp;
use types::{Actor, Chance, Clock, IdentityId, Secret, Timestamp};

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// Runs each scenario on both engines.
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($house:ident: House) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn scenario($house: House) $body

            #[tokio::test]
            async fn on_sqlite() {
                scenario(House::on_sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgresql() {
                scenario(House::on_postgresql().await).await;
            }
        }
    )+ };
}
pub(crate) use on_both_engines;

pub(crate) struct House {
    pub(crate) ctx: Ctx,
    pub(crate) clock: Clock,
    pub(crate) fixture: Fixture,
}

/// Somebody who has set up their account, with their authenticator.
pub(crate) struct Person {
    pub(crate) id: IdentityId,
    pub(crate) name: String,
    pub(crate) authenticator: Totp,
    pub(crate) signed_in: SignedIn,
}

fn migrations() -> Vec<Migration> {
    [seal::MIGRATIONS, ledger::MIGRATIONS, authn::MIGRATIONS].concat()
}

fn root() -> RootKey {
    RootKey::File(Secret::new([7; 32]))
}

impl House {
    pub(crate) async fn on_sqlite() -> Self {
        Self::build(db::fixture::sqlite(&migrations()).await).await
    }

    pub(crate) async fn on_postgresql() -> Self {
        Self::build(db::fixture::postgres(&migrations()).await).await
    }

    async fn build(fixture: Fixture) -> Self {
        let clock = Clock::still("2026-11-21T09:30:00Z".parse::<Timestamp>().unwrap());
        let chance = Chance::system();
        Ledger::initialise(&fixture.db, &root(), &clock, &chance, "test/log").await.unwrap();
        let ledger = Ledger::open(fixture.db.clone(), &root(), clock.clone(), chance).await.unwrap();
        let ctx = Ctx::new(ledger, Actor::Console);
        authority::initialise(&ctx).await.unwrap();
        Self { ctx, clock, fixture }
    }

    /// The same database after a restart.
    pub(crate) async fn restarted(&self) -> Ctx {
        let ledger =
            Ledger::open(self.fixture.db.clone(), &root(), self.clock.clone(), Chance::system()).await.unwrap();
        Ctx::new(ledger, Actor::Nobody)
    }

    pub(crate) fn nobody(&self) -> Ctx {
        self.ctx.acting_as(Actor::Nobody)
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) async fn account(&self, name: &str) -> IdentityId {
        let id = IdentityId::new(&self.clock, self.ctx.chance());
        let mut tx = self.ctx.decide().await.unwrap();
        accounts::ensure(&mut tx, &id, name).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// An account that was set up by its link, and a minute later.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let id = self.account(name).await;
        let token = setup::create(&self.ctx, &id).await.unwrap();
        let begun = setup::begin(&self.nobody(), &token).await.unwrap();
        let authenticator = Totp::from_url(begun.otpauth_uri.expose()).unwrap();
        let code = self.code(&authenticator);
        let signed_in = setup::complete(&self.nobody(), &token, &secret(PASSWORD), &code).await.unwrap();
        self.pass(60);
        Person { id, name: name.to_owned(), authenticator, signed_in }
    }

    pub(crate) async fn disable(&self, id: &IdentityId) {
        let mut tx = self.ctx.decide().await.unwrap();
        accounts::disable(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn enable(&self, id: &IdentityId) {
        let mut tx = self.ctx.decide().await.unwrap();
        accounts::enable(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What an authenticator shows now.
    pub(crate) fn code(&self, authenticator: &Totp) -> String {
        authenticator.generate(u64::try_from(self.clock.now().seconds()).unwrap()).to_string()
    }

    pub(crate) async fn sign_in(&self, person: &Person, password: &str, code: &str) -> Result<SignedIn, SignInError> {
        authn::sign_in::sign_in(&self.nobody(), &person.name, &secret(password), code, PEER).await
    }

    /// The kinds of entries about somebody, in order.
    pub(crate) async fn timeline(&self, subject: &impl ToString) -> Vec<String> {
        timeline::about(&self.ctx, subject).await.unwrap().into_iter().map(|line| line.kind).collect()
    }
}

pub(crate) fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

pub(crate) fn key(seed: u8) -> PublicKey {
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&[seed; 32]));
    PrivateKey::new(pair, "").unwrap().public_key().clone()
}

pub(crate) fn line(seed: u8) -> String {
    key(seed).to_openssh().unwrap()
}
