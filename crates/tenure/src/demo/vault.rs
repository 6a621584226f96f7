//! What lies in the demo's vault: secrets, accounts under management, an issuer, machine identities. All of it is asked
//! for, approved and used as people would. A second start finds what the first one made, and renews Alice's grants.

mod issued;

use super::console;
use super::people::Person;
use crate::server::Live;
use anyhow::{Context, Result};
use authn::Caller;
use governance::machines::{self, Environment};
use governance::requests::{self, Decision};
use ledger::Ctx;
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::checkouts::{self, Asked};
use privilege::sessions::Node;
use privilege::{hygiene, secrets};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Access, Actor, Channel, Secret};

/// The secret that the demo's text reads.
pub(super) const SECRET: &str = "prod/shop/database";
pub(super) const ACCOUNT: &str = "deploy@web-1";
pub(super) const CERTIFIED: &str = "web@shop-ca";
const API_KEY: (&str, &str) = ("payments", "web-1");
const GRANT_MINUTES: u32 = 240;
const DAY: Duration = Duration::from_secs(86_400);

/// Alice, who uses the vault, and Bob, who owns what is in it.
struct Cast<'a> {
    ctx: &'a Ctx,
    alice: Caller,
    bob: Caller,
    origin: &'a str,
}

pub(super) async fn fill(live: &Live, people: &[Person], origin: &str) -> Result<()> {
    let ctx = &live.ctx;
    let cast = Cast { ctx, alice: caller(ctx, people, "alice").await?, bob: caller(ctx, people, "bob").await?, origin };
    cast.issuers().await?;
    cast.accounts().await?;
    cast.grant("prod", "shop", &[Channel::SecretRead, Channel::SecretWrite]).await?;
    cast.grant("shop-ca", "web", &[Channel::Credential]).await?;
    cast.grant(API_KEY.1, API_KEY.0, &[Channel::Checkout]).await?;
    cast.grant("web-1", "deploy", &[Channel::Checkout]).await?;
    cast.secrets().await?;
    cast.certificate().await?;
    cast.checkout().await?;
    cast.machines().await?;
    cast.scan(&caller(ctx, people, "admin").await?, &live.node).await
}

async fn caller(ctx: &Ctx, people: &[Person], name: &str) -> Result<Caller> {
    let person = people.iter().find(|person| person.name == name).with_context(|| format!("there is no {name}"))?;
    Ok(authn::tokens::authenticate(ctx, &person.token).await?)
}

