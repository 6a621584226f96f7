//! Leak to dead: a managed password is committed to a git repository and removed again in the next commit. The command
//! line finds it in the history, and soon the database takes another one only.

use connectors::{LogIn, Server, Tls, postgres};
use peers::postgres::{Durability, Server as Postgres};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import, State};
use privilege::services;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use testbed::{Engine, Testbed};
use tokio::process::Command;
use types::{ManagedAccountId, Secret};

const LEAKED: &str = "Canary-k9Lp.Xq_2+vB7wZ";
const WITHIN: Duration = Duration::from_secs(60);

/// The password of `app` on this server, under management.
pub(super) async fn managed(bed: &Testbed, postgres: &Postgres, password: &str) -> ManagedAccountId {
    let service = json!({
        "name": "shop-db", "kind": "postgres", "host": "127.0.0.1", "port": postgres.port(),
        "tls": "loopback_plain", "admin_login": "postgres"
    });
    services::declare(bed.ctx(), &[serde_json::from_value(service).unwrap()]).await.unwrap();
    let import = Import {
        target: "shop-db".into(),
        login: "app".into(),
        kind: AccountKind::Service,
        credential: CredentialKind::Password,
        owner: bed.bob.id.clone(),
        purpose: "the shop".into(),
        given: Given::Value(Secret::new(password.into())),
        change: Change::default(),
    };
    accounts::import(bed.ctx(), vec![import]).await.unwrap().remove(0).id
}

fn git(folder: &Path, args: &[&str]) {
    let mut git = peers::tools::git().unwrap();
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("HOME", folder).current_dir(folder);
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), "Alice").env(format!("GIT_{role}_EMAIL"), "alice@example.com");
    }
    let done = git.args(args).output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A password in one commit, and none in the next.
fn repository(folder: &Path) {
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    std::fs::write(folder.join("README"), "the shop\n").unwrap();
    let settings = format!("[db]\nurl = \"postgres://app:{}@shop-db/shop\"\n", LEAKED.replace('+', "%2B"));
    std::fs::write(folder.join("settings.toml"), settings).unwrap();
    git(folder, &["add", "."]);
    git(folder, &["commit", "--quiet", "-m", "first"]);
    git(folder, &["rm", "--quiet", "settings.toml"]);
    git(folder, &["commit", "--quiet", "-m", "no passwords here"]);
    // A hook that would say so if it ever ran.
    let hook = folder.join(".git/hooks/post-checkout");
    std::fs::write(&hook, "#!/bin/sh\ntouch \"$(dirname \"$0\")/ran\"\n").unwrap();
}

fn scan(bed: &Testbed, folder: &Path) -> Command {
    let mut tenure = Command::new(env!("CARGO_BIN_EXE_tenure"));
    tenure.env("TENURE_URL", &bed.server.url).env("TENURE_CA_FILE", bed.server.ca_file.as_ref().unwrap());
    tenure.env("TENURE_TOKEN", bed.admin.token.expose()).args(["scan", "git", "--json"]).arg(folder);
    tenure
}

async fn log_in(postgres: &Postgres, password: &str) -> LogIn {
    let (host, port) = ("127.0.0.1".to_owned(), postgres.port());
    let server = Server { host, port, tls: Tls::LoopbackPlain, database: None };
    postgres::log_in(&server, "app", &Secret::new(password.to_owned())).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_was_ever_committed_is_found_and_soon_refused_by_its_target() {
    let postgres = tokio::task::spawn_blocking(|| Postgres::start_with(Durability::Fast).unwrap()).await.unwrap();
    for engine in Engine::BOTH {
        postgres.sql("drop role if exists app").unwrap();
        postgres.sql(&format!("create role app login password '{LEAKED}'")).unwrap();
        let bed = Testbed::start(engine).await;
        let id = managed(&bed, &postgres, LEAKED).await;
        let folder = tempfile::tempdir().unwrap();
        repository(folder.path());
        assert_eq!(log_in(&postgres, LEAKED).await, LogIn::Accepted);

        let begun = Instant::now();
        let done = scan(&bed, folder.path()).output().await.unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        assert_eq!(done.status.code(), Some(1), "{said} {}", String::from_utf8_lossy(&done.stderr));
        while log_in(&postgres, LEAKED).await == LogIn::Accepted {
            assert!(begun.elapsed() < WITHIN, "the leaked password still opens the database");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        println!("{engine:?}: leak to dead in {:?}", begun.elapsed());
        assert!(begun.elapsed() < WITHIN);

        let told: Value = serde_json::from_str(&said).unwrap();
        let found = &told["found"][0];
        assert_eq!((&found["name"], &found["version"]), (&json!("app@shop-db"), &json!(1)), "{said}");
        let place = found["places"][0].as_str().unwrap();
        assert!(place.ends_with(":settings.toml:2"), "{place}");
        let rotated =
            || async { matches!(accounts::get(bed.ctx(), &id).await.unwrap().state, State::Settled { current: 2 }) };
        assert!(bed.eventually(WITHIN, rotated).await);
        let answer = bed.get(&bed.carol, "/api/v1/findings").await;
        let finding = answer.json["items"].as_array().unwrap().iter().find(|f| f["kind"] == "leaked_secret").unwrap();
        assert!(finding["detail"].as_str().unwrap().contains(place), "{finding}");
        let cleared = || async { ledger::finding::open(bed.ctx(), "leaked_secret").await.unwrap().is_empty() };
        assert!(bed.eventually(WITHIN, cleared).await, "the finding outlives the password");
        let again = scan(&bed, folder.path()).output().await.unwrap();
        assert!(String::from_utf8(again.stdout).unwrap().contains("\"state\":\"previous\""));
        for text in [said, answer.text] {
            assert!(!text.contains(LEAKED), "{text}");
        }
        assert!(!folder.path().join(".git/hooks/ran").exists());
        bed.stop().await;
    }
}
