//! Who had access, the story of a grant, and its evidence, verified offline.

use crate::company::{Company, on_both_engines};
use governance::access::{self, Title};
use governance::requests::{self, Reach};
use ledger::bundle::Attachment;
use types::{Permission, Role, Timestamp};

async fn held(company: &Company, at: Timestamp) -> Vec<String> {
    let answer = access::as_of(&company.ctx, "web-1", None, at).await.unwrap();
    assert!(answer.holdings.iter().all(|holding| holding.true_on && holding.known_on));
    answer.holdings.into_iter().map(|holding| format!("{} {}", holding.who.name, holding.login)).collect()
}

on_both_engines! {
    async fn the_question_who_had_access_is_answered_for_every_moment(company: Company) {
        let before = company.ctx.now();
        company.pass(60);
        let (request, grant) = company.alice_gets_root().await;
        let during = company.ctx.now();
        company.pass(600);
        requests::withdraw(&company.acting("alice").await, &grant, "done", Reach::Own).await.unwrap();
        let after = company.ctx.now();
        company.pass(60);
        company.import(&company.feed_changing("E1", "Moreau", "Ng")).await;
        assert_eq!(held(&company, before).await, Vec::<String>::new());
        assert_eq!(held(&company, during).await, ["Alice Moreau root"]);
        assert_eq!(held(&company, after).await, Vec::<String>::new());

        let answer = access::as_of(&company.ctx, "web-1", Some("root"), during).await.unwrap();
        let holding = &answer.holdings[0];
        assert_eq!((holding.how.role.as_str(), &holding.how.request), ("sre-root", &request.id));
        assert_eq!((holding.from, holding.until), (during, after));
        let because = "restart the web server (approved by a person who owns `web-1`: go ahead)";
        assert_eq!(holding.because, because);
        assert_eq!(answer.checkpoint.size, company.log_size().await);
        assert!(access::as_of(&company.ctx, "web-1", Some("deploy"), during).await.unwrap().holdings.is_empty());
    }

    async fn a_grant_and_its_request_are_seen_by_their_people_and_by_readers_and_by_nobody_else(company: Company) {
        let (request, grant) = company.alice_gets_root().await;
        let read = Permission::RequestsRead;
        for (who, role, scopes, sees) in [
            ("alice", Role::Member, None, true),
            ("bob", Role::Member, None, true),
            ("mallory", Role::Member, None, false),
            ("mallory", Role::Auditor, None, true),
            ("mallory", Role::Auditor, Some([Permission::SelfRead].into()), false),
        ] {
            let caller = company.caller(who, role, scopes).await;
            let grant = access::visible(&company.ctx, &caller, &grant).await.unwrap();
            let request = requests::visible(&company.ctx, &caller, &request.id).await.unwrap();
            assert_eq!((grant.is_some(), request.is_some()), (sees, sees), "{who} {role}");
            let all = requests::whose(&caller, false).is_none();
            assert_eq!((all, access::whose(&caller, None).is_none()), (caller.may(read), caller.may(read)), "{who} {role}");
            assert_eq!(requests::whose(&caller, true), Some(caller.identity.clone()));
        }
        let nowhere = "req_00000000000000000000000000000000".parse().unwrap();
        let auditor = company.caller("mallory", Role::Auditor, None).await;
        assert_eq!(requests::visible(&company.ctx, &auditor, &nowhere).await.unwrap(), None);
    }

    async fn an_expired_grant_was_held_until_its_last_moment(company: Company) {
        company.alice_gets_root().await;
        let end = company.ctx.now().plus(std::time::Duration::from_secs(30 * 60));
        company.pass(3600);
        assert_eq!(held(&company, Timestamp::from_micros(end.micros() - 1)).await.len(), 1);
        assert_eq!(held(&company, end).await.len(), 0);
    }

    async fn the_story_of_a_grant_is_told_in_order_from_the_hr_record_to_its_end(company: Company) {
        let (_, grant) = company.alice_gets_root().await;
        let permit = company.alice_connects().await.unwrap();
        company.import(&company.feed_with("E1", "")).await;
        company.session_ends(&permit).await;
        grants::enforce::report_gone(&company.ctx, &grant).await.unwrap();
        let story = access::story(&company.ctx, &grant).await.unwrap();
        let told: Vec<String> = story
            .chapters
            .iter()
            .map(|chapter| {
                let kinds: Vec<_> = chapter.lines.iter().map(|line| line.kind.as_str()).collect();
                format!("{}: {}", chapter.title.as_str(), kinds.join(" "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "HR record: import.applied",
                "Eligibility: system.declared role.declared",
                "Request: request.submitted",
                "Approval: request.approved",
                "Grant: grant.issued",
                "Sessions: permit.given permit.released",
                "End: import.applied grant.ended leaver.begun",
                "Observed gone: grant.gone",
            ]
        );
        let hr = &story.chapters[0].lines[0];
        assert_eq!((hr.personal["what"].as_str(), hr.personal["after.given_name"].as_str()), ("joiner", "Alice"));
        let request = story.chapters.iter().find(|chapter| chapter.title == Title::Request).unwrap();
        assert_eq!(request.lines[0].personal["reason"], "restart the web server");
        assert!(request.lines[0].personal["eligible_because"].starts_with("role `sre-root`"));
    }

    async fn the_evidence_of_a_grant_is_verified_offline_and_an_altered_one_is_refused(company: Company) {
        let (_, grant) = company.alice_gets_root().await;
        company.import(&company.feed_with("E1", "")).await;
        grants::enforce::report_gone(&company.ctx, &grant).await.unwrap();
        let bundle = access::evidence(&company.ctx, &grant, Vec::new()).await.unwrap();
        let shown = ledger::verify::bundle(&bundle).unwrap();
        assert_eq!(shown.grant, grant.to_string());
        let kinds: Vec<&str> = shown.timeline.iter().map(|(_, kind, _)| kind.as_str()).collect();
        for kind in ["import.applied", "role.declared", "request.submitted", "request.approved", "grant.issued", "grant.ended", "grant.gone", "leaver.begun"] {
            assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
        }
        let text = String::from_utf8(bundle.clone()).unwrap();
        assert!(text.contains("Moreau"), "the person's own line is shown");
        assert!(!text.contains("Lindqvist"), "nobody else's line is shown");
        for (from, to) in [("Moreau", "Morgan"), ("restart the web", "destroy the web"), ("grant.gone", "grant.done")] {
            let altered = text.replacen(from, to, 1);
            assert_ne!(altered, text, "{from}");
            assert!(ledger::verify::bundle(altered.as_bytes()).is_err(), "{from}");
        }
        assert_eq!(company.timeline(&format!("evidence:{grant}")).await, ["evidence.exported"]);
    }

    async fn a_recording_that_no_entry_sealed_is_not_part_of_the_evidence(company: Company) {
        let (_, grant) = company.alice_gets_root().await;
        let forged = Attachment { seq: 0, asciicast: "{}".into() };
        let bundle = access::evidence(&company.ctx, &grant, vec![forged]).await.unwrap();
        assert!(ledger::verify::bundle(&bundle).is_err());
    }
}
