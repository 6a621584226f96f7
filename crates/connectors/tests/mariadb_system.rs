//! MariaDB as a system with accounts and roles, against a real server.

mod systems;

use connectors::connector::{AccountRef, NativeId, Part, Status};
use connectors::mariadb::{System, log_in};
use connectors::{Class, Connector, LogIn, Server};
use peers::mariadb::Server as Mariadb;
use systems::listed::{attribute, by_login, held, lines, named, new, whole};
use systems::{loopback, secret, texts};
use types::Failure;

fn mariadb() -> (Mariadb, Server, System) {
    let mariadb = Mariadb::start_new().unwrap();
    let server = loopback(mariadb.port());
    let system = System::new(server.clone(), "admin".to_owned(), secret(mariadb.password()));
    (mariadb, server, system)
}

#[tokio::test]
async fn a_listing_tells_accounts_roles_powers_and_what_was_granted_directly() {
    let (mariadb, _, system) = mariadb();
    mariadb
        .sql(
            "create role readers; create role writers; grant readers to writers; create role strong; grant super on *.* to strong;
             create user ann; grant writers to ann; create user ann@localhost account lock; create user 'o''neill `x`'@'%';
             create user dave; grant file, select on *.* to dave; create database shop; create table shop.orders (id int);
             grant select, insert on shop.* to ann; grant delete on shop.orders to ann@localhost",
        )
        .unwrap();
    let listed: Vec<String> = lines(&system).await;
    let ours = ["ann", "dave", "o'neill", "readers", "writers", "strong", "shop"];
    let ours: Vec<String> = listed
        .into_iter()
        .filter(|line| ours.iter().any(|name| line.contains(name)) && !line.contains("account admin"))
        .collect();
    assert_eq!(
        ours,
        [
            "account ann in insert on all of shop",
            "account ann in select on all of shop",
            "account ann in writers",
            "account ann: enabled",
            "account ann@localhost in delete on tables of shop",
            "account ann@localhost: disabled",
            "account dave in file on *.*",
            "account dave in select on *.*",
            "account dave: enabled file on *.*+select on *.*",
            "account o'neill `x`: enabled",
            "database_grant delete on tables of shop: ordinary",
            "database_grant insert on all of shop: ordinary",
            "database_grant select on all of shop: ordinary",
            "entitlement writers in readers",
            "role readers: ordinary",
            "role strong: super on *.*",
            "role writers: ordinary",
        ]
    );
    let says = system.test().await.unwrap().says;
    assert!(says.starts_with("MariaDB 1") && says.ends_with(" as admin@%"), "{says}");
    let expected = ["file on *.*", "select on *.*"].map(str::to_owned).to_vec();
    assert_eq!(held(&system, "dave").await, Some((Status::Enabled, expected)));
    assert_eq!(held(&system, "readers").await, None, "a role is no account");
    assert_eq!(held(&system, "nobody").await, None);

    for (name, members) in
        [("readers", 1), ("file on *.*", 1), ("insert on all of shop", 1), ("delete on tables of shop", 1)]
    {
        let id = named(&system, name).await;
        let held = system.members(&id).await.unwrap().expect(name);
        let others = held.iter().filter(|member| !format!("{member:?}").contains("admin@%"));
        let others = others
            .filter(|member| !format!("{member:?}").contains("root@"))
            .filter(|member| !format!("{member:?}").contains("mysql@"));
        assert_eq!(others.count(), members, "{name} {held:?}");
    }
    for missing in ["role:nothing", "power:everything", "grant:all of nowhere/select", ""] {
        assert_eq!(system.members(&NativeId(missing.to_owned())).await.unwrap(), None, "{missing}");
    }
}

#[tokio::test]
async fn an_account_is_made_once_and_known_again_by_its_password_alone() {
    let (mariadb, server, system) = mariadb();
    let made = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
    assert_eq!(system.create(&new("ann", Some("first"), "ord_1")).await.unwrap(), made);
    for password in [Some("second"), None] {
        let error = system.create(&new("ann", password, "ord_1")).await.unwrap_err();
        assert_eq!((error.code(), error.class()), ("account_already_there", Class::Permanent));
    }
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));

    let bob = system.create(&new("bob", None, "ord_2")).await.unwrap();
    for password in ["", "invalid"] {
        assert_eq!(log_in(&server, "bob", &secret(password)).await, Ok(LogIn::Refused), "{password}");
    }
    system.set_password(&bob, &secret("later")).await.unwrap();
    assert_eq!(log_in(&server, "bob", &secret("later")).await, Ok(LogIn::Accepted));
    assert_eq!(mariadb.sql("select count(*) from mysql.user where User in ('ann', 'bob')").unwrap().trim(), "2");
}

