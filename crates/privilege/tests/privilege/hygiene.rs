//! Scans: what whoever reads learns, what the vault learns, and what a value that lies open leads to.

use crate::accounts::{FIRST, db_1, import};
use crate::house::{House, on_both_engines};
use crate::invariants::tamper;
use crate::secrets::{acting, name, version};
use privilege::accounts::{self, Change, State};
use privilege::hygiene::{self, Begun, Collector, Digest, HygieneError, Match, ScanKey, Told, Value, What};
use privilege::secrets::{self, Which};
use privilege::{duties, rotation};
use std::sync::Arc;
use std::time::Duration;
use types::{Chance, Channel, Failure, IdentityId, Kind};

const HOUR: Duration = Duration::from_secs(3600);
const KEY: &str = "prod/billing/api";
const VALUE: &str = "k9-Lp.Xq_2+vB7wZ";

/// Keeps a value for Alice, who may do so.
async fn keep(house: &House, value: &str) {
    let json = serde_json::json!({"key": value, "port": 5432, "on": true}).to_string();
    secrets::write(&acting(house, &house.alice), &house.alice, version(KEY, &json)).await.unwrap();
}

/// Reads one file and asks about what is in it.
async fn scan(house: &House, file: &str, text: &str) -> (Begun, Collector, Vec<Match>) {
    let begun = hygiene::begin(&house.ctx, &house.alice, What::Folder).await.unwrap();
    let mut collector = Collector::new(ScanKey::new(&begun.key), Arc::new(begun.filter.clone()));
    collector.read(file, text.as_bytes());
    let found = compare(house, &begun, &collector.digests()).await.unwrap();
    (begun, collector, found)
}

async fn compare(house: &House, begun: &Begun, digests: &[Digest]) -> Result<Vec<Match>, HygieneError> {
    if digests.is_empty() {
        return Ok(Vec::new());
    }
    hygiene::compare(&house.ctx, &house.alice, &begun.scan.id, digests).await
}

async fn tell(house: &House, begun: &Begun, told: &[Told]) -> Result<(), HygieneError> {
    hygiene::tell(&house.ctx, &house.alice, &begun.scan.id, told).await
}

fn told(digest: Digest, places: &[&str]) -> Told {
    Told { digest, places: places.iter().map(|place| (*place).to_owned()).collect(), more: 0 }
}

async fn findings(house: &House) -> Vec<String> {
    let open = ledger::finding::open(&house.ctx, "leaked_secret").await.unwrap();
    open.into_iter().map(|finding| finding.detail).collect()
}

fn code<T>(result: Result<T, HygieneError>) -> (Kind, &'static str) {
    let error = result.err().expect("a refusal");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    (error.kind(), error.code())
}

