//! The real server is killed with SIGKILL while it changes credentials on real databases and a directory, and while its
//! own disk is full or fails. It goes on by itself after each start, and every kept credential logs in at the end.

use crate::number;
use crate::server::{Gone, Harm, Server};
use peers::mariadb::Server as MariaDb;
use peers::postgres::{Durability, Server as Postgres};
use peers::slapd;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testbed::{Engine, Testbed, blocking};
use types::Chance;

const KILLS: u64 = 12;
/// Between the orders and the kill.
const LONGEST_MS: u32 = 600;
const SETTLES_WITHIN: Duration = Duration::from_secs(90);

/// What the accounts are on; each ends with its value.
struct Places {
    postgres: Postgres,
    mariadb: MariaDb,
    slapd: slapd::Server,
}

impl Places {
    fn start() -> Self {
        let postgres = Postgres::start_with(Durability::Fast).unwrap();
        let (mariadb, slapd) = (MariaDb::start_new().unwrap(), slapd::Server::start_new().unwrap());
        for n in 1..=3 {
            postgres.sql(&format!("create role app{n} login password 'first{n}'")).unwrap();
            mariadb.sql(&format!("create user app{n} identified by 'first{n}'")).unwrap();
            let entry =
                format!("dn: uid=app{n},{}\nobjectClass: inetOrgPerson\nuid: app{n}\ncn: A\nsn: A\n", slapd::PEOPLE);
            slapd.add(&format!("{entry}userPassword: first{n}\n")).unwrap();
        }
        Self { postgres, mariadb, slapd }
    }

    fn services(&self) -> Value {
        let service = |name: &str, kind: &str, port: u16, admin: &str| json!({"name": name, "kind": kind, "host": "127.0.0.1", "port": port, "tls": "loopback_plain", "admin_login": admin});
        let mut directory = service("dir-1", "openldap", self.slapd.port(), slapd::ADMIN);
        directory["base_dn"] = json!(slapd::PEOPLE);
        let postgres = service("pg-1", "postgres", self.postgres.port(), "postgres");
        json!({"service": [postgres, service("my-1", "mariadb", self.mariadb.port(), "root"), directory]})
    }
}

/// The ids of three accounts on each place.
async fn manage(server: &Server, places: &Places) -> Vec<String> {
    let admin = &server.remains().admin;
    let (status, answer) = server.send(Method::PUT, admin, "services", Some(places.services())).await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let account = |target: &str, n: u32, login: String| {
        json!({
            "target": target, "login": login, "kind": "service", "credential": "password", "owner": "bob@example.com",
            "purpose": "killed while it is changed", "value": format!("first{n}"),
        })
    };
    let mut accounts: Vec<Value> = Vec::new();
    for target in ["pg-1", "my-1", "dir-1"] {
        accounts.extend((1..=3).map(|n| account(target, n, format!("app{n}"))));
    }
    let (status, answer) = server.post(admin, "accounts", json!({"account": accounts})).await.unwrap();
    assert_eq!(status, 201, "{answer}");
    answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn order_all(server: &Server, ids: &[String]) -> Result<(), Gone> {
    for id in ids {
        server.post(&server.remains().admin, &format!("accounts/{id}/rotate"), json!({})).await?;
    }
    Ok(())
}

/// By itself, without another order.
async fn all_settle(server: &Server) {
    let (admin, deadline) = (&server.remains().admin, Instant::now() + SETTLES_WITHIN);
    loop {
        let (_, open) = server.get(admin, "rotations?open=true").await.unwrap();
        if open["items"].as_array().unwrap().is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "still open: {open}\n{}", server.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_while_it_changes_credentials_loses_no_account() {
    let kills = number("TENURE_ROTATION_KILLS").unwrap_or(KILLS);
    let chance = Chance::system();
    let places = blocking(Places::start).await;
    let server = Server::new(Testbed::start(Engine::Sqlite).await.leave().await);
    let mut running = server.start().await;
    let ids = manage(&server, &places).await;
    let began = Instant::now();
    for kill in 1..=kills {
        let orders = tokio::spawn({
            let (server, ids) = (server.clone(), ids.clone());
            async move { drop(order_all(&server, &ids).await) }
        });
        tokio::time::sleep(Duration::from_millis(u64::from(chance.below(LONGEST_MS)))).await;
        running.kill().await;
        orders.await.unwrap();
        let harms = [Harm::None, Harm::FailingSync, Harm::FullDisk, Harm::None];
        running = server.start_under(harms[(kill % 4) as usize]).await;
        if kill % 4 == 0 {
            all_settle(&server).await;
        }
    }
    all_settle(&server).await;
    let admin = &server.remains().admin;
    for id in &ids {
        let (status, answer) = server.post(admin, &format!("accounts/{id}/verify"), json!({})).await.unwrap();
        assert_eq!((status, &answer["accepted"]), (200, &json!(true)), "lost: {answer}");
    }
    let (_, invariants) = server.get(admin, "invariants").await.unwrap();
    assert_eq!(invariants["broken"], 0, "{invariants}");
    let (_, newest) = server.get(admin, "rotations?limit=200").await.unwrap();
    println!("{kills} kills, {} rotations in {:?}", newest["items"].as_array().unwrap().len(), began.elapsed());
    running.kill().await;
}
