//! PostgreSQL as a system with accounts and roles, against a real server.

mod systems;

use connectors::connector::{AccountRef, Member, NativeId, Status};
use connectors::postgres::{System, log_in};
use connectors::{Class, Connector, LogIn, Server};
use peers::postgres::{Durability, Server as Postgres};
use systems::listed::{attribute, by_login, held, lines, named, new, whole};
use systems::{loopback, secret, texts};
use types::Failure;

fn postgres() -> (Postgres, Server, System) {
    let postgres = Postgres::start_with(Durability::Fast).unwrap();
    let server = loopback(postgres.port());
    let system = System::new(server.clone(), "postgres".to_owned(), secret(postgres.password()));
    (postgres, server, system)
}

/// A session of `ann` that has begun and will not end by itself.
fn sleeping_as_ann(postgres: &Postgres) -> std::thread::JoinHandle<bool> {
    let url = format!("postgres://ann:first@127.0.0.1:{}/postgres", postgres.port());
    let session = std::thread::spawn(move || peers::postgres::psql(&url, "select pg_sleep(60)").is_ok());
    for _ in 0..1000 {
        if postgres.sql("select count(*) from pg_stat_activity where usename = 'ann'").unwrap().trim() == "1" {
            return session;
        }
    }
    panic!("ann has no session");
}

#[tokio::test]
async fn a_listing_tells_accounts_roles_powers_and_what_was_granted_directly() {
    let (postgres, _, system) = postgres();
    postgres
        .sql(
            "create role readers; create role writers in role readers; create role owners superuser;
             create role ann login in role writers valid until '2030-01-01T00:00:00Z'; comment on role ann is 'ord_1';
             create role bob nologin connection limit 0; create role \"Carol \"\"C\"\" é\" login createrole bypassrls;
             create role dave login in role ann, pg_read_all_data;
             create schema shop; create table shop.orders (id int); create table shop.lines (id int);
             grant select on shop.orders, shop.lines to ann; grant usage on schema shop to ann, readers; grant all on shop.orders to readers",
        )
        .unwrap();
    let ours = |line: &String| !line.contains("pg_") && !line.contains("account postgres") || line.contains("dave");
    let listed: Vec<String> = lines(&system).await.into_iter().filter(ours).collect();
    assert_eq!(
        listed,
        [
            "account Carol \"C\" é in bypassrls",
            "account Carol \"C\" é in createrole",
            "account Carol \"C\" é: enabled createrole+bypassrls",
            "account ann in select on tables of schema shop in postgres",
            "account ann in usage on schema shop in postgres",
            "account ann in writers",
            "account ann: enabled  comment=ord_1 valid_until=2030-01-01T00:00:00.000000Z",
            "account bob: disabled",
            "account dave in ann",
            "account dave in pg_read_all_data",
            "account dave: enabled",
            "database_grant select on tables of schema shop in postgres: ordinary",
            "database_grant usage on schema shop in postgres: ordinary",
            "entitlement writers in readers",
            "other bypassrls: bypassrls",
            "other createrole: createrole",
            "other replication: replication",
            "other superuser: superuser",
            "role ann: ordinary",
            "role owners: its members may become it, and it has superuser",
            "role readers: ordinary",
            "role writers: ordinary",
        ]
    );
    let says = system.test().await.unwrap().says;
    assert!(says.starts_with("PostgreSQL ") && says.ends_with(" as postgres, superuser"), "{says}");
    assert_eq!(
        held(&system, "dave").await,
        Some((Status::Enabled, vec!["ann".to_owned(), "pg_read_all_data".to_owned()]))
    );
    assert_eq!(held(&system, "readers").await, None, "a role is no account");
    assert_eq!(held(&system, "nobody").await, None);
}

#[tokio::test]
async fn the_members_of_a_role_of_a_power_and_of_a_grant_are_those_that_hold_it_directly() {
    let (postgres, _, system) = postgres();
    postgres
        .sql(
            "create role readers; create role writers in role readers; create role ann login in role readers createrole;
             create table t (); grant select on t to ann",
        )
        .unwrap();
    for (name, expected) in
        [("readers", 2), ("writers", 0), ("createrole", 1), ("select on tables of schema public in postgres", 1)]
    {
        let members = system.members(&named(&system, name).await).await.unwrap().expect(name);
        let accounts = members.iter().filter(|member| matches!(member, Member::Account(_))).count();
        let with_us = if name == "createrole" { 2 } else { expected };
        assert_eq!(members.len(), with_us, "{name}");
        assert_eq!(accounts, if name == "readers" { 1 } else { with_us }, "{name}");
    }
    for missing in ["99999999", "not an oid", "grant:postgres/schema public/usage", "-1", ""] {
        assert_eq!(system.members(&NativeId(missing.to_owned())).await.unwrap(), None, "{missing}");
    }
}

