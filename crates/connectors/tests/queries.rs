//! A query as a source of records, against real servers: what it reads, and what it can never do.

mod systems;

use connectors::connector::Attributes;
use connectors::query::{Limits, Query};
use connectors::{Class, ConnectorError, Server, mariadb, postgres};
use peers::mariadb::Server as Mariadb;
use peers::postgres::{Durability, Server as Postgres};
use systems::{loopback, secret};
use types::{Failure, Secret};

enum Engine {
    Postgres,
    Mariadb,
}

struct Source {
    engine: Engine,
    server: Server,
    login: &'static str,
    password: Secret<String>,
    table: &'static str,
}

impl Source {
    async fn ask(&self, query: &Query) -> Result<Vec<Attributes>, ConnectorError> {
        let Self { server, login, password, .. } = self;
        match self.engine {
            Engine::Postgres => postgres::query(server, login, password, query).await,
            Engine::Mariadb => mariadb::query(server, login, password, query).await,
        }
    }

    async fn within(&self, text: &str, limits: Limits) -> Result<Vec<Attributes>, ConnectorError> {
        let text = text.replace("{people}", self.table);
        self.ask(&Query { text, limits, ..Query::default() }).await
    }

    async fn read(&self, text: &str) -> Result<Vec<Attributes>, ConnectorError> {
        self.within(text, Limits::default()).await
    }
}

const TABLE: &str = "create table people (id int, name varchar(40), boss varchar(40), salary decimal(8,2), \
    changed_at timestamp(6)); \
    insert into people values (1, 'Zoë', null, 10.50, '2026-11-20 10:00:00.000001'), \
    (2, '', 'Zoë', 0, '2026-11-21 10:00:00'), (3, 'O''Neill; drop', 'x', 1, '2026-11-22 10:00:00')";

/// A server with people in it, and the administrator, so that nothing but the connector keeps a query from doing harm.
async fn check(source: &Source, count: impl Fn() -> String) {
    let all = source.read("select id, name, boss, salary from {people} order by id; ").await.unwrap();
    let values = |row: &Attributes| {
        row.iter().map(|(name, values)| format!("{name}={}", values.join("+"))).collect::<Vec<_>>().join(" ")
    };
    let shown: Vec<String> = all.iter().map(values).collect();
    assert!(shown[0].starts_with("boss= id=1 name=Zoë salary=10.5"), "{shown:?}");
    assert!(all[0]["boss"].is_empty() && all[1]["name"] == [""], "no value is not an empty one");
    assert!(shown[1].starts_with("boss=Zoë id=2 name= salary=0"), "{shown:?}");
    assert_eq!(shown.len(), 3);
    assert_eq!(source.read("select id from {people} where id < 0").await, Ok(Vec::new()));

    for harm in [
        "delete from {people}",
        "insert into {people} values (4, 'x', 'x', 1, null)",
        "drop table {people}",
        "select 1 as a; delete from {people}",
        "select 1 as a) as q; delete from {people}; -- ",
        "select 1 as a) as q; commit; delete from {people}; select * from (select 1 as a",
        "commit",
        "with gone as (delete from {people} returning id) select * from gone",
        "select id from {people} for update) as q; commit; delete from {people} where (1=1",
        "set transaction read write",
        "select 1 as a into outfile '/srv/x'",
        "not a query",
        "",
        " ; ",
        "select 'a\0b' as a",
    ] {
        let error = source.read(harm).await.unwrap_err();
        assert_eq!(error.class(), Class::Permanent, "{harm}: {error}");
        assert_eq!(count(), "3", "{harm}");
    }

    let few = Limits { rows: 2, ..Limits::default() };
    assert_eq!(source.within("select id from {people}", few).await.unwrap_err().code(), "system_listing_broken");
    assert_eq!(source.within("select id from {people} limit 2", few).await.unwrap().len(), 2);
    let small = Limits { bytes: 20, ..Limits::default() };
    assert_eq!(source.within("select * from {people}", small).await.unwrap_err().code(), "host_too_much_output");
    assert_eq!(source.read("select id from {people} -- all of them").await.unwrap().len(), 3);

    let changes = |since: Option<&str>| Query {
        text: format!("select id, changed_at from {}", source.table),
        changes_by: Some("changed_at".to_owned()),
        since: since.map(str::to_owned),
        ..Query::default()
    };
    let ids = |rows: &[Attributes]| rows.iter().map(|row| row["id"].concat()).collect::<String>();
    let every = source.ask(&changes(None)).await.unwrap();
    assert_eq!(ids(&every), "123", "in the order in which they changed");
    let middle = &every[1]["changed_at"][0];
    assert_eq!(ids(&source.ask(&changes(Some(middle))).await.unwrap()), "23", "{middle}");
    let last = &every[2]["changed_at"][0];
    assert_eq!(ids(&source.ask(&changes(Some(last))).await.unwrap()), "3", "{last}");
}

