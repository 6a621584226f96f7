//! Credentials on demand against real databases: made, handed out, ended and seen gone.

mod life;
mod many;
mod orphans;
mod revoking;

use crate::gone::worker;
use crate::house::{House, MINUTE};
use grants::Grant;
use peers::postgres::Durability;
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::credentials::{self, CredentialError, Declaration, Issued, Kind, Lease, Made, Order, State};
use privilege::{duties, services};
use serde_json::json;
use std::time::Duration;
use types::{Channel, Secret, TokenId};

/// A database server of a test's own, as Tenure's service `orders`.
pub(crate) enum Engine {
    Postgres(peers::postgres::Server),
    Mariadb(peers::mariadb::Server),
}

impl Engine {
    pub(crate) fn postgres() -> Self {
        let server = peers::postgres::Server::start_with(Durability::Fast).unwrap();
        server.sql("create table orders (id int); insert into orders values (7); create role readers").unwrap();
        server.sql("grant select on orders to readers").unwrap();
        Self::Postgres(server)
    }

    pub(crate) fn mariadb() -> Self {
        let server = peers::mariadb::Server::start_new().unwrap();
        server
            .sql("create database shop; create table shop.orders (id int); insert into shop.orders values (7)")
            .unwrap();
        server.sql("create role readers; grant select on shop.* to readers").unwrap();
        Self::Mariadb(server)
    }

    pub(crate) fn sql(&self, statements: &str) -> String {
        match self {
            Self::Postgres(server) => server.sql(statements).unwrap(),
            Self::Mariadb(server) => server.sql(statements).unwrap(),
        }
    }

    pub(crate) fn stop(&mut self) {
        match self {
            Self::Postgres(server) => server.stop().unwrap(),
            Self::Mariadb(server) => server.stop().unwrap(),
        }
    }

    pub(crate) fn start(&mut self) {
        match self {
            Self::Postgres(server) => server.start().unwrap(),
            Self::Mariadb(server) => server.start().unwrap(),
        }
    }

    fn port(&self) -> u16 {
        match self {
            Self::Postgres(server) => server.port(),
            Self::Mariadb(server) => server.port(),
        }
    }

    fn words(&self) -> (&'static str, &'static str, &str) {
        match self {
            Self::Postgres(server) => ("postgres", "postgres", server.password()),
            Self::Mariadb(server) => ("mariadb", "admin", server.password()),
        }
    }

    /// PostgreSQL's administrator at work in another database.
    pub(crate) fn sql_in(&self, database: &str, statements: &str) {
        let (_, admin, password) = self.words();
        self.psql(admin, password, database, statements).unwrap();
    }

    /// What a user sees of the orders, or that it is refused.
    pub(crate) fn orders_as(&self, login: &str, password: &str) -> Result<String, String> {
        match self {
            Self::Postgres(_) => self.psql(login, password, "postgres", "select id from orders"),
            Self::Mariadb(server) => {
                let rows = server.sql_as(login, password, "select id from shop.orders");
                rows.map(|rows| rows.trim().to_owned()).map_err(|error| error.to_string())
            }
        }
    }

    fn psql(&self, login: &str, password: &str, database: &str, statements: &str) -> Result<String, String> {
        let url = format!("postgres://{login}@127.0.0.1:{}/{database}", self.port());
        let mut command = std::process::Command::new(peers::tools::find("psql").unwrap());
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statements, &url]);
        let output = command.env("PGPASSWORD", password).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Lets PostgreSQL wait before it makes a user, until this is let go.
    pub(crate) fn hold_up_new_users(&self) -> std::process::Child {
        let (_, admin, password) = self.words();
        let url = format!("postgres://{admin}@127.0.0.1:{}/postgres", self.port());
        let mut holder = std::process::Command::new(peers::tools::find("psql").unwrap());
        holder.args(["-X", "-c", "begin; lock table pg_authid in share mode; select 'held', pg_sleep(600)", &url]);
        let holder = holder.env("PGPASSWORD", password).spawn().unwrap();
        self.wait_for("select count(*) from pg_stat_activity where wait_event = 'PgSleep' and query like '%''held''%'");
        holder
    }

    /// A session of a user in PostgreSQL that does nothing.
    pub(crate) fn asleep_as(&self, login: &str, password: &str) -> std::process::Child {
        let url = format!("postgres://{login}@127.0.0.1:{}/postgres", self.port());
        let mut sleeper = std::process::Command::new(peers::tools::find("psql").unwrap());
        sleeper.args(["-X", "-c", "select pg_sleep(600)", &url]).env("PGPASSWORD", password);
        let sleeper = sleeper.spawn().unwrap();
        self.wait_for("select count(*) from pg_stat_activity where wait_event = 'PgSleep'");
        sleeper
    }

    pub(crate) fn let_go(&self, mut holder: std::process::Child) {
        self.sql("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
        holder.wait().unwrap();
    }

    /// Until there is one of what is counted.
    pub(crate) fn wait_for(&self, question: &str) {
        let is_one = || self.sql(question).trim() == "1";
        peers::process::wait_until(question, Duration::from_secs(4), is_one).unwrap();
    }

    /// Names of users that carry the mark of this installation.
    pub(crate) fn users(&self, house: &House) -> Vec<String> {
        let mark = credentials::mark(&house.ctx);
        let names = match self {
            Self::Postgres(_) => self.sql("select rolname from pg_roles order by 1"),
            Self::Mariadb(_) => self.sql("select User from mysql.user order by 1"),
        };
        names.lines().filter(|name| name.contains(&format!("_{mark}_"))).map(str::to_owned).collect()
    }
}

