//! Files on a real Debian host that hold the password of an account on a real PostgreSQL.

use crate::accounts::{FIRST, db_1, declare, import};
use crate::gone::meet;
use crate::house::House;
use crate::invariants::{check, tamper};
use db::jobs::JobError;
use ledger::finding;
use peers::postgres::{Server as Postgres, psql};
use peers::relay::Relay;
use peers::sshd::{HostOptions, LinuxHost};
use privilege::accounts::{self, Behind, Change, CredentialKind, State};
use privilege::dependents::{self, Dependent, DependentError, Place, Reading};
use privilege::rotation::{self, Cause, Ending, Filter, Rotation, run};
use std::time::Duration;
use types::{Failure, Kind, ManagedAccountId, Secret};

const WRITTEN: &str = "first%20password%20of%20app";
const ENVIRONMENT: &str = "/etc/default/shop";
const DUMP: &str = "/srv/dump/dump.env";
/// Notes what it is told; when it is to restart the shop, it does what `/run/then` says.
const SYSTEMCTL: &str =
    "#!/bin/sh\necho \"$*\" >> /run/told\n[ \"$1\" != restart ] || [ ! -e /run/then ] || sh /run/then\n";

struct Shop {
    house: House,
    postgres: Postgres,
    /// Between Tenure and the database.
    relay: Relay,
    host: LinuxHost,
    id: ManagedAccountId,
}

/// A shop and its nightly dump, both on one host and with the password of `app` in a file.
async fn shop(house: House) -> Shop {
    let postgres = db_1(&house).await;
    let relay = Relay::to(postgres.port()).unwrap();
    declare(&house, relay.port()).await;
    let host = meet(&house, HostOptions::default()).await;
    let url = format!("postgres://app:{WRITTEN}@127.0.0.1:{}/postgres", postgres.port());
    for (file, content, mode) in [
        (
            "/etc/systemd/system/shop.service",
            "[Service]\nEnvironmentFile=/etc/default/shop\nExecStart=/bin/shop\n",
            0o644,
        ),
        (ENVIRONMENT, &format!("# the shop\nTOKEN=another-secret\nDB={url}\n"), 0o640),
        (DUMP, &format!("URL={url}\n"), 0o600),
        ("/etc/cron.d/dump", "0 3 * * * root . /srv/dump/dump.env; pg_dump $URL\n", 0o644),
        ("/usr/local/sbin/systemctl", SYSTEMCTL, 0o755),
    ] {
        host.write(file, content, mode).unwrap();
    }
    host.sh("chmod 755 /srv/dump").unwrap();
    let id = accounts::import(&house.ctx, vec![import(&house, "app", FIRST)]).await.unwrap().remove(0).id;
    Shop { house, postgres, relay, host, id }
}

impl Shop {
    async fn find(&self) -> Vec<Dependent> {
        let (ctx, node) = (&self.house.ctx, &self.house.node);
        let looked = dependents::find(ctx, node, &self.id, "web-1", &["/srv/dump".into()]).await.unwrap();
        assert_eq!(looked.gaps, Vec::<String>::new());
        looked.found
    }

    /// Finds both and keeps them; the shop is restarted.
    async fn keep(&self) {
        for dependent in self.find().await {
            let reading = if dependent.unit.is_some() { Reading::AfterRestart } else { Reading::ByItself };
            assert!(dependents::keep(&self.house.ctx, &dependent.id, reading).await.unwrap().is_kept());
        }
    }

    async fn rotate(&self, cause: Cause) -> Result<(), JobError> {
        rotation::rotate(&self.house.ctx, &self.id, cause).await.unwrap();
        self.run().await
    }

    async fn run(&self) -> Result<(), JobError> {
        run::run(&self.house.ctx, &self.house.node, &self.id).await
    }

    /// Every job that waits.
    async fn drain(&self) {
        while self.house.worker().run_due().await.unwrap() > 0 {}
    }

    async fn rotation(&self) -> Rotation {
        let filter = Filter { account: Some(self.id.clone()), limit: 1, ..Filter::default() };
        rotation::list(&self.house.ctx, &filter).await.unwrap().remove(0)
    }

    async fn state(&self) -> State {
        accounts::get(&self.house.ctx, &self.id).await.unwrap().state
    }