#[tokio::test]
async fn an_account_is_made_once_for_one_mark_and_never_taken_over() {
    let (postgres, server, system) = postgres();
    let made = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
    assert_eq!(system.create(&new("ann", Some("second"), "ord_1")).await.unwrap(), made);
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
    let error = system.create(&new("ann", None, "ord_2")).await.unwrap_err();
    assert_eq!((error.code(), error.class()), ("account_already_there", Class::Permanent));

    postgres.sql("create role readers; comment on role readers is 'ord_3'").unwrap();
    let error = system.create(&new("readers", None, "ord_3")).await.unwrap_err();
    assert_eq!(error.code(), "account_already_there", "a role with members to come is no account");

    system.create(&new("bob", None, "ord_4")).await.unwrap();
    assert_eq!(log_in(&server, "bob", &secret("")).await, Ok(LogIn::Refused));
    system.set_password(&by_login("bob"), &secret("later")).await.unwrap();
    assert_eq!(log_in(&server, "bob", &secret("later")).await, Ok(LogIn::Accepted));
    assert_eq!(postgres.sql("select count(*) from pg_roles where rolname in ('ann', 'bob')").unwrap().trim(), "2");
}

#[tokio::test]
async fn a_rename_keeps_the_id_and_what_the_account_is_in() {
    let (postgres, server, system) = postgres();
    postgres.sql("create role readers").unwrap();
    let ann = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    system.grant(&ann, &named(&system, "readers").await).await.unwrap();
    system.create(&new("taken", None, "ord_2")).await.unwrap();

    let renamed = system.change(&ann, &attribute("login", "ann.new")).await.unwrap();
    assert_eq!(renamed, AccountRef { id: ann.id.clone(), login: "ann.new".to_owned() });
    assert_eq!(system.change(&ann, &attribute("login", "ann.new")).await.unwrap(), renamed, "asked again");
    assert_eq!(held(&system, "ann.new").await, Some((Status::Enabled, vec!["readers".to_owned()])));
    assert_eq!(held(&system, "ann").await, None);
    assert_eq!(log_in(&server, "ann.new", &secret("first")).await, Ok(LogIn::Accepted));
    let read = system.read(&ann).await.unwrap().expect("found by its id under another name");
    assert_eq!(read.account.login, "ann.new");

    let error = system.change(&ann, &attribute("login", "taken")).await.unwrap_err();
    assert_eq!(error.code(), "account_already_there");
    system.change(&ann, &attribute("valid_until", "2001-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(log_in(&server, "ann.new", &secret("first")).await, Ok(LogIn::Refused));
    system.change(&ann, &attribute("valid_until", "")).await.unwrap();
    assert_eq!(log_in(&server, "ann.new", &secret("first")).await, Ok(LogIn::Accepted));
    for (name, value) in [("valid_until", "'; drop role ann; --"), ("shoe_size", "42")] {
        assert_eq!(system.change(&ann, &attribute(name, value)).await.unwrap_err().class(), Class::Permanent, "{name}");
    }
}

#[tokio::test]
async fn a_disabled_account_has_no_session_and_gets_none_until_it_is_enabled() {
    let (postgres, server, system) = postgres();
    let ann = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    let session = sleeping_as_ann(&postgres);
    for _ in 0..2 {
        system.set_status(&ann, Status::Disabled).await.unwrap();
        assert_eq!(held(&system, "ann").await, Some((Status::Disabled, vec![])));
        assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Refused));
    }
    assert!(!session.join().unwrap(), "the session was ended");
    system.set_status(&ann, Status::Enabled).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
}

#[tokio::test]
async fn what_an_account_owns_keeps_it_there_disabled_and_nothing_is_dropped_with_it() {
    let (postgres, _, system) = postgres();
    let ann = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    postgres.sql("create table kept (id int); alter table kept owner to ann").unwrap();
    let error = system.delete(&ann).await.unwrap_err();
    assert_eq!((error.code(), error.class()), ("system_rejected", Class::Permanent));
    assert!(error.to_string().contains("reassign owned"), "{error}");
    assert_eq!(held(&system, "ann").await.map(|(status, _)| status), Some(Status::Disabled));
    postgres.sql("alter table kept owner to postgres").unwrap();
    for _ in 0..2 {
        system.delete(&ann).await.unwrap();
        assert_eq!(held(&system, "ann").await, None);
    }
    assert_eq!(postgres.sql("select count(*) from kept").unwrap().trim(), "0");

    postgres.sql("create role ann login").unwrap();
    system.delete(&ann).await.unwrap();
    assert!(held(&system, "ann").await.is_some(), "another account of the same name is not meant");
}

