//! Configuration as code: what files say is planned, applied as a whole, written out again, and missed when it changes.

use crate::company::{Company, on_both_engines};
use governance::configuration::{self, Act, ConfigurationError, Fault, File, Kind, Plan, Prune, Terms};
use governance::{breakers, entitlements, roles, sources, systems};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use types::Failure;

fn files(text: &str) -> Vec<File> {
    vec![File { name: "all.yaml".to_owned(), text: text.to_owned() }]
}

/// What is taken away is taken away for a reason.
fn terms(prune: Prune) -> Terms {
    Terms { prune, reason: (prune == Prune::Yes).then(|| "agreed with the owners".to_owned()) }
}

async fn plan(company: &Company, given: &[File], prune: Prune) -> Plan {
    configuration::plan(&company.ctx, given, &terms(prune)).await.unwrap()
}

async fn apply(company: &Company, given: &[File], prune: Prune) -> usize {
    let planned = plan(company, given, prune).await;
    assert_eq!(planned.faults, [], "{:?}", planned.changes);
    configuration::apply(&company.ctx, given, &terms(prune), &planned.state.unwrap()).await.unwrap().len()
}

fn told(plan: &Plan) -> Vec<String> {
    plan.changes.iter().map(|change| format!("{:?} {} {}", change.act, change.kind.name(), change.name)).collect()
}

const SHOP: &str = "\
kind: Role
name: dba
spec:
  description: Looks after the shop's database
  condition: 'principal has cost_center && principal.cost_center == \"4711\"'
  includes: [oncall]
  grants:
    - {system: db-1, entitlement: admins}
---
kind: Role
name: oncall
spec:
  given: true
  makes_eligible:
    - {system: db-1, login: postgres, max_minutes: 30, channels: [checkout]}
---
kind: Entitlement
name: admins@db-1
spec: {owner: Bob@example.com, risk: high, privileged: {is: true, why: it administers all of it}}
---
kind: System
name: db-1
spec: {owner: bob@example.com, logins: [postgres], environment: production}
---
kind: Mapping
name: db-1
spec: {login: '{given_name:1}{family_name}', creates: true, drift: revert}
---
kind: Source
name: erp
spec:
  kind: sql
  owner: carol@example.com
  settings:
    authority: attributes
    attributes: [{name: cost_center, kind: text}]
    service: erp-db
    read: {query: select * from hr.costs, columns: {key: id}, every_minutes: 60}
---
kind: Policy
name: default
spec:
  requests: {reason_min_length: 12, max_duration_minutes: 240}
";

const BREAKERS: &str = "\
kind: Breaker
name: accounts
spec:
  counts: accounts
  per_run: {share: 0.02, number: 20}
  window: {minutes: 1440, limit: {share: 0.05, number: 50}}
---
kind: Breaker
name: nightly
spec: {counts: grants, per_run: {number: 3}}
";

