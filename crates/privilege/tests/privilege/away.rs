//! Real servers that are away for a whole day while orders come for them. Nothing is lost, nobody storms them, and when they
//! are back everything is done once, as their own clients see it.

use super::house::{House, MINUTE, on_both_engines};
use super::systems::Corp;
use connectors::connector::Attributes;
use ledger::finding;
use peers::mariadb::Server as Mariadb;
use peers::postgres::{Durability, Server as Postgres};
use peers::slapd::{self, Options, Server as Slapd};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::{duties, inventory as readings, services};
use provisioning::{Holder, What, order};
use serde_json::{Value, json};
use types::Secret;

const PASSWORD: &str = "Correct-horse-1";
/// A system that does not answer is tried with growing delays: this often in a day, not once a second.
const MOST_ATTEMPTS: u32 = 200;

/// A server on which Alice is one of `admins` and of `staff`, and Bob one of `staff`.
enum Place {
    Postgres(Postgres),
    Mariadb(Mariadb),
    Slapd(Slapd),
}

impl Place {
    fn postgres() -> Self {
        let server = Postgres::start_with(Durability::Fast).unwrap();
        let people = format!("login password '{PASSWORD}' in role");
        server
            .sql(&format!(
                "create role admins; create role staff; create role alice {people} admins, staff; create role bob {people} staff"
            ))
            .unwrap();
        Self::Postgres(server)
    }

    fn mariadb() -> Self {
        let server = Mariadb::start_new().unwrap();
        let people =
            format!("create user alice identified by '{PASSWORD}'; create user bob identified by '{PASSWORD}'");
        server
            .sql(&format!("create role admins; create role staff; {people}; grant admins to alice; grant staff to alice; grant staff to bob"))
            .unwrap();
        Self::Mariadb(server)
    }

    fn slapd() -> Self {
        let server = Slapd::start_with(&Options { password_policy: true, ..Options::default() }).unwrap();
        let person = |login: &str| {
            let names = format!("uid: {login}\ncn: {login}\nsn: {login}\nuserPassword: {PASSWORD}");
            format!("dn: uid={login},{}\nobjectClass: inetOrgPerson\n{names}\n\n", slapd::PEOPLE)
        };
        let group = |name: &str, number: u32, members: &str| {
            let class = format!("objectClass: posixGroup\ncn: {name}\ngidNumber: {number}");
            format!("dn: cn={name},{}\n{class}\n{members}\n\n", slapd::BASE)
        };
        let groups =
            group("admins", 5000, "memberUid: alice") + &group("staff", 5001, "memberUid: alice\nmemberUid: bob");
        server.add(&(person("alice") + &person("bob") + &groups)).unwrap();
        Self::Slapd(server)
    }

    /// The declaration, and the administrator with their password.
    fn declaration(&self) -> (Value, String, String) {
        let (kind, port, admin, password) = match self {
            Self::Postgres(server) => ("postgres", server.port(), "postgres", server.password()),
            Self::Mariadb(server) => ("mariadb", server.port(), "admin", server.password()),
            Self::Slapd(server) => ("openldap", server.port(), slapd::ADMIN, server.password()),
        };
        let mut declaration = json!({"name": "corp", "kind": kind, "host": "127.0.0.1", "port": port,
            "tls": "loopback_plain", "admin_login": admin});
        if let Self::Slapd(_) = self {
            declaration["base_dn"] = slapd::BASE.into();
            declaration["scope"] = json!({"lock": "password_policy"});
        }
        (declaration, admin.to_owned(), password.to_owned())
    }

    fn goes_away(&mut self) {
        match self {
            Self::Postgres(server) => server.kill(),
            Self::Mariadb(server) => server.kill(),
            Self::Slapd(server) => server.kill(),
        }
        .unwrap();
    }

    fn comes_back(&mut self) {
        match self {
            Self::Postgres(server) => server.start(),
            Self::Mariadb(server) => server.start(),
            Self::Slapd(server) => server.start(),
        }
        .unwrap();
    }

    /// What a new account needs there.
    fn attributes(&self) -> Attributes {
        match self {
            Self::Slapd(_) => [("cn".into(), vec!["Carol".into()]), ("sn".into(), vec!["Clerk".into()])].into(),
            _ => Attributes::default(),
        }
    }

