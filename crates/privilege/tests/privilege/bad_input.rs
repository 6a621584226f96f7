//! Passwords, logins and policies that should not be, on every kind of system that keeps accounts: what the system itself
//! takes works, and everything else is refused before anything is kept or asked for.

mod names;
mod passwords;
mod policies;

use crate::house::{House, declaration};
use authn::authority::{self, Purpose};
use data_encoding::BASE64;
use peers::postgres::Durability;
use peers::sshd::{HostOptions, LinuxHost};
use peers::{mariadb, postgres, slapd};
use privilege::accounts::{self, Filter, Import};
use privilege::{services, targets};
use serde_json::json;

/// Where every account of these tests is.
const TARGET: &str = "db-1";

enum Peer {
    Postgres(postgres::Server),
    Mariadb(mariadb::Server),
    Slapd(slapd::Server),
    Host(LinuxHost),
}

impl Peer {
    /// A PostgreSQL, a MariaDB, an OpenLDAP and a Debian host, each declared to a Tenure of its own.
    async fn each() -> Vec<(House, Self)> {
        let mut all = Vec::new();
        for n in 0..4 {
            let on_postgresql = n % 2 == 1;
            let house = match on_postgresql {
                true => House::with_running_clock_on_postgresql().await,
                false => House::with_running_clock().await,
            };
            let peer = Self::start(n, &house).await;
            all.push((house, peer));
        }
        all
    }

    async fn start(n: usize, house: &House) -> Self {
        let peer = match n {
            0 => Self::Postgres(postgres::Server::start_with(Durability::Fast).unwrap()),
            1 => Self::Mariadb(mariadb::Server::start_new().unwrap()),
            2 => Self::Slapd(slapd::Server::start_new().unwrap()),
            _ => {
                let trusted_ca = Some(authority::public_key(&house.ctx, Purpose::Targets).await.unwrap());
                let sshd_config_extra = "PasswordAuthentication yes".to_owned();
                let options = HostOptions { trusted_ca, sshd_config_extra, ..HostOptions::default() };
                Self::Host(LinuxHost::start(options).unwrap())
            }
        };
        peer.declare(house, None).await;
        peer
    }

    /// `admin_login` where it is not the server's first one.
    async fn declare(&self, house: &House, admin_login: Option<&str>) {
        let (kind, port, admin) = match self {
            Self::Postgres(server) => ("postgres", server.port(), "postgres"),
            Self::Mariadb(server) => ("mariadb", server.port(), "admin"),
            Self::Slapd(server) => ("openldap", server.port(), slapd::ADMIN),
            Self::Host(host) => {
                let target = targets::Declaration {
                    host: host.addr().ip().to_string(),
                    port: host.addr().port(),
                    host_key: host.host_key_line().to_owned(),
                    ..declaration(TARGET)
                };
                targets::declare(&house.ctx, &[target]).await.unwrap();
                return;
            }
        };
        let mut service = json!({"name": TARGET, "kind": kind, "host": "127.0.0.1", "port": port,
            "tls": "loopback_plain", "admin_login": admin_login.unwrap_or(admin)});
        if let Self::Slapd(_) = self {
            service["base_dn"] = slapd::PEOPLE.into();
        }
        services::declare(&house.ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "postgres",
            Self::Mariadb(_) => "mariadb",
            Self::Slapd(_) => "openldap",
            Self::Host(_) => "host",
        }
    }

    /// Somebody makes an account there, by the system's own tools.
    fn add(&self, login: &str, password: &str) {
        let doubled = password.replace('\'', "''");
        match self {
            Self::Postgres(server) => server.sql(&format!("create role {login} login password '{doubled}'")).unwrap(),
            Self::Mariadb(server) => {
                let doubled = doubled.replace('\\', "\\\\");
                server.sql(&format!("create user {login} identified by '{doubled}'")).unwrap()
            }
            Self::Slapd(server) => {
                let password = BASE64.encode(password.as_bytes());
                let dn = format!("dn: uid={login},{}", slapd::PEOPLE);
                let class = "objectClass: inetOrgPerson";
                server.add(&format!("{dn}\n{class}\nuid: {login}\ncn: x\nsn: x\nuserPassword:: {password}\n")).unwrap();
                String::new()
            }
            Self::Host(host) => {
                host.add_user(login).unwrap();
                host.write("/root/new", format!("{login}:{password}\n"), 0o600).unwrap();
                host.sh("chpasswd < /root/new").unwrap()
            }
        };
    }

    /// Every account and verifier there.
    fn accounts(&self) -> String {
        match self {
            Self::Postgres(server) => server.sql("select rolname, rolpassword from pg_authid order by 1").unwrap(),
            Self::Mariadb(server) => {
                server.sql("select user, host, priv from mysql.global_priv order by 1, 2").unwrap()
            }
            Self::Slapd(server) => server.search("(uid=*)", &["uid", "userPassword"]).unwrap(),
            Self::Host(host) => String::from_utf8(host.read("/etc/shadow").unwrap()).unwrap(),
        }
    }
}

fn import(house: &House, login: &str, value: &str) -> Import {
    crate::accounts::import(house, login, value)
}

/// What is kept of accounts, and how much has happened.
async fn kept(house: &House) -> (usize, u64) {
    let filter = Filter { limit: 200, all: true, ..Filter::default() };
    let accounts = accounts::list(&house.ctx, &filter).await.unwrap().len();
    (accounts, house.ctx.ledger().size().await.unwrap())
}
