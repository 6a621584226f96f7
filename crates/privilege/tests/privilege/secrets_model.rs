//! Random steps on secrets, judged by a naive model of maps and lists, while grants come and go and time passes. In the
//! end the ledger has one entry for each act that the model allowed, and none more. `TENURE_MODEL_SEED` repeats a run.

use crate::house::{House, on_both_engines};
use crate::secrets::{acting, data, name};
use grants::EndCause;
use ledger::timeline;
use privilege::secrets::{self, Change, Describe, NewVersion, SecretError, Sees, State, Which};
use std::collections::BTreeMap;
use std::time::Duration;
use types::{Chance, Channel, Failure, GrantId, IdentityId, Timestamp};

/// Then on, until every kind of act was met.
const STEPS: u32 = 400;
const MUST_MEET: [&str; 6] =
    ["secret.written", "secret.read", "secret.deleted", "secret.undeleted", "secret.destroyed", "permit.refused"];
const FOLDERS: [&str; 2] = ["billing", "mail"];
const NAMES: [&str; 4] = ["prod/billing/db", "prod/billing/db/replica", "prod/mail/smtp", "prod/mail/imap"];
const MINUTES: Duration = Duration::from_secs(600);

#[derive(Debug, Clone)]
struct Kept {
    json: String,
    deleted_at: Option<Timestamp>,
    destroyed: bool,
}

#[derive(Debug, Default)]
struct Model {
    secrets: BTreeMap<&'static str, Secret>,
    grants: Vec<Held>,
    acts: BTreeMap<&'static str, usize>,
}

#[derive(Debug)]
struct Secret {
    versions: Vec<Kept>,
    max: usize,
    delete_after: Option<Duration>,
    cas_required: bool,
}

#[derive(Debug)]
struct Held {
    id: GrantId,
    who: usize,
    folder: &'static str,
    channels: Vec<Channel>,
    until: Timestamp,
    ended: bool,
}

type Outcome = Result<String, &'static str>;

impl Model {
    fn count(&mut self, kind: &'static str) {
        *self.acts.entry(kind).or_default() += 1;
    }

    fn met_all(&self) -> bool {
        MUST_MEET.iter().all(|kind| self.acts.contains_key(kind))
    }

    fn permit(&mut self, who: usize, of: &str, channel: Channel, now: Timestamp) -> Result<(), &'static str> {
        let folder = of.split('/').nth(1).unwrap();
        let held: Vec<&Held> = self.grants.iter().filter(|g| g.who == who && g.folder == folder).collect();
        let standing: Vec<&&Held> = held.iter().filter(|g| !g.ended && now < g.until).collect();
        let code = match (held.is_empty(), standing.is_empty()) {
            (true, _) => "no_grant",
            (false, true) => "grant_over",
            _ if standing.iter().any(|g| g.channels.contains(&channel)) => return Ok(()),
            _ => "channel_not_granted",
        };
        self.count("permit.refused");
        Err(code)
    }

    fn live(&self, of: &str, version: Option<u32>, now: Timestamp) -> Outcome {
        let secret = self.secrets.get(of).ok_or("no_such_secret")?;
        let at = version.map_or(secret.versions.len(), |n| n as usize);
        let kept = at.checked_sub(1).and_then(|at| secret.versions.get(at)).ok_or("no_such_version")?;
        match kept {
            Kept { destroyed: true, .. } => Err("version_destroyed"),
            Kept { deleted_at: Some(at), .. } if *at <= now => Err("version_deleted"),
            Kept { json, .. } => Ok(json.clone()),
        }
    }

    fn read(&mut self, who: usize, of: &str, version: Option<u32>, now: Timestamp) -> Outcome {
        self.permit(who, of, Channel::SecretRead, now)?;
        let json = self.live(of, version, now)?;
        self.count("secret.read");
        Ok(json)
    }

    fn write(
        &mut self,
        who: usize,
        of: &'static str,
        n: u32,
        cas: Option<u32>,
        merge: bool,
        now: Timestamp,
    ) -> Outcome {
        self.permit(who, of, Channel::SecretWrite, now)?;
        let (current, cas_required) = self.secrets.get(of).map_or((0, false), |s| (s.versions.len(), s.cas_required));
        match cas {
            Some(cas) if cas as usize != current => return Err("cas_mismatch"),
            None if cas_required => return Err("cas_required"),
            _ => {}
        }
        let json = match merge {
            false => format!("{{\"n\":{n}}}"),
            true => {
                let before = self.live(of, None, now)?;
                format!("{{\"m\":{n},\"n\"{}", before.split("\"n\"").nth(1).unwrap())
            }
        };
        let fresh = || Secret { versions: vec![], max: 10, delete_after: None, cas_required: false };
        let secret = self.secrets.entry(of).or_insert_with(fresh);
        let deleted_at = secret.delete_after.map(|span| now.plus(span));
        secret.versions.push(Kept { json, deleted_at, destroyed: false });
        let too_old = secret.versions.len().saturating_sub(secret.max);
        secret.versions[..too_old].iter_mut().for_each(|kept| kept.destroyed = true);
        let version = secret.versions.len();
        self.count("secret.written");
        Ok(version.to_string())
    }

    fn change(&mut self, who: usize, of: &str, act: &str, versions: &[u32], now: Timestamp) -> Outcome {
        self.permit(who, of, Channel::SecretWrite, now)?;
        let secret = self.secrets.get_mut(of).ok_or("no_such_secret")?;
        let mut sorted = versions.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let (mut after, mut changed) = (secret.versions.clone(), Vec::new());
        for version in sorted {
            let kept = (version as usize).checked_sub(1).and_then(|at| after.get_mut(at)).ok_or("no_such_version")?;
            let deleted = kept.deleted_at.is_some_and(|at| at <= now);
            match act {
                "destroyed" if kept.destroyed => continue,
                _ if kept.destroyed => return Err("version_destroyed"),
                "destroyed" => kept.destroyed = true,
                "deleted" if deleted => continue,
                "deleted" => kept.deleted_at = Some(now),
                _ if kept.deleted_at.is_none() => continue,
                _ => kept.deleted_at = None,
            }
            changed.push(version);
        }
        secret.versions = after;
        if !changed.is_empty() {
            self.count(match act {
                "destroyed" => "secret.destroyed",
                "deleted" => "secret.deleted",
                _ => "secret.undeleted",
            });
        }
        Ok(format!("{changed:?}"))
    }
}

