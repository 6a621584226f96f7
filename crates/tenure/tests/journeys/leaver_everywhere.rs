//! Alice is everywhere: in a session, in the domain's administrators by way of a group, with the shop's password in hand, on
//! two directories and a host, and two machine identities are hers. The HR feed says that she has left.

use crate::directories::Directories;
use crate::shop::{FIRST, Shop};
use crate::under_way::{BOUND, UnderWay, was_told};
use governance::lifecycle::{self, Case};
use governance::systems;
use ledger::timeline;
use privilege::accounts::Change;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;
use testbed::{Answer, Engine, Person, Testbed, feed, rows};
use tokio::time::Instant;
use types::{Actor, Timestamp};

const PATIENCE: Duration = Duration::from_secs(60);

/// What happens before what, of what the ledger tells.
const ORDER: [(&str, &str); 16] = [
    ("leaver.begun", "root@web-1 session.ended"),
    ("root@web-1 session.ended", "leaver.account_disabled"),
    ("root@web-1 recording.sealed", "root@web-1 grant.gone"),
    ("leaver.begun", "account app rotation.settled"),
    ("account app rotation.settled", "app@db-1 grant.gone"),
    ("order.gone revoke ad", "order.sent disable ad"),
    ("order.gone revoke web-1", "order.sent disable web-1"),
    ("root@web-1 grant.gone", "leaver.privilege_gone"),
    ("app@db-1 grant.gone", "leaver.privilege_gone"),
    ("order.gone revoke ad", "leaver.privilege_gone"),
    ("order.gone revoke web-1", "leaver.privilege_gone"),
    ("leaver.privilege_gone", "leaver.accounts_disabled"),
    ("order.gone disable ad", "leaver.accounts_disabled"),
    ("order.gone disable ldap", "leaver.accounts_disabled"),
    ("leaver.accounts_disabled", "ownership.handed_over system"),
    ("ownership.handed_over system", "leaver.done"),
];

/// Alice on each of her systems.
struct Everywhere<'a> {
    bed: &'a Testbed,
    directories: &'a Directories,
    /// Of her in the directories.
    login: &'static str,
}