#[tokio::test]
async fn a_rename_keeps_what_the_account_is_in_and_is_known_when_it_is_asked_again() {
    let (mariadb, server, system) = mariadb();
    mariadb.sql("create role readers; create user taken").unwrap();
    let ann = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    system.grant(&ann, &named(&system, "readers").await).await.unwrap();
    let renamed = system.change(&ann, &attribute("login", "ann.new@example.com")).await.unwrap();
    assert_eq!(system.change(&ann, &attribute("login", "ann.new@example.com")).await.unwrap(), renamed, "asked again");
    assert_eq!(held(&system, "ann.new@example.com").await, Some((Status::Enabled, vec!["readers".to_owned()])));
    assert_eq!(held(&system, "ann").await, None);
    assert_eq!(log_in(&server, "ann.new@example.com", &secret("first")).await, Ok(LogIn::Accepted));
    let error = system.change(&renamed, &attribute("login", "taken")).await.unwrap_err();
    assert_eq!(error.code(), "account_already_there");
    let error = system.change(&by_login("nobody"), &attribute("login", "nobody2")).await.unwrap_err();
    assert_eq!(error.code(), "host_account_missing");
    let error = system.change(&renamed, &attribute("shoe_size", "42")).await.unwrap_err();
    assert_eq!((error.code(), error.class()), ("account_name_invalid", Class::Permanent));
}

#[tokio::test]
async fn a_disabled_account_has_no_session_and_gets_none_until_it_is_enabled_and_a_deleted_one_is_gone() {
    let (mariadb, server, system) = mariadb();
    let ann = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    let mariadb = std::sync::Arc::new(mariadb);
    let there = mariadb.clone();
    let session = std::thread::spawn(move || there.sql_as("ann", "first", "select sleep(60)").is_ok());
    let count = "select count(*) from information_schema.PROCESSLIST where USER = 'ann'";
    for _ in 0..1000 {
        if mariadb.sql(count).unwrap().trim() == "1" {
            break;
        }
    }
    for _ in 0..2 {
        system.set_status(&ann, Status::Disabled).await.unwrap();
        assert_eq!(held(&system, "ann").await, Some((Status::Disabled, vec![])));
        assert!(log_in(&server, "ann", &secret("first")).await != Ok(LogIn::Accepted));
        assert_eq!(mariadb.sql(count).unwrap().trim(), "0");
    }
    session.join().unwrap();
    system.set_status(&ann, Status::Enabled).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
    for _ in 0..2 {
        system.delete(&ann).await.unwrap();
        assert_eq!(held(&system, "ann").await, None);
    }
}

#[tokio::test]
async fn roles_and_rights_are_given_and_taken_and_a_role_is_active_when_its_holder_logs_in() {
    let (mariadb, _, system) = mariadb();
    mariadb
        .sql("create role readers; create role writers; create database shop; grant select on shop.* to readers; create user mallory; grant select on shop.* to mallory")
        .unwrap();
    let ann = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    let active =
        || mariadb.sql_as("ann", "first", "select coalesce(current_role(), 'none')").unwrap().trim().to_owned();
    for name in ["readers", "super on *.*", "select on *.*"] {
        let id = named(&system, name).await;
        for _ in 0..2 {
            system.grant(&ann, &id).await.unwrap();
            assert_eq!(held(&system, "ann").await, Some((Status::Enabled, vec![name.to_owned()])));
        }
        assert_eq!(active(), if name == "readers" { "readers" } else { "none" });
        for _ in 0..2 {
            system.revoke(&ann, &id).await.unwrap();
            assert_eq!(held(&system, "ann").await, Some((Status::Enabled, vec![])));
        }
        assert_eq!(active(), "none");
    }
    let (readers, writers) = (named(&system, "readers").await, named(&system, "writers").await);
    system.grant(&ann, &readers).await.unwrap();
    system.grant(&ann, &writers).await.unwrap();
    assert_eq!(active(), "readers");
    system.revoke(&ann, &readers).await.unwrap();
    assert_eq!(active(), "writers", "the role that is left");

    let on_shop = named(&system, "select on all of shop").await;
    for (answer, code) in [
        (system.grant(&by_login("nobody"), &readers).await, "host_account_missing"),
        (system.revoke(&by_login("nobody"), &readers).await, "host_account_missing"),
        (system.grant(&ann, &NativeId("role:nothing".to_owned())).await, "entitlement_missing"),
        (system.revoke(&ann, &NativeId("power:everything".to_owned())).await, "entitlement_missing"),
        (system.revoke(&by_login("mallory"), &on_shop).await, "system_cannot"),
    ] {
        let error = answer.unwrap_err();
        assert_eq!((error.code(), error.class()), (code, Class::Permanent));
    }
}

