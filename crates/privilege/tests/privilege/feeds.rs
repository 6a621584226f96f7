//! Sources of people read with a credential of the vault: a database, a directory, a folder. What they say is handed on
//! whole, or not at all.

use super::house::{House, on_both_engines};
use connectors::connector::Attributes;
use peers::mariadb::Server as Mariadb;
use peers::postgres::{Durability, Server as Postgres};
use peers::slapd::{self, Server as Slapd};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::feeds;
use privilege::services::{self, Declaration};
use privilege::sessions::Node;
use provisioning::feed::{self, Asks, Changes, Question, Reading, State};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use types::{Failure, Secret};

const TABLE: &str = "create table people (id int, name varchar(40), changed_at timestamp(6)); \
    insert into people values (1, 'Zoë', '2026-11-20 10:00:00'), (2, null, '2026-11-21 10:00:00')";

/// Declares the service and puts its administrator's password under management.
async fn service(house: &House, declaration: Value, login: &str, password: &str) {
    let name = declaration["name"].as_str().unwrap().to_owned();
    let declaration: Declaration = serde_json::from_value(declaration).unwrap();
    services::declare(&house.ctx, &[declaration]).await.unwrap();
    managed(house, &name, login, password).await;
}

async fn managed(house: &House, service: &str, login: &str, password: &str) {
    let account = Import {
        target: service.to_owned(),
        login: login.to_owned(),
        kind: AccountKind::Service,
        credential: CredentialKind::Password,
        owner: house.alice.clone(),
        purpose: "reads people".to_owned(),
        given: Given::Value(Secret::new(password.to_owned())),
        change: Change::default(),
    };
    accounts::import(&house.ctx, vec![account]).await.unwrap();
}

fn ask(service: &str, asks: Asks) -> Question {
    Question { service: service.to_owned(), login: None, asks, changes: None }
}

fn query(service: &str, text: &str) -> Question {
    ask(service, Asks::Query { text: text.to_owned() })
}

fn since(question: Question, by: &str, since: Option<&str>) -> Question {
    Question { changes: Some(Changes { by: by.to_owned(), since: since.map(str::to_owned) }), ..question }
}

async fn read(house: &House, question: Question) -> Reading {
    let mut tx = house.ctx.decide().await.unwrap();
    let asked = feed::ask(&house.ctx, &mut tx, "people", question).await.unwrap();
    tx.commit().await.unwrap();
    house.worker().run_due().await.unwrap();
    feed::get(&mut house.ctx.read().await.unwrap(), "people", &asked.id).await.unwrap()
}

async fn bytes(house: &House, reading: &Reading) -> Vec<Vec<u8>> {
    let mut tx = house.ctx.read().await.unwrap();
    let mut pages = Vec::new();
    for number in 0.. {
        let Some(page) = feed::page(&house.ctx, &mut tx, "people", &reading.id, number).await.unwrap() else { break };
        pages.push(page.expose().clone());
    }
    pages
}

/// Every row that was handed on, as `column=value` in order, and the reading over for the next one.
async fn rows(house: &House, question: Question) -> (Reading, Vec<Attributes>) {
    let reading = read(house, question).await;
    assert!(matches!(reading.state, State::Ended { .. }), "{reading:?}");
    let pages = bytes(house, &reading).await;
    let full = pages.iter().filter(|page| !page.is_empty());
    let rows: Vec<Attributes> =
        full.flat_map(|page| serde_json::from_slice::<Vec<Attributes>>(page).unwrap()).collect();
    let progress = feed::progress(&mut house.ctx.read().await.unwrap(), "people", &reading.id).await.unwrap();
    assert_eq!((progress.is_whole, progress.stated_total), (true, Some(rows.len() as u64)));
    feed::settle(&house.ctx, &reading.id, feed::Outcome::Unchanged).await.unwrap();
    (reading, rows)
}

fn names(rows: &[Attributes], column: &str) -> Vec<String> {
    rows.iter().map(|row| row[column].join("+")).collect()
}

async fn trouble(house: &House, question: Question) -> String {
    let reading = read(house, question).await;
    let State::Broken { trouble, .. } = &reading.state else { panic!("{reading:?}") };
    assert!(bytes(house, &reading).await.is_empty(), "nothing is kept of it");
    feed::settle(&house.ctx, &reading.id, feed::Outcome::Refused(trouble.clone())).await.unwrap();
    trouble.code.clone()
}