on_both_engines! {
    async fn files_are_planned_applied_and_written_out_again_without_a_difference(company: Company) {
        let planned = plan(&company, &files(SHOP), Prune::No).await;
        assert_eq!(planned.faults, []);
        assert_eq!(told(&planned), [
            "Change Policy default", "Create Source erp", "Create System db-1", "Create Entitlement admins@db-1",
            "Create Mapping db-1", "Create Role dba", "Create Role oncall",
        ]);
        assert!(systems::get(&company.ctx, "db-1").await.is_err(), "a plan changes nothing");
        assert_eq!(apply(&company, &files(SHOP), Prune::No).await, 7);
        assert_eq!(roles::get(&company.ctx, "dba").await.unwrap().grants[0].system, "db-1");
        assert_eq!(entitlements::list(&company.ctx).await.unwrap()[0].owner, company.id("bob").await);
        assert_eq!(sources::get(&company.ctx, "erp").await.unwrap().settings.attributes.len(), 1);
        let again = plan(&company, &files(SHOP), Prune::No).await;
        assert_eq!((again.changes.len(), again.unchanged), (0, 7));

        let exported = configuration::export(&company.ctx).await.unwrap();
        let names: Vec<&str> = exported.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["policy.yaml", "source.yaml", "system.yaml", "entitlement.yaml", "mapping.yaml", "role.yaml"]);
        let whole = plan(&company, &exported, Prune::Yes).await;
        assert_eq!((told(&whole), whole.faults.len()), (vec![], 0));
        let size = company.log_size().await;
        assert_eq!(apply(&company, &exported, Prune::Yes).await, 0);
        assert_eq!(company.log_size().await, size, "nothing is applied that is so");
        assert_eq!(configuration::export(&company.ctx).await.unwrap(), exported, "in the same words");
        assert_eq!(company.timeline(&"configuration").await, ["configuration.applied"]);
    }

    async fn the_files_of_the_guide_are_applied_as_they_stand(company: Company) {
        let guide = include_str!("../../../../docs/configuration-as-code.md");
        let shown = guide.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
        assert_eq!(apply(&company, &files(shown), Prune::No).await, 4);
        assert_eq!(roles::get(&company.ctx, "wiki-editor").await.unwrap().grants[0].system, "wiki");
    }

    async fn a_plan_is_applied_only_to_the_state_that_it_was_made_of(company: Company) {
        let stale = plan(&company, &files(SHOP), Prune::No).await.state.unwrap();
        let other = "kind: System\nname: web-2\nspec: {owner: bob@example.com, logins: [root]}\n";
        apply(&company, &files(other), Prune::No).await;
        let refused = configuration::apply(&company.ctx, &files(SHOP), &Prune::No.into(), &stale).await.unwrap_err();
        assert_eq!(refused.code(), "configuration_moved");
        assert!(systems::get(&company.ctx, "db-1").await.is_err());
    }

    async fn files_are_applied_as_a_whole_or_not_at_all_and_every_fault_is_told(company: Company) {
        let bad = format!("{SHOP}---\nkind: System\nname: web-3\nspec: {{owner: x@y, logins: [root]}}\n---\nkind: Role\nname: odd\nspec: {{given: true, includes: [nothing]}}\n");
        let planned = plan(&company, &files(&bad), Prune::No).await;
        let told: Vec<(u64, &str)> = planned.faults.iter().map(|fault| (fault.line, fault.remedy.as_str())).collect();
        assert_eq!(told.len(), 2, "{:?}", planned.faults);
        assert!(planned.faults.iter().all(|fault| fault.file == "all.yaml" && fault.line > 40 && !fault.remedy.is_empty()));
        let refused = configuration::apply(&company.ctx, &files(&bad), &Prune::No.into(), &planned.state.unwrap()).await;
        let ConfigurationError::Faulty(faults) = refused.unwrap_err() else { panic!() };
        assert_eq!(faults, planned.faults);
        for name in ["db-1", "web-3"] {
            assert!(systems::get(&company.ctx, name).await.is_err(), "{name}");
        }
    }

    async fn what_no_file_names_is_removed_only_when_that_is_asked_for_and_nothing_that_is_in_use(company: Company) {
        apply(&company, &files(SHOP), Prune::No).await;
        let exported = configuration::export(&company.ctx).await.unwrap();
        let without = |names: &[&str]| -> Vec<File> {
            let called = |document: &str| {
                let name = document.lines().find_map(|line| line.strip_prefix("name: ")).unwrap_or_default();
                name.trim_matches(['"', '\'']).to_owned()
            };
            let keep = |document: &&str| !names.contains(&called(document).as_str());
            exported.iter().map(|file| File {
                text: file.text.split("---\n").filter(|document| !document.is_empty()).filter(keep).map(|document| format!("---\n{document}")).collect(),
                ..file.clone()
            }).collect()
        };
        let fewer = without(&["oncall", "dba"]);
        assert_eq!(told(&plan(&company, &fewer, Prune::No).await), Vec::<String>::new());
        let planned = plan(&company, &fewer, Prune::Yes).await;
        assert_eq!((told(&planned), planned.faults.len()), (vec!["Delete Role dba".into(), "Delete Role oncall".to_owned()], 0), "{planned:?}");
        let named = plan(&company, &without(&["oncall"]), Prune::Yes).await;
        assert!(named.faults[0].problem.contains("the role `dba`"), "one names the other: {:?}", named.faults);
        assert_eq!(apply(&company, &fewer, Prune::Yes).await, 2);
        let in_use = plan(&company, &without(&["dba", "oncall", "db-1"]), Prune::Yes).await;
        assert!(in_use.faults[0].problem.contains("the entitlement `admins`"), "{:?}", in_use.faults);
        let all = ["dba", "oncall", "db-1", "admins@db-1", "erp"];
        assert_eq!(apply(&company, &without(&all), Prune::Yes).await, 4);
        assert!(sources::get(&company.ctx, "erp").await.is_err());
        let web = plan(&company, &without(&["web-1"]), Prune::Yes).await;
        assert!(web.faults[0].problem.contains("the role `sre-root`"), "{:?}", web.faults);
        let role = plan(&company, &without(&["sre-root"]), Prune::Yes).await;
        assert!(role.changes.iter().any(|change| change.act == Act::Delete && change.name == "sre-root"));
    }

    async fn what_somebody_declares_besides_the_files_is_shown_as_drift(company: Company) {
        assert_eq!(configuration::drift(&company.ctx).await.unwrap(), None, "nothing was ever applied");
        apply(&company, &files(SHOP), Prune::No).await;
        let drift = async || configuration::drift(&company.ctx).await.unwrap().unwrap();
        assert_eq!(drift().await.changes, []);
        let declaration = toml::from_str::<systems::File>("[[system]]\nname = 'db-1'\nowner = 'carol@example.com'\nlogins = ['postgres']");
        systems::declare(&company.ctx, &declaration.unwrap().system).await.unwrap();
        let [change] = &drift().await.changes[..] else { panic!() };
        assert_eq!((change.act, change.name.as_str()), (Act::Change, "db-1"));
        assert_eq!(change.after.as_ref().unwrap()["owner"], "carol@example.com");
        assert_eq!(apply(&company, &configuration::export(&company.ctx).await.unwrap(), Prune::No).await, 0);
        assert_eq!(drift().await.changes, [], "what was exported and applied is what the files say");
        let mut tx = company.ctx.read().await.unwrap();
        let mut row = tx.one("select sealed from configuration", vec![]).await.unwrap().unwrap();
        let sealed: Vec<u8> = row.take("sealed").unwrap();
        assert!(!sealed.windows(5).any(|bytes| bytes == b"carol"), "owners are named in it");
    }

    async fn breakers_are_declared_in_files_and_let_more_through_only_with_a_reason(company: Company) {
        let planned = plan(&company, &files(BREAKERS), Prune::No).await;
        assert_eq!((told(&planned), planned.faults.len()), (vec!["Create Breaker accounts".into(), "Create Breaker nightly".to_owned()], 0));
        assert_eq!(apply(&company, &files(BREAKERS), Prune::No).await, 2, "what is tighter needs no reason");
        let exported = configuration::export(&company.ctx).await.unwrap();
        assert!(exported.iter().any(|file| file.name == "breaker.yaml" && !file.text.contains("creations")));
        let whole = plan(&company, &exported, Prune::Yes).await;
        assert_eq!((told(&whole), whole.faults.len()), (vec![], 0));
        let default = "kind: Breaker\nname: privileged\nspec: {counts: privileged, per_run: {number: 5}, window: {minutes: 1440, limit: {number: 10}}}\n";
        assert_eq!(apply(&company, &files(default), Prune::No).await, 1, "a default can be declared");
        assert_eq!(apply(&company, &files(default), Prune::No).await, 0);

        let looser = BREAKERS.replace("number: 20", "number: 30");
        let planned = plan(&company, &files(&looser), Prune::No).await;
        let [fault] = &planned.faults[..] else { panic!("{:?}", planned.faults) };
        assert_eq!((fault.file.as_str(), fault.line), ("all.yaml", 4));
        assert!(fault.remedy.starts_with("give a reason"), "{fault:?}");
        let without = [File { name: "policy.yaml".into(), text: exported[0].text.clone() }];
        let pruned = configuration::plan(&company.ctx, &without, &Prune::Yes.into()).await.unwrap();
        let problems: Vec<&str> = pruned.faults.iter().map(|fault| fault.problem.as_str()).collect();
        assert!(problems.iter().filter(|problem| problem.starts_with("Breaker `")).count() == 2, "{problems:?}");

        let because = |reason: &str| Terms { prune: Prune::No, reason: Some(reason.to_owned()) };
        let silent = configuration::plan(&company.ctx, &files(&looser), &because(" ")).await.unwrap_err();
        assert_eq!(silent.code(), "reason_missing");
        let terms = because("two offices close");
        let state = configuration::plan(&company.ctx, &files(&looser), &terms).await.unwrap().state.unwrap();
        configuration::apply(&company.ctx, &files(&looser), &terms, &state).await.unwrap();
        let terms = Terms { prune: Prune::Yes, ..terms };
        let fewer: Vec<File> = configuration::export(&company.ctx).await.unwrap().into_iter().filter(|file| file.name != "breaker.yaml").collect();
        let planned = configuration::plan(&company.ctx, &fewer, &terms).await.unwrap();
        assert_eq!((planned.changes.len(), planned.faults.as_slice()), (3, [].as_slice()));
        configuration::apply(&company.ctx, &fewer, &terms, &planned.state.unwrap()).await.unwrap();
        assert!(breakers::list(&company.ctx).await.unwrap().iter().all(|setting| setting.declared_at.is_none()));
        assert_eq!(company.timeline(&"breaker:accounts").await, ["breaker.declared", "breaker.loosened", "breaker.removed"]);
    }
}