    async fn password(&self) -> String {
        accounts::current_for_reader(&self.house.ctx, &self.id).await.unwrap().value.expose().clone()
    }

    /// What a program that reads the file gets from the database.
    fn reads(&self, file: &str) -> Result<String, String> {
        let content = String::from_utf8(self.host.read(file).unwrap()).unwrap();
        let url = content.lines().last().unwrap().split_once('=').unwrap().1.to_owned();
        psql(&url, "select current_user").map(|said| said.trim().to_owned()).map_err(|error| error.to_string())
    }

    fn both_work(&self) -> bool {
        [ENVIRONMENT, DUMP].iter().all(|file| self.reads(file) == Ok("app".to_owned()))
    }

    fn look(&self) -> String {
        let script = "stat -c '%n %i %a %U %y %z' /etc/default/* /srv/dump /srv/dump/*; cat /etc/default/shop /srv/dump/*; ls /run/told";
        self.host.sh(&format!("{script} 2>/dev/null || true")).unwrap()
    }

    async fn findings(&self) -> Vec<String> {
        let all = finding::list(&self.house.ctx).await.unwrap();
        all.into_iter().filter(|one| one.cleared_at.is_none()).map(|one| one.kind).collect()
    }

    async fn listed(&self) -> Vec<Dependent> {
        dependents::list(&self.house.ctx, &self.id).await.unwrap()
    }

    /// Everything that was said of the account, to search for what must not be there.
    async fn said(&self) -> String {
        let timeline = ledger::timeline::about(&self.house.ctx, &self.id).await.unwrap();
        let findings = finding::list(&self.house.ctx).await.unwrap();
        format!("{timeline:?} {findings:?} {:?} {:?}", self.listed().await, self.rotation().await)
    }
}

fn refused(answer: Result<impl std::fmt::Debug, DependentError>) -> (Kind, &'static str) {
    let error = answer.expect_err("a refusal");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    (error.kind(), error.code())
}

