//! Whatever proves an identity has an entry that says who gave it; what was slipped into a table has none.

use crate::house::{House, on_both_engines};
use authn::{accounts, invariants, ssh_keys, tokens};
use db::args;
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Permission, Role};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK7xjNnAdCmQmmPhSZ3C06+qyZc9aomoALgQ3elDKdsZ alice@laptop";

/// The same however few rows are held at once.
async fn broken(house: &House) -> Vec<String> {
    let checked = invariants::verify(&house.ctx, 1).await.unwrap();
    assert_eq!(invariants::verify(&house.ctx, 500).await.unwrap(), checked);
    checked.into_iter().flat_map(|invariant| invariant.broken).collect()
}

on_both_engines! {
    async fn a_role_key_or_token_slipped_into_a_table_is_noticed(house: House) {
        let (alice, bob) = (house.account("alice").await, house.account("bob").await);
        accounts::set_roles(&house.ctx, &alice, &BTreeSet::from([Role::Auditor])).await.unwrap();
        ssh_keys::register(&house.ctx, &alice, KEY, "laptop").await.unwrap();
        let until = house.clock.now().plus(Duration::from_secs(3600));
        tokens::create(&house.ctx, &alice, "script", BTreeSet::from([Permission::SelfRead]), until).await.unwrap();
        tokens::create(&house.ctx, &alice, "cron", BTreeSet::from([Permission::SelfRead]), until).await.unwrap();
        assert_eq!(broken(&house).await, Vec::<String>::new());
        assert_eq!(invariants::verify(&house.ctx, 1).await.unwrap()[2].checked, 2);
        for (slip, word) in [
            ("update accounts set roles = '[\"member\",\"administrator\"]' where identity = $1", "nobody gave"),
            ("update ssh_keys set identity = $1", "never registered"),
            ("update tokens set identity = $1 where name = 'cron'", "never made"),
        ] {
            let mut tx = house.ctx.db().begin_unexplained().await.unwrap();
            tx.run_one(slip, args![&bob]).await.unwrap();
            tx.commit().await.unwrap();
            let broken = broken(&house).await;
            assert!(broken.iter().any(|line| line.contains(word)), "{slip}: {broken:?}");
        }
    }

    async fn roles_that_change_while_they_are_checked_are_no_finding(house: House) {
        let mut people = Vec::new();
        for n in 1..=10 {
            people.push(house.account(&format!("p{n}")).await);
            accounts::set_roles(&house.ctx, &people[n - 1], &BTreeSet::from([Role::Auditor])).await.unwrap();
        }
        let (ctx, last) = (house.ctx.clone(), people.iter().max().unwrap().clone());
        let changes = tokio::spawn(async move {
            for role in [Role::Administrator, Role::Auditor].into_iter().cycle().take(80) {
                accounts::set_roles(&ctx, &last, &BTreeSet::from([role])).await.unwrap();
            }
        });
        while !changes.is_finished() {
            assert_eq!(broken(&house).await, Vec::<String>::new());
        }
        changes.await.unwrap();
    }

    async fn a_check_opens_no_personal_value(house: House) {
        let alice = house.account("alice").await;
        accounts::set_roles(&house.ctx, &alice, &BTreeSet::from([Role::Auditor])).await.unwrap();
        let mut tx = house.ctx.db().begin_unexplained().await.unwrap();
        assert!(tx.run("update ledger_personal set sealed = $1", args![vec![0_u8]]).await.unwrap() > 0);
        tx.commit().await.unwrap();
        assert!(ledger::timeline::about(&house.ctx, &alice).await.is_err());
        assert_eq!(broken(&house).await, Vec::<String>::new());
    }
}