struct Run<'a> {
    house: &'a House,
    people: [IdentityId; 2],
    chance: Chance,
    model: Model,
}

impl Run<'_> {
    fn pick<'t, T>(&self, of: &'t [T]) -> &'t T {
        &of[self.chance.below(of.len() as u32) as usize]
    }

    fn version(&self) -> u32 {
        1 + self.chance.below(6)
    }

    async fn step(&mut self) -> String {
        let (who, of, now) = (self.chance.below(2) as usize, *self.pick(&NAMES), self.house.ctx.now());
        let (ctx, person, named) = (acting(self.house, &self.people[who]), self.people[who].clone(), name(of));
        let kind = self.chance.below(24);
        let (what, told, expected): (_, Outcome, Outcome) = match kind {
            0..=3 => return self.grant(who).await,
            4 => return self.withdraw().await,
            5 => {
                self.house.clock.advance(Duration::from_secs(u64::from(self.chance.below(200))));
                return "time passes".into();
            }
            6..=11 => {
                let (n, merge) = (self.chance.below(1000), self.chance.below(4) == 0);
                let cas = *self.pick(&[None, None, Some(0), Some(1), Some(2), Some(3)]);
                let value = if merge { format!("{{\"m\":{n}}}") } else { format!("{{\"n\":{n}}}") };
                let change = if merge { Change::Merge(data(&value)) } else { Change::Replace(data(&value)) };
                let new = NewVersion { name: named, change, cas, owner: None, purpose: Some("a model".into()) };
                let told = secrets::write(&ctx, &person, new).await.map(|written| written.version.to_string());
                ("writes", outcome(told), self.model.write(who, of, n, cas, merge, now))
            }
            12..=17 => {
                let version = *self.pick(&[None, None, Some(self.version())]);
                let told = secrets::read(&ctx, &person, &named, version).await;
                let told = told.map(|read| String::from_utf8(read.json.expose().clone()).unwrap());
                ("reads", outcome(told), self.model.read(who, of, version, now))
            }
            18..=20 => {
                let versions: Vec<u32> = (0..=self.chance.below(2)).map(|_| self.version()).collect();
                let which = Which::These(versions.clone());
                let (act, told) = match kind {
                    18 => ("deleted", secrets::delete(&ctx, &person, &named, which).await),
                    19 => ("undeleted", secrets::undelete(&ctx, &person, &named, which).await),
                    _ => ("destroyed", secrets::destroy(&ctx, &person, &named, which).await),
                };
                let told = outcome(told.map(|changed| format!("{changed:?}")));
                (act, told, self.model.change(who, of, act, &versions, now))
            }
            21 if self.chance.below(3) == 0 => {
                let told = outcome(secrets::remove(&ctx, &person, &named, of).await.map(|()| String::new()));
                ("removes", told, self.removed(who, of, now))
            }
            _ => {
                let change = Describe {
                    max_versions: *self.pick(&[None, Some(2), Some(4), Some(10)]),
                    delete_after: *self.pick(&[None, Some(Duration::ZERO), Some(Duration::from_secs(90))]),
                    cas_required: *self.pick(&[None, Some(true), Some(false), Some(false)]),
                    ..Describe::default()
                };
                let told = secrets::describe(&ctx, &person, &named, change.clone()).await;
                ("describes", outcome(told.map(|_| String::new())), self.described(who, of, change, now))
            }
        };
        assert_eq!(told, expected, "{who} {what} {of}");
        format!("{who} {what} {of}: {told:?}")
    }

    fn removed(&mut self, who: usize, of: &str, now: Timestamp) -> Outcome {
        self.model.permit(who, of, Channel::SecretWrite, now)?;
        self.model.secrets.remove(of).ok_or("no_such_secret")?;
        self.model.count("secret.removed");
        Ok(String::new())
    }

    fn described(&mut self, who: usize, of: &str, change: Describe, now: Timestamp) -> Outcome {
        self.model.permit(who, of, Channel::SecretWrite, now)?;
        let secret = self.model.secrets.get_mut(of).ok_or("no_such_secret")?;
        secret.max = change.max_versions.map_or(secret.max, |max| max as usize);
        secret.cas_required = change.cas_required.unwrap_or(secret.cas_required);
        if let Some(span) = change.delete_after {
            secret.delete_after = Some(span).filter(|span| !span.is_zero());
        }
        self.model.count("secret.described");
        Ok(String::new())
    }

    async fn grant(&mut self, who: usize) -> String {
        let folder = *self.pick(&FOLDERS);
        let sets =
            [vec![Channel::SecretRead], vec![Channel::SecretWrite], vec![Channel::SecretRead, Channel::SecretWrite]];
        let channels = self.pick(&sets).clone();
        let until = self.house.ctx.now().plus(MINUTES);
        let id = self.house.folder(&self.people[who], folder, &channels, MINUTES).await.id;
        self.model.grants.push(Held { id, who, folder, channels, until, ended: false });
        "a grant is issued".into()
    }

    async fn withdraw(&mut self) -> String {
        let now = self.house.ctx.now();
        let standing = self.model.grants.iter_mut().find(|grant| !grant.ended && now < grant.until);
        let Some(held) = standing else { return "nothing to withdraw".into() };
        held.ended = true;
        let grant = grants::get(&self.house.ctx, &held.id).await.unwrap();
        self.house.withdraw(&grant, EndCause::Withdrawn).await;
        "a grant is withdrawn".into()
    }

    /// Every secret has the versions that the model has, in their states.
    async fn agrees(&self) {
        for of in NAMES {
            let told = secrets::metadata(&self.house.ctx, &self.people[0], Sees::Everything, &name(of)).await;
            let Some(secret) = self.model.secrets.get(of) else {
                assert_eq!(told.unwrap_err().code(), "no_such_secret");
                continue;
            };
            let (metadata, versions) = told.unwrap();
            assert_eq!(metadata.current as usize, secret.versions.len());
            let now = self.house.ctx.now();
            for (kept, version) in secret.versions.iter().rev().zip(versions) {
                match version.state {
                    State::Destroyed { .. } => assert!(kept.destroyed, "{of} {version:?}"),
                    State::Deleted { at } => assert!(!kept.destroyed && kept.deleted_at == Some(at) && at <= now),
                    State::Live { until } => assert!(!kept.destroyed && kept.deleted_at == until),
                }
            }
        }
    }

    /// One entry for each act, and for each version of what is still there.
    async fn ledger_agrees(&self) {
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for line in timeline::before(&self.house.ctx, None, 100_000).await.unwrap() {
            if line.kind.starts_with("secret.") || line.kind == "permit.refused" {
                *told.entry(line.kind).or_default() += 1;
            }
        }
        let expected = self.model.acts.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect();
        assert_eq!(told, expected);
        for (of, secret) in &self.model.secrets {
            let (metadata, _) =
                secrets::metadata(&self.house.ctx, &self.people[0], Sees::Everything, &name(of)).await.unwrap();
            let lines = timeline::about(&self.house.ctx, &metadata.id).await.unwrap();
            let written = lines.iter().filter(|line| line.kind == "secret.written");
            let versions: Vec<u64> = written.map(|line| line.body["version"].as_u64().unwrap()).collect();
            assert_eq!(versions, (1..=secret.versions.len() as u64).collect::<Vec<_>>(), "{of}");
        }
    }
}

fn outcome(told: Result<String, SecretError>) -> Outcome {
    told.map_err(|error| error.code())
}

on_both_engines! {
    async fn whatever_is_done_to_secrets_the_naive_model_agrees_and_so_does_the_ledger(house: House) {
        let seed = std::env::var("TENURE_MODEL_SEED").ok().map(|text| text.parse().unwrap());
        let seed = seed.unwrap_or_else(|| u64::from_be_bytes(Chance::system().bytes()));
        println!("TENURE_MODEL_SEED={seed}");
        let bob = IdentityId::new(house.ctx.clock(), house.ctx.chance());
        let people = [house.alice.clone(), bob];
        let mut run = Run { house: &house, people, chance: Chance::seeded(seed), model: Model::default() };
        for step in 0..10 * STEPS {
            if step >= STEPS && run.model.met_all() {
                break;
            }
            println!("{step}: {}", run.step().await);
            if step % 20 == 0 {
                run.agrees().await;
            }
        }
        run.agrees().await;
        run.ledger_agrees().await;
        assert!(run.model.met_all(), "the steps met too little: {:?}", run.model.acts);
    }
}