#[tokio::test]
async fn the_servers_own_accounts_and_the_one_that_we_are_are_never_touched() {
    let (mariadb, _, system) = mariadb();
    mariadb.sql("create role readers").unwrap();
    let readers = named(&system, "readers").await;
    for login in ["admin", "root@localhost", "mariadb.sys@localhost"] {
        let who = by_login(login);
        for answer in [
            system.delete(&who).await,
            system.set_status(&who, Status::Disabled).await,
            system.grant(&who, &readers).await,
            system.revoke(&who, &readers).await,
            system.set_password(&who, &secret("taken-over")).await,
            system.change(&who, &attribute("login", "other")).await.map(drop),
        ] {
            assert_eq!(answer.unwrap_err().code(), "host_not_permitted", "{login}");
        }
    }
}

#[tokio::test]
async fn who_may_not_is_told_so_and_what_it_cannot_see_is_no_empty_listing() {
    let (mariadb, server, system) = mariadb();
    mariadb
        .sql("create user weak identified by 'w'; grant select on mysql.* to weak; create user blind identified by 'b'")
        .unwrap();
    let ann = system.create(&new("ann", None, "ord_1")).await.unwrap();
    let weak = System::new(server.clone(), "weak".to_owned(), secret("w"));
    for answer in [
        weak.create(&new("bob", None, "ord_2")).await.map(drop),
        weak.delete(&ann).await,
        weak.grant(&ann, &named(&system, "super on *.*").await).await,
    ] {
        let error = answer.unwrap_err();
        assert_eq!((error.code(), error.class()), ("host_not_permitted", Class::Permanent), "{error}");
    }
    let blind = System::new(server, "blind".to_owned(), secret("b"));
    assert_eq!(whole(&blind).await.unwrap_err().code(), "host_not_permitted");
    assert_eq!(blind.read(&ann).await.unwrap_err().code(), "host_not_permitted");
}

#[tokio::test]
async fn a_server_that_goes_away_leaves_open_what_happened_and_is_used_again_when_it_is_back() {
    let (mut mariadb, _, system) = mariadb();
    let ann = system.create(&new("ann", None, "ord_1")).await.unwrap();
    mariadb.stop().unwrap();
    let lost = system.set_status(&ann, Status::Disabled).await.unwrap_err();
    assert!(matches!(lost.class(), Class::Outage | Class::Retry), "{lost}");
    for error in [
        system.set_status(&ann, Status::Disabled).await.unwrap_err(),
        system.read(&ann).await.unwrap_err(),
        system.test().await.unwrap_err(),
        whole(&system).await.unwrap_err(),
    ] {
        assert_eq!(error.class(), Class::Outage, "{error}");
    }
    mariadb.start().unwrap();
    system.set_status(&ann, Status::Disabled).await.unwrap();
    assert_eq!(held(&system, "ann").await.map(|(status, _)| status), Some(Status::Disabled));
}

#[tokio::test]
async fn a_thousand_accounts_come_in_pages_each_once_and_all_of_them() {
    let (mariadb, _, system) = mariadb();
    let before = whole(&system).await.unwrap();
    let users: Vec<String> = (0..1000).map(|number| format!("u{number}")).collect();
    mariadb
        .sql(&format!("create role readers; create user {}; grant readers to {}", users.join(","), users.join(",")))
        .unwrap();
    let parts = whole(&system).await.unwrap();
    let accounts = |parts: &[Part]| parts.iter().map(|part| part.accounts.len()).sum::<usize>();
    assert_eq!(accounts(&parts), accounts(&before) + 1000);
    let readers = NativeId("role:readers".to_owned());
    let members = parts.iter().flat_map(|part| &part.memberships).filter(|one| one.entitlement == readers).count();
    assert_eq!(members, 1001, "whoever made it is in it");
    assert!(parts.len() > 3);
}

#[tokio::test]
async fn no_login_breaks_out_of_its_statement() {
    let (mariadb, _, system) = mariadb();
    mariadb.sql("create role readers").unwrap();
    let readers = named(&system, "readers").await;
    let before = mariadb.sql("select count(*) from mysql.user").unwrap();
    for login in texts("[\"'`\\\\;\\-a-z@é\n$%]{1,20}", 15) {
        let made = system.create(&new(&login, Some("first"), "ord_1")).await.unwrap();
        assert_eq!(made, AccountRef { id: Some(NativeId(format!("{login}@%"))), login: login.clone() });
        system.grant(&made, &readers).await.unwrap();
        assert_eq!(held(&system, &login).await, Some((Status::Enabled, vec!["readers".to_owned()])), "{login:?}");
        system.delete(&made).await.unwrap();
        assert_eq!(held(&system, &login).await, None, "{login:?}");
    }
    assert_eq!(mariadb.sql("select count(*) from mysql.user").unwrap(), before);
}
