//! Systems, roles and policy: declared, declared again, and refused.

use crate::company::{Company, on_both_engines};
use governance::{policy, roles, systems};
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
        let error = policy::declare(&company.ctx, &wrong).await.unwrap_err();
        assert_eq!(error.to_string(), "max_duration_minutes is `0`: it must be from 1 to 43200 (30 days)");
        assert_eq!(policy::get(&company.ctx).await.unwrap(), before);
        let size = company.log_size().await;
        policy::declare(&company.ctx, &before).await.unwrap();
        assert_eq!(company.log_size().await, size);
    }
}
