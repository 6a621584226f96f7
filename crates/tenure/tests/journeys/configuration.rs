//! The configuration of a company of 5,000 as a folder of files: planned, applied, written out, and missed when somebody
//! declares something elsewhere. Everything by the command line.

use crate::dependents::tenure;
use reqwest::Method;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;
use testbed::years::feed::{Columns, Feeds};
use testbed::years::places::Date;
use testbed::years::roles::{ROLES, SYSTEMS, entitlements};
use testbed::years::{Company, Source, Story};
use testbed::{Answer, Engine, Testbed, feed, rows};
use tokio::time::Instant;

const SEED: u64 = 5_000;
/// Eight of a hundred are contractors, of whom the HR feed knows nothing.
const HUMANS: usize = 5_500;
const PEOPLE: usize = 5_000;

/// The folder of somebody who keeps the configuration.
struct Folder<'a> {
    bed: &'a Testbed,
    path: PathBuf,
}

impl<'a> Folder<'a> {
    fn new(bed: &'a Testbed, name: &str) -> Self {
        let path = bed.folder().join(name);
        fs::create_dir(&path).unwrap();
        Self { bed, path }
    }

    fn write(&self, name: &str, documents: &[String]) {
        fs::write(self.path.join(name), documents.join("---\n")).unwrap();
    }

    /// Changes one document of an exported file, or leaves it out.
    fn edit(&self, file: &str, name: &str, edit: impl Fn(&str) -> Option<String>) {
        let path = self.path.join(file);
        let text = fs::read_to_string(&path).unwrap();
        let is_named = |document: &str| {
            let line = document.lines().find_map(|line| line.strip_prefix("name: ")).unwrap_or_default();
            line.trim_matches(['"', '\'']) == name
        };
        let documents = text.split("---\n").filter(|document| !document.is_empty());
        let (named, others): (Vec<&str>, Vec<&str>) = documents.partition(|document| is_named(document));
        assert_eq!(named.len(), 1, "{text}");
        let kept: Vec<String> = others.into_iter().map(str::to_owned).chain(edit(named[0])).collect();
        fs::write(path, kept.join("---\n")).unwrap();
    }

    /// `tenure plan` and the like about this folder: how it ended, and what it said.
    async fn run(&self, command: &str, options: &[&str]) -> (i32, String) {
        let args = [&[command, self.path.to_str().unwrap()], options].concat();
        let began = Instant::now();
        let (code, out, err) = tenure(self.bed, &self.bed.admin, &args).await;
        println!("tenure {command} {options:?} took {:?}", began.elapsed());
        (code.unwrap(), out + &err)
    }

    async fn drift(&self) -> (i32, String) {
        let (code, out, err) = tenure(self.bed, &self.bed.admin, &["configuration", "drift"]).await;
        (code.unwrap(), out + &err)
    }

    /// As an API client sends it.
    fn files(&self) -> Vec<Value> {
        let entries = fs::read_dir(&self.path).unwrap().map(|entry| entry.unwrap().path());
        entries
            .map(|path| json!({"name": path.file_name().unwrap().to_str(), "text": fs::read_to_string(&path).unwrap()}))
            .collect()
    }
}

/// What was applied has reached everybody: a plan of what comes next is not overtaken by it.
async fn settled(bed: &Testbed) {
    let none_waits = || async {
        let mut tx = bed.ctx().read().await.unwrap();
        db::jobs::waiting(&mut tx, "assignments.derive").await.unwrap().is_empty()
    };
    assert!(bed.eventually(Duration::from_secs(60), none_waits).await, "assignments are still derived");
}

