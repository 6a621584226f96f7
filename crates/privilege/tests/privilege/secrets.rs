//! Secrets: who reads and writes them, what becomes of their versions, and what is left of them on the disk.

use crate::house::{House, MINUTE, on_both_engines};
use crate::invariants::tamper;
use grants::{EndCause, State as GrantState};
use ledger::Ctx;
use privilege::duties;
use privilege::secrets::{
    self, Change, Data, Describe, Listed, Name, Named, NewVersion, SecretError, Sees, State, Which,
};
use std::time::Duration;
use types::{Actor, Channel, Failure, IdentityId, Kind};

const HOUR: Duration = Duration::from_secs(3600);
const BOTH: [Channel; 2] = [Channel::SecretRead, Channel::SecretWrite];

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub(crate) fn data(json: &str) -> Data {
    Data::from_json(json.as_bytes()).unwrap()
}

/// A version of a secret with a purpose.
pub(crate) fn version(of: &str, json: &str) -> NewVersion {
    let change = Change::Replace(data(json));
    NewVersion { name: name(of), change, cas: None, owner: None, purpose: Some("the billing database".into()) }
}

pub(crate) fn acting(house: &House, who: &IdentityId) -> Ctx {
    house.ctx.acting_as(Actor::Identity(who.clone()))
}

async fn value(house: &House, of: &str, version: Option<u32>) -> Result<String, SecretError> {
    let read = secrets::read(&acting(house, &house.alice), &house.alice, &name(of), version).await?;
    Ok(String::from_utf8(read.json.expose().clone()).unwrap())
}

async fn write(house: &House, of: &str, json: &str) -> Result<u32, SecretError> {
    let written = secrets::write(&acting(house, &house.alice), &house.alice, version(of, json)).await?;
    Ok(written.version)
}

fn code<T: std::fmt::Debug>(result: Result<T, SecretError>) -> &'static str {
    result.unwrap_err().code()
}

const DB: &str = "prod/billing/db";