#[tokio::test]
async fn a_query_of_postgresql_reads_and_does_nothing_else() {
    let server = Postgres::start_with(Durability::Fast).unwrap();
    server.sql(TABLE).unwrap();
    server.sql("create sequence s").unwrap();
    let password = secret(server.password());
    let engine = Engine::Postgres;
    let source =
        Source { engine, server: loopback(server.port()), login: "postgres", password, table: "public.people" };
    check(&source, || server.sql("select count(*) from people").unwrap().trim().to_owned()).await;
    let slow = Limits { seconds: 1, ..Limits::default() };
    let error = source.within("select pg_sleep(20)::text as a", slow).await.unwrap_err();
    assert_eq!((error.code(), error.class()), ("host_busy", Class::Retry), "{error}");
    let lists = source.read("select array['a', 'b'] as tags, true as here").await.unwrap();
    let of = |name: &str| lists[0][name].join(" ");
    assert_eq!((of("tags").as_str(), of("here").as_str()), ("a b", "true"));
    for forbidden in ["select nextval('public.s') as a", "select id from people"] {
        let error = source.read(forbidden).await.unwrap_err();
        assert_eq!(error.class(), Class::Permanent, "{forbidden}: {error}");
    }

    server.sql("create role reader login password 'r'").unwrap();
    let reader = Source { login: "reader", password: secret("r"), ..source };
    let error = reader.read("select * from {people}").await.unwrap_err();
    assert_eq!(error.code(), "host_not_permitted", "{error}");
}

#[tokio::test]
async fn a_query_of_mariadb_reads_and_does_nothing_else() {
    let server = Mariadb::start_new().unwrap();
    server.sql(&format!("create database hr; use hr; {TABLE}")).unwrap();
    let address = Server { database: Some("hr".to_owned()), ..loopback(server.port()) };
    let (engine, password) = (Engine::Mariadb, secret(server.password()));
    let source = Source { engine, server: address, login: "admin", password, table: "people" };
    check(&source, || server.sql("select count(*) from hr.people").unwrap().trim().to_owned()).await;
    let slow = Limits { seconds: 1, ..Limits::default() };
    let long = "select count(*) as a from information_schema.COLUMNS a, information_schema.COLUMNS b, \
                information_schema.COLUMNS c";
    let error = source.within(long, slow).await.unwrap_err();
    assert_eq!((error.code(), error.class()), ("host_busy", Class::Retry), "{error}");

    server
        .sql("create user reader identified by 'r'; create database other; grant select on other.* to reader")
        .unwrap();
    let elsewhere = Server { database: Some("other".to_owned()), ..source.server.clone() };
    let reader = Source { login: "reader", password: secret("r"), server: elsewhere, ..source };
    let error = reader.read("select * from hr.people").await.unwrap_err();
    assert_eq!(error.code(), "host_not_permitted", "{error}");
}