/// A table of two people is read whole and by what changed, and never changed.
async fn check(house: &House, table: &str) {
    let people = format!("select id, name, changed_at from {table}");
    let (_, all) = rows(house, query("hr-db", &format!("{people} order by id;"))).await;
    assert_eq!(
        (names(&all, "id"), names(&all, "name")),
        (vec!["1".into(), "2".into()], vec!["Zoë".into(), String::new()])
    );
    let (reading, _) = rows(house, since(query("hr-db", &people), "changed_at", None)).await;
    let cursor = reading.cursor.expect("the last change that was seen");
    let (_, changed) = rows(house, since(query("hr-db", &people), "changed_at", Some(&cursor))).await;
    assert_eq!(names(&changed, "id"), ["2"]);
    let sample = feeds::test(&house.ctx, &house.node, &query("hr-db", &people)).await.unwrap();
    let columns: Vec<&str> = sample.columns.iter().map(String::as_str).collect();
    assert_eq!((sample.size, columns), (2, vec!["changed_at", "id", "name"]));
    for (harm, code) in
        [(format!("delete from {table}"), "system_rejected"), ("select * from nowhere.x".to_owned(), "system_rejected")]
    {
        assert_eq!(trouble(house, query("hr-db", &harm)).await, code, "{harm}");
        assert_eq!(
            feeds::test(&house.ctx, &house.node, &query("hr-db", &harm)).await.unwrap_err().code(),
            code,
            "{harm}"
        );
    }
    let other = Question { login: Some("nobody".to_owned()), ..query("hr-db", &people) };
    assert_eq!(trouble(house, other).await, "no_such_account", "the vault has no password for it");
    let directory = Asks::Directory {
        base: None,
        filter: "(uid=*)".to_owned(),
        attributes: BTreeSet::new(),
        key: "uid".to_owned(),
        reference: None,
        active_directory: false,
    };
    assert_eq!(trouble(house, ask("hr-db", directory)).await, "wrong_kind_of_service");
    assert_eq!(trouble(house, query("nowhere", "select 1")).await, "no_such_service");
}

