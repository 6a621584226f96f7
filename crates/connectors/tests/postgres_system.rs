//! PostgreSQL as a system with accounts and roles, against a real server.

mod systems;

use connectors::connector::{AccountRef, Member, NativeId, Status};
use connectors::postgres::{System, log_in};
use connectors::{Class, Connector, LogIn, Server};
use peers::postgres::{Durability, Server as Postgres};
use systems::database::{
    enabled_in, given_and_taken_and_twice_is_once, no_login_and_no_mark_breaks_out, nobody_touches,
    nothing_is_given_to_nobody_or_of_nothing, refused, used_again_when_it_is_back,
};
use systems::whole::{attributes, by_login, named, new_account, standing, whole};
use systems::{loopback, secret};
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
    let listed: Vec<String> = whole(&system).await.unwrap().lines().into_iter().filter(ours).collect();
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
    assert_eq!(standing(&system, &by_login("dave")).await, enabled_in(&["ann", "pg_read_all_data"]));
    assert_eq!(standing(&system, &by_login("readers")).await, None, "a role is no account");
    assert_eq!(standing(&system, &by_login("nobody")).await, None);
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
    let made = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
    assert_eq!(system.create(&new_account("ann", Some("second"), "ord_1")).await.unwrap(), made);
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
    refused(system.create(&new_account("ann", None, "ord_2")).await, "account_already_there");

    postgres.sql("create role readers; comment on role readers is 'ord_3'").unwrap();
    let error = system.create(&new_account("readers", None, "ord_3")).await.unwrap_err();
    assert_eq!(error.code(), "account_already_there", "a role with members to come is no account");

    system.create(&new_account("bob", None, "ord_4")).await.unwrap();
    assert_eq!(log_in(&server, "bob", &secret("")).await, Ok(LogIn::Refused));
    system.set_password(&by_login("bob"), &secret("later")).await.unwrap();
    assert_eq!(log_in(&server, "bob", &secret("later")).await, Ok(LogIn::Accepted));
    assert_eq!(postgres.sql("select count(*) from pg_roles where rolname in ('ann', 'bob')").unwrap().trim(), "2");
}

#[tokio::test]
async fn a_rename_keeps_the_id_and_what_the_account_is_in() {
    let (postgres, server, system) = postgres();
    postgres.sql("create role readers").unwrap();
    let ann = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
    system.grant(&ann, &named(&system, "readers").await).await.unwrap();
    system.create(&new_account("taken", None, "ord_2")).await.unwrap();

    let renamed = system.change(&ann, &attributes(&[("login", "ann.new")])).await.unwrap();
    assert_eq!(renamed, AccountRef { id: ann.id.clone(), login: "ann.new".to_owned() });
    assert_eq!(system.change(&ann, &attributes(&[("login", "ann.new")])).await.unwrap(), renamed, "asked again");
    assert_eq!(standing(&system, &by_login("ann.new")).await, enabled_in(&["readers"]));
    assert_eq!(standing(&system, &by_login("ann")).await, None);
    assert_eq!(log_in(&server, "ann.new", &secret("first")).await, Ok(LogIn::Accepted));
    let read = system.read(&ann).await.unwrap().expect("found by its id under another name");
    assert_eq!(read.account.login, "ann.new");

    let error = system.change(&ann, &attributes(&[("login", "taken")])).await.unwrap_err();
    assert_eq!(error.code(), "account_already_there");
    system.change(&ann, &attributes(&[("valid_until", "2001-01-01T00:00:00Z")])).await.unwrap();
    assert_eq!(log_in(&server, "ann.new", &secret("first")).await, Ok(LogIn::Refused));
    system.change(&ann, &attributes(&[("valid_until", "")])).await.unwrap();
    assert_eq!(log_in(&server, "ann.new", &secret("first")).await, Ok(LogIn::Accepted));
    for (name, value) in [("valid_until", "'; drop role ann; --"), ("shoe_size", "42")] {
        assert_eq!(
            system.change(&ann, &attributes(&[(name, value)])).await.unwrap_err().class(),
            Class::Permanent,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_disabled_account_has_no_session_and_gets_none_until_it_is_enabled() {
    let (postgres, server, system) = postgres();
    let ann = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
    let session = sleeping_as_ann(&postgres);
    for _ in 0..2 {
        system.set_status(&ann, Status::Disabled).await.unwrap();
        assert_eq!(standing(&system, &by_login("ann")).await, Some((Status::Disabled, vec![])));
        assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Refused));
    }
    assert!(!session.join().unwrap(), "the session was ended");
    system.set_status(&ann, Status::Enabled).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Accepted));
}

