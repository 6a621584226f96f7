//! Systems, roles and policy: declared, declared again, and refused.

use crate::company::{Company, on_both_engines};
use governance::{configuration, entitlements, mappings, policy, roles, sources, systems};
use ledger::Ctx;
use types::Failure;

fn system(name: &str, owner: &str, logins: &[&str]) -> systems::Declaration {
    let logins = logins.iter().map(|login| (*login).to_owned()).collect();
    let (environment, machine_logins) = (None, Default::default());
    let (name, owner) = (name.into(), owner.into());
    let description = String::new();
    systems::Declaration { name, description, owner, logins, environment, machine_logins }
}

on_both_engines! {
    async fn a_system_is_declared_once_and_its_change_is_recorded(company: Company) {
        let ctx = &company.ctx;
        let declared = [system("db-1", "bob@example.com", &["root"])];
        systems::declare(ctx, &declared).await.unwrap();
        systems::declare(ctx, &declared).await.unwrap();
        assert_eq!(company.timeline(&"system:db-1").await, ["system.declared"]);
        systems::declare(ctx, &[system("db-1", "CAROL@example.com", &["root", "postgres"])]).await.unwrap();
        assert_eq!(company.timeline(&"system:db-1").await, ["system.declared", "system.declared"]);
        let db_1 = systems::get(ctx, "db-1").await.unwrap();
        assert_eq!(db_1.owner, company.id("carol").await);
        assert_eq!(systems::owned_by(ctx, &db_1.owner).await.unwrap(), [db_1]);
        assert_eq!(systems::list(ctx).await.unwrap().len(), 2);
    }

    async fn a_system_without_a_known_owner_or_a_plain_name_is_refused_with_all_others(company: Company) {
        for (wrong, code) in [
            (system("db-1", "nobody@example.com", &["root"]), "no_such_owner"),
            (system("db 1", "bob@example.com", &["root"]), "bad_system_name"),
            (system("db-1", "bob@example.com", &["-oProxyCommand=id"]), "bad_login"),
        ] {
            let all = [system("mail-1", "bob@example.com", &["root"]), wrong];
            assert_eq!(systems::declare(&company.ctx, &all).await.unwrap_err().code(), code);
            assert_eq!(systems::get(&company.ctx, "mail-1").await.unwrap_err().code(), "no_such_system");
        }
    }

    async fn a_role_may_name_only_logins_that_are_declared(company: Company) {
        let role = |login: &str| -> roles::Declaration {
            let text = r#"{"name": "deployer", "when": [{"attribute": "department", "equals": "Platform"}],
                          "makes_eligible": [{"system": "web-1", "login": "LOGIN", "max_minutes": 5}]}"#;
            serde_json::from_str(&text.replace("LOGIN", login)).unwrap()
        };
        let error = roles::declare(&company.ctx, &[role("admin")]).await.unwrap_err();
        assert_eq!(error.code(), "unknown_login");
        roles::declare(&company.ctx, &[role("deploy")]).await.unwrap();
        roles::declare(&company.ctx, &[role("deploy")]).await.unwrap();
        assert_eq!(company.timeline(&"role:deployer").await, ["role.declared"]);
        assert_eq!(roles::get(&company.ctx, "deployer").await.unwrap().makes_eligible[0].login, "deploy");
    }

    async fn eligibility_says_which_values_of_the_hr_record_give_it(company: Company) {
        let of = async |name: &str| roles::eligibility(&company.ctx, &company.id(name).await).await.unwrap();
        let alice = of("alice").await;
        assert_eq!(alice.len(), 1);
        assert_eq!((alice[0].login.as_str(), alice[0].max_minutes), ("root", 60));
        let because = "role `sre-root`: department is `Platform`, job_title is `Site Reliability Engineer`";
        assert_eq!(alice[0].because, because);
        assert!(of("mallory").await.is_empty());
    }

    async fn a_policy_out_of_range_is_refused_and_the_one_before_stays(company: Company) {
        let before = policy::get(&company.ctx).await.unwrap();
        let mut wrong = before.clone();
        wrong.requests.max_duration_minutes = 0;
        let error = policy::declare(&company.ctx, &wrong, None).await.unwrap_err();
        assert_eq!(error.to_string(), "max_duration_minutes is `0`: it must be from 1 to 43200 (30 days)");
        assert_eq!(policy::get(&company.ctx).await.unwrap(), before);
        let size = company.log_size().await;
        policy::declare(&company.ctx, &before, None).await.unwrap();
        assert_eq!(company.log_size().await, size);
    }

    async fn what_lets_more_through_than_before_is_declared_for_a_reason_only(company: Company) {
        let ada = company.acting("ada").await;
        let before = policy::get(&ada).await.unwrap();
        let requests = |minutes| policy::RequestPolicy { max_duration_minutes: minutes, ..before.requests.clone() };
        let longer = policy::Policy { requests: requests(241), ..before.clone() };
        let refused = policy::declare(&ada, &longer, None).await.unwrap_err();
        assert_eq!(refused.code(), "policy_loosened");
        assert!(refused.to_string().contains("`max_duration_minutes`"), "{refused}");
        assert_eq!(policy::declare(&ada, &longer, Some(" ")).await.unwrap_err().code(), "reason_missing");
        assert_eq!(policy::get(&ada).await.unwrap(), before);
        policy::declare(&ada, &longer, Some("the approvers are away")).await.unwrap();
        policy::declare(&ada, &before, None).await.unwrap();
        let told = ledger::timeline::about(&ada, &"policy").await.unwrap();
        let kinds: Vec<&str> = told.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds[kinds.len() - 2..], ["policy.loosened", "policy.declared"]);
        assert_eq!(told[told.len() - 2].personal["reason"], "the approvers are away");

        let source = |settings| sources::Declaration {
            name: "erp".into(),
            kind: sources::SourceKind::Csv,
            description: String::new(),
            owner: "ada@example.com".into(),
            settings,
        };
        let missing = |percent| sources::Settings { max_missing_percent: Some(percent), ..Default::default() };
        for (settings, reason, code) in [
            (missing(10), None, "yes"),
            (missing(5), None, "yes"),
            (missing(6), None, "source_loosened"),
            (missing(6), Some("the season is over"), "yes"),
            (sources::Settings::default(), None, "source_loosened"),
            (sources::Settings { says: sources::Says::Changes, ..Default::default() }, None, "source_loosened"),
        ] {
            let declared = sources::declare(&ada, &[source(settings.clone())], reason).await;
            assert_eq!(declared.map_or_else(|refused| refused.code(), |_| "yes"), code, "{settings:?}");
        }
        assert_eq!(
            company.timeline(&"source:erp").await,
            ["source.declared", "source.declared", "source.loosened"]
        );

        let mapping = |drift: &str| -> mappings::Declaration {
            let text = r#"{"system": "web-1", "login": "{mail_name}", "drift": "DRIFT"}"#;
            serde_json::from_str(&text.replace("DRIFT", drift)).unwrap()
        };
        for (drift, reason, code) in [
            ("revert", None, "yes"),
            ("ask", None, "mapping_loosened"),
            ("ask", Some("the team looks at each"), "yes"),
            ("accept", None, "mapping_loosened"),
            ("revert", None, "yes"),
            ("accept", Some("it is a playground"), "yes"),
        ] {
            let declared = mappings::declare(&ada, &[mapping(drift)], reason).await;
            assert_eq!(declared.map_or_else(|refused| refused.code(), |_| "yes"), code, "{drift}");
        }

        let proving = |names: &[&str]| mappings::Declaration {
            authoritative: names.iter().map(|name| (*name).to_owned()).collect(),
            ..mapping("accept")
        };
        for (names, reason, code) in [
            (&["mail"][..], None, "mapping_loosened"),
            (&["mail"], Some("the directory's administrators alone set it"), "yes"),
            (&["MAIL"], None, "yes"),
            (&["mail", "employeeNumber"], None, "mapping_loosened"),
            (&[], None, "yes"),
        ] {
            let declared = mappings::declare(&ada, &[proving(names)], reason).await;
            assert_eq!(declared.map_or_else(|refused| refused.code(), |_| "yes"), code, "{names:?}");
        }
        assert_eq!(company.timeline(&"system:web-1").await.last().unwrap(), "mapping.declared");
    }

    async fn files_need_the_same_reason_for_what_they_loosen(company: Company) {
        let ada = company.acting("ada").await;
        let file = |text: &str| vec![configuration::File { name: "all.yaml".into(), text: text.to_owned() }];
        let mapped = file("kind: Mapping\nname: web-1\nspec: {login: '{mail_name}', drift: revert}\n");
        let terms = |reason: Option<&str>, prune| configuration::Terms { prune, reason: reason.map(str::to_owned) };
        let applied = async |files: &[configuration::File], terms: &configuration::Terms| {
            let planned = configuration::plan(&ada, files, terms).await.unwrap();
            let faults = planned.faults.iter().map(|fault| fault.problem.clone()).collect::<Vec<_>>();
            match configuration::apply(&ada, files, terms, &planned.state.unwrap()).await {
                Ok(_) => Vec::new(),
                Err(_) => faults,
            }
        };
        use configuration::Prune;
        assert_eq!(applied(&mapped, &terms(None, Prune::No)).await, Vec::<String>::new());
        let looser = [
            "kind: Policy\nname: default\nspec: {requests: {pending_hours: 25, max_duration_minutes: 240}}\n",
            "kind: Mapping\nname: web-1\nspec: {login: '{mail_name}', drift: accept}\n",
        ];
        for text in looser {
            let faults = applied(&file(text), &terms(None, Prune::No)).await;
            assert!(faults.len() == 1 && faults[0].contains("than before"), "{faults:?}");
        }
        for text in looser {
            assert_eq!(applied(&file(text), &terms(Some("agreed"), Prune::No)).await, Vec::<String>::new(), "{text}");
        }
        assert_eq!(applied(&mapped, &terms(None, Prune::No)).await, Vec::<String>::new());
        let without = file("kind: Policy\nname: default\nspec: {requests: {max_duration_minutes: 240}}\n");
        let faults = applied(&without, &terms(None, Prune::Yes)).await;
        assert!(faults.iter().any(|fault| fault.contains("Mapping `web-1` cannot be removed")), "{faults:?}");
    }

    async fn what_was_removed_comes_back_as_it_was_and_looser_for_a_reason_only(company: Company) {
        let ada = company.acting("ada").await;
        let source = |name: &str, percent| -> sources::Declaration {
            let settings = sources::Settings { max_missing_percent: Some(percent), ..Default::default() };
            let (kind, description, owner) = (sources::SourceKind::Csv, String::new(), "ada@example.com".into());
            sources::Declaration { name: name.to_owned(), kind, description, owner, settings }
        };
        let mapping = |names: &str| -> mappings::Declaration {
            let text = r#"{"system": "web-1", "login": "{mail_name}", "drift": "accept", "authoritative": [NAMES]}"#;
            serde_json::from_str(&text.replace("NAMES", names)).unwrap()
        };
        let entitlement = |terms: &str| -> entitlements::Declaration {
            let text = r#"{"system": "web-1", "slug": "editors", "owner": "bob@example.com" TERMS}"#;
            serde_json::from_str(&text.replace("TERMS", terms)).unwrap()
        };
        sources::declare(&ada, &[source("erp", 5)], None).await.unwrap();
        mappings::declare(&ada, &[mapping(r#""mail""#)], None).await.unwrap();
        entitlements::declare(&ada, &[entitlement(r#", "max_minutes": 30"#)], None).await.unwrap();
        removed(&ada, &["source", "mapping", "entitlement"], None).await.unwrap();
        assert!(mappings::get(&ada, "web-1").await.is_err() && sources::get(&ada, "erp").await.is_err());

        for (percent, expected) in [(10, Err("source_loosened")), (5, Ok(())), (6, Err("source_loosened"))] {
            let declared = sources::declare(&ada, &[source("erp", percent)], None).await;
            assert_eq!(declared.map(drop).map_err(|error| error.code()), expected, "{percent}");
        }
        for (names, expected) in [
            (r#""mail", "employeeNumber""#, Err("mapping_loosened")),
            (r#""Mail""#, Ok(())),
        ] {
            let declared = mappings::declare(&ada, &[mapping(names)], None).await;
            assert_eq!(declared.map(drop).map_err(|error| error.code()), expected, "{names}");
        }
        for (terms, expected) in [
            (r#", "requestable": true, "max_minutes": 30"#, Err("entitlement_loosened")),
            ("", Err("entitlement_loosened")),
            (r#", "max_minutes": 20"#, Ok(())),
        ] {
            let declared = entitlements::declare(&ada, &[entitlement(terms)], None).await;
            assert_eq!(declared.map(drop).map_err(|error| error.code()), expected, "{terms}");
        }
        // The last that was removed counts, and a reason is enough.
        removed(&ada, &["source", "mapping", "entitlement"], None).await.unwrap();
        entitlements::declare(&ada, &[entitlement(r#", "requestable": true"#)], Some("asked for daily")).await.unwrap();
        mappings::declare(&ada, &[mapping(r#""mail", "employeeNumber""#)], Some("HR alone sets it")).await.unwrap();
        sources::declare(&ada, &[source("erp", 50)], Some("the season is over")).await.unwrap();
        for (thread, kind) in [("source:erp", "source.loosened"), ("entitlement:editors@web-1", "entitlement.loosened")] {
            assert_eq!(company.timeline(&thread).await.last().unwrap(), kind);
        }
    }

    async fn the_source_that_needs_no_declaration_takes_the_place_of_a_stricter_one_for_a_reason_only(company: Company) {
        let ada = company.acting("ada").await;
        let text = r#"{"name": "hr", "kind": "csv", "owner": "ada@example.com", "settings": {"max_missing_percent": 5}}"#;
        let hr: sources::Declaration = serde_json::from_str(text).unwrap();
        sources::declare(&ada, &[hr], None).await.unwrap();
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        tx.run("update source_records set gone_at = from_at", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        let faults = removed(&ada, &["source"], None).await.unwrap_err();
        assert!(faults.len() == 1 && faults[0].contains("`max_missing_percent`"), "{faults:?}");
        removed(&ada, &["source"], Some("nobody is in it")).await.unwrap();
        let told = ledger::timeline::about(&ada, &"source:hr").await.unwrap().pop().unwrap();
        assert_eq!((told.kind.as_str(), told.personal["reason"].as_str()), ("source.removed", "nobody is in it"));
    }
}

/// Applies everything that is declared but these kinds.
async fn removed(ctx: &Ctx, kinds: &[&str], reason: Option<&str>) -> Result<(), Vec<String>> {
    let mut files = configuration::export(ctx).await.unwrap();
    files.retain(|file| !kinds.iter().any(|kind| file.name == format!("{kind}.yaml")));
    let terms = configuration::Terms { prune: configuration::Prune::Yes, reason: reason.map(str::to_owned) };
    let planned = configuration::plan(ctx, &files, &terms).await.unwrap();
    if !planned.faults.is_empty() {
        return Err(planned.faults.into_iter().map(|fault| fault.problem).collect());
    }
    configuration::apply(ctx, &files, &terms, &planned.state.unwrap())
        .await
        .map(drop)
        .map_err(|error| vec![error.to_string()])
}