async fn owns(bed: &Testbed, owner: &str) {
    let system = json!({"system": [{"name": "helpdesk", "owner": owner}]});
    let call = bed.call(Some(&bed.admin.token), Method::PUT, "/api/v1/systems").json(&system);
    let answer = bed.send(call).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// The HR feed of the company, with the people of the testbed among them.
fn people() -> (String, usize) {
    let company = Company::generate(SEED, HUMANS, Date::parse("2026-11-21"));
    let story = Story { company, days: Vec::new() };
    let first = Feeds::new(&story, Columns::Ten).first(Source::Hr);
    let drawn = first.lines().skip(1).filter(|line| !line.starts_with('#')).map(str::to_owned);
    let all: Vec<String> = rows().into_iter().chain(drawn).collect();
    assert!(all.len() > PEOPLE, "{}", all.len());
    let lawyers = all.iter().filter(|row| row.contains(",Legal,")).count();
    (feed(&all), lawyers)
}

/// The systems, entitlements, mappings and roles of the company, as its administrators write them.
fn declare(folder: &Folder<'_>) {
    let owner = "bob@example.com";
    let systems = SYSTEMS.iter().map(|system| {
        let logins = if *system == "web-1" { ", logins: [root, deploy]" } else { "" };
        format!("kind: System\nname: {system}\nspec: {{owner: {owner}{logins}}}\n")
    });
    folder.write("systems.yaml", &systems.collect::<Vec<_>>());
    let login = "{given_name:1}{family_name}";
    let mappings = SYSTEMS.map(|system| format!("kind: Mapping\nname: {system}\nspec: {{login: '{login}'}}\n"));
    folder.write("mappings.yaml", &mappings);
    let risk = |privileged: bool| if privileged { "high" } else { "low" };
    let entitlements = entitlements().into_iter().map(|one| {
        let name = format!("{}@{}", one.entitlement, one.system);
        format!("kind: Entitlement\nname: {name}\nspec: {{owner: {owner}, risk: {}}}\n", risk(one.privileged))
    });
    folder.write("entitlements.yaml", &entitlements.collect::<Vec<_>>());
    // Of those roles that ask for nothing that this feed does not say.
    let roles = ROLES.iter().filter(|role| role.kind.is_none()).map(|role| {
        let grants = role.grants.iter();
        let grants: Vec<String> =
            grants.map(|one| format!("{{system: {}, entitlement: {}}}", one.system, one.entitlement)).collect();
        let conflicts = role.conflicts_with.map(|other| format!("  conflicts_with: [{other}]\n")).unwrap_or_default();
        let (name, condition, grants) = (role.name, role.condition(), grants.join(", "));
        format!("kind: Role\nname: {name}\nspec:\n  condition: '{condition}'\n  grants: [{grants}]\n{conflicts}")
    });
    folder.write("roles.yaml", &roles.collect::<Vec<_>>());
    let source =
        format!("kind: Source\nname: agency\nspec: {{kind: csv, owner: {owner}, settings: {{precedence: 9}}}}\n");
    folder.write("sources.yaml", &[source]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_configuration_of_five_thousand_people_is_files_that_are_planned_applied_and_missed() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let (people, lawyers) = people();
    let file = bed.folder().join("people.csv");
    fs::write(&file, people).unwrap();
    let began = Instant::now();
    let imported = tenure(&bed, &bed.admin, &["hr", "import", file.to_str().unwrap()]).await;
    assert_eq!(imported.0, Some(0), "{imported:?}");
    println!("the import took {:?}", began.elapsed());
    let overview = bed.get(&bed.admin, "/api/v1/overview").await;
    assert!(overview.json["identities"].as_u64().unwrap() >= PEOPLE as u64, "{}", overview.text);

    let written = Folder::new(&bed, "written");
    declare(&written);
    let planned = written.run("plan", &[]).await;
    assert!(planned.0 == 1 && planned.1.contains("create System helpdesk\n"), "{planned:?}");
    assert_eq!(bed.get(&bed.admin, "/api/v1/systems").await.text.matches("helpdesk").count(), 0, "a plan is a plan");
    assert_eq!(written.run("apply", &[]).await.0, 0);
    let again = written.run("plan", &[]).await;
    assert!(again.0 == 0 && again.1.starts_with("nothing to change: "), "{again:?}");

    let kept = Folder::new(&bed, "kept");
    assert_eq!(kept.run("export", &[]).await.0, 0);
    for command in ["plan", "apply"] {
        let nothing = kept.run(command, &["--prune"]).await;
        assert!(nothing.0 == 0 && nothing.1.starts_with("nothing to change"), "{command}: {nothing:?}");
    }
    let applied = ["configuration.applied by admin", "simulation.applied by admin"];
    assert_eq!(bed.timeline("configuration").await, applied);

    let [bob, carol] = ["bob@example.com", "carol@example.com"];
    kept.edit("system.yaml", "helpdesk", |document| Some(document.replace(bob, carol)));
    let shown = format!("change System helpdesk\n  - owner: \"{bob}\"\n  + owner: \"{carol}\"\n");
    settled(&bed).await;
    let planned = kept.run("plan", &[]).await;
    assert!(planned.0 == 1 && planned.1.starts_with(&shown), "{planned:?}");
    let applied = kept.run("apply", &[]).await;
    assert_eq!((applied.0, applied.1.as_str()), (0, "applied: change System helpdesk\n"));
    let drift = kept.drift().await;
    assert!(drift.0 == 0 && drift.1.starts_with("nothing differs"), "{drift:?}");

    let files = kept.files();
    let plan = bed.post(&bed.admin, "/api/v1/configuration/plan", json!({"files": files})).await;
    owns(&bed, bob).await;
    let drift = kept.drift().await;
    assert!(drift.0 == 1 && drift.1.contains("change System helpdesk\n"), "{drift:?}");
    let order = json!({"files": files, "state": plan.json["state"]});
    let stale: Answer = bed.post(&bed.admin, "/api/v1/configuration/apply", order).await;
    assert_eq!((stale.status, &stale.json["code"]), (409, &json!("configuration_moved")), "{}", stale.text);
    assert_eq!(kept.run("apply", &[]).await.0, 0, "planned anew, it goes");
    assert_eq!(kept.drift().await.0, 0);

    fs::remove_file(kept.path.join("source.yaml")).unwrap();
    let kept_back = kept.run("plan", &[]).await;
    assert!(kept_back.0 == 0 && kept_back.1.starts_with("nothing to change"), "{kept_back:?}");
    let planned = kept.run("plan", &["--prune"]).await;
    assert!(planned.0 == 1 && planned.1.starts_with("delete Source agency\n"), "{planned:?}");
    let applied = kept.run("apply", &["--prune"]).await;
    assert_eq!((applied.0, applied.1.as_str()), (0, "applied: delete Source agency\n"));
    kept.edit("role.yaml", "legal", |_| None);
    let held = format!("{lawyers} assignments that are open");
    let refused = || async { kept.run("apply", &["--prune"]).await };
    let all_hold = || async { refused().await.1.contains(&held) };
    assert!(bed.eventually(Duration::from_secs(60), all_hold).await, "{lawyers}: {:?}", refused().await);
    let refused = refused().await;
    assert!(refused.0 != 0 && refused.1.contains("Role `legal` cannot be removed"), "{refused:?}");
    bed.stop().await;
}
