//! Services: databases and directories that hold accounts.

use crate::accounts::import;
use crate::house::{House, MINUTE, declaration, host_key, on_both_engines};
use privilege::accounts::{self, Import};
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
        scope: services::Scope::default(),
        description: "orders".into(),
    }
}

fn an_authority() -> String {
    rcgen::generate_simple_self_signed(["mallory.example.org".to_owned()]).unwrap().cert.pem()
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
        let other = Declaration { port: Some(6432), ..service("web-1") };
        let taken = services::declare(&house.ctx, &[service("db-9"), other]).await.unwrap_err();
        assert_eq!((taken.code(), taken.kind()), ("is_target", Kind::Conflict));
        assert_eq!(services::list(&house.ctx).await.unwrap(), [], "all or none");
        services::declare(&house.ctx, &[service("db-9")]).await.unwrap();
        let host = targets::Declaration { host: "192.0.2.9".into(), host_key: host_key(9), ..declaration("db-9") };
        assert_eq!(targets::declare(&house.ctx, &[host]).await.unwrap_err().code(), "is_service");
    }

    async fn a_server_has_one_service_and_so_one_owner(house: House) {
        let at = |name: &str, host: &str| Declaration { host: host.into(), tls: TlsMode::Required, ..service(name) };
        services::declare(&house.ctx, &[service("db-9"), at("db-1", "db.example.org")]).await.unwrap();
        for (alias, other) in [
            (service("db-8"), "db-9"),
            (at("db-8", "LocalHost"), "db-9"),
            (at("db-8", "::ffff:127.0.0.1"), "db-9"),
            (at("db-8", "DB.example.org."), "db-1"),
            (Declaration { database: Some("shop".into()), ..at("db-8", "db.example.org") }, "db-1"),
            (at("db-9", "db.example.org"), "db-1"),
        ] {
            let error = services::declare(&house.ctx, &[alias]).await.unwrap_err();
            assert_eq!((error.code(), error.kind()), ("address_taken", Kind::Conflict), "{error}");
            assert!(error.to_string().contains(&format!("`{other}`")), "{error}");
        }
        let both = [at("db-7", "db-7.example.org"), at("db-8", "db-7.example.org")];
        assert_eq!(services::declare(&house.ctx, &both).await.unwrap_err().code(), "address_taken");
        let elsewhere = Declaration { port: Some(6432), ..at("db-8", "db.example.org") };
        services::declare(&house.ctx, &[elsewhere]).await.unwrap();
        let places = [at("db-9", "db.example.org"), Declaration { tls: TlsMode::LoopbackPlain, ..service("db-1") }];
        services::declare(&house.ctx, &places).await.expect("they change places");
    }

    async fn a_service_stays_where_its_grants_were_approved_until_they_are_gone(house: House) {
        services::declare(&house.ctx, &[service("db-9")]).await.unwrap();
        house.grant_on("db-9", 10 * MINUTE, 1).await;
        let moved = Declaration { host: "127.0.0.2".into(), ..service("db-9") };
        assert_eq!(services::declare(&house.ctx, &[moved]).await.unwrap_err().code(), "grants_not_gone");
        let told = Declaration { description: "orders and returns".into(), ..service("db-9") };
        services::declare(&house.ctx, &[told]).await.unwrap();
    }

    async fn a_service_stays_the_server_that_the_passwords_kept_for_it_were_given_for(house: House) {
        let directory = Declaration {
            kind: ServiceKind::Openldap,
            database: None,
            base_dn: Some("ou=people,dc=example".into()),
            host: "db.example.org".into(),
            tls: TlsMode::Required,
            ..service("dir-1")
        };
        services::declare(&house.ctx, std::slice::from_ref(&directory)).await.unwrap();
        let app = Import { target: "dir-1".into(), ..import(&house, "app", "a password") };
        let id = accounts::import(&house.ctx, vec![app]).await.unwrap().remove(0).id;
        let moves = [
            Declaration { host: "mallory.example.org".into(), ..directory.clone() },
            Declaration { port: Some(6389), ..directory.clone() },
            Declaration { host: "127.0.0.1".into(), tls: TlsMode::LoopbackPlain, ..directory.clone() },
            Declaration { ca_pem: Some(an_authority()), ..directory.clone() },
            Declaration { base_dn: Some("ou=mallory,dc=example".into()), ..directory.clone() },
        ];
        for moved in &moves {
            let error = services::declare(&house.ctx, std::slice::from_ref(moved)).await.unwrap_err();
            assert_eq!((error.code(), error.kind()), ("accounts_managed", Kind::Conflict), "{moved:?}");
            assert!(error.to_string().contains("under another name"), "{error}");
        }
        let told = Declaration { description: "people".into(), admin_login: "cn=tenure".into(), ..directory.clone() };
        services::declare(&house.ctx, &[told]).await.unwrap();
        accounts::unmanage(&house.ctx, &id).await.unwrap();
        for moved in moves {
            services::declare(&house.ctx, &[moved]).await.unwrap();
        }
    }

    async fn the_secret_of_an_api_goes_where_it_was_given_for_and_nowhere_else(house: House) {
        const LIST: &str = "accounts: {list: {path: /users, items: /users}, id: /id, login: /name}\n";
        let with = |head: &str| Declaration {
            kind: ServiceKind::HttpApi,
            host: "crm.example.org".into(),
            tls: TlsMode::Required,
            database: None,
            scope: services::Scope { api: Some(format!("{head}\n{LIST}")), ..services::Scope::default() },
            ..service("crm")
        };
        let token = |address: &str| with(&format!("auth: {{oauth2_client_credentials: {{token: {address}}}}}"));
        let crm = token("https://login.example.org/token");
        services::declare(&house.ctx, std::slice::from_ref(&crm)).await.unwrap();
        let client = Import { target: "crm".into(), ..import(&house, "tenure", "a client's secret") };
        let id = accounts::import(&house.ctx, vec![client.clone()]).await.unwrap().remove(0).id;
        let base = "base: /other\nauth: {oauth2_client_credentials: {token: \"https://login.example.org/token\"}}";
        let moves = [
            token("https://mallory.example.org/token"),
            token("/token"),
            with("auth: bearer"),
            with("auth: basic"),
            with(base),
            with(&base.replace("base: /other", "private: true")),
        ];
        for moved in &moves {
            let error = services::declare(&house.ctx, std::slice::from_ref(moved)).await.unwrap_err();
            assert_eq!((error.code(), error.kind()), ("accounts_managed", Kind::Conflict), "{moved:?}");
        }
        let mut more = crm.clone();
        more.scope.api = crm.scope.api.as_ref().map(|api| format!("{api}per_second: 2\n"));
        services::declare(&house.ctx, &[more]).await.expect("what is read there may change");
        accounts::unmanage(&house.ctx, &id).await.unwrap();
        services::declare(&house.ctx, &moves[..1]).await.expect("nothing is kept for it any more");
        accounts::import(&house.ctx, vec![client]).await.expect("it is given anew");
        let events = house.kinds(&"crm").await;
        assert_eq!(events, ["service.declared", "service.changed", "service.changed"]);
    }

    async fn the_token_of_a_scim_service_stays_on_its_path(house: House) {
        let at = |path: &str| Declaration {
            kind: ServiceKind::Scim,
            host: "apps.example.org".into(),
            tls: TlsMode::Required,
            database: None,
            scope: services::Scope { path: Some(path.into()), ..services::Scope::default() },
            ..service("apps")
        };
        services::declare(&house.ctx, &[at("/ours/scim/v2")]).await.unwrap();
        let token = Import { target: "apps".into(), ..import(&house, "tenure", "a token") };
        let id = accounts::import(&house.ctx, vec![token]).await.unwrap().remove(0).id;
        let moved = services::declare(&house.ctx, &[at("/mallorys/scim/v2")]).await.unwrap_err();
        assert_eq!(moved.code(), "accounts_managed");
        accounts::unmanage(&house.ctx, &id).await.unwrap();
        services::declare(&house.ctx, &[at("/mallorys/scim/v2")]).await.unwrap();
    }
}
