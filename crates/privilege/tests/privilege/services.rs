//! Services: databases and directories that hold accounts.

use crate::house::{House, MINUTE, declaration, host_key, on_both_engines};
use privilege::services::{self, Declaration, ServiceKind, TlsMode};
use privilege::targets;
use types::{Failure, Kind};

fn service(name: &str) -> Declaration {
    Declaration {
        name: name.into(),
        kind: ServiceKind::Postgres,
        host: "127.0.0.1".into(),
        port: None,
        tls: TlsMode::LoopbackPlain,
        ca_pem: None,
        database: Some("app".into()),
        base_dn: None,
        admin_login: "tenure".into(),
        description: "orders".into(),
    }
}

on_both_engines! {
    async fn declaring_twice_is_declaring_once_and_a_change_leaves_evidence(house: House) {
        let declared = services::declare(&house.ctx, &[service("db-9")]).await.unwrap();
        assert_eq!(services::declare(&house.ctx, &[service("db-9")]).await.unwrap(), declared);
        assert_eq!(house.kinds(&"db-9").await, ["service.declared"]);
        let moved = Declaration { port: Some(6432), ..service("db-9") };
        services::declare(&house.ctx, std::slice::from_ref(&moved)).await.unwrap();
        assert_eq!(services::get(&house.ctx, "db-9").await.unwrap().server.address(), "127.0.0.1:6432");
        assert_eq!(house.kinds(&"db-9").await, ["service.declared", "service.changed"]);
        let other = Declaration { kind: ServiceKind::Mariadb, ..moved };
        assert_eq!(services::declare(&house.ctx, &[other]).await.unwrap_err().code(), "other_kind");
        assert_eq!(services::get(&house.ctx, "db-8").await.unwrap_err().kind(), Kind::NotFound);
    }

    async fn a_name_is_a_target_or_a_service_and_never_both(house: House) {
        let taken = services::declare(&house.ctx, &[service("db-9"), service("web-1")]).await.unwrap_err();
        assert_eq!((taken.code(), taken.kind()), ("is_target", Kind::Conflict));
        assert_eq!(services::list(&house.ctx).await.unwrap(), [], "all or none");
        services::declare(&house.ctx, &[service("db-9")]).await.unwrap();
        let host = targets::Declaration { host: "192.0.2.9".into(), host_key: host_key(9), ..declaration("db-9") };
        assert_eq!(targets::declare(&house.ctx, &[host]).await.unwrap_err().code(), "is_service");
    }

    async fn a_service_stays_where_its_grants_were_approved_until_they_are_gone(house: House) {
        services::declare(&house.ctx, &[service("db-9")]).await.unwrap();
        house.grant_on("db-9", 10 * MINUTE, 1).await;
        let moved = Declaration { host: "127.0.0.2".into(), ..service("db-9") };
        assert_eq!(services::declare(&house.ctx, &[moved]).await.unwrap_err().code(), "grants_not_gone");
        let told = Declaration { description: "orders and returns".into(), ..service("db-9") };
        services::declare(&house.ctx, &[told]).await.unwrap();
    }
}