#[tokio::test]
async fn what_an_account_owns_keeps_it_there_disabled_and_nothing_is_dropped_with_it() {
    let (postgres, _, system) = postgres();
    let ann = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
    postgres.sql("create table kept (id int); alter table kept owner to ann").unwrap();
    let error = system.delete(&ann).await.unwrap_err();
    assert_eq!((error.code(), error.class()), ("system_rejected", Class::Permanent));
    assert!(error.to_string().contains("reassign owned"), "{error}");
    assert_eq!(standing(&system, &by_login("ann")).await.map(|(status, _)| status), Some(Status::Disabled));
    postgres.sql("alter table kept owner to postgres").unwrap();
    for _ in 0..2 {
        system.delete(&ann).await.unwrap();
        assert_eq!(standing(&system, &by_login("ann")).await, None);
    }
    assert_eq!(postgres.sql("select count(*) from kept").unwrap().trim(), "0");

    postgres.sql("create role ann login").unwrap();
    system.delete(&ann).await.unwrap();
    assert!(standing(&system, &by_login("ann")).await.is_some(), "another account of the same name is not meant");
}

#[tokio::test]
async fn roles_and_powers_are_given_and_taken_and_twice_is_once() {
    let (postgres, _, system) = postgres();
    postgres.sql("create role readers; create role inner_role; create table t (); create role mallory login; grant select on t to mallory").unwrap();
    let ann = system.create(&new_account("ann", None, "ord_1")).await.unwrap();
    for name in ["readers", "createrole", "superuser"] {
        given_and_taken_and_twice_is_once(&system, &ann, name, || {}).await;
    }
    let readers = named(&system, "readers").await;
    let on_table = named(&system, "select on tables of schema public in postgres").await;
    let missing = ["99999999", "power:everything"];
    nothing_is_given_to_nobody_or_of_nothing(&system, &ann, &readers, missing, &on_table).await;
    postgres.sql("grant ann to readers").unwrap();
    refused(system.grant(&ann, &readers).await, "system_rejected");
}

#[tokio::test]
async fn the_servers_own_accounts_and_the_one_that_we_are_are_never_touched() {
    let (postgres, server, _) = postgres();
    postgres.sql("create role keeper login superuser password 'k'; create role readers").unwrap();
    let system = System::new(server, "keeper".to_owned(), secret("k"));
    nobody_touches(&system, &["postgres", "keeper"], &named(&system, "readers").await).await;
}

#[tokio::test]
async fn an_administrator_without_superuser_does_it_all_for_accounts_of_its_own() {
    let (postgres, server, _) = postgres();
    postgres.sql("create role keeper login createrole password 'k'; create role strong superuser").unwrap();
    let system = System::new(server.clone(), "keeper".to_owned(), secret("k"));
    postgres.sql("set role keeper; create role readers").unwrap();
    let ann = system.create(&new_account("ann", Some("first"), "ord_1")).await.unwrap();
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
        refused(answer, "host_not_permitted");
    }
    system.delete(&ann).await.unwrap();
}

#[tokio::test]
async fn a_server_that_goes_away_leaves_open_what_happened_and_is_used_again_when_it_is_back() {
    let (mut postgres, _, system) = postgres();
    used_again_when_it_is_back(&mut postgres, &system).await;
    let wrong = System::new(loopback(postgres.port()), "postgres".to_owned(), secret("wrong"));
    assert_eq!(wrong.test().await.unwrap_err().class(), Class::Outage);
}

#[tokio::test]
async fn two_thousand_roles_come_in_pages_each_once_and_all_of_them() {
    let (postgres, _, system) = postgres();
    postgres
        .sql("create role readers; do $$ begin for i in 1..2000 loop execute format('create role u%s login in role readers', i); end loop; end $$")
        .unwrap();
    let all = whole(&system).await.unwrap();
    assert_eq!((all.accounts.len(), all.memberships.len()), (2001, 2000 + 4 + 3));
    assert!(all.parts > 5);
}

#[tokio::test]
async fn no_login_and_no_mark_breaks_out_of_its_statement() {
    let (postgres, _, system) = postgres();
    let logins = ("[\"'\\\\;\\-a-zé \n$%]{1,20}", 60);
    no_login_and_no_mark_breaks_out(&postgres, &system, logins, "select count(*) from pg_roles").await;
}