/// Time runs, because a host judges certificates by it.
macro_rules! on_both_engines {
    ($(async fn $name:ident($shop:ident: Shop) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn scenario($shop: Shop) $body

            #[tokio::test]
            async fn on_sqlite() {
                scenario(shop(House::with_running_clock().await).await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgresql() {
                scenario(shop(House::with_running_clock_on_postgresql().await).await).await;
            }
        }
    )+ };
}

on_both_engines! {
    async fn what_holds_the_password_is_found_and_shown_and_nothing_is_touched_before_a_person_keeps_it(shop: Shop) {
        let before = shop.look();
        let found = shop.find().await;
        let seen: Vec<_> = found.iter().map(|it| (it.file.as_str(), it.place, it.unit.as_deref(), &it.lines[..], it.is_kept())).collect();
        assert_eq!(seen, [
            (ENVIRONMENT, Place::EnvironmentFile, Some("shop.service"), &[3][..], false),
            (DUMP, Place::ConnectionString, None, &[1][..], false),
        ]);
        assert!(found.iter().all(|it| it.names_login && it.holds == 1 && it.host == "web-1"));
        assert_eq!(shop.find().await.len(), shop.listed().await.len(), "found twice is there once");
        assert_eq!(shop.look(), before);
        let ctx = &shop.house.ctx;
        assert_eq!(refused(dependents::keep(ctx, &found[1].id, Reading::AfterRestart).await), (Kind::Invalid, "no_unit"));
        shop.rotate(Cause::Person).await.unwrap();
        assert_eq!(shop.look(), before, "nobody confirmed them");
        assert_eq!(refused(dependents::keep(ctx, &found[0].id, Reading::ByItself).await), (Kind::Conflict, "dependent_stale"));
        dependents::remove(ctx, &found[0].id).await.unwrap();
        assert_eq!(refused(dependents::remove(ctx, &found[0].id).await), (Kind::NotFound, "no_such_dependent"));
        assert_eq!(shop.listed().await.len(), 1);
        assert_eq!(shop.find().await, [], "they hold an earlier password");
        assert_eq!(refused(dependents::find(ctx, &shop.house.node, &shop.id, "web-9", &[]).await).0, Kind::NotFound);
        let relative = dependents::find(ctx, &shop.house.node, &shop.id, "web-1", &["srv".into()]).await;
        assert_eq!(refused(relative), (Kind::Invalid, "account_name_invalid"));
        let key = accounts::Import { credential: CredentialKind::ApiKey, ..import(&shop.house, "key", "some api key") };
        let key = accounts::import(ctx, vec![key]).await.unwrap().remove(0).id;
        assert_eq!(refused(dependents::find(ctx, &shop.house.node, &key, "web-1", &[]).await), (Kind::Invalid, "no_password"));
        let kinds = shop.house.kinds(&shop.id).await;
        let visited = kinds.iter().position(|kind| kind == "dependents.host_visited").unwrap();
        assert_eq!(kinds[visited + 1], "dependents.found");
        let said = shop.said().await;
        assert!(!said.contains(FIRST) && !said.contains(WRITTEN) && !said.contains(&shop.password().await));
    }

    async fn a_dry_run_shows_what_would_change_without_the_password_and_changes_nothing(shop: Shop) {
        shop.keep().await;
        shop.host.sh("install -d -m 777 /srv/open; cp /srv/dump/dump.env /srv/open/f").unwrap();
        dependents::find(&shop.house.ctx, &shop.house.node, &shop.id, "web-1", &["/srv/open".into()]).await.unwrap();
        let before = (shop.look(), shop.listed().await);
        let rehearsed = dependents::dry_run(&shop.house.ctx, &shop.house.node, &shop.id).await.unwrap();
        let shown: Vec<_> = rehearsed.iter().map(|one| (
            one.dependent.file.as_str(), one.lines.iter().map(|line| line.number).collect::<Vec<_>>(), one.problem.is_some()
        )).collect();
        assert_eq!(shown, [(ENVIRONMENT, vec![3], false), (DUMP, vec![1], false), ("/srv/open/f", vec![], true)]);
        assert!(rehearsed[0].lines[0].shown.starts_with("DB=postgres://app:******@127.0.0.1:"), "{rehearsed:?}");
        assert!(rehearsed[2].problem.as_ref().unwrap().contains("others may write in its folder"), "{rehearsed:?}");
        let printed = format!("{rehearsed:?}");
        assert!(!printed.contains(FIRST) && !printed.contains(WRITTEN) && !printed.contains("another-secret"));
        assert_eq!((shop.look(), shop.listed().await), before);
        assert_eq!(shop.state().await, State::Settled { current: 1 });
    }

    async fn a_rotation_updates_everything_in_the_same_job_and_what_reads_it_logs_in_with_the_new_password(shop: Shop) {
        shop.keep().await;
        assert!(shop.both_work());
        shop.rotate(Cause::Person).await.unwrap();
        let new = shop.password().await;
        assert_ne!(new, FIRST);
        assert!(shop.both_work());
        let content = String::from_utf8(shop.host.read(ENVIRONMENT).unwrap()).unwrap();
        assert!(content.starts_with("# the shop\nTOKEN=another-secret\nDB=postgres://app:") && !content.contains(WRITTEN));
        assert_eq!(shop.host.read("/run/told").unwrap(), b"daemon-reload\nrestart -- shop.service\n");
        let rotation = shop.rotation().await;
        assert_eq!((rotation.ended.unwrap().how, rotation.attempts), (Ending::Settled, 1));
        assert!(shop.listed().await.iter().all(|it| it.holds == 2 && it.last_error().is_none()));
        let kinds = shop.house.kinds(&shop.id).await;
        let told = ["rotation.settled", "dependents.updating", "dependents.host_visited", "dependent.updated", "dependent.updated", "rotation.dependents_updated"];
        assert!(kinds.ends_with(&told.map(str::to_owned)), "{kinds:?}");
        let said = shop.said().await;
        assert!(!said.contains(FIRST) && !said.contains(WRITTEN) && !said.contains(&new));
        shop.drain().await;
        assert_eq!(check(&shop.house).await, Vec::<&str>::new());
        tamper(&shop.house, "update dependents set holds = 1").await;
        assert_eq!(check(&shop.house).await, ["every kept dependent holds the current password, or a rotation works on it"]);
        accounts::verify(&shop.house.ctx, &shop.house.node, &shop.id).await.unwrap();
        assert_eq!(check(&shop.house).await, Vec::<&str>::new(), "the next verification has it seen to");
        shop.run().await.unwrap();
        accounts::give(&shop.house.ctx, &shop.id, Secret::new("Given-By_Hand".into())).await.unwrap();
        shop.postgres.sql("alter role app password 'Given-By_Hand'").unwrap();
        shop.run().await.unwrap();
        assert!(shop.both_work(), "also of one that was given by hand");
    }

    async fn what_cannot_be_updated_stops_the_rotation_before_the_target_is_touched(shop: Shop) {
        shop.keep().await;
        let before = shop.look();
        shop.host.stop().unwrap();
        assert!(matches!(shop.rotate(Cause::Person).await, Err(JobError::RetryAt(_))));
        assert_eq!((shop.state().await, shop.password().await.as_str()), (State::Settled { current: 1 }, FIRST));
        let rotation = shop.rotation().await;
        assert!(rotation.last_error.unwrap().starts_with("web-1: "), "it says where");
        assert_eq!((rotation.changed, shop.findings().await), (None, vec!["dependents_not_ready".to_owned()]));
        shop.host.start_again().unwrap();
        shop.host.sh("chmod 777 /srv/dump").unwrap();
        shop.house.clock.advance(Duration::from_secs(1));
        assert!(shop.run().await.is_err());
        assert_eq!(shop.state().await, State::Settled { current: 1 });
        shop.host.sh("chmod 755 /srv/dump").unwrap();
        assert!(shop.both_work());
        assert_eq!(accounts::history(&shop.house.ctx, &shop.id).await.unwrap().len(), 1);
        shop.house.clock.advance(Duration::from_secs(2));
        shop.run().await.unwrap();
        assert!(shop.both_work() && shop.look() != before);
        assert_eq!(shop.findings().await, Vec::<String>::new());
    }

    async fn whoever_knows_it_is_kept_out_also_when_something_cannot_be_updated(shop: Shop) {
        shop.keep().await;
        shop.host.sh("chmod 777 /srv/dump").unwrap();
        assert!(shop.rotate(Cause::Leak).await.is_err());
        assert_eq!(shop.state().await, State::Settled { current: 2 });
        assert_eq!(shop.reads(ENVIRONMENT), Ok("app".to_owned()));
        assert_eq!(shop.findings().await, ["dependents_behind"]);
        // The new one leaks as well while that is open.
        assert!(shop.rotate(Cause::Leak).await.is_err());
        assert_eq!(shop.state().await, State::Settled { current: 3 });
        shop.host.sh("chmod 755 /srv/dump").unwrap();
        shop.house.clock.advance(Duration::from_secs(2));
        shop.run().await.unwrap();
        assert!(shop.both_work());
    }

    async fn a_failure_in_the_middle_is_tried_again_until_everything_holds_the_new_password(shop: Shop) {
        shop.keep().await;
        shop.host.write("/run/then", "chmod 777 /srv/dump\n", 0o600).unwrap();
        assert!(shop.rotate(Cause::Person).await.is_err());
        assert_eq!(shop.state().await, State::Settled { current: 2 });
        assert!(shop.reads(ENVIRONMENT).is_ok() && shop.reads(DUMP).is_err());
        let changed = shop.rotation().await.changed.unwrap();
        assert_eq!((changed.from, changed.to, changed.tries), (Some(1), 2, 1));
        let listed = shop.listed().await;
        assert_eq!((listed[0].holds, listed[1].holds), (2, 1));
        assert!(listed[0].last_error().is_none() && listed[1].last_error().unwrap().contains("others may write"));
        assert_eq!(shop.findings().await, ["dependents_behind"]);
        shop.house.clock.advance(Duration::from_secs(1));
        assert!(shop.run().await.is_err(), "it is not repaired");
        shop.host.sh("chmod 755 /srv/dump").unwrap();
        shop.house.clock.advance(Duration::from_secs(2));
        shop.run().await.unwrap();
        assert!(shop.both_work());
        assert_eq!(accounts::history(&shop.house.ctx, &shop.id).await.unwrap().len(), 2, "the target was changed once");
        assert_eq!(shop.host.read("/run/told").unwrap().iter().filter(|byte| **byte == b'\n').count(), 2, "restarted once");
        assert_eq!((shop.findings().await, shop.rotation().await.ended.unwrap().how), (vec![], Ending::Settled));
    }

    async fn where_it_is_to_be_rolled_back_the_old_password_is_set_again_and_put_back_into_the_files(shop: Shop) {
        shop.keep().await;
        let roll_back = Change { dependents_behind: Some(Behind::RollBack), ..Change::default() };
        accounts::set(&shop.house.ctx, &shop.id, roll_back).await.unwrap();
        shop.host.write("/run/then", "chmod 777 /srv/dump\n", 0o600).unwrap();
        assert!(shop.rotate(Cause::Person).await.is_err());
        for seconds in [1, 2, 4, 8] {
            assert_eq!(shop.state().await, State::Settled { current: 2 });
            shop.house.clock.advance(Duration::from_secs(seconds));
            assert!(shop.run().await.is_err());
        }
        assert_eq!(shop.state().await, State::Changing { current: Some(2), candidate: 3 });
        shop.host.sh("rm /run/then").unwrap();
        assert!(shop.run().await.is_err(), "what could not be written is not certain to hold the old one");
        assert_eq!((shop.state().await, shop.password().await.as_str()), (State::Settled { current: 3 }, FIRST));
        shop.host.sh("chmod 755 /srv/dump").unwrap();
        assert!(shop.both_work(), "both hold the old password, and it logs in");
        shop.house.clock.advance(Duration::from_secs(1));
        shop.run().await.unwrap();
        let ended = shop.rotation().await.ended.unwrap();
        assert_eq!((ended.how, ended.version), (Ending::RolledBack, Some(3)));
        assert_eq!(shop.findings().await, ["rotation_rolled_back"]);
        assert!(shop.house.kinds(&shop.id).await.contains(&"rotation.rolled_back".to_owned()));
        shop.rotate(Cause::Person).await.unwrap();
        assert!(shop.both_work());
        assert_eq!((shop.state().await, shop.findings().await), (State::Settled { current: 4 }, vec![]));
    }

    async fn one_that_is_kept_when_a_run_has_begun_is_updated_all_the_same(shop: Shop) {
        rotation::rotate(&shop.house.ctx, &shop.id, Cause::Person).await.unwrap();
        shop.relay.hold(shop.relay.accepted());
        let accepted = shop.relay.accepted();
        let (ctx, node, id) = (shop.house.ctx.clone(), shop.house.node.clone(), shop.id.clone());
        let begun = tokio::spawn(async move { run::run(&ctx, &node, &id).await });
        while shop.relay.accepted() == accepted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        shop.keep().await;
        shop.relay.release();
        assert!(begun.await.unwrap().is_err(), "another one goes on");
        assert_eq!(shop.state().await, State::Settled { current: 1 }, "it knew of none, and has stopped");
        shop.run().await.unwrap();
        assert_eq!(shop.state().await, State::Settled { current: 2 });
        assert!(shop.both_work());
    }

    async fn a_run_that_dies_while_it_updates_is_gone_on_with(shop: Shop) {
        shop.keep().await;
        shop.host.write("/run/then", "touch /run/there; sleep 60\n", 0o600).unwrap();
        rotation::rotate(&shop.house.ctx, &shop.id, Cause::Person).await.unwrap();
        let (ctx, node, id) = (shop.house.ctx.clone(), shop.house.node.clone(), shop.id.clone());
        let dying = tokio::spawn(async move { run::run(&ctx, &node, &id).await });
        while shop.host.read("/run/there").is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        assert_eq!(shop.state().await, State::Settled { current: 2 });
        assert!(shop.reads(ENVIRONMENT).is_ok() && shop.reads(DUMP).is_err());
        shop.host.sh("rm /run/then").unwrap();
        shop.run().await.unwrap();
        assert!(shop.both_work());
        let told = String::from_utf8(shop.host.read("/run/told").unwrap()).unwrap();
        assert_eq!(told.matches("restart -- shop.service").count(), 2, "nobody knows whether the first one was done");
        assert_eq!(accounts::history(&shop.house.ctx, &shop.id).await.unwrap().len(), 2);
    }
}
