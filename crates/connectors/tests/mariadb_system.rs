//! MariaDB as a system with accounts and roles, against a real server.

mod systems;

use connectors::connector::{NativeId, Page, Status};
use connectors::mariadb::{System, log_in};
use connectors::{Connector, ConnectorError, LogIn, Server};
use futures::TryStreamExt;
use peers::mariadb::Server as Mariadb;
use systems::database::{
    enabled_in, given_and_taken_and_twice_is_once, no_login_and_no_mark_breaks_out, nobody_touches,
    nothing_is_given_to_nobody_or_of_nothing, refused, used_again_when_it_is_back,
};
use systems::whole::{attributes, by_login, named, new_account, standing, whole};
use systems::{loopback, secret};
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
    let listed = whole(&system).await.unwrap().lines();
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
    assert_eq!(standing(&system, &by_login("dave")).await, enabled_in(&["file on *.*", "select on *.*"]));
    assert_eq!(standing(&system, &by_login("readers")).await, None, "a role is no account");
    assert_eq!(standing(&system, &by_login("nobody")).await, None);

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
    let made = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
    assert_eq!(system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap(), made);
    for password in [Some("second"), None] {
        refused(system.create(&new_account("ann", password, "ord_1")).await, "account_already_there");
    }
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));

    let bob = system.create(&new_account("bob", None, "ord_2")).await.unwrap();
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
    let ann = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
    system.grant(&ann, &named(&system, "readers").await).await.unwrap();
    let renamed = system.change(&ann, &attributes(&[("login", "ann.new@example.com")])).await.unwrap();
    assert_eq!(
        system.change(&ann, &attributes(&[("login", "ann.new@example.com")])).await.unwrap(),
        renamed,
        "asked again"
    );
    assert_eq!(standing(&system, &by_login("ann.new@example.com")).await, enabled_in(&["readers"]));
    assert_eq!(standing(&system, &by_login("ann")).await, None);
    assert_eq!(log_in(&server, "ann.new@example.com", &secret("first")).await, Ok(LogIn::Accepted));
    let error = system.change(&renamed, &attributes(&[("login", "taken")])).await.unwrap_err();
    assert_eq!(error.code(), "account_already_there");
    let error = system.change(&by_login("nobody"), &attributes(&[("login", "nobody2")])).await.unwrap_err();
    assert_eq!(error.code(), "host_account_missing");
    refused(system.change(&renamed, &attributes(&[("shoe_size", "42")])).await, "account_name_invalid");
}

#[tokio::test]
async fn a_disabled_account_has_no_session_and_gets_none_until_it_is_enabled_and_a_deleted_one_is_gone() {
    let (mariadb, server, system) = mariadb();
    let ann = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
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
        assert_eq!(standing(&system, &by_login("ann")).await, Some((Status::Disabled, vec![])));
        assert!(log_in(&server, "ann", &secret("first")).await != Ok(LogIn::Accepted));
        assert_eq!(mariadb.sql(count).unwrap().trim(), "0");
    }
    session.join().unwrap();
    system.set_status(&ann, Status::Enabled).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
    for _ in 0..2 {
        system.delete(&ann).await.unwrap();
        assert_eq!(standing(&system, &by_login("ann")).await, None);
    }
}

#[tokio::test]
async fn roles_and_rights_are_given_and_taken_and_a_role_is_active_when_its_holder_logs_in() {
    let (mariadb, _, system) = mariadb();
    mariadb
        .sql("create role readers; create role writers; create database shop; grant select on shop.* to readers; create user mallory; grant select on shop.* to mallory")
        .unwrap();
    let ann = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
    let active =
        || mariadb.sql_as("ann", "first", "select coalesce(current_role(), 'none')").unwrap().trim().to_owned();
    for name in ["readers", "super on *.*", "select on *.*"] {
        let while_given = || assert_eq!(active(), if name == "readers" { "readers" } else { "none" });
        given_and_taken_and_twice_is_once(&system, &ann, name, while_given).await;
        assert_eq!(active(), "none");
    }
    let (readers, writers) = (named(&system, "readers").await, named(&system, "writers").await);
    system.grant(&ann, &readers).await.unwrap();
    system.grant(&ann, &writers).await.unwrap();
    assert_eq!(active(), "readers");
    system.revoke(&ann, &readers).await.unwrap();
    assert_eq!(active(), "writers", "the role that is left");

    let on_shop = named(&system, "select on all of shop").await;
    let missing = ["role:nothing", "power:everything"];
    nothing_is_given_to_nobody_or_of_nothing(&system, &ann, &readers, missing, &on_shop).await;
}

#[tokio::test]
async fn the_servers_own_accounts_and_the_one_that_we_are_are_never_touched() {
    let (mariadb, _, system) = mariadb();
    mariadb.sql("create role readers").unwrap();
    let readers = named(&system, "readers").await;
    nobody_touches(&system, &["admin", "root@localhost", "mariadb.sys@localhost"], &readers).await;
}

