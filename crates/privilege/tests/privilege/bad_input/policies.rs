//! Policies that no password can satisfy, when they are set and when one is to be made.

use crate::accounts::{db_1, import, refused};
use crate::house::{House, on_both_engines};
use db::jobs::JobError;
use ledger::finding;
use privilege::accounts::{self, Change, Given};
use privilege::passwords::{self, Class, Policy};
use privilege::rotation::{self, Cause, Filter, run};
use std::collections::BTreeSet;
use types::{Failure, Kind};

fn policy(name: &str, change: impl FnOnce(&mut Policy)) -> Policy {
    let json = serde_json::json!({"name": name, "length": 40, "classes": {"lower": 1, "digit": 1, "symbol": 1}});
    let mut policy = serde_json::from_value(json).unwrap();
    change(&mut policy);
    policy
}

/// Of three letters, one of which is the login `a`.
fn without_a(name: &str) -> Policy {
    policy(name, |it| {
        it.length = 128;
        it.classes = [(Class::Lower, 0)].into();
        it.forbidden = ('d'..='z').collect();
    })
}

on_both_engines! {
    async fn each_policy_that_cannot_be_is_refused_in_words_of_its_own_and_none_of_the_file_is_kept(house: House) {
        let printable = || ('!'..='~').collect::<String>();
        let bad: Vec<(Policy, &str)> = vec![
            (policy("p", |it| it.length = 0), "from 1 to 128"),
            (policy("p", |it| it.length = u32::MAX), "from 1 to 128"),
            (policy("p", |it| it.classes.clear()), "no class of characters"),
            (policy("p", |it| { it.classes.insert(Class::Upper, 39); }), "ask for 42 characters and it has 40"),
            (policy("p", |it| { it.classes.insert(Class::Upper, u32::MAX); }), "characters and it has 40"),
            (policy("p", |it| it.forbidden = ('a'..='z').collect()), "class `lower` is left"),
            (policy("p", |it| it.forbidden = "0123456789".into()), "class `digit` is left"),
            (policy("p", |it| it.forbidden = "-._+".into()), "class `symbol` is left"),
            (policy("p", |it| it.symbols = String::new()), "class `symbol` is left"),
            (policy("p", |it| it.symbols = "é".into()), "`symbols` may hold ASCII punctuation only"),
            (policy("p", |it| it.symbols = "\u{202e}".into()), "`symbols` may hold ASCII punctuation only"),
            (policy("p", |it| it.symbols = "\0".into()), "`symbols` may hold ASCII punctuation only"),
            (policy("p", |it| it.forbidden = "a\nb".into()), "printable ASCII only"),
            (policy("p", |it| it.not_first = "\u{1b}".into()), "printable ASCII only"),
            (policy("p", |it| it.symbols = "-".repeat(1 << 20)), "at most 128 characters"),
            (policy("p", |it| it.forbidden = "x".repeat(129)), "at most 128 characters"),
            (policy("p", |it| it.not_first = printable()), "about neighbours leave hardly any"),
            (policy("p", |it| it.longest_run = Some(0)), "`longest_run` is 1 or more"),
            (policy("p", |it| it.length = 8), "80 are needed: make them longer"),
            (policy("p", |it| it.name = "it's".into()), "is not a name for a policy"),
            (policy("p", |it| it.name = "x".repeat(64 << 10)), "is not a name for a policy"),
            (policy("p", |it| it.name = "default".into()), "is built in"),
            (policy("good", |_| {}), "is declared twice"),
        ];
        let before = house.ctx.ledger().size().await.unwrap();
        let mut told = BTreeSet::new();
        for (bad, words) in bad {
            let error = passwords::declare(&house.ctx, &[policy("good", |_| {}), bad]).await.expect_err(words);
            let line = error.to_string();
            assert!(line.contains(words) && line.lines().count() == 1 && line.len() < 300, "{words}: {line}");
            assert_eq!(error.kind(), Kind::Invalid, "{line}");
            told.insert(line);
        }
        assert!(told.len() > 15, "{told:?}");
        assert_eq!(passwords::list(&house.ctx).await.unwrap().len(), 1, "the built-in one");
        assert_eq!(house.ctx.ledger().size().await.unwrap(), before);
    }

    async fn a_policy_without_a_password_for_a_login_is_refused_for_that_account_alone(house: House) {
        let _postgres = db_1(&house).await;
        passwords::declare(&house.ctx, &[without_a("three")]).await.unwrap();
        let with = |login: &str, given: Given| {
            let mut import = import(&house, login, "a good one");
            import.change.policy = Some("three".into());
            import.given = given;
            vec![import]
        };
        let size = || async { house.ctx.ledger().size().await.unwrap() };
        let before = size().await;
        let value = Given::Value(types::Secret::new("a good one".into()));
        for given in [Given::Generate, value.clone()] {
            let answer = accounts::import(&house.ctx, with("a", given)).await;
            assert!(answer.as_ref().unwrap_err().to_string().contains("no password for `a`: choose another policy"));
            assert_eq!(refused(answer), (Kind::Invalid, "policy_leaves_no_password"));
        }
        assert_eq!(size().await, before);
        accounts::import(&house.ctx, with("q", value)).await.unwrap();
        let plain = accounts::import(&house.ctx, vec![import(&house, "a", "a good one")]).await.unwrap().remove(0).id;
        let before = size().await;
        let change = Change { policy: Some("three".into()), ..Change::default() };
        assert_eq!(refused(accounts::set(&house.ctx, &plain, change).await).1, "policy_leaves_no_password");
        assert_eq!(size().await, before);
        assert_eq!(accounts::get(&house.ctx, &plain).await.unwrap().settings.policy, "default");
    }

    async fn a_policy_that_is_declared_anew_without_a_password_for_an_account_is_told_when_one_is_to_be_made(house: House) {
        let postgres = db_1(&house).await;
        postgres.sql("create role a login password 'a good one'").unwrap();
        passwords::declare(&house.ctx, &[policy("later", |_| {})]).await.unwrap();
        let mut import = import(&house, "a", "a good one");
        import.change.policy = Some("later".into());
        let id = accounts::import(&house.ctx, vec![import]).await.unwrap().remove(0).id;
        passwords::declare(&house.ctx, &[without_a("later")]).await.unwrap();
        rotation::rotate(&house.ctx, &id, Cause::Person).await.unwrap();
        let again = run::run(&house.ctx, &house.node, &id).await;
        assert!(matches!(again, Err(JobError::RetryAt(_))), "{again:?}");
        let open = rotation::list(&house.ctx, &Filter { open: true, limit: 9, ..Filter::default() }).await.unwrap().remove(0);
        let said = open.last_error.unwrap();
        assert!(said.contains("the policy `later` has no password for `a`: choose another policy"), "{said}");
        let found = finding::open(&house.ctx, "rotation_refused").await.unwrap();
        assert!(found.len() == 1 && found[0].detail.contains("`later`"), "{found:?}");
        assert_eq!(accounts::current_for_reader(&house.ctx, &id).await.unwrap().value.expose(), "a good one");
        assert_eq!(accounts::history(&house.ctx, &id).await.unwrap().len(), 1, "nothing half made is kept");
    }
}