    /// Who is a member, as the server's own client tells it.
    fn members(&self, group: &str) -> Vec<String> {
        let told = match self {
            Self::Postgres(server) => {
                server.sql(&format!("select member::regrole from pg_auth_members where roleid = '{group}'::regrole"))
            }
            Self::Mariadb(server) => server
                .sql(&format!("select user from mysql.roles_mapping where role = '{group}' and admin_option = 'N'")),
            Self::Slapd(server) => server.search(&format!("(cn={group})"), &["memberUid"]),
        };
        let told = told.unwrap();
        let lines = told.lines().filter(|line| !line.is_empty() && !line.starts_with("dn: "));
        let mut members: Vec<String> = lines.map(|line| line.trim_start_matches("memberUid: ").to_owned()).collect();
        members.sort();
        members
    }

    /// Whether somebody who knows the password gets in.
    fn lets_in(&self, login: &str) -> bool {
        match self {
            Self::Postgres(server) => {
                let url = format!("postgres://{login}:{PASSWORD}@127.0.0.1:{}/postgres", server.port());
                peers::postgres::psql(&url, "select 1").is_ok()
            }
            Self::Mariadb(server) => server.sql_as(login, PASSWORD, "select 1").is_ok(),
            Self::Slapd(server) => server.lets_in(&format!("uid={login},{}", slapd::PEOPLE), PASSWORD).unwrap(),
        }
    }
}

async fn declared<'a>(house: &'a House, place: &Place) -> Corp<'a> {
    let (declaration, login, password) = place.declaration();
    services::declare(&house.ctx, &[serde_json::from_value(declaration).unwrap()]).await.unwrap();
    let administrator = Import {
        target: "corp".into(),
        login,
        kind: AccountKind::Service,
        credential: CredentialKind::Password,
        owner: house.alice.clone(),
        purpose: "administers corp".into(),
        given: Given::Value(Secret::new(password)),
        change: Change::default(),
    };
    accounts::import(&house.ctx, vec![administrator]).await.unwrap();
    readings::read(&house.ctx, "corp").await.unwrap();
    let corp = Corp::of(house);
    corp.work().await;
    corp
}

async fn findings(house: &House) -> Vec<String> {
    duties::run_once(&house.ctx).await.unwrap();
    let mut open = Vec::new();
    for kind in ["system_unreachable", "revoke_not_seen_gone"] {
        open.extend(finding::open(&house.ctx, kind).await.unwrap().into_iter().map(|_| kind.to_owned()));
    }
    open
}

async fn is_away_for_a_day(house: House, mut place: Place) {
    let corp = declared(&house, &place).await;
    assert_eq!((place.members("admins"), place.lets_in("bob")), (vec!["alice".to_owned()], true));
    let takes_power = corp.revoke("alice", "admins").await;
    let disables = What::Disable { account: corp.account("bob").await.unwrap().id };
    let creates = What::Create { login: "carol".into(), attributes: place.attributes() };
    let gives = What::Grant { holder: Holder::Login("carol".into()), entitlement: corp.group("staff").await };

    place.goes_away();
    let given = corp.give(vec![takes_power, disables, creates, gives]).await;
    for _ in 0..24 {
        corp.work().await;
        house.clock.advance(MINUTE * 60);
    }
    for one in &given {
        let order = order::get(&house.ctx, &one.id).await.unwrap();
        assert!(["waiting", "ordered"].contains(&order.state.as_str()), "{order:?}");
        assert!(order.attempts < MOST_ATTEMPTS, "{order:?}");
    }
    assert_eq!(findings(&house).await, ["system_unreachable", "revoke_not_seen_gone"]);

    place.comes_back();
    for _ in 0..8 {
        house.clock.advance(MINUTE * 6);
        corp.work().await;
    }
    let states = [corp.state(&given[0]).await, corp.state(&given[1]).await, corp.state(&given[2]).await];
    assert_eq!((states, corp.state(&given[3]).await), (["gone", "gone", "observed"], "observed"));
    assert_eq!(place.members("admins"), Vec::<String>::new());
    assert_eq!(place.members("staff"), ["alice", "bob", "carol"]);
    assert!(place.lets_in("alice") && !place.lets_in("bob"), "Alice keeps her account, Bob's is disabled");
    assert_eq!(findings(&house).await, Vec::<String>::new());
}

on_both_engines! {
    async fn a_postgresql_that_was_away_for_a_day_is_as_ordered_when_it_is_back(house: House) {
        is_away_for_a_day(house, Place::postgres()).await;
    }

    async fn a_mariadb_that_was_away_for_a_day_is_as_ordered_when_it_is_back(house: House) {
        is_away_for_a_day(house, Place::mariadb()).await;
    }

    async fn an_openldap_that_was_away_for_a_day_is_as_ordered_when_it_is_back(house: House) {
        is_away_for_a_day(house, Place::slapd()).await;
    }
}
