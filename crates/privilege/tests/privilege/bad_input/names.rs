//! Logins and names of administrators, databases and bases.

use super::{Peer, TARGET, import, kept};
use crate::accounts::refused;
use connectors::LogIn;
use privilege::accounts::{self, CredentialKind, Given, State};
use privilege::rotation::run;
use privilege::services;
use serde_json::json;
use types::{Failure, Kind};

fn hostile() -> Vec<String> {
    let texts = [
        "",
        " ",
        "it's",
        "a\"b",
        "a`b",
        "a\\b",
        "a;b",
        "$(id)",
        "two\nlines",
        "a\rb",
        "a\tb",
        "nul\0",
        "a\u{1b}[2J",
        "a b",
        "abc\u{202e}txt",
        "e\u{301}",
        "\u{212a}elvin",
        "-oProxyCommand=id",
        "..",
        "../x",
        "a/b",
        "a,b",
        "a@b",
        "a:b",
        "a%b",
        "*",
        "cn=admin",
        "0day",
        "💀",
        "ａpp",
    ];
    let long = ["a".repeat(33), "x".repeat((64 << 10) + 1), "x".repeat(1 << 20)];
    texts.into_iter().map(str::to_owned).chain(long).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_with_a_second_meaning_is_refused_for_every_kind_of_system_and_credential() {
    for (house, peer) in Peer::each().await {
        let (before, there) = (kept(&house).await, peer.accounts());
        for login in hostile() {
            for credential in [CredentialKind::Password, CredentialKind::ApiKey, CredentialKind::Certificate] {
                let what = format!("{} {:?}", peer.name(), login.chars().take(20).collect::<String>());
                let bad = || accounts::Import { credential, ..import(&house, &login, "a good one") };
                let error = accounts::import(&house.ctx, vec![bad()]).await.expect_err(&what);
                assert!(error.to_string().contains("is not a login: use up to 32 letters"), "{what}: {error}");
                let made = accounts::Import { given: Given::Generate, ..bad() };
                assert_eq!(refused(accounts::import(&house.ctx, vec![bad()]).await), (Kind::Invalid, "account_login"));
                assert_eq!(refused(accounts::import(&house.ctx, vec![made]).await).0, Kind::Invalid, "{what}");
            }
        }
        assert_eq!((kept(&house).await, peer.accounts()), (before, there), "{}", peer.name());
    }
}

/// An administrator's name is the server's own, whatever is in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_with_an_odd_name_sets_passwords_under_it() {
    let odd = "o'neill \"x\" `y` \\ ; -- $(id) é";
    for (house, peer) in Peer::each().await {
        match &peer {
            Peer::Postgres(server) => {
                let name = odd.replace('"', "\"\"");
                server.sql(&format!("create role \"{name}\" superuser login password 'of the admin'")).unwrap()
            }
            Peer::Mariadb(server) => {
                let name = format!("`{}`", odd.replace('`', "``"));
                let grant = format!("grant all on *.* to {name} with grant option");
                server.sql(&format!("create user {name} identified by 'of the admin'; {grant}")).unwrap()
            }
            Peer::Slapd(_) | Peer::Host(_) => continue,
        };
        peer.declare(&house, Some(odd)).await;
        peer.add("app", "nobody knows");
        let admin = accounts::import(&house.ctx, vec![import(&house, odd, "of the admin")]).await.unwrap().remove(0).id;
        assert_eq!(
            accounts::verify(&house.ctx, &house.node, &admin).await.unwrap(),
            LogIn::Accepted,
            "{}",
            peer.name()
        );
        let made = accounts::Import { given: Given::Generate, ..import(&house, "app", "") };
        let app = accounts::import(&house.ctx, vec![made]).await.unwrap().remove(0).id;
        run::run(&house.ctx, &house.node, &app).await.unwrap();
        let app = accounts::get(&house.ctx, &app).await.unwrap();
        assert_eq!(app.state, State::Settled { current: 1 }, "{}", peer.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_would_cut_or_could_not_be_told_is_refused_when_it_is_declared() {
    for (house, peer) in Peer::each().await {
        let service = |field: &str, text: &str| -> [services::Declaration; 1] {
            let kind = if peer.name() == "host" { "postgres" } else { peer.name() };
            let mut new = json!({"name": "db-2", "kind": kind, "host": "db.example.org", "admin_login": "tenure"});
            if kind == "openldap" {
                new["base_dn"] = "dc=example".into();
            }
            new[field] = text.into();
            [serde_json::from_value(new).unwrap()]
        };
        let before = kept(&house).await;
        let texts = ["", "two\nlines", "nul\0", "a\u{1b}[2J", &"x".repeat(1025), &"x".repeat(1 << 20)];
        let fields = match peer {
            Peer::Slapd(_) => ["admin_login", "base_dn", "ca_pem"],
            _ => ["admin_login", "database", "ca_pem"],
        };
        for (field, text) in fields.into_iter().flat_map(|field| texts.map(|text| (field, text))) {
            let error = services::declare(&house.ctx, &service(field, text)).await.expect_err(field);
            assert_eq!((error.code(), error.kind()), ("service_invalid", Kind::Invalid), "{field}: {error}");
            assert!(error.to_string().contains(&format!("`{field}`")), "{field}: {error}");
        }
        let own = match peer {
            Peer::Slapd(_) => vec![("admin_login", "  ".to_owned())],
            Peer::Mariadb(_) => {
                vec![("admin_login", "ends ".into()), ("admin_login", "😀".into()), ("database", "m".repeat(129))]
            }
            Peer::Postgres(_) | Peer::Host(_) => {
                let turned = "abc\u{202e}txt".to_owned();
                vec![("admin_login", "a".repeat(64)), ("database", "é".repeat(32)), ("admin_login", turned)]
            }
        };
        for (field, text) in own {
            let error = services::declare(&house.ctx, &service(field, &text)).await.expect_err(&text);
            assert!(error.to_string().contains(&format!("`{field}`")), "{field}: {error}");
        }
        assert_eq!(kept(&house).await, before);
        assert_eq!(services::list(&house.ctx).await.unwrap().iter().filter(|known| known.name != TARGET).count(), 0);
    }
}
