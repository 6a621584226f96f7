//! A newcomer's first minutes: `tenure demo` prints three commands; pasted as they are, they end in a recorded session.

use peers::process::{Group, free_port, output_of, wait_until};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const UNATTENDED: &str = "-o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -F /dev/null";

struct Demo {
    running: Group,
    folder: PathBuf,
    said: PathBuf,
}

fn start(folder: &Path) -> Demo {
    let ports = [free_port().unwrap(), free_port().unwrap()];
    let said = folder.with_extension("said");
    let mut demo = Command::new(env!("CARGO_BIN_EXE_tenure"));
    demo.arg("demo").arg("--data-dir").arg(folder).arg("--no-browser").stdin(Stdio::null());
    demo.args(["--https", &format!("127.0.0.1:{}", ports[0]), "--ssh", &format!("127.0.0.1:{}", ports[1])]);
    demo.stdout(std::fs::File::create(&said).unwrap()).stderr(Stdio::null());
    let _ = std::fs::remove_file(folder.join("demo.json"));
    let running = Group::spawn(&mut demo, folder.parent().unwrap()).unwrap();
    let demo = Demo { running, folder: folder.to_owned(), said };
    let ready = || demo.folder.join("demo.json").exists() && demo.text().contains("Ctrl-C stops the demo");
    wait_until("the demo is ready", Duration::from_secs(90), ready).unwrap();
    demo
}

impl Demo {
    fn text(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap_or_default()
    }

    /// The commands that the demo prints to paste.
    fn commands(&self) -> Vec<String> {
        let text = self.text();
        let paste = text.split("Three commands").nth(1).unwrap().split("What Alice holds").next().unwrap();
        let commands = paste.lines().map(str::trim).filter(|line| line.contains("/bin/") || line.starts_with("ssh "));
        commands.map(str::to_owned).collect()
    }

    /// Those of the vault.
    fn vault_commands(&self) -> Vec<String> {
        let text = self.text();
        let paste = text.split("in the vault").nth(1).unwrap().split("Then look").next().unwrap();
        paste.lines().map(str::trim).filter(|line| line.contains("/bin/")).map(str::to_owned).collect()
    }

    fn list(&self, person: &str, arguments: &[&str]) -> Vec<Value> {
        let text = output_of(self.tenure(person, arguments).arg("--json")).unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        answer["items"].as_array().unwrap().clone()
    }

    fn summary(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.folder.join("demo.json")).unwrap()).unwrap()
    }

    /// `tenure` as a script of the newcomer's would call it.
    fn tenure(&self, person: &str, arguments: &[&str]) -> Command {
        let summary = self.summary();
        let mut tenure = Command::new(env!("CARGO_BIN_EXE_tenure"));
        tenure.env("TENURE_URL", summary["url"].as_str().unwrap());
        tenure.env("TENURE_CA_FILE", summary["ca_file"].as_str().unwrap());
        tenure.env("TENURE_TOKEN", summary["people"][person]["token"].as_str().unwrap());
        tenure.args(arguments).stdin(Stdio::null());
        tenure
    }
}

