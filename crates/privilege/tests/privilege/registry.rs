//! Targets and their pins.

use crate::accounts::import;
use crate::house::{House, MINUTE, declaration, host_key, on_both_engines};
use crate::invariants::tamper;
use grants::EndCause;
use privilege::accounts::{self, Import};
use privilege::duties;
use privilege::sessions::EndReason;
use privilege::targets::{self, Declaration, TargetError};
use types::{Failure, Kind};

/// A host that is not web-1.
fn other(name: &str) -> Declaration {
    Declaration { host: "192.0.2.9".into(), host_key: host_key(9), ..declaration(name) }
}

on_both_engines! {
    async fn declaring_twice_is_declaring_once(house: House) {
        let first = house.target().await;
        assert_eq!(targets::declare(&house.ctx, &[declaration("web-1")]).await.unwrap(), [first]);
        assert_eq!(house.kinds(&"web-1").await, ["target.declared"]);
        let moved = Declaration { port: 2222, ..declaration("web-1") };
        assert_eq!(targets::declare(&house.ctx, &[moved]).await.unwrap()[0].address(), "127.0.0.1:2222");
        assert_eq!(house.kinds(&"web-1").await, ["target.declared", "target.changed"]);
        targets::declare(&house.ctx, &[other("db-1")]).await.unwrap();
        let names: Vec<String> = targets::list(&house.ctx).await.unwrap().into_iter().map(|target| target.name).collect();
        assert_eq!(names, ["db-1", "web-1"]);
    }

    async fn declarations_are_taken_all_or_none(house: House) {
        let before = targets::list(&house.ctx).await.unwrap();
        let good = || other("db-1");
        for (bad, code) in [
            (Declaration { name: "Web 1".into(), ..good() }, "target_name"),
            (Declaration { host_key: host_key(6), ..declaration("web-1") }, "host_key_pinned_differently"),
            (good(), "declared_twice"),
        ] {
            assert_eq!(targets::declare(&house.ctx, &[good(), bad]).await.unwrap_err().code(), code);
            assert_eq!(targets::list(&house.ctx).await.unwrap(), before);
        }
        let moved = Declaration { port: 2222, ..declaration("web-1") };
        let both = targets::declare(&house.ctx, &[good(), moved]).await.unwrap();
        assert_eq!(both.iter().map(|target| target.port).collect::<Vec<_>>(), [22, 2222]);
        assert_eq!(targets::list(&house.ctx).await.unwrap(), both);
    }

    async fn another_host_key_needs_its_whole_line_from_a_person_and_leaves_evidence(house: House) {
        let changed = Declaration { host_key: host_key(6), ..declaration("web-1") };
        let error = targets::declare(&house.ctx, &[changed]).await.unwrap_err();
        assert!(matches!(&error, TargetError::PinDiffers { target, .. } if target == "web-1"), "{error}");
        assert_eq!((error.kind(), house.target().await.host_key_pin.to_string()), (Kind::Conflict, host_key(5)));
        let pinned = targets::pin(&house.ctx, "web-1", &host_key(6)).await.unwrap();
        assert_eq!(pinned.host_key_pin.to_string(), host_key(6));
        targets::pin(&house.ctx, "web-1", &host_key(6)).await.unwrap();
        assert_eq!(house.kinds(&"web-1").await, ["target.declared", "target.pinned"]);
        assert!(matches!(targets::pin(&house.ctx, "web-2", &host_key(6)).await, Err(TargetError::NotFound(_))));
        assert_eq!(targets::pin(&house.ctx, "web-1", "not a key").await.unwrap_err().code(), "host_key_invalid");
    }

    async fn declarations_that_make_no_sense_are_refused_with_what_to_do(house: House) {
        for (bad, code) in [
            (Declaration { name: "Web 1".into(), ..declaration("x") }, "target_name"),
            (Declaration { host: "a b".into(), ..declaration("x") }, "target_address"),
            (Declaration { host: "167772161".into(), ..declaration("x") }, "target_address"),
            (Declaration { host: "10.1".into(), ..declaration("x") }, "target_address"),
            (Declaration { host: "0x0a.0.0.1".into(), ..declaration("x") }, "target_address"),
            (Declaration { host: "0X0A000001".into(), ..declaration("x") }, "target_address"),
            (Declaration { host: "10.0.0.1.".into(), ..declaration("x") }, "target_address"),
            (Declaration { host: "host.010".into(), ..declaration("x") }, "target_address"),
            (Declaration { host: "-oProxyCommand=x".into(), ..declaration("x") }, "target_address"),
            (Declaration { port: 0, ..declaration("x") }, "target_address"),
            (Declaration { discovery_login: "root,alice".into(), ..declaration("x") }, "target_login"),
            (Declaration { host_key: String::new(), ..declaration("x") }, "host_key_invalid"),
        ] {
            let error = targets::declare(&house.ctx, &[bad]).await.unwrap_err();
            assert_eq!((error.code(), error.kind()), (code, Kind::Invalid), "{error}");
            assert_eq!(error.to_string().lines().count(), 1);
        }
        let v6 = Declaration { host: "::1".into(), ..other("v6") };
        assert_eq!(targets::declare(&house.ctx, &[v6]).await.unwrap()[0].address(), "[::1]:22");
    }

    async fn a_host_has_one_target_and_so_one_owner(house: House) {
        let here = || Declaration { host: "gateway.example".into(), ..other("web-1") };
        targets::pin(&house.ctx, "web-1", &host_key(9)).await.unwrap();
        targets::declare(&house.ctx, &[here()]).await.unwrap();
        let elsewhere = || Declaration { host: "192.0.2.2".into(), host_key: host_key(2), ..declaration("db-1") };
        for (alias, code) in [
            (Declaration { host: "gateway.example".into(), ..elsewhere() }, "address_taken"),
            (Declaration { host: "Gateway.Example.".into(), ..elsewhere() }, "address_taken"),
            (Declaration { host_key: host_key(9), ..elsewhere() }, "host_key_taken"),
            (Declaration { host_key: format!("{} a comment", host_key(9)), ..elsewhere() }, "host_key_taken"),
        ] {
            let error = targets::declare(&house.ctx, &[alias]).await.unwrap_err();
            assert_eq!((error.code(), error.kind()), (code, Kind::Conflict), "{error}");
            assert!(error.to_string().contains("`web-1`"), "{error}");
        }
        let same_host = Declaration { host: "gateway.example".into(), port: 2222, ..elsewhere() };
        targets::declare(&house.ctx, &[elsewhere()]).await.unwrap();
        targets::declare(&house.ctx, &[same_host]).await.unwrap();
        for (moved, code) in [(here().port, "address_taken"), (2223, "")] {
            let moved = Declaration { host: "gateway.example".into(), port: moved, ..elsewhere() };
            let refused = targets::declare(&house.ctx, &[moved]).await.err().map_or("", |error| error.code());
            assert_eq!(refused, code);
        }
        assert_eq!(targets::pin(&house.ctx, "db-1", &host_key(9)).await.unwrap_err().code(), "host_key_taken");
        targets::pin(&house.ctx, "db-1", &host_key(3)).await.unwrap();
    }

    async fn one_file_cannot_name_a_host_twice_but_can_let_targets_change_places(house: House) {
        let both = [other("db-1"), Declaration { port: 23, ..other("db-2") }];
        let error = targets::declare(&house.ctx, &both).await.unwrap_err();
        assert_eq!(error.code(), "host_key_taken", "{error}");
        assert_eq!(targets::list(&house.ctx).await.unwrap().len(), 1);
        let moved = Declaration { host: "192.0.2.9".into(), ..declaration("web-1") };
        let into_its_place = Declaration { host: "127.0.0.1".into(), ..other("db-1") };
        targets::declare(&house.ctx, &[into_its_place, moved]).await.unwrap();
        let addresses: Vec<String> = targets::list(&house.ctx).await.unwrap().iter().map(targets::Target::address).collect();
        assert_eq!(addresses, ["127.0.0.1:22", "192.0.2.9:22"]);
    }

    async fn a_target_stays_the_host_that_its_grants_were_approved_for(house: House) {
        let moved = || Declaration { port: 2222, ..declaration("web-1") };
        let grant = house.grant(MINUTE * 60, 1).await;
        let error = targets::declare(&house.ctx, &[moved()]).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("grants_not_gone", Kind::Conflict), "{error}");
        assert_eq!(targets::pin(&house.ctx, "web-1", &host_key(6)).await.unwrap_err().code(), "grants_not_gone");
        assert_eq!((house.target().await.port, house.kinds(&"web-1").await.len()), (22, 1));
        let described = Declaration { description: "the same host".into(), reads_krl: true, ..declaration("web-1") };
        targets::declare(&house.ctx, &[described]).await.unwrap();
        house.withdraw(&grant, EndCause::Withdrawn).await;
        let error = targets::declare(&house.ctx, &[moved()]).await.unwrap_err();
        assert_eq!(error.code(), "grants_not_gone", "the host was not asked yet: {error}");
        duties::run_once(&house.ctx).await.unwrap();
        targets::declare(&house.ctx, &[moved()]).await.unwrap();
        house.grant(MINUTE, 1).await;
        assert_eq!(targets::pin(&house.ctx, "web-1", &host_key(6)).await.unwrap_err().code(), "grants_not_gone");
        house.clock.advance(MINUTE);
        assert_eq!(targets::pin(&house.ctx, "web-1", &host_key(6)).await.unwrap_err().code(), "grants_not_gone");
        grants::enforce::expire_due(&house.ctx).await.unwrap();
        duties::run_once(&house.ctx).await.unwrap();
        targets::pin(&house.ctx, "web-1", &host_key(6)).await.unwrap();
    }

    async fn a_target_stays_the_host_that_the_credentials_kept_for_it_were_given_for(house: House) {
        let app = Import { target: "web-1".into(), ..import(&house, "app", "a password") };
        let id = accounts::import(&house.ctx, vec![app]).await.unwrap().remove(0).id;
        let elsewhere = [
            Declaration { host: "192.0.2.9".into(), ..declaration("web-1") },
            Declaration { port: 2222, ..declaration("web-1") },
        ];
        for moved in &elsewhere {
            let error = targets::declare(&house.ctx, std::slice::from_ref(moved)).await.unwrap_err();
            assert_eq!((error.code(), error.kind()), ("accounts_managed", Kind::Conflict), "{error}");
        }
        assert_eq!(targets::pin(&house.ctx, "web-1", &host_key(6)).await.unwrap_err().code(), "accounts_managed");
        assert_eq!(house.target().await.host_key_pin.to_string(), host_key(5));
        let described = Declaration { description: "the same host".into(), reads_krl: true, ..declaration("web-1") };
        targets::declare(&house.ctx, &[described]).await.unwrap();
        accounts::unmanage(&house.ctx, &id).await.unwrap();
        targets::declare(&house.ctx, &elsewhere[..1]).await.unwrap();
        targets::pin(&house.ctx, "web-1", &host_key(6)).await.unwrap();
    }

    async fn a_target_stays_the_host_that_still_holds_what_an_ended_grant_left(house: House) {
        let grant = house.grant(MINUTE * 60, 1).await;
        let session = house.open().await.unwrap();
        house.close(session, EndReason::Withdrawn).await;
        house.withdraw(&grant, EndCause::Withdrawn).await;
        duties::run_once(&house.ctx).await.unwrap();
        let moved = || Declaration { port: 2222, ..declaration("web-1") };
        let error = targets::declare(&house.ctx, &[moved()]).await.unwrap_err();
        assert_eq!(error.code(), "grants_not_gone", "{error}");
        assert_eq!(house.target().await.port, 22);
        tamper(&house, "update leases set gone_at = ended_at").await;
        duties::run_once(&house.ctx).await.unwrap();
        targets::declare(&house.ctx, &[moved()]).await.unwrap();
    }
}
