//! Opening and ending sessions: what a yes keeps, what a no leaves, and how often a grant can be used.

use crate::house::{House, MINUTE, ended, on_both_engines};
use bytes::Bytes;
use grants::{EndCause, Refusal};
use ledger::{Entry, EventKind, timeline};
use privilege::leases::RevocationList;
use privilege::recordings;
use privilege::sessions::{self, EndReason, Filter, OpenError, Opening, SessionError, State, Unoffered};
use privilege::{leases, targets};
use std::sync::Arc;
use std::time::Duration;
use types::{Access, Channel, Failure, Kind, SessionId, Timestamp};

const MOVED: EventKind = EventKind { name: "test.moved", doc: "" };

fn refusal(error: OpenError) -> Refusal {
    match error {
        OpenError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

on_both_engines! {
    async fn what_is_asked_for_and_not_offered_is_kept_as_one_short_line(house: House) {
        let asked = Access { login: "a".repeat(128), target: "web\n-1".to_owned() };
        sessions::not_offered(&house.ctx, &house.alice, &asked, Unoffered::Subsystem).await.unwrap();
        let lines = timeline::about(&house.ctx, &house.alice).await.unwrap();
        let line = lines.iter().find(|line| line.kind == "session.not_offered").unwrap();
        assert_eq!(line.body["login"], "a".repeat(64));
        assert_eq!((&line.body["target"], &line.body["code"]), (&"web-1".into(), &"subsystem".into()));
    }

    async fn a_session_is_opened_used_and_ended_with_evidence_of_everything(house: House) {
        let grant = house.grant(MINUTE * 60, 1).await;
        let opened = house.open().await.unwrap();
        assert_eq!((opened.permit.grant(), opened.permit.login()), (&grant.id, "root"));
        assert_eq!((opened.target.name.as_str(), opened.address.to_string().as_str()), ("web-1", "127.0.0.1:22"));
        opened.recorder.output(Bytes::from_static(b"uid=0(root)\n")).await.unwrap();
        let live = sessions::get(&house.ctx, &opened.id).await.unwrap();
        assert!(live.is_live() && live.command.as_deref() == Some("id; echo canary-in-the-command"));

        let id = opened.id.clone();
        let closed = house.close(opened, EndReason::TargetClosed).await;
        let kept = sessions::get(&house.ctx, &id).await.unwrap();
        assert_eq!(closed, kept);
        let outcome = kept.outcome().unwrap();
        assert_eq!((outcome.reason, outcome.exit_status, outcome.bytes_out), (EndReason::TargetClosed, Some(0), 42));
        assert_eq!(kept.end_line().unwrap(), "your access to root@web-1 ended: the target closed it");

        assert_eq!(
            house.kinds(&id).await,
            [
                "permit.given", "session.started", "lease.issued",
                "session.ended", "permit.released", "lease.ended", "recording.sealed"
            ]
        );
        let story = house.kinds(&grant.id).await;
        for kind in ["permit.given", "session.started", "lease.issued", "session.ended", "permit.released", "recording.sealed"] {
            assert!(story.contains(&kind.to_owned()), "{kind} in {story:?}");
        }
        let lines = timeline::about(&house.ctx, &id).await.unwrap();
        let started = lines.iter().find(|line| line.kind == "session.started").unwrap();
        assert_eq!(started.personal["client"], "192.0.2.7");
        assert_eq!(started.personal["command"], "id; echo canary-in-the-command");
        assert!(!serde_json::to_string(&started.body).unwrap().contains("canary"));

        let replay = recordings::replay(&house.ctx, &house.node, &id).await.unwrap();
        assert!(replay.lines().nth(1).unwrap().contains("uid=0(root)"), "{replay}");
        let recordings::State::Sealed { proof, .. } = recordings::get(&house.ctx, &id).await.unwrap().state else {
            panic!("not sealed")
        };
        let sealed = lines.iter().find(|line| line.kind == "recording.sealed").unwrap();
        assert_eq!((sealed.body["chain"].as_str(), sealed.body["sha256"].as_str()), (Some(proof.chain.as_str()), Some(proof.sha256.as_str())));
    }

    async fn a_session_does_not_go_to_the_host_that_its_target_was_before_the_grant(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let mut tx = house.ctx.record(Entry::new(MOVED, &"web-1")).await.unwrap();
        let moved = async {
            while house.recordings().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            tx.run("update targets set port = 2222", db::args![]).await.unwrap();
            tx.commit().await.unwrap();
        };
        let (opened, ()) = tokio::join!(house.open(), moved);
        let error = opened.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("target_changed", Kind::Conflict), "{error}");
        assert!(sessions::live(&house.ctx).await.unwrap().is_empty());
        assert_eq!(house.open().await.unwrap().address.port(), 2222);
    }

    async fn the_certificate_is_for_one_login_one_address_and_two_minutes(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let opened = house.open().await.unwrap();
        let certificate = &opened.lease().unwrap().certificate;
        let now = u64::try_from(house.clock.now().seconds()).unwrap();
        assert_eq!(certificate.valid_principals(), ["root"]);
        assert_eq!((certificate.valid_after(), certificate.valid_before()), (now - 60, now + 120));
        let options: Vec<_> = certificate.critical_options().iter().collect();
        assert_eq!(options.len(), 1);
        assert_eq!(certificate.critical_options()["source-address"], "127.0.0.1");
        assert_eq!(certificate.extensions().keys().collect::<Vec<_>>(), ["permit-pty"]);
        assert_eq!(certificate.serial(), opened.lease().unwrap().serial);
        assert!(certificate.key_id().contains(opened.id.as_str()));
        assert_eq!(opened.lease().unwrap().expose_key().public_key().key_data(), certificate.public_key());
        assert!(!format!("{opened:?}").contains("PRIVATE"));

        let kept = house.credential(&opened.id).await;
        assert_eq!((kept.serial, kept.state), (opened.lease().unwrap().serial, leases::State::Live));
        assert_eq!(kept.source_address(), Some("127.0.0.1".parse().unwrap()));
    }

    async fn a_certificate_never_outlives_its_grant(house: House) {
        house.grant(MINUTE / 2, 1).await;
        let opened = house.open().await.unwrap();
        assert_eq!(opened.lease().unwrap().expires_at, house.clock.now().plus(MINUTE / 2));
    }

    async fn without_a_grant_nobody_learns_which_targets_there_are(house: House) {
        let known = refusal(house.open().await.unwrap_err());
        let unknown = Opening { target: "web-2".into(), ..house.opening() };
        let unknown = refusal(sessions::open(&house.ctx, &house.node, &unknown).await.unwrap_err());
        assert_eq!(known.to_string().replace("web-1", "web-2"), unknown.to_string());
        assert_eq!(known.code(), "no_grant");
        let strange = Opening { login: "root,alice".into(), target: "web\n-1".into(), ..house.opening() };
        let strange = refusal(sessions::open(&house.ctx, &house.node, &strange).await.unwrap_err());
        assert_eq!((strange.code(), strange.to_string().lines().count()), ("no_grant", 1));
        let kinds = house.kinds(&house.alice).await;
        assert_eq!(kinds, ["permit.refused", "permit.refused", "permit.refused"]);
        assert_eq!(house.recordings(), Vec::<String>::new());
        assert!(sessions::list(&house.ctx, &Filter { limit: 10, ..Filter::default() }).await.unwrap().is_empty());
    }

    async fn a_grant_does_not_open_other_channels_or_times(house: House) {
        let grant = house.grant(MINUTE, 5).await;
        let forward = Opening { channel: Channel::PortForward, ..house.opening() };
        assert_eq!(refusal(sessions::open(&house.ctx, &house.node, &forward).await.unwrap_err()).code(), "channel_not_granted");
        house.withdraw(&grant, EndCause::Withdrawn).await;
        assert_eq!(refusal(house.open().await.unwrap_err()).code(), "grant_over");
        house.grant(MINUTE, 5).await;
        house.clock.advance(MINUTE);
        assert_eq!(refusal(house.open().await.unwrap_err()).code(), "grant_over");
        assert_eq!(house.recordings(), Vec::<String>::new());
    }

    async fn twenty_at_once_open_exactly_as_many_as_the_grant_allows(house: House) {
        let grant = house.grant(MINUTE * 60, 3).await;
        let house = Arc::new(house);
        let opens: Vec<_> = (0..20).map(|_| {
            let house = Arc::clone(&house);
            tokio::spawn(async move { house.open().await })
        }).collect();
        let (mut opened, mut refused) = (Vec::new(), 0);
        for open in opens {
            match open.await.unwrap() {
                Ok(one) => opened.push(one),
                Err(error) => {
                    assert_eq!(refusal(error).code(), "too_many_sessions");
                    refused += 1;
                }
            }
        }
        assert_eq!((opened.len(), refused), (3, 17));
        let filter = Filter { live: Some(true), grant: Some(grant.id.clone()), limit: 100, ..Filter::default() };
        assert_eq!(sessions::list(&house.ctx, &filter).await.unwrap().len(), 3);
        assert_eq!(house.recordings().len(), 3);
        house.close(opened.pop().unwrap(), EndReason::ClientClosed).await;
        opened.push(house.open().await.unwrap());
        assert!(house.open().await.is_err());
        assert_eq!(sessions::list(&house.ctx, &filter).await.unwrap().len(), 3);
    }

    async fn a_second_end_changes_nothing(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let opened = house.open().await.unwrap();
        let id = opened.id.clone();
        let first = house.close(opened, EndReason::Withdrawn).await;
        let entries = house.kinds(&id).await.len();
        let recordings::State::Sealed { proof, .. } = recordings::get(&house.ctx, &id).await.unwrap().state else {
            panic!("not sealed")
        };
        let second = sessions::close(&house.ctx, &ended(&id, EndReason::Killed, proof)).await.unwrap();
        assert_eq!((second, house.kinds(&id).await.len()), (first, entries));
        house.open().await.unwrap();
    }

    async fn a_recording_that_cannot_start_refuses_the_session(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let node = sessions::Node::new("node-1", "/no/such/folder");
        let error = sessions::open(&house.ctx, &node, &house.opening()).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("recording_not_started", Kind::Unavailable));
        assert!(error.to_string().contains("nothing runs unrecorded"), "{error}");
        assert_eq!(house.kinds(&house.alice).await.last().unwrap(), "session.not_opened");
        house.open().await.unwrap();
    }

    async fn a_grant_on_a_target_that_is_not_registered_or_has_no_address_opens_nothing(house: House) {
        let mut nowhere = crate::house::declaration("nowhere");
        (nowhere.host, nowhere.host_key) = ("no-such-host.invalid".into(), crate::house::host_key(6));
        targets::declare(&house.ctx, &[nowhere]).await.unwrap();
        for (target, code) in [("web-9", "no_such_target"), ("nowhere", "no_route")] {
            let grant = house.grant_on(target, MINUTE * 60, 1).await;
            let opening = Opening { target: target.into(), ..house.opening() };
            for _ in 0..2 {
                let error = sessions::open(&house.ctx, &house.node, &opening).await.unwrap_err();
                assert_eq!(error.code(), code, "{error}");
            }
            assert!(!house.kinds(&grant.id).await.contains(&"permit.given".to_owned()), "nothing was spent");
        }
        assert_eq!(house.recordings(), Vec::<String>::new());
    }

    async fn sessions_are_listed_newest_first_and_narrowed(house: House) {
        let grant = house.grant(MINUTE * 60, 3).await;
        let mut opened = Vec::new();
        for _ in 0..3 {
            opened.push(house.open().await.unwrap());
            house.clock.advance(MINUTE);
        }
        let ids: Vec<SessionId> = opened.iter().rev().map(|opened| opened.id.clone()).collect();
        house.close(opened.remove(0), EndReason::ClientClosed).await;
        let list = async |filter: Filter| -> Vec<SessionId> {
            let limit = if filter.limit == 0 { 10 } else { filter.limit };
            let found = sessions::list(&house.ctx, &Filter { limit, ..filter }).await.unwrap();
            found.into_iter().map(|session| session.id).collect()
        };
        assert_eq!(list(Filter::default()).await, ids);
        assert_eq!(list(Filter { live: Some(true), ..Filter::default() }).await, ids[..2]);
        assert_eq!(list(Filter { live: Some(false), ..Filter::default() }).await, ids[2..]);
        assert_eq!(list(Filter { after: Some(ids[0].clone()), limit: 1, ..Filter::default() }).await, ids[1..2]);
        assert_eq!(list(Filter { grant: Some(grant.id), holder: Some(house.alice.clone()), ..Filter::default() }).await, ids);
        assert!(list(Filter { target: Some("db-1".into()), ..Filter::default() }).await.is_empty());
    }

    async fn a_kill_needs_a_reason_and_a_live_session(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let opened = house.open().await.unwrap();
        for reason in ["", "  ", &"x".repeat(2001)] {
            assert!(matches!(sessions::kill(&house.ctx, &opened.id, reason).await, Err(SessionError::NoReason(_))));
        }
        sessions::kill(&house.ctx, &opened.id, "wrong host").await.unwrap();
        sessions::kill(&house.ctx, &opened.id, "again").await.unwrap();
        let State::Live { kill: Some(kill) } = sessions::get(&house.ctx, &opened.id).await.unwrap().state else {
            panic!("no order")
        };
        assert_eq!(kill.reason, "wrong host");
        let id = opened.id.clone();
        let closed = house.close(opened, EndReason::Killed).await;
        assert_eq!(closed.outcome().unwrap().kill.as_ref(), Some(&kill));
        assert!(matches!(sessions::kill(&house.ctx, &id, "late").await, Err(SessionError::Ended(_))));
        let other = SessionId::new(&house.clock, house.ctx.chance());
        assert!(matches!(sessions::kill(&house.ctx, &other, "x").await, Err(SessionError::NotFound(_))));
    }

    async fn secrets_are_sealed_again_under_a_new_key_and_still_open(house: House) {
        house.grant(MINUTE * 60, 1).await;
        let opened = house.open().await.unwrap();
        let id = opened.id.clone();
        house.close(opened, EndReason::ClientClosed).await;
        let version = ledger::rekey::start(&house.ctx).await.unwrap();
        ledger::rekey::begin(&house.ctx, version, 2).await.unwrap();
        for changed in [2, 0] {
            let mut tx = house.ctx.decide().await.unwrap();
            assert_eq!(house.ctx.seal().reseal_some(&mut tx, privilege::SEALED, 100).await.unwrap(), changed);
            ledger::rekey::advance(tx, version, changed).await.unwrap();
        }
        assert!(sessions::get(&house.ctx, &id).await.unwrap().command.unwrap().contains("canary"));
        recordings::verify(&house.ctx, &house.node, &id).await.unwrap();
    }

    async fn the_revocation_list_holds_ended_certificates_until_ten_minutes_after_their_expiry(house: House) {
        house.grant(MINUTE * 60, 2).await;
        let kept_list = RevocationList::default();
        let krl = async || {
            let fresh = leases::krl(&house.ctx).await.unwrap();
            assert_eq!(*kept_list.krl(&house.ctx).await.unwrap(), *fresh, "the kept list is the list");
            fresh
        };
        let empty = krl().await;
        let (kept, ended) = (house.open().await.unwrap(), house.open().await.unwrap());
        assert_eq!(krl().await, empty);
        let serial = ended.lease().unwrap().serial.to_be_bytes();
        house.close(ended, EndReason::ClientClosed).await;
        let listed = |krl: &[u8], serial: [u8; 8]| krl.windows(8).any(|window| window == serial);
        let list = krl().await;
        assert!(listed(&list, serial) && !listed(&list, kept.lease().unwrap().serial.to_be_bytes()));
        assert_eq!(krl().await, list);
        house.clock.advance(MINUTE * 12 - Timestamp::from_micros(1).since(Timestamp::from_micros(0)));
        assert!(listed(&krl().await, serial));
        house.clock.advance(MINUTE);
        assert!(!listed(&krl().await, serial));
    }
}
