//! Revocation of database users made on demand: from the order to the last one seen gone, beside OpenBao's database
//! engine on the same PostgreSQL.

use crate::table::{Figure, Goal};
use anyhow::{Context, Result};
use peers::openbao::Server as OpenBao;
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use testbed::{Database, Engine, Testbed, blocking};
use tokio::task::JoinSet;

const OURS: usize = 10_000;
const THEIRS: usize = 1_000;
const AT_ONCE: usize = 8;
const PATIENCE: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(50);

struct Run {
    count: usize,
    made: Duration,
    revoked: Duration,
}

impl Run {
    fn rate(&self) -> f64 {
        self.count as f64 / self.revoked.as_secs_f64()
    }

    fn told(&self) -> String {
        format!(
            "{} made in {:.1} s, revoked and gone in {:.1} s: {:.0} a second",
            self.count,
            self.made.as_secs_f64(),
            self.revoked.as_secs_f64(),
            self.rate()
        )
    }
}

pub(crate) async fn measure() -> Vec<Figure> {
    let (bed, database) = (Arc::new(Testbed::start(Engine::Sqlite).await), Database::postgres().await);
    bed.declare_database(&database).await;
    bed.database_grant().await;
    let ours = tenure(&bed, &database).await.expect("Tenure makes and revokes users");
    let theirs = openbao(&database).await;
    if let Ok(bed) = Arc::try_unwrap(bed) {
        bed.stop().await;
    }
    let goal = theirs.as_ref().ok().map(|theirs| {
        let text = "at least ten times OpenBao's rate, in the same run";
        Goal { text, is_met: ours.rate() >= 10.0 * theirs.rate() }
    });
    let beside = match &theirs {
        Ok(theirs) => format!("OpenBao, on the same PostgreSQL: {}", theirs.told()),
        Err(error) => format!("OpenBao could not be measured: {error:#}"),
    };
    vec![Figure { name: "revocation of database users made on demand", measured: ours.told(), beside, goal }]
}

async fn tenure(bed: &Arc<Testbed>, database: &Database) -> Result<Run> {
    let begun = Instant::now();
    let mut making = JoinSet::new();
    for n in 0..AT_ONCE {
        let bed = bed.clone();
        making.spawn(async move {
            for _ in (n..OURS).step_by(AT_ONCE) {
                let order = json!({"service": "orders", "login": "readers"});
                let issued = bed.post(&bed.alice, "/api/v1/leases", order).await;
                assert_eq!(issued.status, 201, "{}", issued.text);
            }
        });
    }
    making.join_all().await;
    let made = begun.elapsed();
    let begun = Instant::now();
    let order = json!({"service": "orders", "reason": "measured"});
    let answer = bed.post(&bed.admin, "/api/v1/leases/revoke", order).await;
    anyhow::ensure!(answer.json["revoked"] == json!(OURS), "{}", answer.text);
    loop {
        let backlog = bed.get(&bed.admin, "/api/v1/leases/backlog").await;
        if backlog.json["items"].as_array().is_some_and(Vec::is_empty) {
            break;
        }
        anyhow::ensure!(begun.elapsed() < PATIENCE, "{}", backlog.text);
        tokio::time::sleep(POLL).await;
    }
    let run = Run { count: OURS, made, revoked: begun.elapsed() };
    anyhow::ensure!(users(database, "app\\_%").await? == 0, "some are left");
    Ok(run)
}

/// With its own defaults, but for the role: one group, as ours.
async fn openbao(database: &Database) -> Result<Run> {
    let Database::Postgres(postgres) = database else { anyhow::bail!("PostgreSQL is measured") };
    let (port, password) = (postgres.port(), postgres.password().to_owned());
    let server = blocking(OpenBao::start).await?;
    let url = format!("postgresql://{{{{username}}}}:{{{{password}}}}@127.0.0.1:{port}/postgres?sslmode=disable");
    let creation =
        "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE readers";
    let server = blocking(move || {
        server.run(&["secrets", "enable", "database"])?;
        server.run(&[
            "write",
            "database/config/orders",
            "plugin_name=postgresql-database-plugin",
            "allowed_roles=readers",
            &format!("connection_url={url}"),
            "username=postgres",
            &format!("password={password}"),
        ])?;
        let creation = format!("creation_statements={creation}");
        server.run(&[
            "write",
            "database/roles/readers",
            "db_name=orders",
            &creation,
            "default_ttl=24h",
            "max_ttl=24h",
        ])?;
        anyhow::Ok(server)
    })
    .await?;
    let policy = "path \"database/creds/readers\" { capabilities = [\"read\"] }\n\
                  path \"sys/leases/revoke-prefix/database/creds/readers\" { capabilities = [\"sudo\", \"update\"] }";
    let (server, token) = blocking(move || {
        let token = server.token("bench", policy)?;
        anyhow::Ok((server, token))
    })
    .await?;
    let ca = Certificate::from_pem(&std::fs::read(server.ca_file())?)?;
    let http = Client::builder().tls_certs_only([ca]).build()?;
    let begun = Instant::now();
    let mut making = JoinSet::new();
    for n in 0..AT_ONCE {
        let call = http.get(format!("{}/v1/database/creds/readers", server.address())).header("X-Vault-Token", &token);
        making.spawn(async move {
            for _ in (n..THEIRS).step_by(AT_ONCE) {
                let made = call.try_clone().context("a call without a body")?.send().await?.error_for_status()?;
                let _: Value = made.json().await?;
            }
            anyhow::Ok(())
        });
    }
    making.join_all().await.into_iter().collect::<Result<Vec<()>>>()?;
    let made = begun.elapsed();
    let begun = Instant::now();
    let revoke = format!("{}/v1/sys/leases/revoke-prefix/database/creds/readers", server.address());
    http.put(revoke).header("X-Vault-Token", &token).json(&json!({"sync": false})).send().await?.error_for_status()?;
    while users(database, "v-%").await? > 0 {
        anyhow::ensure!(begun.elapsed() < PATIENCE, "some are left after {} s", PATIENCE.as_secs());
        tokio::time::sleep(POLL).await;
    }
    Ok(Run { count: THEIRS, made, revoked: begun.elapsed() })
}

async fn users(database: &Database, like: &'static str) -> Result<usize> {
    let Database::Postgres(postgres) = database.clone() else { anyhow::bail!("PostgreSQL is measured") };
    let count = move || postgres.sql(&format!("select count(*) from pg_roles where rolname like '{like}'"));
    Ok(blocking(count).await?.trim().parse()?)
}