on_both_engines! {
    async fn what_is_written_is_read_with_evidence_of_both(house: House) {
        let grant = house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        assert_eq!(write(&house, DB, r#"{"password":"hunter2"}"#).await.unwrap(), 1);
        assert_eq!(write(&house, DB, r#"{"password":"hunter3"}"#).await.unwrap(), 2);
        assert_eq!(value(&house, DB, None).await.unwrap(), r#"{"password":"hunter3"}"#);
        assert_eq!(value(&house, DB, Some(1)).await.unwrap(), r#"{"password":"hunter2"}"#);
        let told = house.kinds(&grant.id).await;
        assert_eq!(told, ["grant.issued", "secret.written", "secret.written", "secret.read", "secret.read"]);
        let lines = ledger::timeline::about(&house.ctx, &grant.id).await.unwrap();
        let reads: Vec<_> = lines.iter().filter(|line| line.kind == "secret.read").collect();
        assert!(reads.iter().all(|line| line.thread == grant.id.as_str() && line.body["name"] == DB));
        assert_eq!(reads.iter().map(|line| line.body["version"].as_u64().unwrap()).collect::<Vec<_>>(), [2, 1]);
        assert_ne!(reads[0].body["permit"], reads[1].body["permit"], "one permit, one act");
        assert!(lines.iter().all(|line| line.actor == house.alice.as_str() || !line.kind.starts_with("secret")));
    }

    async fn without_a_grant_every_act_is_refused_alike_whether_or_not_there_is_such_a_secret(house: House) {
        let mallory = IdentityId::new(house.ctx.clock(), house.ctx.chance());
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        house.folder(&mallory, "mail", &BOTH, HOUR).await;
        write(&house, DB, r#"{"password":"hunter2"}"#).await.unwrap();
        let ctx = &acting(&house, &mallory);
        for there in [DB, "prod/billing/nothing"] {
            let (name, which) = (&name(there), || Which::Latest);
            let mut answers = vec![
                secrets::read(ctx, &mallory, name, None).await.unwrap_err(),
                secrets::read(ctx, &mallory, name, Some(7)).await.unwrap_err(),
                secrets::write(ctx, &mallory, version(there, r#"{"a":1}"#)).await.unwrap_err(),
                secrets::delete(ctx, &mallory, name, which()).await.unwrap_err(),
                secrets::undelete(ctx, &mallory, name, which()).await.unwrap_err(),
                secrets::destroy(ctx, &mallory, name, which()).await.unwrap_err(),
                secrets::remove(ctx, &mallory, name, there).await.unwrap_err(),
                secrets::describe(ctx, &mallory, name, Describe::default()).await.unwrap_err(),
                secrets::wrap(ctx, &mallory, name, None, MINUTE, None).await.unwrap_err(),
                secrets::metadata(ctx, &mallory, Sees::OwnFolders, name).await.unwrap_err(),
            ];
            let prefix = "prod/billing".parse().unwrap();
            answers.push(secrets::list(ctx, &mallory, Sees::OwnFolders, &prefix, None, 10).await.unwrap_err());
            for refused in answers {
                assert_eq!((refused.code(), refused.kind()), ("no_grant", Kind::Forbidden));
                let told = "no grant for billing on prod: request one with `tenure request billing@prod --for 1h --reason TEXT`";
                assert_eq!(refused.to_string(), told);
            }
        }
        assert_eq!(value(&house, DB, None).await.unwrap(), r#"{"password":"hunter2"}"#);
        let kinds = house.kinds(&mallory).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "permit.refused").count(), 18, "{kinds:?}");
    }

    async fn reading_does_not_allow_writing_nor_writing_reading_and_neither_outlives_its_grant(house: House) {
        let bob = IdentityId::new(house.ctx.clock(), house.ctx.chance());
        let reading = house.folder(&house.alice, "billing", &[Channel::SecretRead], HOUR).await;
        house.folder(&bob, "billing", &[Channel::SecretWrite], HOUR).await;
        let bobs = acting(&house, &bob);
        secrets::write(&bobs, &bob, version(DB, r#"{"password":"hunter2"}"#)).await.unwrap();
        assert_eq!(code(write(&house, DB, r#"{"a":1}"#).await), "channel_not_granted");
        assert_eq!(secrets::read(&bobs, &bob, &name(DB), None).await.unwrap_err().code(), "channel_not_granted");
        assert!(value(&house, DB, None).await.is_ok());
        house.withdraw(&reading, EndCause::Withdrawn).await;
        assert_eq!(code(value(&house, DB, None).await), "grant_over");
        house.clock.advance(HOUR);
        let late = secrets::write(&bobs, &bob, version(DB, r#"{"a":1}"#)).await;
        assert_eq!(late.unwrap_err().code(), "grant_over");
    }

    async fn an_ended_grant_for_a_folder_leaves_nothing_and_is_gone_at_once(house: House) {
        let grant = house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        write(&house, DB, r#"{"a":1}"#).await.unwrap();
        house.withdraw(&grant, EndCause::Withdrawn).await;
        duties::run_once(&house.ctx).await.unwrap();
        assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, GrantState::Gone { .. }));
    }

    async fn of_twenty_that_write_over_the_same_version_at_once_exactly_one_does(house: House) {
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        for cas in [0, 1, 2] {
            let ctx = acting(&house, &house.alice);
            let attempts = (0..20).map(|n| {
                let new = NewVersion { cas: Some(cas), ..version(DB, &format!("{{\"n\":{n}}}")) };
                secrets::write(&ctx, &house.alice, new)
            });
            let outcomes = futures::future::join_all(attempts).await;
            let won: Vec<_> = outcomes.iter().enumerate().filter_map(|(n, o)| Some((n, o.as_ref().ok()?))).collect();
            let [(n, written)] = won[..] else { panic!("{} won", won.len()) };
            assert_eq!(written.version, cas + 1);
            assert_eq!(value(&house, DB, None).await.unwrap(), format!("{{\"n\":{n}}}"));
            let lost = outcomes.iter().filter_map(|o| o.as_ref().err());
            assert!(lost.clone().all(|e| e.code() == "cas_mismatch" && e.kind() == Kind::Conflict));
            assert_eq!(lost.count(), 19);
        }
        let (secret, _) = secrets::metadata(&house.ctx, &house.alice, Sees::Everything, &name(DB)).await.unwrap();
        assert_eq!(house.kinds(&secret.id).await.iter().filter(|kind| *kind == "secret.written").count(), 3);
    }

    async fn a_new_secret_has_a_purpose_and_an_owner_and_later_writes_may_not_change_them_by_the_way(house: House) {
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        let (ctx, bob) = (acting(&house, &house.alice), IdentityId::new(house.ctx.clock(), house.ctx.chance()));
        let nameless = NewVersion { purpose: None, ..version(DB, r#"{"a":1}"#) };
        assert_eq!(code(secrets::write(&ctx, &house.alice, nameless.clone()).await), "no_purpose");
        let blank = NewVersion { purpose: Some("  ".into()), ..nameless.clone() };
        assert_eq!(code(secrets::write(&ctx, &house.alice, blank).await), "secret_metadata");
        let bobs = NewVersion { owner: Some(Named::Known(bob.clone())), ..version(DB, r#"{"a":1}"#) };
        secrets::write(&ctx, &house.alice, bobs.clone()).await.unwrap();
        secrets::write(&ctx, &house.alice, nameless).await.unwrap();
        secrets::write(&ctx, &house.alice, bobs).await.unwrap();
        for other in [
            NewVersion { owner: Some(Named::Known(house.alice.clone())), ..version(DB, r#"{"a":1}"#) },
            NewVersion { purpose: Some("another".into()), ..version(DB, r#"{"a":1}"#) },
        ] {
            assert_eq!(code(secrets::write(&ctx, &house.alice, other).await), "metadata_differs");
        }
        let owner = Some(Named::Known(house.alice.clone()));
        let change = Describe { owner, cas_required: Some(true), ..Describe::default() };
        let (secret, versions) = secrets::describe(&ctx, &house.alice, &name(DB), change).await.unwrap();
        assert_eq!(versions.iter().map(|version| version.number).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!((&secret.owner, secret.current, &*secret.purpose), (&house.alice, 3, "the billing database"));
        assert_eq!(code(write(&house, DB, r#"{"a":1}"#).await), "cas_required");
        let told = NewVersion { cas: Some(3), ..version(DB, r#"{"a":1}"#) };
        assert_eq!(secrets::write(&ctx, &house.alice, told).await.unwrap().version, 4);
    }

    async fn whether_there_is_such_a_person_is_told_to_nobody_without_a_permit_and_alike_to_everybody_with_one(house: House) {
        let mallory = IdentityId::new(house.ctx.clock(), house.ctx.chance());
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        write(&house, DB, r#"{"a":1}"#).await.unwrap();
        for (who, expected) in [(&mallory, "no_grant"), (&house.alice, "nobody_named")] {
            let (ctx, unknown) = (&acting(&house, who), || Some(Named::Unknown));
            for there in [DB, "prod/billing/new"] {
                let new = NewVersion { owner: unknown(), ..version(there, r#"{"a":2}"#) };
                assert_eq!(code(secrets::write(ctx, who, new).await), expected, "{there}");
            }
            let change = Describe { owner: unknown(), ..Describe::default() };
            assert_eq!(code(secrets::describe(ctx, who, &name(DB), change).await), expected);
            assert_eq!(code(secrets::wrap(ctx, who, &name(DB), None, MINUTE, unknown()).await), expected);
        }
        assert_eq!(value(&house, DB, None).await.unwrap(), r#"{"a":1}"#);
        assert_eq!(house.kinds(&mallory).await, ["permit.refused"; 4], "trying is evidence");
    }

    async fn a_version_is_deleted_brought_back_and_destroyed_and_the_secret_removed_by_its_name(house: House) {
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        let (ctx, who, db) = (&acting(&house, &house.alice), &house.alice, &name(DB));
        for n in 1..=3 {
            write(&house, DB, &format!("{{\"n\":{n}}}")).await.unwrap();
        }
        assert_eq!(secrets::delete(ctx, who, db, Which::Latest).await.unwrap(), [3]);
        assert_eq!(secrets::delete(ctx, who, db, Which::Latest).await.unwrap(), [0_u32; 0], "it was already");
        assert_eq!(code(value(&house, DB, None).await), "version_deleted");
        assert!(value(&house, DB, Some(2)).await.is_ok());
        assert_eq!(secrets::undelete(ctx, who, db, Which::These(vec![3])).await.unwrap(), [3]);
        assert_eq!(value(&house, DB, None).await.unwrap(), r#"{"n":3}"#);
        assert_eq!(secrets::destroy(ctx, who, db, Which::These(vec![1, 1, 2])).await.unwrap(), [1, 2]);
        assert_eq!(code(value(&house, DB, Some(1)).await), "version_destroyed");
        assert_eq!(code(secrets::undelete(ctx, who, db, Which::These(vec![1])).await), "version_destroyed");
        assert_eq!(code(secrets::delete(ctx, who, db, Which::These(vec![3, 4])).await), "no_such_version");
        assert!(value(&house, DB, None).await.is_ok(), "all of them or none");
        assert_eq!(code(secrets::delete(ctx, who, db, Which::These(vec![])).await), "which_versions");
        assert_eq!(code(secrets::remove(ctx, who, db, "prod/billing").await), "not_confirmed");
        let (secret, _) = secrets::metadata(ctx, who, Sees::OwnFolders, db).await.unwrap();
        secrets::remove(ctx, who, db, DB).await.unwrap();
        for gone in [code(value(&house, DB, None).await), code(secrets::metadata(ctx, who, Sees::Everything, db).await)] {
            assert_eq!(gone, "no_such_secret");
        }
        let told = house.kinds(&secret.id).await;
        let acts: Vec<&str> = told.iter().map(String::as_str).filter(|kind| *kind != "secret.read").collect();
        let written = ["secret.written"; 3];
        let rest = ["secret.deleted", "secret.undeleted", "secret.destroyed", "secret.removed"];
        assert_eq!(acts, [&written[..], &rest[..]].concat());
        assert_eq!(write(&house, DB, r#"{"a":1}"#).await.unwrap(), 1, "a name can be used again");
    }

    async fn old_versions_make_room_and_versions_with_an_end_are_deleted_by_time(house: House) {
        house.folder(&house.alice, "billing", &BOTH, 9 * HOUR).await;
        let (ctx, who, db) = (&acting(&house, &house.alice), &house.alice, &name(DB));
        write(&house, DB, r#"{"n":1}"#).await.unwrap();
        let change = Describe { max_versions: Some(2), delete_after: Some(HOUR), ..Describe::default() };
        secrets::describe(ctx, who, db, change).await.unwrap();
        for n in 2..=4 {
            write(&house, DB, &format!("{{\"n\":{n}}}")).await.unwrap();
        }
        let (_, versions) = secrets::metadata(ctx, who, Sees::OwnFolders, db).await.unwrap();
        let (now, end) = (house.ctx.now(), Some(house.ctx.now().plus(HOUR)));
        let expected = [
            (4, State::Live { until: end }),
            (3, State::Live { until: end }),
            (2, State::Destroyed { at: now }),
            (1, State::Destroyed { at: now }),
        ];
        assert_eq!(versions.iter().map(|v| (v.number, v.state)).collect::<Vec<_>>(), expected);
        house.clock.advance(HOUR);
        assert_eq!(code(value(&house, DB, None).await), "version_deleted");
        secrets::undelete(ctx, who, db, Which::Latest).await.unwrap();
        house.clock.advance(HOUR);
        assert_eq!(value(&house, DB, None).await.unwrap(), r#"{"n":4}"#, "what was brought back stays");
        for bad in [
            Describe { max_versions: Some(0), ..Describe::default() },
            Describe { max_versions: Some(101), ..Describe::default() },
            Describe { delete_after: Some(Duration::from_secs(u64::MAX)), ..Describe::default() },
            Describe { purpose: Some("a\nb".into()), ..Describe::default() },
            Describe { custom: Some([("k".into(), "x".repeat(513))].into()), ..Describe::default() },
        ] {
            assert_eq!(code(secrets::describe(ctx, who, db, bad).await), "secret_metadata");
        }
    }

    async fn a_merge_keeps_what_it_does_not_name(house: House) {
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        let ctx = &acting(&house, &house.alice);
        let merge = |json: &str| NewVersion { change: Change::Merge(data(json)), ..version(DB, "{}") };
        assert_eq!(code(secrets::write(ctx, &house.alice, merge(r#"{"a":1}"#)).await), "no_such_secret");
        write(&house, DB, r#"{"password":"hunter2","user":"billing"}"#).await.unwrap();
        secrets::write(ctx, &house.alice, merge(r#"{"password":"hunter3","user":null,"port":5432}"#)).await.unwrap();
        assert_eq!(value(&house, DB, None).await.unwrap(), r#"{"password":"hunter3","port":5432}"#);
        let empty = secrets::write(ctx, &house.alice, merge(r#"{"password":null,"port":null}"#)).await;
        assert_eq!(code(empty), "secret_value");
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(secrets::LARGEST));
        assert_eq!(code(secrets::write(ctx, &house.alice, merge(&large)).await), "secret_too_large");
        secrets::delete(ctx, &house.alice, &name(DB), Which::Latest).await.unwrap();
        assert_eq!(code(secrets::write(ctx, &house.alice, merge(r#"{"a":1}"#)).await), "version_deleted");
        assert_eq!(code(value(&house, DB, None).await), "version_deleted", "and nothing was written");
    }

    async fn a_list_shows_one_level_in_pages_and_never_a_folder_that_is_not_ones_own(house: House) {
        let mallory = IdentityId::new(house.ctx.clock(), house.ctx.chance());
        for folder in ["billing", "mail"] {
            house.folder(&house.alice, folder, &BOTH, HOUR).await;
        }
        house.folder(&mallory, "mail", &[Channel::SecretRead], HOUR).await;
        let names = ["billing/a", "billing/a-1", "billing/a/b", "billing/a/c/d", "billing/é", "billing/z", "mail/in"];
        for path in names {
            write(&house, &format!("prod/{path}"), r#"{"canary":"canary"}"#).await.unwrap();
        }
        let list = async |who: &IdentityId, sees, prefix: &str, after: Option<&str>, limit| {
            let listed = secrets::list(&house.ctx, who, sees, &prefix.parse().unwrap(), after, limit).await?;
            Ok::<_, SecretError>(listed.iter().map(|line| line.name().to_owned()).collect::<Vec<_>>())
        };
        let level = ["prod/billing/a", "prod/billing/a-1", "prod/billing/a/", "prod/billing/z", "prod/billing/é"];
        for sees in [Sees::Everything, Sees::OwnFolders] {
            assert_eq!(list(&house.alice, sees, "", None, 9).await.unwrap(), ["prod/"]);
            assert_eq!(list(&house.alice, sees, "prod", None, 9).await.unwrap(), ["prod/billing/", "prod/mail/"]);
            assert_eq!(list(&house.alice, sees, "prod/billing", None, 9).await.unwrap(), level);
            let below = list(&house.alice, sees, "prod/billing/a/", None, 9).await.unwrap();
            assert_eq!(below, ["prod/billing/a/b", "prod/billing/a/c/"]);
            let mut paged: Vec<String> = Vec::new();
            while let [one] = &list(&house.alice, sees, "prod/billing", paged.last().map(String::as_str), 1).await.unwrap()[..] {
                paged.push(one.clone());
            }
            assert_eq!(paged, level);
            assert_eq!(list(&house.alice, sees, "prod/billing", Some("prod/billing/a/"), 9).await.unwrap(), level[3..]);
        }
        assert_eq!(list(&mallory, Sees::OwnFolders, "prod", None, 9).await.unwrap(), ["prod/mail/"]);
        assert_eq!(list(&mallory, Sees::OwnFolders, "prod/mail", None, 9).await.unwrap(), ["prod/mail/in"]);
        assert_eq!(code(list(&mallory, Sees::OwnFolders, "prod/billing/a", None, 9).await), "no_grant");
        assert_eq!(list(&mallory, Sees::OwnFolders, "dev", None, 9).await.unwrap(), [""; 0]);
        let listed = secrets::list(&house.ctx, &mallory, Sees::Everything, &"prod/mail".parse().unwrap(), None, 9).await;
        assert!(matches!(&listed.unwrap()[..], [Listed::Secret(secret)] if secret.purpose == "the billing database"));
    }

    async fn values_are_sealed_again_under_a_new_data_key_and_open_still(house: House) {
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        for n in 0..70 {
            write(&house, &format!("prod/billing/{n}"), &format!("{{\"n\":{n}}}")).await.unwrap();
        }
        secrets::destroy(&house.ctx, &house.alice, &name("prod/billing/0"), Which::Latest).await.unwrap();
        assert_eq!((house.rekey().await, house.rekey().await), (69, 69));
        assert_eq!(value(&house, "prod/billing/69", None).await.unwrap(), r#"{"n":69}"#);
        assert_eq!(code(value(&house, "prod/billing/0", None).await), "version_destroyed");
    }

    async fn a_sealed_value_moved_to_another_version_or_secret_does_not_open(house: House) {
        house.folder(&house.alice, "billing", &BOTH, HOUR).await;
        write(&house, DB, r#"{"n":1}"#).await.unwrap();
        write(&house, DB, r#"{"n":2}"#).await.unwrap();
        tamper(&house, "update secret_versions set sealed = (select sealed from secret_versions where version = 1)").await;
        assert_eq!(value(&house, DB, Some(1)).await.unwrap(), r#"{"n":1}"#);
        assert_eq!(code(value(&house, DB, Some(2)).await), "sealed_value_unreadable");
    }
}

/// What stands in the database's files.
fn on_disk(house: &House) -> Vec<u8> {
    let db::Location::Sqlite(file) = &house.fixture.location else { panic!("a file") };
    let files = std::fs::read_dir(file.parent().unwrap()).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[tokio::test]
async fn nothing_of_a_value_stands_on_the_disk_and_nothing_sealed_of_a_destroyed_one() {
    let house = House::on_sqlite().await;
    house.folder(&house.alice, "billing", &BOTH, HOUR).await;
    let canary = "canary-5f1d".repeat(2000);
    write(&house, DB, &format!("{{\"canary-key\":\"{canary}\"}}")).await.unwrap();
    let mut tx = house.ctx.read().await.unwrap();
    let sql = "select sealed from secret_versions";
    let sealed: Vec<u8> = tx.one(sql, vec![]).await.unwrap().unwrap().take("sealed").unwrap();
    drop(tx);
    assert!(holds(&on_disk(&house), &sealed[1000..1064]), "it is there, sealed");
    secrets::destroy(&house.ctx, &house.alice, &name(DB), Which::Latest).await.unwrap();
    assert!(value(&house, DB, None).await.is_err());
    house.ctx.db().close().await;
    let disk = on_disk(&house);
    assert!(holds(&disk, DB.as_bytes()), "names are no secret");
    for gone in
        [b"canary-5f1d".as_slice(), b"canary-key", &sealed[16..48], &sealed[1000..1064], &sealed[20_000..20_064]]
    {
        assert!(!holds(&disk, gone));
    }
}