on_both_engines! {
    async fn a_value_that_does_not_open_stops_no_scan_and_a_person_is_told(house: House) {
        house.folder(&house.alice, "billing", &[Channel::SecretRead, Channel::SecretWrite], 9 * HOUR).await;
        keep(&house, VALUE).await;
        keep(&house, "the second one of it").await;
        let unreadable = async || ledger::finding::open(&house.ctx, "unreadable_values").await.unwrap().len();
        assert_eq!((scan(&house, "a", VALUE).await.2.len(), unreadable().await), (1, 0));
        // Whoever can write the database puts the first version into the place of the second.
        tamper(&house, "create table kept as select sealed from secret_versions where version = 2").await;
        tamper(
            &house,
            "update secret_versions set sealed = (select sealed from secret_versions where version = 1) where version = 2",
        )
        .await;
        assert_eq!((scan(&house, "a", VALUE).await.2.len(), unreadable().await), (1, 1));
        hygiene::lint(&house.ctx).await.unwrap();
        tamper(&house, "update secret_versions set sealed = (select sealed from kept) where version = 2").await;
        assert_eq!((scan(&house, "a", VALUE).await.2.len(), unreadable().await), (1, 0));
    }

    async fn a_secret_that_lies_open_is_a_finding_until_that_version_is_destroyed(house: House) {
        house.folder(&house.alice, "billing", &[Channel::SecretRead, Channel::SecretWrite], 9 * HOUR).await;
        keep(&house, VALUE).await;
        let (begun, mut collector, found) = scan(&house, "app.toml", &format!("\napi = \"{VALUE}\"\n")).await;
        let [Match { digest, value: Value::Secret { id, name: of, version, key }, rotation: None }] = &found[..] else { panic!("{found:?}") };
        assert_eq!((of.as_str(), *version, key.as_str()), (KEY, 1, "key"));
        let (places, more) = collector.places(*digest, &[*digest].into());
        assert_eq!((places.as_slice(), more), (&["app.toml:2".to_owned()][..], 0));
        tell(&house, &begun, &[told(*digest, &["app.toml:2"])]).await.unwrap();
        let line = format!("`{KEY}` (version 1) lies open in app.toml:2: change it where it is used, and destroy that version");
        assert_eq!(findings(&house).await, std::slice::from_ref(&line));

        let (again, _, found) = scan(&house, "app.toml", VALUE).await;
        tell(&house, &again, &[told(found[0].digest, &["app.toml:2"])]).await.unwrap();
        assert_eq!(findings(&house).await, [line], "the same place is no news");
        let (other, _, found) = scan(&house, "b", VALUE).await;
        tell(&house, &other, &[told(found[0].digest, &["b:1"])]).await.unwrap();
        assert!(findings(&house).await[0].contains("lies open in app.toml:2; b:1: "), "{:?}", findings(&house).await);
        let raised = house.kinds(id).await.into_iter().filter(|kind| kind == "finding.raised").count();
        assert_eq!(raised, 2);

        keep(&house, "another value of it").await;
        duties::run_once(&house.ctx).await.unwrap();
        assert_eq!(findings(&house).await.len(), 1, "the old version is still there");
        secrets::destroy(&acting(&house, &house.alice), &house.alice, &name(KEY), Which::These(vec![1])).await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        assert!(findings(&house).await.is_empty());
        assert!(scan(&house, "app.toml", VALUE).await.2.is_empty(), "it is no value of the vault any more");
        let ledger = format!("{:?}", ledger::timeline::about(&house.ctx, &begun.scan.id).await.unwrap());
        assert!(!ledger.contains(VALUE) && !ledger.contains(&digest.to_string()));
        assert_eq!(house.kinds(&begun.scan.id).await, ["scan.begun", "scan.matched", "scan.compared", "scan.ended"]);
    }

    async fn a_password_that_lies_open_is_rotated_at_once_and_the_old_one_is_refused(house: House) {
        let postgres = db_1(&house).await;
        let id = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0).id;
        house.worker().run_due().await.unwrap();
        let (begun, _, found) = scan(&house, "f", &format!("password: {FIRST}")).await;
        let rotation = found[0].rotation.clone().expect("a rotation");
        assert_eq!(rotation::get(&house.ctx, &rotation).await.unwrap().cause, rotation::Cause::Leak);
        tell(&house, &begun, &[told(found[0].digest, &["f:1"])]).await.unwrap();
        assert_eq!(findings(&house).await, ["`app@db-1` (version 1) lies open in f:1: it is being rotated"]);
        house.worker().run_due().await.unwrap();
        assert_eq!(accounts::get(&house.ctx, &id).await.unwrap().state, State::Settled { current: 2 });
        let server = connectors::Server { host: "127.0.0.1".into(), port: postgres.port(), tls: connectors::Tls::LoopbackPlain, database: None };
        let old = connectors::postgres::log_in(&server, "app", &types::Secret::new(FIRST.to_owned())).await.unwrap();
        assert_eq!(old, connectors::LogIn::Refused);
        duties::run_once(&house.ctx).await.unwrap();
        assert!(findings(&house).await.is_empty());

        let (begun, _, found) = scan(&house, "f", &format!("password: {FIRST}")).await;
        let Value::Account { state, is_live, .. } = &found[0].value else { panic!("{found:?}") };
        assert_eq!((state.as_str(), *is_live, &found[0].rotation), ("previous", false, &None));
        tell(&house, &begun, &[told(found[0].digest, &["f:1"])]).await.unwrap();
        assert!(findings(&house).await.is_empty(), "what is dead needs nobody");
    }

    async fn an_account_that_is_not_rotated_on_a_leak_is_a_finding_alone(house: House) {
        let _postgres = db_1(&house).await;
        let mut import = import(&house, "app", FIRST);
        import.change = Change { rotate_on_leak: Some(false), ..Change::default() };
        accounts::import(&house.ctx, vec![import]).await.unwrap();
        let (begun, _, found) = scan(&house, "f", FIRST).await;
        assert_eq!((found.len(), &found[0].rotation), (1, &None));
        tell(&house, &begun, &[told(found[0].digest, &["f:1"])]).await.unwrap();
        assert_eq!(findings(&house).await, ["`app@db-1` (version 1) lies open in f:1: rotate it by `tenure rotate`"]);
    }

    async fn a_scan_is_ones_own_lasts_an_hour_and_takes_so_many_digests(house: House) {
        house.folder(&house.alice, "billing", &[Channel::SecretWrite], 9 * HOUR).await;
        keep(&house, VALUE).await;
        let (begun, _, found) = scan(&house, "f", VALUE).await;
        let digest = found[0].digest;
        let mallory = IdentityId::new(&house.clock, &Chance::system());
        let id = &begun.scan.id;
        let not_found = (Kind::NotFound, "no_such_scan");
        assert_eq!(code(hygiene::compare(&house.ctx, &mallory, id, &[digest]).await), not_found);
        assert_eq!(code(hygiene::tell(&house.ctx, &mallory, id, &[]).await), not_found);
        for (digests, wrong) in [(vec![], "digest_batch"), (vec![digest; 10_001], "digest_batch")] {
            assert_eq!(code(hygiene::compare(&house.ctx, &house.alice, id, &digests).await), (Kind::Invalid, wrong));
        }
        let other = "00".repeat(16).parse().unwrap();
        assert!(compare(&house, &begun, &[other]).await.unwrap().is_empty());
        let long = "x".repeat(501);
        let many: Vec<&str> = vec!["f"; 21];
        for (bad, wrong) in [
            (told(other, &["f:1"]), "not_matched"),
            (told(digest, &[]), "scan_places"),
            (told(digest, &[""]), "scan_places"),
            (told(digest, &["a\nb"]), "scan_places"),
            (told(digest, &[&long]), "scan_places"),
            (told(digest, &many), "scan_places"),
        ] {
            assert_eq!(code(tell(&house, &begun, &[bad]).await), (Kind::Invalid, wrong));
        }
        assert_eq!(findings(&house).await, [""; 0]);
        house.clock.advance(HOUR);
        assert_eq!(code(compare(&house, &begun, &[digest]).await), (Kind::Conflict, "scan_over"));
        assert_eq!(code(tell(&house, &begun, &[]).await), (Kind::Conflict, "scan_over"));
        duties::run_once(&house.ctx).await.unwrap();
        assert!(findings(&house).await[0].contains("lies open in a place that the scan did not tell"), "{:?}", findings(&house).await);
        assert_eq!(house.kinds(id).await.last().unwrap(), "scan.ended");
        let listed = hygiene::list(&house.ctx, None, 9).await.unwrap();
        assert_eq!((listed.len(), listed[0].matched, listed[0].ended_at), (1, 1, Some(house.ctx.now())));
        assert!(listed[0].digests >= 2, "{listed:?}");
    }

    async fn a_key_is_kept_sealed_while_the_scan_lasts_and_then_forgotten(house: House) {
        let before = house.rekey().await;
        let (begun, ..) = scan(&house, "f", "nothing").await;
        assert_eq!(house.rekey().await, before + 1);
        assert!(compare(&house, &begun, &["00".repeat(16).parse().unwrap()]).await.unwrap().is_empty());
        tell(&house, &begun, &[]).await.unwrap();
        assert_eq!(house.rekey().await, before);
        assert_eq!(code(tell(&house, &begun, &[]).await), (Kind::Conflict, "scan_over"));
    }

    async fn lint_names_what_to_improve_and_never_a_value(house: House) {
        assert_eq!(hygiene::lint(&house.ctx).await.unwrap(), []);
        let _postgres = db_1(&house).await;
        house.folder(&house.alice, "billing", &[Channel::SecretWrite], 9 * HOUR).await;
        keep(&house, FIRST).await;
        accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap();
        house.grant(31 * 24 * HOUR, 1).await;
        let rules = || async {
            let found = hygiene::lint(&house.ctx).await.unwrap();
            assert!(!format!("{found:?}").contains(FIRST));
            found.into_iter().map(|lint| lint.rule).collect::<Vec<_>>()
        };
        assert_eq!(rules().await, ["long_grant", "plain_service", "shared_value", "unrotated_account"]);
        house.clock.advance(91 * 24 * HOUR);
        assert_eq!(rules().await, ["plain_service", "shared_value", "unrotated_account", "unused_secret", "unverified_account"]);
    }

    async fn every_version_and_every_key_that_is_kept_is_found_and_short_ones_are_not(house: House) {
        house.folder(&house.alice, "billing", &[Channel::SecretWrite], 9 * HOUR).await;
        keep(&house, "the first one").await;
        keep(&house, "the second one").await;
        let json = serde_json::json!({"a": "short", "b": "the first one", "n": 123_456_789}).to_string();
        secrets::write(&acting(&house, &house.alice), &house.alice, version("prod/billing/other", &json)).await.unwrap();
        let (.., found) = scan(&house, "f", "the first one\nthe second one\nshort\ntrue\n'123456789'\n5432").await;
        let mut told: Vec<_> = found.iter().map(|found| match &found.value {
            Value::Secret { name, version, key, .. } => format!("{name} {version} {key}"),
            Value::Account { name, .. } => name.clone(),
        }).collect();
        told.sort();
        assert_eq!(told, [
            "prod/billing/api 1 key", "prod/billing/api 2 key", "prod/billing/other 1 b", "prod/billing/other 1 n",
        ]);
    }

    async fn a_value_that_was_shown_in_a_session_is_found_in_its_recording(house: House) {
        let _postgres = db_1(&house).await;
        accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap();
        house.grant(HOUR, 1).await;
        let opened = house.open().await.unwrap();
        let session = opened.id.clone();
        let shown = format!("$ cat .pgpass\r\ndb-1:5432:*:app:\u{1b}[31m{FIRST}\u{1b}[0m\r\n");
        opened.recorder.output(shown.into_bytes().into()).await.unwrap();
        house.close(opened, privilege::sessions::EndReason::ClientClosed).await;
        let read = hygiene::scan_recordings(&house.ctx, &house.node, &house.alice).await.unwrap();
        assert_eq!((read.recordings, read.unreadable, read.found.len()), (1, 0, 1));
        assert_eq!(read.found[0].1, [format!("{session} output:2")]);
        assert_eq!(findings(&house).await, [format!("`app@db-1` (version 1) lies open in {session} output:2: it is being rotated")]);
    }
}