impl Everywhere<'_> {
    async fn settle_in(&self) {
        let bed = self.bed;
        self.directories.welcome(self.login);
        self.directories.declare(bed).await;
        bed.host.add_user("alice").unwrap();
        let key = std::fs::read(bed.alice.ssh_key_file.with_extension("pub")).unwrap();
        bed.on_host("usermod -aG sudo alice && mkdir -m 700 ~alice/.ssh && chown alice: ~alice/.ssh").await;
        bed.host.write("/home/alice/.ssh/authorized_keys", key, 0o644).unwrap();
        for (system, login) in [("ad", self.login), ("ldap", self.login), ("web-1", "alice")] {
            let read = bed.post(&bed.admin, &format!("/api/v1/inventory/systems/{system}/read"), json!({})).await;
            assert_eq!(read.status, 202, "{}", read.text);
            self.is_hers(system, login).await;
        }
    }

    /// Ada says whose the account is, as soon as it was read.
    async fn is_hers(&self, system: &str, login: &str) {
        let bed = self.bed;
        let path = format!("/api/v1/inventory/accounts?system={system}&q={login}");
        let find = || async {
            let found = bed.get(&bed.admin, &path).await;
            let same = |one: &&Value| one["login"] == login;
            let account = found.json["items"].as_array().and_then(|all| all.iter().find(same));
            account.and_then(|account| account["id"].as_str()).map(str::to_owned)
        };
        assert!(bed.eventually(PATIENCE, || async { find().await.is_some() }).await, "{login} of {system} is read");
        let path = format!("/api/v1/inventory/accounts/{}/link", find().await.unwrap());
        let said = bed.post(&bed.admin, &path, json!({"identity": "alice@example.com", "reason": "she said so"})).await;
        assert_eq!(said.status, 200, "{}", said.text);
    }

    /// Whether the directories let her in, whether she administers the domain, and whether her own key opens web-1 and she
    /// may do everything there.
    async fn observed(&self) -> [bool; 5] {
        let [ad, ldap] = self.directories.let_in(self.login);
        let groups = self.bed.on_host("id -nG alice").await;
        let sudo = groups.split_whitespace().any(|group| group == "sudo");
        [ad, ldap, self.directories.administers(self.login), self.own_key_opens(), sudo]
    }

    fn own_key_opens(&self) -> bool {
        let (bed, address) = (self.bed, self.bed.host.addr());
        let known = bed.folder().join("known_web_1");
        std::fs::write(&known, bed.host.known_hosts_line()).unwrap();
        let mut ssh = Command::new("ssh");
        ssh.args(["-F", "/dev/null", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes"]);
        ssh.args(["-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=/dev/null"]);
        ssh.arg("-o").arg(format!("UserKnownHostsFile={}", known.display())).arg("-i").arg(&bed.alice.ssh_key_file);
        ssh.args(["-p", &address.port().to_string(), "-l", "alice", &address.ip().to_string(), "true"]);
        ssh.output().unwrap().status.success()
    }

    async fn case(&self) -> Case {
        lifecycle::of_identity(self.bed.ctx(), &self.bed.alice.id).await.unwrap().expect("a case")
    }

    async fn reaches(&self, step: &str) {
        let reached = || async { self.case().await.step.as_str() == step };
        assert!(self.bed.eventually(PATIENCE, reached).await, "{step}: {:#?}", self.shown().await);
    }

    async fn shown(&self) -> Value {
        self.bed.get(&self.bed.carol, &format!("/api/v1/leavers/{}", self.case().await.id)).await.json
    }

    /// What of hers is in which state.
    async fn owned(&self) -> BTreeMap<String, Value> {
        let path = format!("/api/v1/ownerships?owner={}", self.bed.alice.id);
        let all = self.bed.get(&self.bed.carol, &path).await;
        let all = all.json["items"].as_array().cloned().expect("a list");
        all.into_iter().map(|one| (one["name"].as_str().unwrap().to_owned(), one)).collect()
    }

    async fn hand_over(&self, thing: &Value) -> Answer {
        let path = format!("/api/v1/ownerships/{}/hand-over", thing["id"].as_str().unwrap());
        self.bed.post(&self.bed.admin, &path, json!({"to": "bob@example.com", "reason": "he knows it"})).await
    }
}

/// The feed in which nobody is above Alice, and Ada is away: who would take over is not there.
fn without_heirs() -> Vec<String> {
    let change = |row: String| match &row[..5] {
        "E0001" => row.replace(",E0002,active", ",,active"),
        "E0004" => row.replace(",active,", ",leave,"),
        _ => row,
    };
    rows().into_iter().map(change).collect()
}

/// What the ledger tells since `from`, each with its moment: what of it is about one of `subjects` is called by it.
async fn told(bed: &Testbed, subjects: &[(&str, &str)], from: Timestamp) -> Vec<(Timestamp, String)> {
    let mut told = BTreeMap::new();
    for (name, subject) in subjects {
        for line in timeline::about(bed.ctx(), subject).await.unwrap() {
            if line.at >= from {
                told.entry(line.seq).or_insert((line.at, called(name, &line)));
            }
        }
    }
    told.into_values().collect()
}

fn called(name: &str, line: &timeline::Line) -> String {
    let fact = |fact: &str| line.body.get(fact).and_then(Value::as_str).unwrap_or_default();
    match line.kind.split('.').next().unwrap_or_default() {
        "order" => format!("{} {} {}", line.kind, fact("act"), fact("system")),
        "ownership" => format!("{} {}", line.kind, fact("kind")),
        "leaver" => line.kind.clone(),
        _ => format!("{name} {}", line.kind),
    }
}

async fn token_works(bed: &Testbed, person: &Person) -> bool {
    bed.send(bed.call(Some(&person.token), Method::GET, "/api/v1/me")).await.status == 200
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaver_loses_everything_everywhere_in_order_and_is_done_when_the_last_thing_has_an_owner() {
    let directories = Directories::start().await;
    for (engine, login) in [(Engine::Sqlite, "alice"), (Engine::Postgres, "alice.moreau")] {
        let bed = Testbed::start(engine).await;
        let shop = Shop::open(&bed, Change::default()).await;
        let alice = Everywhere { bed: &bed, directories: &directories, login };
        alice.settle_in().await;
        let machines = [bed.machine("nightly").await, bed.machine("weekly").await];
        let file: systems::File = toml::from_str("[[system]]\nname = \"ad\"\nowner = \"alice@example.com\"\n").unwrap();
        systems::declare(&bed.ctx().acting_as(Actor::Console), &file.system).await.unwrap();
        assert_eq!(bed.import(feed(&without_heirs())).await.json["state"], "applied");

        let (root, app) = (bed.grant("root", 60).await, shop.grant(&bed.alice, 60).await);
        let session = UnderWay::shell(&bed, &root, "root").await;
        let (checkout, password) = shop.given(&bed.alice, 30).await;
        assert!(password == FIRST && shop.lets_in(FIRST));
        assert_eq!(alice.observed().await, [true; 5]);

        let gone: Vec<String> = without_heirs()
            .into_iter()
            .map(|row| if row.starts_with("E0001") { row.replace(",active,", ",terminated,") } else { row })
            .collect();
        let import = bed.import(feed(&gone)).await;
        let since = Instant::now();
        assert_eq!((import.json["state"].as_str(), &import.json["counts"]["leavers"]), (Some("applied"), &1.into()));
        println!("{engine:?}:");
        let line = "your access to root@web-1 ended: it was withdrawn with your employment: ask your manager";
        let UnderWay { live, credential, .. } = session;
        let words = live.last_words(since).await;
        was_told(&words, line);
        assert!(words.after < BOUND, "the client was let go after {:?}", words.after);
        bed.refused_after(&credential, since).await;
        bed.clean_after("root", since).await;
        for person in [&bed.alice, &machines[0], &machines[1]] {
            let turned_away = || async { !token_works(&bed, person).await };
            assert!(bed.eventually(BOUND * 5, turned_away).await, "the token of {} still works", person.name);
        }

        alice.reaches("await_ownership").await;
        assert_eq!(alice.observed().await, [false; 5]);
        shop.gone(&checkout).await;
        assert!(!shop.lets_in(FIRST), "the password that Alice knows still works");
        let owned = alice.owned().await;
        let states = ["ad", "nightly", "weekly"].map(|name| owned[name]["state"].as_str().unwrap());
        assert_eq!(states, ["unowned", "dies_at", "dies_at"]);
        assert!(!owned["nightly"]["deadline"].is_null());
        let findings = bed.get(&bed.carol, "/api/v1/findings").await;
        assert!(findings.text.contains("owned_by_nobody"), "{}", findings.text);
        assert_eq!(alice.shown().await["closed_at"], Value::Null);

        for name in ["nightly", "ad"] {
            let handed_over = alice.hand_over(&owned[name]).await;
            assert_eq!(handed_over.json["successor"]["name"], "Bob Lindqvist", "{}", handed_over.text);
        }
        alice.reaches("done").await;
        let case = alice.case().await;
        let subjects = [
            ("leaver", case.id.as_str()),
            ("root@web-1", &root),
            ("app@db-1", &app),
            ("account app", shop.account.as_str()),
        ];
        let told = told(&bed, &subjects, case.event_at).await;
        for (at, what) in &told {
            println!("{:>9.3} s  {what}", at.since(case.event_at).as_secs_f64());
        }
        let when = |what: &str| {
            let found = told.iter().position(|(_, told)| told == what);
            found.unwrap_or_else(|| panic!("`{what}` is not among {told:#?}"))
        };
        for (first, then) in ORDER {
            assert!(when(first) < when(then), "`{first}` comes before `{then}`");
        }
        let times = case.times();
        println!("{times:#?}");
        let [sessions, privilege, accounts, owned] =
            [times.sessions_ended, times.last_privilege_gone, times.accounts_disabled, times.owned].map(Option::unwrap);
        let ended = told[when("root@web-1 session.ended")].0.since(case.event_at);
        assert!(ended < BOUND, "the session ended {ended:?} after the news");
        assert!(sessions <= privilege && privilege < owned && accounts < owned, "{times:?}");
        let overview = bed.get(&bed.admin, "/api/v1/overview").await;
        let shown = overview.json["last_leaver_seconds"].as_f64().expect("the overview shows seconds");
        assert_eq!(Duration::from_secs_f64(shown), privilege);
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}
