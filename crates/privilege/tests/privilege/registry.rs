//! Targets and their pins.

use crate::house::{House, declaration, host_key, on_both_engines};
use privilege::targets::{self, Declaration, TargetError};
use types::{Failure, Kind};

on_both_engines! {
    async fn declaring_twice_is_declaring_once(house: House) {
        let first = house.target().await;
        assert_eq!(targets::declare(&house.ctx, &[declaration("web-1")]).await.unwrap(), [first]);
        assert_eq!(house.kinds(&"web-1").await, ["target.declared"]);
        let moved = Declaration { port: 2222, ..declaration("web-1") };
        assert_eq!(targets::declare(&house.ctx, &[moved]).await.unwrap()[0].address(), "127.0.0.1:2222");
        assert_eq!(house.kinds(&"web-1").await, ["target.declared", "target.changed"]);
        targets::declare(&house.ctx, &[declaration("db-1")]).await.unwrap();
        let names: Vec<String> = targets::list(&house.ctx).await.unwrap().into_iter().map(|target| target.name).collect();
        assert_eq!(names, ["db-1", "web-1"]);
    }

    async fn declarations_are_taken_all_or_none(house: House) {
        let before = targets::list(&house.ctx).await.unwrap();
        let good = || declaration("db-1");
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
        let other = Declaration { host_key: host_key(6), ..declaration("web-1") };
        let error = targets::declare(&house.ctx, &[other]).await.unwrap_err();
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
            (Declaration { host: "-oProxyCommand=x".into(), ..declaration("x") }, "target_address"),
            (Declaration { port: 0, ..declaration("x") }, "target_address"),
            (Declaration { discovery_login: "root,alice".into(), ..declaration("x") }, "target_login"),
            (Declaration { host_key: String::new(), ..declaration("x") }, "host_key_invalid"),
        ] {
            let error = targets::declare(&house.ctx, &[bad]).await.unwrap_err();
            assert_eq!((error.code(), error.kind()), (code, Kind::Invalid), "{error}");
            assert_eq!(error.to_string().lines().count(), 1);
        }
        let v6 = Declaration { host: "::1".into(), ..declaration("v6") };
        assert_eq!(targets::declare(&house.ctx, &[v6]).await.unwrap()[0].address(), "[::1]:22");
    }
}