fn paste(command: &str) -> std::process::Output {
    Command::new("sh").args(["-c", command]).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn the_three_commands_that_the_demo_prints_end_in_a_recorded_session() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = start(&folder.path().join("demo"));
    let commands = demo.commands();
    assert_eq!(commands.len(), 3, "{}", demo.text());
    for command in &commands[..2] {
        let run = paste(command);
        assert!(run.status.success(), "{command}\n{}", String::from_utf8_lossy(&run.stderr));
    }
    assert!(commands[2].starts_with("ssh "));
    let ssh = format!("{} {UNATTENDED} 'whoami >&2; echo worked; exit 5'", commands[2]);
    let run = paste(&ssh);
    assert_eq!(run.status.code(), Some(5), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(String::from_utf8_lossy(&run.stdout).trim(), "worked");

    let sessions = output_of(&mut demo.tenure("carol", &["sessions", "list", "--json"])).unwrap();
    let sessions: Value = serde_json::from_str(&sessions).unwrap();
    assert_eq!(sessions["items"].as_array().unwrap().len(), 1);
    let verified = output_of(&mut demo.tenure("carol", &["verify", "--json"])).unwrap();
    let verified: Value = serde_json::from_str(&verified).unwrap();
    assert_eq!(verified["broken"], 0, "{verified}");
    assert!(verified["checked"].as_object().unwrap().len() > 10);
    let grant = sessions["items"][0]["grant"].as_str().unwrap();
    let bundle = folder.path().join("bundle.json");
    let bundle = bundle.to_str().unwrap();
    output_of(&mut demo.tenure("carol", &["evidence", "export", grant, "-o", bundle])).unwrap();
    let mut offline = Command::new(env!("CARGO_BIN_EXE_tenure"));
    assert!(offline.args(["evidence", "verify", bundle]).env_clear().output().unwrap().status.success());
    demo.running.end("TERM", Duration::from_secs(20)).unwrap();
}

#[test]
fn what_the_demo_holds_in_its_vault_is_used_as_printed_and_a_second_start_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = start(&folder.path().join("demo"));
    let commands = demo.vault_commands();
    assert_eq!(commands.len(), 2, "{}", demo.text());
    let read = paste(&commands[0]);
    assert!(String::from_utf8_lossy(&read.stdout).contains("db-1"), "{read:?}");
    let refused = paste(&commands[0].replace("/bin/alice", "/bin/carol"));
    assert!(!refused.status.success(), "nobody reads without a grant, auditors neither: {refused:?}");
    let taken = paste(&format!("{} --json", commands[1]));
    assert!(taken.status.success(), "{taken:?}");
    let first: Value = serde_json::from_slice(&taken.stdout).unwrap();
    output_of(&mut demo.tenure("alice", &["checkin", first["checkout"]["id"].as_str().unwrap()])).unwrap();
    let changed = |demo: &Demo| {
        let accounts = demo.list("carol", &["accounts", "list", "--target", "web-1"]);
        accounts
            .iter()
            .any(|account| account["login"] == "deploy" && account["state"] == "settled" && account["current"] == 2)
    };
    wait_until("the password is changed after use", Duration::from_secs(20), || changed(&demo)).unwrap();

    let held = |demo: &Demo| {
        let lists: [&[&str]; 5] = [
            &["accounts", "list"],
            &["machines", "list"],
            &["issuers", "list"],
            &["grants"],
            &["secrets", "list", "prod/shop/"],
        ];
        lists.map(|arguments| demo.list("admin", arguments).len())
    };
    let before = held(&demo);
    assert_eq!(before, [2, 2, 3, 4, 2]);
    demo.running.end("TERM", Duration::from_secs(20)).unwrap();
    let mut demo = start(&folder.path().join("demo"));
    assert_eq!(held(&demo), before);
    assert!(paste(&demo.vault_commands()[0]).status.success());
    demo.running.end("TERM", Duration::from_secs(20)).unwrap();
}

/// The wiki was read, compared with people and with what it should hold, and what a leaver had was taken away.
fn governs(demo: &Demo) -> bool {
    let closed = |leaver: &Value| leaver["step"] == "done";
    demo.list("admin", &["plans", "list", "--state", "held"]).len() == 1
        && demo.list("admin", &["drifts", "list", "--state", "waiting"]).len() == 1
        && demo.list("admin", &["leavers", "list"]).iter().any(closed)
}

