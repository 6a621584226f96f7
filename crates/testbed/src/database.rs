//! A real database beside a testbed, as the service and system `orders`, where Alice may ask for `readers`.

use crate::{Testbed, blocking, console};
use governance::{roles, systems};
use peers::postgres::Durability;
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::{credentials, services};
use serde_json::json;
use std::process::Command;
use std::sync::Arc;
use types::Secret;

/// PostgreSQL or MariaDB, with a table `orders` that the role `readers` reads.
#[derive(Clone)]
pub enum Database {
    Postgres(Arc<peers::postgres::Server>),
    Mariadb(Arc<peers::mariadb::Server>),
}

impl Database {
    pub async fn postgres() -> Self {
        let start = || {
            let server = peers::postgres::Server::start_with(Durability::Fast).expect("a PostgreSQL server");
            let table = "create table orders (id int); insert into orders values (7)";
            server.sql(&format!("{table}; create role readers; grant select on orders to readers")).expect("a table");
            server
        };
        Self::Postgres(Arc::new(blocking(start).await))
    }

    pub async fn mariadb() -> Self {
        let start = || {
            let server = peers::mariadb::Server::start_new().expect("a MariaDB server");
            let table = "create database shop; create table shop.orders (id int); insert into shop.orders values (7)";
            server.sql(&format!("{table}; create role readers; grant select on shop.* to readers")).expect("a table");
            server
        };
        Self::Mariadb(Arc::new(blocking(start).await))
    }

    /// Kind, administrator, their password, port.
    fn words(&self) -> (&'static str, &'static str, String, u16) {
        match self {
            Self::Postgres(server) => ("postgres", "postgres", server.password().to_owned(), server.port()),
            Self::Mariadb(server) => ("mariadb", "admin", server.password().to_owned(), server.port()),
        }
    }

    /// What a user reads of the orders; `None` where the server does not let them.
    pub async fn orders_as(&self, login: &str, password: &str) -> Option<String> {
        let (server, login, password) = (self.clone(), login.to_owned(), password.to_owned());
        let read = move || match server {
            Self::Postgres(server) => {
                let url = format!("postgres://{login}@127.0.0.1:{}/postgres", server.port());
                let mut psql = Command::new(peers::tools::find("psql").expect("psql"));
                psql.args(["-X", "-q", "-A", "-t", "-c", "select id from orders", &url]).env("PGPASSWORD", password);
                let output = psql.output().expect("psql runs");
                output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
            }
            Self::Mariadb(server) => {
                let rows = server.sql_as(&login, &password, "select id from shop.orders");
                rows.ok().map(|rows| rows.trim().to_owned())
            }
        };
        blocking(read).await
    }
}

impl Testbed {
    /// Lets Tenure administer the database, and Platform Engineering ask for credentials on it.
    pub async fn declare_database(&self, database: &Database) {
        let ctx = console(self.ctx());
        let (kind, admin, password, port) = database.words();
        let service = json!({"name": "orders", "kind": kind, "host": "127.0.0.1", "port": port,
            "tls": "loopback_plain", "admin_login": admin});
        let service = serde_json::from_value(service).expect("a declaration");
        services::declare(&ctx, &[service]).await.expect("a service");
        let import = Import {
            target: "orders".into(),
            login: admin.into(),
            kind: AccountKind::Service,
            credential: CredentialKind::Password,
            owner: self.bob.id.clone(),
            purpose: "by which Tenure administers the orders".into(),
            given: Given::Value(Secret::new(password)),
            change: Change::default(),
        };
        accounts::import(&ctx, vec![import]).await.expect("an account under management");
        let file = "[[system]]\nname = \"orders\"\nowner = \"bob@example.com\"\nlogins = [\"readers\"]\n";
        let file: systems::File = toml::from_str(file).expect("a good file");
        systems::declare(&ctx, &file.system).await.expect("a system");
        let file: roles::File = toml::from_str(
            "[[role]]\nname = \"orders-readers\"\n[[role.when]]\nattribute = \"department\"\n\
             equals = \"Platform Engineering\"\n[[role.makes_eligible]]\nsystem = \"orders\"\nlogin = \"readers\"\n\
             max_minutes = 120\nchannels = [\"credential\"]\n",
        )
        .expect("a good file");
        roles::declare(&ctx, &file.role).await.expect("a role");
        let profile = json!({"name": "readers", "service": "orders", "max_live": 100_000, "kind": {"database_user": {"prefix": "app"}}});
        let profile = serde_json::from_value(profile).expect("a declaration");
        credentials::declare(&ctx, &[profile]).await.expect("a profile");
    }

    /// Alice asks for `readers@orders`, Bob approves; the grant's id.
    pub async fn database_grant(&self) -> String {
        let body = json!({"target": "orders", "login": "readers", "minutes": 120, "reason": "what was ordered",
            "channels": ["credential"]});
        self.granted(self.post(&self.alice, "/api/v1/requests", body).await).await
    }
}
