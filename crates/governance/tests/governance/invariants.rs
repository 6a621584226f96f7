//! Nothing is broken in ordinary life, and each kind of tampering is found.

use crate::company::{Company, on_both_engines};
use governance::requests::Reach;
use governance::{duties, imports, invariants, requests};
use ledger::ROWS_AT_ONCE;

/// The names of the broken ones: the same however few rows are held at once.
async fn broken(company: &Company) -> Vec<&'static str> {
    let checked = invariants::verify(&company.ctx, ROWS_AT_ONCE).await.unwrap();
    for page in [1, 2, 7] {
        assert_eq!(invariants::verify(&company.ctx, page).await.unwrap(), checked, "{page} rows at a time");
    }
    checked.into_iter().filter(|invariant| !invariant.broken.is_empty()).map(|invariant| invariant.name).collect()
}

/// What somebody with a shell on the database could do.
async fn tamper(company: &Company, sql: &'static str) {
    let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
    assert!(tx.run(sql, Vec::new()).await.unwrap() > 0, "{sql}");
    tx.commit().await.unwrap();
}

on_both_engines! {
    async fn an_ordinary_life_breaks_no_invariant(company: Company) {
        let (_, grant) = company.alice_gets_root().await;
        let permit = company.alice_connects().await.unwrap();
        assert_eq!(broken(&company).await, Vec::<&str>::new());
        company.import(&company.feed_with("E1", "")).await;
        assert_eq!(broken(&company).await, Vec::<&str>::new());
        company.session_ends(&permit).await;
        grants::enforce::report_gone(&company.ctx, &grant).await.unwrap();
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(broken(&company).await, Vec::<&str>::new());
        let checked: u64 = invariants::verify(&company.ctx, ROWS_AT_ONCE).await.unwrap().iter().map(|invariant| invariant.checked).sum();
        assert!(checked > 40, "{checked}");
    }

    async fn a_request_that_was_made_to_look_self_approved_is_found(company: Company) {
        company.alice_gets_root().await;
        tamper(&company, "update requests set settled_by = requester").await;
        assert_eq!(broken(&company).await, ["no request is decided by its requester or beneficiary"]);
    }

    async fn a_grant_without_an_approved_request_is_found(company: Company) {
        company.alice_gets_root().await;
        tamper(&company, "update grants set login = 'postgres'").await;
        let both =
            ["every grant is what the ledger says was issued", "every grant follows an approved request of its holder"];
        assert_eq!(broken(&company).await, both);
    }

    async fn every_grant_is_looked_at_however_many_there_are(company: Company) {
        for n in 1..=3 {
            let (_, grant) = company.alice_gets_root().await;
            let bob = company.acting("bob").await;
            requests::withdraw(&bob, &grant, "the work is done", Reach::Own).await.unwrap();
            assert_eq!(broken(&company).await, Vec::<&str>::new());
            assert_eq!(invariants::verify(&company.ctx, 1).await.unwrap()[0].checked, n);
        }
        tamper(&company, "update grants set login = 'postgres' where id = (select min(id) from grants)").await;
        assert_eq!(invariants::verify(&company.ctx, 1).await.unwrap()[0].broken.len(), 1, "the last page counts too");
    }

    async fn a_leaver_who_was_let_in_again_behind_the_back_of_the_feed_is_found(company: Company) {
        company.import(&company.feed_with("E1", "")).await;
        tamper(&company, "update accounts set enabled = 1").await;
        assert_eq!(broken(&company).await, ["nobody who has left can sign in to Tenure"]);
    }

    async fn a_changed_identity_and_a_changed_import_line_are_found(company: Company) {
        tamper(&company, "update identities set job_title = 'Head of Everything' where employee_id = 'E5'").await;
        assert_eq!(broken(&company).await, ["every identity is what the last line of its history says"]);
        tamper(&company, "update identities set job_title = 'Support Agent' where employee_id = 'E5'").await;
        tamper(&company, "delete from import_lines where position = 39").await;
        assert_eq!(broken(&company).await, ["every import's lines are those that the ledger covers"]);
    }

    async fn a_case_that_is_not_finished_in_time_is_found(company: Company) {
        let _ = company.alice_gets_root().await;
        company.import(&company.feed_with("E1", "")).await;
        company.pass(10 * 60);
        assert_eq!(broken(&company).await, Vec::<&str>::new());
        company.pass(1);
        assert_eq!(broken(&company).await, ["every session and grant of a leaver is gone within ten minutes"]);
    }

    async fn a_new_data_key_seals_every_line_again(company: Company) {
        let ctx = &company.ctx;
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        ctx.seal().start_data_key(&mut tx, ctx.chance(), ctx.now()).await.unwrap();
        tx.commit().await.unwrap();
        ctx.seal().load(ctx.db()).await.unwrap();
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        for changed in [25, 15, 0] {
            assert_eq!(ctx.seal().reseal_some(&mut tx, governance::SEALED, 25).await.unwrap(), changed);
        }
        tx.commit().await.unwrap();
        let import = &imports::list(ctx, None, None, 1).await.unwrap()[0];
        assert_eq!(imports::changes(ctx, &import.id).await.unwrap().len(), 40);
        assert_eq!(broken(&company).await, Vec::<&str>::new());
    }
}
