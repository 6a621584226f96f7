//! Root keys and data keys that are replaced under load, with the server killed at any moment: it always starts again, what
//! was answered is true, and nothing sealed is lost.

use peers::process::free_port;
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use testbed::{Engine, Remains, Testbed};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

const ROUNDS: u64 = 6;
const START: Duration = Duration::from_secs(30);

struct Served {
    remains: Remains,
    url: String,
    http: Client,
}

impl Served {
    fn new(remains: Remains) -> Self {
        let [https, ssh] = [0, 1].map(|_| free_port().unwrap());
        let folder = remains.folder();
        let config = format!(
            "data_dir = {:?}\nhttps.listen = \"127.0.0.1:{https}\"\nssh.listen = \"127.0.0.1:{ssh}\"\nlog.level = \"warn\"\n",
            folder.display().to_string()
        );
        std::fs::write(folder.join("tenure.toml"), config).unwrap();
        let ca = Certificate::from_pem(&std::fs::read(folder.join("tls/ca.pem")).unwrap()).unwrap();
        let http = Client::builder().tls_certs_only([ca]).timeout(START).build().unwrap();
        Self { remains, url: format!("https://127.0.0.1:{https}"), http }
    }

    async fn start(&self) -> Child {
        let folder = self.remains.folder();
        let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let mut serve = Command::new(env!("CARGO_BIN_EXE_tenure"));
        serve.arg("serve").arg("--config").arg(folder.join("tenure.toml"));
        if let Some(url) = self.remains.database_url() {
            serve.env("TENURE_DATABASE_URL", url);
        }
        serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        let (child, since) = (serve.spawn().unwrap(), Instant::now());
        while self.get("/api/v1/seal").await.is_none_or(|seen| seen["sealed"] == true) {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(since.elapsed() < START, "it does not serve: {log}");
            sleep(Duration::from_millis(50)).await;
        }
        child
    }

    async fn get(&self, path: &str) -> Option<Value> {
        let call = self.http.get(format!("{}{path}", self.url)).bearer_auth(self.remains.admin.token.expose());
        call.send().await.ok()?.json().await.ok()
    }

    async fn post(&self, path: &str) -> Option<Value> {
        let call = self.http.post(format!("{}{path}", self.url)).bearer_auth(self.remains.admin.token.expose());
        let answer = call.json(&json!({})).send().await.ok()?;
        if answer.status().is_success() { answer.json().await.ok() } else { None }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn root_keys_and_data_keys_are_replaced_under_load_and_kills_and_nothing_is_lost() {
    for engine in Engine::BOTH {
        let served = Served::new(Testbed::start(engine).await.leave().await);
        let (mut generation, mut version) = (1, 1);
        for round in 0..ROUNDS {
            let mut child = served.start().await;
            let seen = served.get("/api/v1/seal").await.unwrap();
            let found = |name: &str| seen[name].as_u64().unwrap();
            assert!(
                found("root_generation") >= generation && found("data_key") >= version,
                "{seen} {generation} {version}"
            );
            let rotate = async {
                loop {
                    if let Some(done) = served.post("/api/v1/seal/rotate-root").await {
                        generation = generation.max(done["generation"].as_u64().unwrap());
                    }
                }
            };
            let rekey = async {
                loop {
                    if let Some(done) = served.post("/api/v1/seal/rekey").await {
                        version = version.max(done["version"].as_u64().unwrap());
                    }
                    sleep(Duration::from_millis(20)).await;
                }
            };
            let kill = sleep(Duration::from_millis(150 + 170 * round));
            tokio::select! { () = rotate => {}, () = rekey => {}, () = kill => {} }
            child.kill().await.unwrap();
        }
        assert!(generation > ROUNDS && version > ROUNDS, "{generation} generations and {version} data keys");
        let _child = served.start().await;
        let invariants = served.get("/api/v1/invariants").await.unwrap();
        assert_eq!(invariants["broken"], 0, "{invariants}");
        let since = Instant::now();
        while served.get("/api/v1/seal").await.unwrap()["resealing"]["finished"] != true {
            assert!(
                since.elapsed() < START,
                "sealing again goes on by itself after a kill: {:?}",
                served.get("/api/v1/seal").await
            );
            sleep(Duration::from_millis(50)).await;
        }
        assert!(served.get("/api/v1/me").await.unwrap()["identity"]["name"].is_string());
    }
}