on_both_engines! {
    async fn people_of_a_postgresql_are_read(house: House) {
        let server = Postgres::start_with(Durability::Fast).unwrap();
        server.sql(TABLE).unwrap();
        let declared = json!({"name": "hr-db", "kind": "postgres", "host": "127.0.0.1", "port": server.port(),
            "tls": "loopback_plain", "admin_login": "postgres"});
        service(&house, declared, "postgres", server.password()).await;
        check(&house, "public.people").await;
        server.sql("create role reader login password 'r'; grant select on people to reader").unwrap();
        managed(&house, "hr-db", "reader", "r").await;
        let as_reader = |text: &str| Question { login: Some("reader".to_owned()), ..query("hr-db", text) };
        assert_eq!(rows(&house, as_reader("select id from public.people")).await.1.len(), 2);
        server.sql("revoke select on people from reader").unwrap();
        assert_eq!(trouble(&house, as_reader("select id from public.people")).await, "host_not_permitted");
    }

    async fn people_of_a_mariadb_are_read(house: House) {
        let server = Mariadb::start_new().unwrap();
        server.sql(&format!("create database hr; use hr; {TABLE}")).unwrap();
        let declared = json!({"name": "hr-db", "kind": "mariadb", "host": "127.0.0.1", "port": server.port(),
            "tls": "loopback_plain", "admin_login": "admin", "database": "hr"});
        service(&house, declared, "admin", server.password()).await;
        check(&house, "people").await;
    }

    async fn people_of_a_directory_are_read_page_by_page_with_the_key_of_their_manager(house: House) {
        let server = Slapd::start_new().unwrap();
        let person = |n: usize, more: &str| {
            let base = slapd::PEOPLE;
            format!("dn: uid=p{n},{base}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: P {n}\nsn: Nö {n}\nmail: p{n}@x.example\n{more}\n")
        };
        let boss = format!("manager: uid=p0,{}\n", slapd::PEOPLE);
        let gone = format!("manager: uid=nobody,{}\n", slapd::PEOPLE);
        let people: String = (0..620).map(|n| person(n, match n { 0 => "", 1 => &gone, _ => &boss })).collect();
        server.add(&people).unwrap();
        let declared = json!({"name": "hr-ldap", "kind": "openldap", "host": "127.0.0.1", "port": server.port(),
            "tls": "loopback_plain", "admin_login": slapd::ADMIN, "base_dn": slapd::BASE});
        service(&house, declared, slapd::ADMIN, server.password()).await;
        let asks = |filter: &str| Asks::Directory {
            base: None,
            filter: filter.to_owned(),
            attributes: ["sn", "mail", "manager"].map(str::to_owned).into(),
            key: "entryUUID".to_owned(),
            reference: Some("manager".to_owned()),
            active_directory: false,
        };
        let everybody = since(ask("hr-ldap", asks("(objectClass=inetOrgPerson)")), "modifyTimestamp", None);
        let (reading, all) = rows(&house, everybody).await;
        assert_eq!((all.len(), reading.pages >= 3), (620, true));
        let of = |n: usize| all.iter().find(|row| row["mail"] == [format!("p{n}@x.example")]).unwrap();
        let key = &of(0)["entryUUID"];
        assert_eq!((of(619)["manager"].as_slice(), of(619)["sn"][0].as_str()), (key.as_slice(), "Nö 619"));
        assert!(of(0)["manager"].is_empty() && of(1)["manager"].is_empty(), "nobody has the key of who is not there");
        let only = ask("hr-ldap", asks("(uid=p7)"));
        assert_eq!(names(&rows(&house, only).await.1, "mail"), ["p7@x.example"]);
        let late = since(ask("hr-ldap", asks("(objectClass=inetOrgPerson)")), "modifyTimestamp", Some("20991231235959Z"));
        assert!(rows(&house, late).await.1.is_empty());
        let sample = feeds::test(&house.ctx, &house.node, &ask("hr-ldap", asks("(uid=*)"))).await.unwrap();
        assert!(sample.size == 20 && sample.columns.contains("mail"));
        assert_eq!(trouble(&house, ask("hr-ldap", asks("(uid=*"))).await, "account_name_invalid");
        drop(server);
        assert_eq!(trouble(&house, ask("hr-ldap", asks("(uid=*)"))).await, "host_unreachable");
    }

    async fn a_feed_in_a_folder_is_read_in_parts(house: House) {
        let folder = house.folder.path().join("drop");
        std::fs::create_dir(&folder).unwrap();
        let text = "line\n".repeat(300_000);
        std::fs::write(folder.join("b.csv"), &text).unwrap();
        std::fs::write(folder.join("a.csv"), "old").unwrap();
        let declared = json!({"name": "drop", "kind": "csv", "scope": {"folder": folder}});
        services::declare(&house.ctx, &[serde_json::from_value(declared).unwrap()]).await.unwrap();
        let reading = read(&house, ask("drop", Asks::File { name: None })).await;
        let pages = bytes(&house, &reading).await;
        assert_eq!((pages.len(), pages.concat() == text.as_bytes()), (3, true));
        feed::settle(&house.ctx, &reading.id, feed::Outcome::Unchanged).await.unwrap();
        assert_eq!(trouble(&house, ask("drop", Asks::File { name: Some("c.csv".into()) })).await, "host_unreachable");
        assert_eq!(trouble(&house, query("drop", "select 1")).await, "wrong_kind_of_service");
        let old = feeds::test(&house.ctx, &house.node, &ask("drop", Asks::File { name: Some("a.csv".into()) })).await.unwrap();
        assert_eq!((old.size, old.columns.len()), (3, 0));
        let nowhere = Node { csv_folder: None, ..house.node.clone() };
        let refused = feeds::test(&house.ctx, &nowhere, &ask("drop", Asks::File { name: None })).await.unwrap_err();
        assert!(refused.to_string().contains("`csv.folder`"), "{refused}");
    }

    async fn a_feed_outside_of_the_folder_that_is_allowed_is_not_read(house: House) {
        let elsewhere = tempfile::tempdir().unwrap();
        std::fs::write(elsewhere.path().join("a.csv"), "what only the server may read").unwrap();
        let inside = house.folder.path().join("drop");
        std::os::unix::fs::symlink(elsewhere.path(), &inside).unwrap();
        for (name, folder) in [("direct", elsewhere.path()), ("linked", inside.as_path())] {
            let declared = json!({"name": name, "kind": "csv", "scope": {"folder": folder}});
            services::declare(&house.ctx, &[serde_json::from_value(declared).unwrap()]).await.unwrap();
            assert_eq!(trouble(&house, ask(name, Asks::File { name: None })).await, "server_invalid");
        }
    }
}
