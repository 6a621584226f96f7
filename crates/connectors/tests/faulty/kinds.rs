//! Each kind of system, how it is reached over what loses, and how its own tools say who has an account.

use super::lossy::Losses;
use super::{GROUPS, Opened, Proxy, Target};
use crate::host::{Host, credential};
use crate::systems::{loopback, secret};
use connectors::active_directory::{self, ActiveDirectory};
use connectors::csv_system::CsvSystem;
use connectors::http_api::{Description, HttpApi};
use connectors::linux::{self, HostSession, Linux};
use connectors::openldap::{self, Lock, OpenLdap};
use connectors::scim::{self, Scim};
use connectors::{Confined, Connector, Server, Tls, mariadb as maria, postgres as postgresql};
use futures::future::BoxFuture;
use peers::faults::{http, ldap, tcp};
use peers::kinto::{self, Server as Kinto};
use peers::mariadb::Server as Mariadb;
use peers::postgres::{Durability, Server as Postgres};
use peers::samba::{self, Server as Samba};
use peers::scim::Server as ScimService;
use peers::slapd::{ADMIN, BASE, Options, Server as Slapd};
use peers::sshd::HostOptions;
use std::net::SocketAddr;
use std::sync::Arc;

/// What stands behind a word in lines of LDIF.
fn values(ldif: &str, attribute: &str) -> Vec<String> {
    let before = format!("{attribute}: ");
    ldif.lines().filter_map(|line| Some(line.strip_prefix(&before)?.trim().to_owned())).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// A text of each object in a list of a JSON document.
fn texts(document: &str, list: &str, name: &str) -> Vec<String> {
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    let all = document[list].as_array().unwrap();
    all.iter().map(|one| one[name].as_str().unwrap().to_owned()).collect()
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn title(step: u64) -> Option<(&'static str, String)> {
    Some(("title", format!("title {step}")))
}

pub(crate) fn slapd() -> (Arc<Slapd>, Target) {
    let slapd = Arc::new(Slapd::start_with(&Options::default()).unwrap());
    let group =
        |name: &&str| format!("dn: cn={name},{BASE}\nobjectClass: groupOfNames\ncn: {name}\nmember: cn=nobody\n\n");
    slapd.add(&GROUPS.iter().map(group).collect::<String>()).unwrap();
    let proxy = Proxy::Ldap(ldap::Proxy::to(local(slapd.port())).unwrap());
    let server = slapd.clone();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let lock = Lock::Attribute { name: "employeeType".to_owned(), locked: "locked".to_owned(), unlocked: None };
        let scope = openldap::Scope { lock, placeholder: Some("cn=nobody".to_owned()), ..openldap::Scope::new(BASE) };
        let server = (loopback(port.unwrap_or(server.port())), secret(server.password()));
        Box::pin(async move { Ok(Box::new(OpenLdap::new(server.0, ADMIN, server.1, scope)?) as Box<dyn Connector>) })
    };
    let own = slapd.clone();
    let logins = Box::new(move || values(&own.search("(uid=*)", &["uid"]).unwrap(), "uid"));
    (slapd, Target { name: "openldap", open: Box::new(open), proxy, logins, title, steps: 200 })
}

pub(crate) fn samba() -> Target {
    let samba = Arc::new(Samba::start_new().unwrap());
    let own = samba.clone();
    let logins = move || {
        let users = "(&(objectClass=user)(!(objectClass=computer)))";
        values(&own.search(users, &["sAMAccountName"]).unwrap(), "sAMAccountName")
    };
    let group =
        |name: &&str| format!("dn: CN={name},{}\nobjectClass: group\nsAMAccountName: {name}\n\n", samba::PEOPLE);
    samba.add(&GROUPS.iter().map(group).collect::<String>()).unwrap();
    let proxy = tcp::Proxy::to(SocketAddr::from((samba.ip(), 389))).unwrap();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let tls = Tls::Required { ca_pem: Some(samba.certificate().to_owned()) };
        let host = port.map_or(samba.ip().to_string(), |_| "127.0.0.1".to_owned());
        let server = Server { host, port: port.unwrap_or(samba::PORT), tls, database: None };
        let scope = active_directory::Scope::new(samba::BASE);
        let system = ActiveDirectory::new(server, samba::ADMIN, secret(samba::ADMIN_PASSWORD), scope);
        Box::pin(async move { Ok(Box::new(system?) as Box<dyn Connector>) })
    };
    let logins = Box::new(logins);
    let proxy = Proxy::Tcp(proxy, 12);
    Target { name: "active directory", open: Box::new(open), proxy, logins, title, steps: 200 }
}

pub(crate) fn postgres() -> Target {
    let postgres = Arc::new(Postgres::start_with(Durability::Fast).unwrap());
    let own = postgres.clone();
    let logins = Box::new(move || {
        lines(&own.sql("select rolname from pg_roles where rolname not in ('ops', 'web', 'db')").unwrap())
    });
    postgres.sql(&GROUPS.map(|name| format!("create role {name};")).concat()).unwrap();
    let proxy = tcp::Proxy::to(local(postgres.port())).unwrap();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let server = loopback(port.unwrap_or(postgres.port()));
        let system = postgresql::System::new(server, "postgres".to_owned(), secret(postgres.password()));
        Box::pin(async move { Ok(Box::new(system) as Box<dyn Connector>) })
    };
    let title = |step| Some(("valid_until", format!("{}-01-01T00:00:00.000000Z", 2030 + step % 60)));
    Target { name: "postgresql", open: Box::new(open), proxy: Proxy::Tcp(proxy, 12), logins, title, steps: 200 }
}