#[tokio::test]
async fn who_may_not_is_told_so_and_what_it_cannot_see_is_no_empty_listing() {
    let (mariadb, server, system) = mariadb();
    mariadb
        .sql("create user weak identified by 'w'; grant select on mysql.* to weak; create user blind identified by 'b'")
        .unwrap();
    let ann = system.create(&new_account("ann", None, "ord_1")).await.unwrap();
    let weak = System::new(server.clone(), "weak".to_owned(), secret("w"));
    for answer in [
        weak.create(&new_account("bob", None, "ord_2")).await.map(drop),
        weak.delete(&ann).await,
        weak.grant(&ann, &named(&system, "super on *.*").await).await,
    ] {
        refused(answer, "host_not_permitted");
    }
    let blind = System::new(server, "blind".to_owned(), secret("b"));
    assert_eq!(whole(&blind).await.unwrap_err().code(), "host_not_permitted");
    assert_eq!(blind.read(&ann).await.unwrap_err().code(), "host_not_permitted");
}

#[tokio::test]
async fn a_server_that_goes_away_leaves_open_what_happened_and_is_used_again_when_it_is_back() {
    let (mut mariadb, _, system) = mariadb();
    used_again_when_it_is_back(&mut mariadb, &system).await;
}

#[tokio::test]
async fn a_thousand_accounts_come_in_pages_each_once_and_all_of_them() {
    let (mariadb, _, system) = mariadb();
    let before = whole(&system).await.unwrap();
    let users: Vec<String> = (0..1000).map(|number| format!("u{number}")).collect();
    mariadb
        .sql(&format!("create role readers; create user {}; grant readers to {}", users.join(","), users.join(",")))
        .unwrap();
    let all = whole(&system).await.unwrap();
    assert_eq!(all.accounts.len(), before.accounts.len() + 1000);
    assert_eq!(all.members("readers").len(), 1001, "whoever made it is in it");
    assert!(all.parts > 3);
}

#[tokio::test]
async fn who_comes_or_goes_while_the_others_are_listed_breaks_no_listing() {
    let (mariadb, _, system) = mariadb();
    let users: Vec<String> = (0..1000).map(|number| format!("u{number:04}")).collect();
    mariadb.sql(&format!("create user {}", users.join(","))).unwrap();
    for change in ["create user u9999", "create user a0000", "drop user u0000", "drop user u9999"] {
        let (mut pages, mut listed, mut ended) = (system.list(), Vec::new(), false);
        while let Some(page) = pages.try_next().await.unwrap() {
            let is_first = listed.is_empty();
            match page {
                Page::Part(part) => listed.extend(part.accounts.into_iter().map(|account| account.login)),
                Page::Unread(_) => panic!("every user can be read"),
                Page::End => ended = true,
            }
            if is_first && !listed.is_empty() {
                mariadb.sql(change).unwrap();
            }
        }
        assert!(ended, "{change}");
        assert!(users[1..].iter().all(|user| listed.iter().filter(|login| *login == user).count() == 1), "{change}");
    }
}

/// The server takes `'ann'` for `ann` when somebody logs in: whoever had that login would be asked for Ann's password.
#[tokio::test]
async fn a_login_in_quotes_is_nobody_elses() {
    let (mariadb, server, system) = mariadb();
    mariadb.sql("create user ann identified by 'of ann'; create user `'bob'` identified by 'of bob'").unwrap();
    assert_eq!(mariadb.sql_as("'ann'", "of ann", "select 1").unwrap().trim(), "1", "the server does so");
    let quoted = "'ann'";
    let error = log_in(&server, quoted, &secret("of ann")).await.unwrap_err();
    assert!(matches!(error, ConnectorError::BadName { .. }), "{error}");
    let error = system.create(&new_account(quoted, Some("of ann"), "ord_1")).await.unwrap_err();
    assert!(matches!(error, ConnectorError::BadName { .. }), "{error}");
    let renamed = [("login".to_owned(), vec![quoted.to_owned()])].into();
    let error = system.change(&by_login("ann"), &renamed).await.unwrap_err();
    assert!(matches!(error, ConnectorError::BadName { .. }), "{error}");
    system.delete(&by_login("'bob'")).await.unwrap();
    assert_eq!(standing(&system, &by_login("'bob'")).await, None, "what somebody made by hand can be removed");
    assert!(standing(&system, &by_login("ann")).await.is_some());
}

#[tokio::test]
async fn no_login_breaks_out_of_its_statement() {
    let (mariadb, _, system) = mariadb();
    let logins = ("[\"'`\\\\;\\-a-z@é\n$%]{0,19}[\"`\\\\;\\-a-z@é\n$%]", 15);
    no_login_and_no_mark_breaks_out(&mariadb, &system, logins, "select count(*) from mysql.user").await;
}