#[tokio::test]
async fn roles_and_powers_are_given_and_taken_and_twice_is_once() {
    let (postgres, _, system) = postgres();
    postgres.sql("create role readers; create role inner_role; create table t (); create role mallory login; grant select on t to mallory").unwrap();
    let ann = system.create(&new("ann", None, "ord_1")).await.unwrap();
    for name in ["readers", "createrole", "superuser"] {
        let id = named(&system, name).await;
        for _ in 0..2 {
            system.grant(&ann, &id).await.unwrap();
            assert_eq!(held(&system, "ann").await, Some((Status::Enabled, vec![name.to_owned()])));
        }
        for _ in 0..2 {
            system.revoke(&ann, &id).await.unwrap();
            assert_eq!(held(&system, "ann").await, Some((Status::Enabled, vec![])));
        }
    }
    let readers = named(&system, "readers").await;
    let on_table = named(&system, "select on tables of schema public in postgres").await;
    let gone = NativeId("99999999".to_owned());
    let who = || by_login("nobody");
    for (error, code) in [
        (system.grant(&who(), &readers).await, "host_account_missing"),
        (system.revoke(&who(), &readers).await, "host_account_missing"),
        (system.grant(&ann, &gone).await, "entitlement_missing"),
        (system.revoke(&ann, &NativeId("power:everything".to_owned())).await, "entitlement_missing"),
        (system.revoke(&by_login("mallory"), &on_table).await, "system_cannot"),
    ] {
        let error = error.unwrap_err();
        assert_eq!((error.code(), error.class()), (code, Class::Permanent));
    }
    postgres.sql("grant ann to readers").unwrap();
    let circle = system.grant(&ann, &readers).await.unwrap_err();
    assert_eq!((circle.code(), circle.class()), ("system_rejected", Class::Permanent), "{circle}");
}

#[tokio::test]
async fn the_servers_own_accounts_and_the_one_that_we_are_are_never_touched() {
    let (postgres, server, _) = postgres();
    postgres.sql("create role keeper login superuser password 'k'; create role readers").unwrap();
    let system = System::new(server, "keeper".to_owned(), secret("k"));
    let readers = named(&system, "readers").await;
    for login in ["postgres", "keeper"] {
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
        assert_eq!(held(&system, login).await.map(|(status, _)| status), Some(Status::Enabled));
    }
}

#[tokio::test]
async fn an_administrator_without_superuser_does_it_all_for_accounts_of_its_own() {
    let (postgres, server, _) = postgres();
    postgres.sql("create role keeper login createrole password 'k'; create role strong superuser").unwrap();
    let system = System::new(server.clone(), "keeper".to_owned(), secret("k"));
    postgres.sql("set role keeper; create role readers").unwrap();
    let ann = system.create(&new("ann", Some("first"), "ord_1")).await.unwrap();
    system.grant(&ann, &named(&system, "readers").await).await.unwrap();
    let session = sleeping_as_ann(&postgres);
    system.set_status(&ann, Status::Disabled).await.unwrap();
    assert!(!session.join().unwrap(), "the session was ended");
    assert_eq!(
        postgres.sql("select count(*) from pg_auth_members where member = 'keeper'::regrole").unwrap().trim(),
        "0"
    );
    for answer in [
        system.grant(&ann, &named(&system, "superuser").await).await,
        system.grant(&ann, &named(&system, "strong").await).await,
    ] {
        let error = answer.unwrap_err();
        assert_eq!((error.code(), error.class()), ("host_not_permitted", Class::Permanent));
    }
    system.delete(&ann).await.unwrap();
}

#[tokio::test]
async fn a_server_that_goes_away_leaves_open_what_happened_and_is_used_again_when_it_is_back() {
    let (mut postgres, _, system) = postgres();
    let ann = system.create(&new("ann", None, "ord_1")).await.unwrap();
    postgres.stop().unwrap();
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
    postgres.start().unwrap();
    system.set_status(&ann, Status::Disabled).await.unwrap();
    assert_eq!(held(&system, "ann").await.map(|(status, _)| status), Some(Status::Disabled));
    let wrong = System::new(loopback(postgres.port()), "postgres".to_owned(), secret("wrong"));
    assert_eq!(wrong.test().await.unwrap_err().class(), Class::Outage);
}

#[tokio::test]
async fn two_thousand_roles_come_in_pages_each_once_and_all_of_them() {
    let (postgres, _, system) = postgres();
    postgres
        .sql("create role readers; do $$ begin for i in 1..2000 loop execute format('create role u%s login in role readers', i); end loop; end $$")
        .unwrap();
    let parts = whole(&system).await.unwrap();
    let count = |of: fn(&connectors::connector::Part) -> usize| parts.iter().map(of).sum::<usize>();
    assert_eq!(count(|part| part.accounts.len()), 2001);
    assert_eq!(count(|part| part.memberships.len()), 2000 + 4 + 3);
    assert!(parts.len() > 5);
}

#[tokio::test]
async fn no_login_and_no_mark_breaks_out_of_its_statement() {
    let (postgres, _, system) = postgres();
    postgres.sql("create role readers").unwrap();
    let readers = named(&system, "readers").await;
    for login in texts("[\"'\\\\;\\-a-zé \n$%]{1,20}", 60) {
        let mark = format!("'; drop role readers; -- \\{login}");
        let made = system.create(&new(&login, None, &mark)).await.unwrap();
        assert_eq!(system.create(&new(&login, None, &mark)).await.unwrap(), made, "{login:?}");
        system.grant(&by_login(&login), &readers).await.unwrap();
        assert_eq!(held(&system, &login).await, Some((Status::Enabled, vec!["readers".to_owned()])), "{login:?}");
        system.delete(&by_login(&login)).await.unwrap();
        assert_eq!(held(&system, &login).await, None, "{login:?}");
    }
    assert_eq!(postgres.sql("select count(*) from pg_roles where oid >= 16384").unwrap().trim(), "1");
}
