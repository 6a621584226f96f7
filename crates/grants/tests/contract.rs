//! The contract between the planes, on SQLite and on PostgreSQL.

use db::fixture::{self, Fixture};
use grants::issue::{self, NewGrant};
use grants::{Ask, Because, EndCause, Grant, GrantError, Permit, Refusal, Seat, SessionPermit, State, Terms, enforce};
use ledger::{Ctx, Entry, EventKind, Ledger, timeline};
use seal::RootKey;
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Actor, Chance, Channel, Clock, GrantId, IdentityId, RequestId, Secret, SessionId, Window};

const DECIDED: EventKind = EventKind { name: "request.decided", doc: "" };
const MINUTE: Duration = Duration::from_secs(60);

struct Place {
    _fixture: Fixture,
    ctx: Ctx,
    alice: IdentityId,
}

async fn places() -> Vec<Place> {
    let migrations = [seal::MIGRATIONS, ledger::MIGRATIONS, grants::MIGRATIONS].concat();
    let mut places = Vec::new();
    for fixture in [fixture::sqlite(&migrations).await, fixture::postgres(&migrations).await] {
        let (clock, chance) = (Clock::still("2026-11-21T09:00:00Z".parse().unwrap()), Chance::system());
        let root = RootKey::File(Secret::new([7; 32]));
        Ledger::initialise(&fixture.db, &root, &clock, &chance, "tenure.test/log").await.unwrap();
        let alice = IdentityId::new(&clock, &chance);
        let ledger = Ledger::open(fixture.db.clone(), &root, clock, chance).await.unwrap();
        places.push(Place { _fixture: fixture, ctx: Ctx::new(ledger, Actor::Console), alice });
    }
    places
}