impl Cast<'_> {
    fn acting(&self, who: &Caller) -> Ctx {
        self.ctx.acting_as(Actor::Identity(who.identity.clone()))
    }

    /// Alice asks and Bob approves, unless she holds it for long enough.
    async fn grant(&self, target: &str, login: &str, channels: &[Channel]) -> Result<()> {
        let soon = self.ctx.now().plus(Duration::from_secs(u64::from(GRANT_MINUTES) * 30));
        let filter = grants::Filter {
            holder: Some(self.alice.identity.clone()),
            target: Some(target.to_owned()),
            standing_at: Some(self.ctx.now()),
            after: None,
            limit: 100,
        };
        let channels: BTreeSet<Channel> = channels.iter().copied().collect();
        let fits = |grant: &grants::Grant| {
            grant.login == login && channels.is_subset(&grant.channels) && grant.window.until > soon
        };
        if grants::list(self.ctx, &filter).await?.iter().any(fits) {
            return Ok(());
        }
        let new = requests::New {
            system: target.to_owned(),
            login: login.to_owned(),
            minutes: GRANT_MINUTES,
            channels: Some(channels),
            reason: "the demo shows what the vault holds".to_owned(),
            beneficiary: None,
        };
        let request = requests::submit(&self.acting(&self.alice), new).await?;
        requests::decide(&self.acting(&self.bob), &request.id, Decision::Approve, "for the demo").await?;
        Ok(())
    }

    /// Two versions of the first secret, one of the second.
    async fn secrets(&self) -> Result<()> {
        let password = || data_encoding::BASE64URL_NOPAD.encode(&self.ctx.chance().bytes::<18>());
        let database = "the shop's connection to its database";
        let mail = "the shop sends its order mails with it";
        for (name, purpose, keys, versions) in [
            (SECRET, database, &[("host", "db-1"), ("username", "shop")][..], 2),
            ("prod/shop/mail/smtp", mail, &[("username", "orders@example.com")], 1),
        ] {
            let name: secrets::Name = name.parse()?;
            let kept = secrets::metadata(self.ctx, &self.alice.identity, secrets::Sees::Everything, &name).await;
            if kept.is_ok() {
                continue;
            }
            for version in 0..versions {
                let password = password();
                let keys = keys.iter().copied().chain([("password", password.as_str())]);
                let json = serde_json::to_vec(&keys.collect::<std::collections::BTreeMap<_, _>>())?;
                let data = secrets::Data::from_json(&json).map_err(anyhow::Error::msg)?;
                let new = secrets::NewVersion {
                    name: name.clone(),
                    change: secrets::Change::Replace(data),
                    cas: Some(version),
                    owner: None,
                    purpose: (version == 0).then(|| purpose.to_owned()),
                };
                secrets::write(&self.acting(&self.alice), &self.alice.identity, new).await?;
            }
        }
        Ok(())
    }

    /// A password that Tenure makes, sets and changes after every use, and a key that is only kept and handed out.
    async fn accounts(&self) -> Result<()> {
        let (login, target) = ACCOUNT.split_once('@').context("an account is LOGIN@TARGET")?;
        let password = Change {
            one_time: Some(true),
            rotate_every_seconds: Some(Some(30 * DAY.as_secs())),
            max_checkout_seconds: Some(Some(3600)),
            ..Change::default()
        };
        let key = Secret::new(format!("pay_demo_{}", data_encoding::HEXLOWER.encode(&self.ctx.chance().bytes::<16>())));
        let key_change = Change { exclusive: Some(false), verify_every_seconds: Some(None), ..Change::default() };
        for (login, target, credential, given, purpose, change) in [
            (login, target, CredentialKind::Password, Given::Generate, "releases by hand, when CI is down", password),
            (
                API_KEY.0,
                API_KEY.1,
                CredentialKind::ApiKey,
                Given::Value(key),
                "key of the payment provider",
                key_change,
            ),
        ] {
            let filter = accounts::Filter {
                target: Some(target.to_owned()),
                login: Some(login.to_owned()),
                ..Default::default()
            };
            if !accounts::list(self.ctx, &accounts::Filter { limit: 1, ..filter }).await?.is_empty() {
                continue;
            }
            let import = Import {
                target: target.to_owned(),
                login: login.to_owned(),
                kind: AccountKind::Service,
                credential,
                owner: self.bob.identity.clone(),
                purpose: purpose.to_owned(),
                given,
                change,
            };
            accounts::import(&console(self.ctx), vec![import]).await?;
        }
        Ok(())
    }

    /// Alice has the key in hand once.
    async fn checkout(&self) -> Result<()> {
        let filter = checkouts::Filter { holder: Some(self.alice.identity.clone()), limit: 1, ..Default::default() };
        if !checkouts::list(self.ctx, &filter).await?.is_empty() {
            return Ok(());
        }
        let asked = Asked {
            access: Access { login: API_KEY.0.to_owned(), target: API_KEY.1.to_owned() },
            credential: None,
            length: Duration::from_secs(2 * 3600),
            reason: "the provider's support asks for a test payment".to_owned(),
        };
        checkouts::check_out(&self.acting(&self.alice), &self.alice, &asked).await?;
        Ok(())
    }

    async fn machines(&self) -> Result<()> {
        let filter = machines::Filter { owner: Some(self.alice.identity.clone()), limit: 1, ..Default::default() };
        if !machines::list(self.ctx, &filter).await?.is_empty() {
            return Ok(());
        }
        for (name, purpose, environment, days) in [
            ("shop-release", "puts releases on web-1 from CI", Environment::Production, 180),
            ("price-sync", "copies prices to the staging shop every night", Environment::Staging, 20),
        ] {
            let new = machines::New {
                name: name.to_owned(),
                owner: None,
                purpose: purpose.to_owned(),
                environment,
                ends_at: self.ctx.now().plus(DAY * days),
            };
            machines::register(&self.acting(&self.alice), new, machines::Reach::Own).await?;
        }
        Ok(())
    }

    /// Looks for what the vault holds in the recordings that there are.
    async fn scan(&self, admin: &Caller, node: &Node) -> Result<()> {
        if hygiene::list(self.ctx, None, 1).await?.is_empty() {
            hygiene::scan_recordings(&self.acting(admin), node, &admin.identity).await?;
        }
        Ok(())
    }
}