pub(crate) fn mariadb() -> Target {
    let mariadb = Arc::new(Mariadb::start_new().unwrap());
    let own = mariadb.clone();
    let logins = Box::new(move || lines(&own.sql("select user from mysql.user where is_role = 'N'").unwrap()));
    mariadb.sql(&GROUPS.map(|name| format!("create role {name};")).concat()).unwrap();
    let proxy = tcp::Proxy::to(local(mariadb.port())).unwrap();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let server = loopback(port.unwrap_or(mariadb.port()));
        let system = maria::System::new(server, "admin".to_owned(), secret(mariadb.password()));
        Box::pin(async move { Ok(Box::new(system) as Box<dyn Connector>) })
    };
    let proxy = Proxy::Tcp(proxy, 12);
    Target { name: "mariadb", open: Box::new(open), proxy, logins, title: |_| None, steps: 200 }
}

pub(crate) fn linux() -> Target {
    let host = Arc::new(Host::start(HostOptions::default()));
    host.linux.sh(&GROUPS.map(|name| format!("groupadd {name};")).concat()).unwrap();
    let proxy = tcp::Proxy::to(host.linux.addr()).unwrap();
    let own = host.clone();
    let logins = Box::new(move || lines(&own.linux.sh("cut -d: -f1 /etc/passwd").unwrap()));
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let host = host.clone();
        Box::pin(async move {
            let address = port.map_or(host.address.clone(), |port| format!("127.0.0.1:{port}"));
            let session = HostSession::connect(&address, &host.pin, "root", &credential("root")).await?;
            Ok(Box::new(Linux::on(session, linux::Scope::default())?) as Box<dyn Connector>)
        })
    };
    let title = |step| Some(("name", format!("Name {step}")));
    // Each act takes a dozen programs on the host.
    Target { name: "linux", open: Box::new(open), proxy: Proxy::Tcp(proxy, 40), logins, title, steps: 40 }
}

pub(crate) fn scim() -> Target {
    let service = Arc::new(ScimService::start().unwrap());
    for name in GROUPS {
        let group =
            serde_json::json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name});
        service.post("/Groups", &group.to_string()).unwrap();
    }
    let proxy = http::Proxy::to(local(service.port())).unwrap();
    let own = service.clone();
    let logins = Box::new(move || texts(&own.get("/Users?count=1000").unwrap(), "Resources", "userName"));
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let (server, token) = (loopback(port.unwrap_or(service.port())), secret(service.token()));
        let scope = scim::Scope { passwords: true, ..scim::Scope::default() };
        Box::pin(async move { Ok(Box::new(Scim::new(&server, token, scope)?) as Box<dyn Connector>) })
    };
    let proxy = Proxy::Http(proxy, "startIndex");
    Target { name: "scim", open: Box::new(open), proxy, logins, title, steps: 200 }
}

pub(crate) fn http_api() -> Target {
    let kinto = Arc::new(Kinto::start().unwrap());
    for name in GROUPS {
        kinto.put("groups", name, &serde_json::json!({"name": name}).to_string()).unwrap();
    }
    let proxy = http::Proxy::to(local(kinto.port())).unwrap();
    let own = kinto.clone();
    let logins = Box::new(move || texts(&own.get("/collections/users/records").unwrap(), "data", "login"));
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let (server, password) = (loopback(port.unwrap_or(kinto.port())), secret(kinto.password()));
        let api = Description::parse(include_str!("../systems/kinto.yaml")).unwrap();
        let system = HttpApi::new(&server, kinto::ADMIN, password, api);
        Box::pin(async move { Ok(Box::new(system?) as Box<dyn Connector>) })
    };
    let proxy = Proxy::Http(proxy, "_token");
    Target { name: "http api", open: Box::new(open), proxy, logins, title, steps: 200 }
}

pub(crate) fn csv_system() -> Target {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let group = |name: &&str| format!("{name},{name}\n");
    for (name, text) in [
        ("accounts.csv", "id,login,status\n".to_owned()),
        ("entitlements.csv", "id,name\n".to_owned() + &GROUPS.iter().map(group).collect::<String>()),
        ("memberships.csv", "account,entitlement\n".to_owned()),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let (own, losses) = (folder.clone(), Losses::of(folder.path()));
    let open = move |_: Option<u16>| -> BoxFuture<'static, Opened> {
        let system = Confined::new(folder.path(), Some(folder.path())).map(CsvSystem::new);
        Box::pin(async move { Ok(Box::new(system?) as Box<dyn Connector>) })
    };
    let logins = Box::new(move || {
        let mut table = csv::Reader::from_path(own.path().join("accounts.csv")).unwrap();
        let login = table.headers().unwrap().iter().position(|name| name == "login").unwrap();
        table.records().map(|row| row.unwrap()[login].to_owned()).collect()
    });
    Target { name: "csv", open: Box::new(open), proxy: Proxy::Acts(losses), logins, title, steps: 200 }
}