impl Place {
    async fn issue(&self, start_in: Duration, length: Duration, max_sessions: u32) -> Grant {
        let request = RequestId::new(self.ctx.clock(), self.ctx.chance());
        let mut tx = self.ctx.record(Entry::new(DECIDED, &request)).await.unwrap();
        let new = NewGrant {
            holder: self.alice.clone(),
            target: "web-1".into(),
            login: "root".into(),
            channels: BTreeSet::from(Channel::DEFAULT),
            window: Window::starting(self.ctx.now().plus(start_in), length),
            terms: Terms { max_sessions },
            because: Because::Request { request, role: "sre-root".into() },
        };
        let grant = issue::issue(&self.ctx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        grant
    }

    async fn ask(&self, login: &str, channel: Channel) -> Result<SessionPermit, Refusal> {
        let session = SessionId::new(self.ctx.clock(), self.ctx.chance());
        let mut tx = self.ctx.decide().await.unwrap();
        let ask = Ask { who: &self.alice, target: "web-1", login, channel };
        let seat = Seat { session: &session, node: "node-1" };
        let answer = enforce::seat(&self.ctx, &mut tx, &ask, seat).await.unwrap();
        tx.commit().await.unwrap();
        answer
    }

    async fn act(&self, channel: Channel) -> Result<Permit, Refusal> {
        let mut tx = self.ctx.decide().await.unwrap();
        let ask = Ask { who: &self.alice, target: "web-1", login: "root", channel };
        let answer = enforce::permit(&self.ctx, &mut tx, &ask).await.unwrap();
        // The act itself would leave an entry here.
        if answer.is_err() {
            tx.commit().await.unwrap();
        }
        answer
    }

    async fn withdraw(&self, grant: &Grant) -> Result<Grant, GrantError> {
        let mut tx = self.ctx.decide().await.unwrap();
        let grant = issue::withdraw(&self.ctx, &mut tx, &grant.id, EndCause::Withdrawn, "no longer needed").await?;
        tx.commit().await.unwrap();
        Ok(grant)
    }

    async fn release(&self, permit: &SessionPermit) {
        let mut tx = self.ctx.decide().await.unwrap();
        enforce::release(&mut tx, permit.session()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn kinds(&self, grant: &Grant) -> Vec<String> {
        timeline::about(&self.ctx, &grant.id).await.unwrap().into_iter().map(|line| line.kind).collect()
    }
}

#[tokio::test]
async fn a_permit_is_given_inside_the_window_and_refused_with_the_reason_outside() {
    for place in places().await {
        assert!(matches!(place.ask("root", Channel::Shell).await, Err(Refusal::NoGrant { .. })));
        let grant = place.issue(MINUTE, 10 * MINUTE, 5).await;
        assert!(matches!(place.ask("root", Channel::Shell).await, Err(Refusal::NotYet { .. })));
        place.ctx.clock().advance(MINUTE);
        let permit = place.ask("root", Channel::Shell).await.unwrap();
        assert_eq!((permit.grant(), permit.deadline()), (&grant.id, grant.window.until));
        assert!(matches!(place.ask("deploy", Channel::Shell).await, Err(Refusal::NoGrant { .. })));
        place.ctx.clock().advance(10 * MINUTE - Duration::from_micros(1));
        place.ask("root", Channel::Shell).await.unwrap();
        place.ctx.clock().advance(Duration::from_micros(1));
        let refused = place.ask("root", Channel::Shell).await.unwrap_err();
        assert!(refused.to_string().contains("expired") && refused.to_string().contains("tenure request"), "{refused}");
    }
}

#[tokio::test]
async fn each_channel_needs_to_be_granted_by_its_name() {
    for place in places().await {
        place.issue(Duration::ZERO, MINUTE, 50).await;
        for channel in Channel::ALL {
            let answer = place.ask("root", channel).await;
            assert_eq!(answer.is_ok(), Channel::DEFAULT.contains(&channel), "{channel}");
        }
    }
}

#[tokio::test]
async fn of_twenty_that_ask_at_once_exactly_as_many_as_the_limit_are_let_in() {
    for place in places().await {
        place.issue(Duration::ZERO, MINUTE, 3).await;
        let answers = futures::future::join_all((0..20).map(|_| place.ask("root", Channel::Exec))).await;
        let (permits, refusals): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!((permits.len(), refusals.len()), (3, 17), "{}", place.ctx.db().engine_name());
        place.release(permits[0].as_ref().unwrap()).await;
        place.ask("root", Channel::Exec).await.unwrap();
        assert!(matches!(place.ask("root", Channel::Exec).await, Err(Refusal::TooManySessions { limit: 3, .. })));
    }
}

#[tokio::test]
async fn a_full_grant_does_not_hide_another_that_has_room_and_neither_do_many_withdrawn_ones() {
    for place in places().await {
        let (long, short) =
            (place.issue(Duration::ZERO, MINUTE * 60, 1).await, place.issue(Duration::ZERO, MINUTE * 5, 1).await);
        for used in [&long, &short] {
            assert_eq!(place.ask("root", Channel::Shell).await.unwrap().grant(), &used.id);
        }
        let refused = place.ask("root", Channel::Shell).await.unwrap_err();
        assert!(matches!(refused, Refusal::TooManySessions { limit: 2, .. }), "{refused}");
        for _ in 0..101 {
            let withdrawn = place.issue(Duration::ZERO, MINUTE * 600, 1).await;
            place.withdraw(&withdrawn).await.unwrap();
        }
        let standing = place.issue(Duration::ZERO, MINUTE, 1).await;
        assert_eq!(place.ask("root", Channel::Shell).await.unwrap().grant(), &standing.id);
    }
}

#[tokio::test]
async fn a_withdrawn_grant_lets_nobody_in_and_its_live_sessions_lapse() {
    for place in places().await {
        let grant = place.issue(Duration::ZERO, 10 * MINUTE, 5).await;
        let permit = place.ask("root", Channel::Shell).await.unwrap();
        assert!(enforce::lapsed(&place.ctx, "node-1").await.unwrap().is_empty());
        place.withdraw(&grant).await.unwrap();
        assert!(matches!(
            place.ask("root", Channel::Shell).await,
            Err(Refusal::Over { cause: EndCause::Withdrawn, .. })
        ));
        let lapsed = enforce::lapsed(&place.ctx, "node-1").await.unwrap();
        assert_eq!(lapsed.iter().map(|(session, _)| session).collect::<Vec<_>>(), [permit.session()]);
        assert!(matches!(place.withdraw(&grant).await, Err(GrantError::Ended(_))), "the second withdrawal is told");
    }
}

#[tokio::test]
async fn a_grant_is_gone_only_after_its_end_and_its_last_session() {
    for place in places().await {
        let grant = place.issue(Duration::ZERO, MINUTE, 5).await;
        let permit = place.ask("root", Channel::Shell).await.unwrap();
        assert!(enforce::lapsed(&place.ctx, "node-1").await.unwrap().is_empty());
        assert!(enforce::held(&place.ctx, "node-1").await.unwrap().iter().eq([permit.session()]));
        assert!(enforce::held(&place.ctx, "node-2").await.unwrap().is_empty(), "another node's business");
        place.ctx.clock().advance(MINUTE);
        let lapsed = enforce::lapsed(&place.ctx, "node-1").await.unwrap();
        assert_eq!(lapsed.iter().map(|(session, _)| session).collect::<Vec<_>>(), [permit.session()]);
        assert!(enforce::lapsed(&place.ctx, "node-2").await.unwrap().is_empty(), "another node's business");
        assert_eq!(enforce::expire_due(&place.ctx).await.unwrap(), 1);
        assert_eq!(enforce::expire_due(&place.ctx).await.unwrap(), 0);
        assert!(enforce::report_gone(&place.ctx, &grant.id).await.is_err(), "a session is still live");
        place.release(&permit).await;
        for _ in 0..2 {
            enforce::report_gone(&place.ctx, &grant.id).await.unwrap();
        }
        assert!(matches!(grants::get(&place.ctx, &grant.id).await.unwrap().state, State::Gone { .. }));
        let story = ["grant.issued", "permit.given", "grant.ended", "permit.released", "grant.gone"];
        assert_eq!(place.kinds(&grant).await, story);
    }
}

#[tokio::test]
async fn a_grant_changed_or_slipped_in_behind_the_ledger_is_noticed() {
    for place in places().await {
        let slipped = types::GrantId::new(place.ctx.clock(), place.ctx.chance());
        for (tampering, word) in [
            ("update grants set login = 'deploy' where id = $1 and id <> $2", "login"),
            ("update grants set until_at = until_at + 1 where id = $1 and id <> $2", "until"),
            ("update grants set ended_at = null where id = $1 and id <> $2", "the end of"),
            ("update grants set id = $2 where id = $1", "never issued"),
        ] {
            let grant = place.issue(Duration::ZERO, MINUTE, 5).await;
            let grant = place.withdraw(&grant).await.unwrap();
            assert_eq!(grants::differs_from_ledger(&place.ctx, &grant).await.unwrap(), None);
            let mut tx = place.ctx.db().begin_unexplained().await.unwrap();
            tx.run_one(tampering, db::args![&grant.id, &slipped]).await.unwrap();
            tx.commit().await.unwrap();
            let id = if word == "never issued" { &slipped } else { &grant.id };
            let changed = grants::get(&place.ctx, id).await.unwrap();
            let problem = grants::differs_from_ledger(&place.ctx, &changed).await.unwrap().unwrap();
            assert!(problem.contains(word), "{tampering}: {problem}");
        }
    }
}

#[tokio::test]
async fn a_leaver_loses_every_grant_also_those_that_have_not_begun() {
    for place in places().await {
        let now = place.issue(Duration::ZERO, MINUTE, 5).await;
        let later = place.issue(10 * MINUTE, MINUTE, 5).await;
        let mut tx = place.ctx.decide().await.unwrap();
        let withdrawn = issue::withdraw_all(&place.ctx, &mut tx, &place.alice, EndCause::Leaver, "left").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(withdrawn.iter().map(|g| &g.id).collect::<BTreeSet<_>>(), BTreeSet::from([&now.id, &later.id]));
        place.ctx.clock().advance(10 * MINUTE);
        assert!(place.ask("root", Channel::Shell).await.is_err());
    }
}

#[tokio::test]
async fn a_grant_without_an_end_a_channel_or_a_session_is_refused() {
    for place in places().await {
        let good = NewGrant {
            holder: place.alice.clone(),
            target: "web-1".into(),
            login: "root".into(),
            channels: BTreeSet::from([Channel::Shell]),
            window: Window::starting(place.ctx.now(), MINUTE),
            terms: Terms { max_sessions: 1 },
            because: Because::Request {
                request: RequestId::new(place.ctx.clock(), place.ctx.chance()),
                role: "r".into(),
            },
        };
        let empty = Window { from: place.ctx.now(), until: place.ctx.now() };
        let past = Window { from: place.ctx.now().minus(2 * MINUTE), until: place.ctx.now().minus(MINUTE) };
        for bad in [
            NewGrant { window: empty, ..good.clone() },
            NewGrant { window: past, ..good.clone() },
            NewGrant { channels: BTreeSet::new(), ..good.clone() },
            NewGrant { terms: Terms { max_sessions: 0 }, ..good.clone() },
        ] {
            let mut tx = place.ctx.decide().await.unwrap();
            assert!(issue::issue(&place.ctx, &mut tx, bad).await.is_err());
        }
    }
}

#[tokio::test]
async fn an_act_needs_its_channel_and_a_grant_that_stands_and_takes_no_place_among_the_sessions() {
    for place in places().await {
        let grant = place.issue(Duration::ZERO, 10 * MINUTE, 1).await;
        place.ask("root", Channel::Shell).await.unwrap();
        for _ in 0..3 {
            assert_eq!(place.act(Channel::Exec).await.unwrap().grant(), &grant.id);
        }
        assert!(matches!(place.act(Channel::SecretRead).await, Err(Refusal::Channel { .. })));
        place.ctx.clock().advance(10 * MINUTE);
        assert!(matches!(place.act(Channel::Exec).await, Err(Refusal::Over { .. })));
    }
}

#[tokio::test]
async fn what_hangs_on_a_grant_hears_that_it_ended_by_time_by_order_or_never_was() {
    for place in places().await {
        let short = place.issue(Duration::ZERO, MINUTE, 1).await;
        let withdrawn = place.issue(Duration::ZERO, 10 * MINUTE, 1).await;
        let stands = place.issue(Duration::ZERO, 10 * MINUTE, 1).await;
        place.withdraw(&withdrawn).await.unwrap();
        place.ctx.clock().advance(MINUTE);
        let unknown = GrantId::new(place.ctx.clock(), place.ctx.chance());
        let asked = [&short.id, &withdrawn.id, &stands.id, &unknown].map(Clone::clone).to_vec();
        let mut tx = place.ctx.read().await.unwrap();
        let ended = enforce::ended_of(&mut tx, asked, place.ctx.now()).await.unwrap();
        assert_eq!(ended, [short.id, withdrawn.id, unknown]);
    }
}