fn broken() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken_yaml");
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    found.sort();
    found
}

/// As it stands beside a broken file.
fn line(fault: &Fault) -> String {
    format!("{}:{}:{}: {} => {}\n", fault.file, fault.line, fault.column, fault.problem, fault.remedy)
}

#[tokio::test]
async fn a_hundred_broken_files_are_refused_each_with_its_line_and_what_to_do() {
    let (company, found) = (Company::on_sqlite().await, broken());
    assert_eq!(found.len(), 107);
    let size = company.log_size().await;
    let mut wrong = String::new();
    for path in found {
        let (name, text) = (path.file_name().unwrap().to_str().unwrap(), fs::read_to_string(&path).unwrap());
        let given = [File { name: name.to_owned(), text }];
        let planned = plan(&company, &given, Prune::No).await;
        let told: String = planned.faults.iter().map(line).collect();
        let expected = fs::read_to_string(path.with_extension("error")).unwrap_or_default();
        if told.is_empty()
            || told != expected
            || planned.faults.iter().any(|fault| fault.line == 0 || fault.remedy.is_empty())
        {
            wrong.push_str(&format!("{name}\n  {told}  instead of\n  {expected}"));
        }
        let state = planned.state.unwrap_or_default();
        assert!(configuration::apply(&company.ctx, &given, &Prune::No.into(), &state).await.is_err(), "{name}");
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(company.log_size().await, size);
}

#[tokio::test]
async fn what_is_exported_is_valid_by_the_schemas_for_a_validator_of_somebody_else() {
    let company = Company::on_sqlite().await;
    apply(&company, &files(&format!("{SHOP}---\n{BREAKERS}")), Prune::No).await;
    let folder = tempfile::tempdir().unwrap();
    let schemas: serde_json::Map<String, Value> =
        Kind::ALL.into_iter().map(|kind| (kind.name().to_owned(), kind.schema())).collect();
    fs::write(folder.path().join("schemas.json"), Value::Object(schemas).to_string()).unwrap();
    for file in configuration::export(&company.ctx).await.unwrap() {
        fs::write(folder.path().join(file.name), file.text).unwrap();
    }
    for (name, text) in [
        ("wrong-field.yaml", "kind: System\nname: a\nspec: {owner: x, logins: [root], shoe: 1}\n"),
        ("wrong-kind.yaml", "kind: Role\nname: a\nspec: {given: maybe}\n"),
        ("wrong-share.yaml", "kind: Breaker\nname: a\nspec: {counts: grants, per_run: {share: 2}}\n"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut python = peers::tools::python().unwrap();
    python.args(["-c", VALIDATE]).arg(folder.path()).stdin(Stdio::null());
    let told = output(&mut python);
    let lines: Vec<&str> = told.lines().collect();
    let valid = |name: &str| {
        lines.iter().filter(|line| line.starts_with(&format!("{name} "))).all(|line| line.ends_with(" valid"))
    };
    for (name, is) in [
        ("policy.yaml", true),
        ("breaker.yaml", true),
        ("source.yaml", true),
        ("system.yaml", true),
        ("entitlement.yaml", true),
        ("mapping.yaml", true),
        ("role.yaml", true),
        ("wrong-field.yaml", false),
        ("wrong-kind.yaml", false),
        ("wrong-share.yaml", false),
    ] {
        assert!(lines.iter().any(|line| line.starts_with(&format!("{name} "))) && valid(name) == is, "{name}: {told}");
    }
}

const VALIDATE: &str = r#"
import json, pathlib, sys
import jsonschema_rs, yaml
folder = pathlib.Path(sys.argv[1])
schemas = json.loads((folder / "schemas.json").read_text())
for file in sorted(folder.glob("*.yaml")):
    for document in yaml.safe_load_all(file.read_text()):
        validator = jsonschema_rs.validator_for(schemas[document["kind"]])
        errors = [error.message for error in validator.iter_errors(document)]
        print(file.name, document["name"], "; ".join(errors) or "valid")
"#;

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