/// Declares the server as `orders`, with what Tenure needs to know, and the profile `readers`.
pub(crate) async fn meet(house: &House, engine: &Engine) {
    meet_as(house, engine, "orders", engine.port()).await;
}

/// By another name, as if it were at another port.
pub(crate) async fn meet_as(house: &House, engine: &Engine, service: &str, port: u16) {
    let (kind, admin, password) = engine.words();
    declare_service(house, service, (kind, admin), port).await;
    let import = Import {
        target: service.into(),
        login: admin.into(),
        kind: AccountKind::Service,
        credential: CredentialKind::Password,
        owner: house.alice.clone(),
        purpose: "by which Tenure administers the orders".into(),
        given: Given::Value(Secret::new(password.to_owned())),
        change: Change::default(),
    };
    accounts::import(&house.ctx, vec![import]).await.unwrap();
    let profile = Declaration { service: service.into(), ..profile("readers") };
    credentials::declare(&house.ctx, &[profile]).await.unwrap();
}

pub(crate) async fn declare_service(house: &House, name: &str, (kind, admin): (&str, &str), port: u16) {
    let service = json!({"name": name, "kind": kind, "host": "127.0.0.1", "port": port, "tls": "loopback_plain",
        "admin_login": admin});
    services::declare(&house.ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
}

pub(crate) fn profile(name: &str) -> Declaration {
    let kind = Kind::DatabaseUser { prefix: "app".into(), connection_limit: Some(5) };
    let (name, service, description) = (name.into(), "orders".into(), String::new());
    Declaration { name, service, kind, max_ttl_minutes: 60, max_live: 100_000, description }
}

pub(crate) async fn grant(house: &House, channel: Channel, length: Duration) -> Grant {
    house.issue(&house.alice, "orders", "readers", &[channel], (length, 1)).await
}

pub(crate) async fn issue(house: &House, ttl: Option<Duration>) -> Result<Issued, CredentialError> {
    let (who, service, login) = (house.alice.clone(), "orders".to_owned(), "readers".to_owned());
    credentials::issue(&house.ctx, Order { who, service, login, ttl, token: None }).await
}

pub(crate) async fn issue_by(house: &House, token: &TokenId) -> Result<Issued, CredentialError> {
    let (who, service, login) = (house.alice.clone(), "orders".to_owned(), "readers".to_owned());
    credentials::issue(&house.ctx, Order { who, service, login, ttl: None, token: Some(token.clone()) }).await
}

pub(crate) fn password(issued: &Issued) -> &str {
    let Made::DatabaseUser { password, .. } = &issued.made;
    password.expose()
}

pub(crate) async fn state(house: &House, lease: &Lease) -> State {
    credentials::get(&house.ctx, &house.auditor(), &lease.id).await.unwrap().state
}

/// One round of what runs by itself.
pub(crate) async fn round(house: &House) {
    duties::run_once(&house.ctx).await.unwrap();
    worker(house).run_due().await.unwrap();
    duties::run_once(&house.ctx).await.unwrap();
}

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(crate) const TEN: Duration = Duration::from_secs(10 * MINUTE.as_secs());