#[test]
fn the_demo_has_a_plan_a_drift_an_orphan_and_a_leaver_to_look_at_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = start(&folder.path().join("demo"));
    wait_until("the wiki is governed", Duration::from_secs(60), || governs(&demo)).unwrap();
    let shown = |arguments: &[&str]| output_of(&mut demo.tenure("admin", arguments)).unwrap();
    let read = |arguments: &[&str]| serde_json::from_str::<Value>(&shown(&[arguments, &["--json"]].concat())).unwrap();

    let plan = demo.list("admin", &["plans", "list", "--state", "held"]).remove(0);
    let plan = read(&["plans", "show", plan["id"].as_str().unwrap()]);
    let steps = plan["steps"].as_array().unwrap();
    let gives = |login: &str, name: &str| {
        steps.iter().any(|step| step["act"] == "grant" && step["login"] == login && step["entitlement_name"] == name)
    };
    assert!(gives("ricciotti.cugia", "Editors"), "of an account that is there: {plan}");
    assert!(gives("erzsebet.kocsis", "Editors"), "of one that is not: {plan}");
    assert!(steps.iter().any(|step| step["act"] == "change" && step["login"] == "chloe.moore"), "{plan}");

    let drifts = shown(&["drifts", "list", "--state", "waiting"]);
    assert!(drifts.contains("catrina.dumitrescu") && drifts.contains("Administrators"), "{drifts}");
    assert!(!drifts.contains("oac_") && !drifts.contains("ent_"), "people know no ids: {drifts}");

    let orphans = demo.list("admin", &["inventory", "accounts", "--system", "wiki", "--state", "orphaned"]);
    assert_eq!(orphans.iter().map(|account| account["login"].as_str().unwrap()).collect::<Vec<_>>(), ["vincent.davis"]);
    let accounts = demo.list("admin", &["inventory", "accounts", "--system", "wiki", "--privileged"]);
    let of_power: Vec<_> = accounts.iter().map(|account| (&account["login"], &account["power_by"])).collect();
    assert_eq!(of_power, [(&json!("catrina.dumitrescu"), &json!(["Administrators"]))]);
    let leaver = demo.list("admin", &["leavers", "list"]).remove(0);
    let leaver = read(&["leavers", "show", leaver["id"].as_str().unwrap()]);
    let orders = leaver["orders"].as_array().unwrap();
    assert!(orders.iter().all(|order| order["login"] == "vincent.davis" && order["state"] == "gone"), "{leaver}");
    assert_eq!(
        (orders[0]["act"].as_str(), orders[0]["entitlement_name"].as_str()),
        (Some("revoke"), Some("Administrators"))
    );
    let accounts = std::fs::read_to_string(demo.folder.join("systems/wiki/accounts.csv")).unwrap();
    assert!(accounts.contains("vincent.davis,disabled"), "{accounts}");

    let given = shown(&["orders", "list"]);
    assert!(given.contains("vincent.davis") && !given.contains("ent_"), "{given}");
    for about in ["account", "record"] {
        assert_eq!(demo.list("admin", &["cases", "list", "--state", "open", "--about", about]).len(), 1, "{about}");
    }
    let refused = demo.tenure("alice", &["drifts", "list"]).output().unwrap();
    assert!(!refused.status.success(), "what others have is not for everybody: {refused:?}");
    demo.running.end("TERM", Duration::from_secs(20)).unwrap();
}

#[test]
fn the_summary_names_what_scripts_rely_on_and_a_second_start_finds_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = start(&folder.path().join("demo"));
    let first = demo.summary();
    assert_eq!(first["target"], "root@web-1");
    for name in ["alice", "bob", "carol", "admin"] {
        let person = &first["people"][name];
        assert!(person["token"].as_str().unwrap().starts_with("tnr_"), "{name}");
        assert!(Path::new(person["ssh_key_file"].as_str().unwrap()).exists(), "{name}");
    }
    for file in ["ca_file", "known_hosts_file"] {
        assert!(Path::new(first[file].as_str().unwrap()).exists(), "{file}");
    }
    for command in &demo.commands()[..2] {
        assert!(paste(command).status.success(), "{command}");
    }
    demo.running.end("KILL", Duration::from_secs(20)).unwrap();
    let mut demo = start(&folder.path().join("demo"));
    assert_eq!(demo.summary()["people"], first["people"]);
    let run = paste(&format!("{} {UNATTENDED} id", demo.commands()[2]));
    assert!(run.status.success(), "a grant is for the host of the first start: {run:?}");
    let people = output_of(&mut demo.tenure("admin", &["identities", "list", "--limit", "1000", "--json"])).unwrap();
    let people: Value = serde_json::from_str(&people).unwrap();
    assert_eq!(people["items"].as_array().unwrap().len(), 230);
    demo.running.end("TERM", Duration::from_secs(20)).unwrap();
}
