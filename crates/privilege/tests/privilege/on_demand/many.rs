//! Many at once: live users, a server that goes away for five minutes, and a database that is as before.
//! A few hundred, unless `TENURE_TEST_LEASES` says how many.

use super::*;
use futures::future::join_all;
use grants::EndCause;
use ledger::{Invariant, ROWS_AT_ONCE, finding, timeline};
use privilege::credentials::probe;
use privilege::invariants::{Depth, verify};
use std::collections::BTreeSet;
use std::time::Instant;

const GRANTS: usize = 60;
const AT_ONCE: usize = 16;

fn how_many(usually: usize) -> usize {
    std::env::var("TENURE_TEST_LEASES").map_or(usually, |text| text.parse().unwrap())
}

/// What a user could leave behind: rows of its own, members, access lists, defaults, and dependencies.
fn remains(engine: &Engine) -> String {
    match engine {
        Engine::Postgres(_) => engine.sql(
            "select 'roles', count(*)::text from pg_authid union all
             select 'members', count(*)::text from pg_auth_members union all
             select 'dependencies', string_agg(s::text, ' ' order by s::text) from pg_shdepend s union all
             select 'defaults', count(*)::text from pg_default_acl union all
             select 'settings', count(*)::text from pg_db_role_setting union all
             select 'lists', string_agg(relname || ' ' || relacl::text, ' ' order by oid) from pg_class
             where relacl is not null",
        ),
        Engine::Mariadb(_) => engine.sql(
            "select 'users', User, Host from mysql.global_priv order by 2, 3;
             select 'roles', User, Role from mysql.roles_mapping order by 2, 3;
             select 'databases', User, Db from mysql.db order by 2, 3;
             select 'tables', User, Table_name from mysql.tables_priv order by 2, 3",
        ),
    }
}

async fn invariant(house: &House, name: &str) -> Invariant {
    let all = verify(&house.ctx, &house.node, Depth::Running, ROWS_AT_ONCE).await.unwrap();
    all.into_iter().find(|one| one.name == name).unwrap()
}

/// By several at once, as people do.
async fn issue_all(house: &House, count: usize) {
    let issuers = (0..AT_ONCE).map(|n| {
        let (ctx, who) = (house.ctx.clone(), house.alice.clone());
        tokio::spawn(async move {
            for _ in (n..count).step_by(AT_ONCE) {
                let (service, login) = ("orders".to_owned(), "readers".to_owned());
                credentials::issue(&ctx, Order { who: who.clone(), service, login, ttl: None, token: None })
                    .await
                    .unwrap();
            }
        })
    });
    join_all(issuers).await.into_iter().for_each(|issued| issued.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_users_are_all_revoked_after_their_server_was_away_and_leave_nothing_behind() {
    let house = House::with_running_clock_on_postgresql().await;
    come_and_go(house, Engine::postgres(), how_many(500)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_of_mariadb() {
    come_and_go(House::with_running_clock().await, Engine::mariadb(), how_many(150)).await;
}

async fn come_and_go(house: House, mut engine: Engine, count: usize) {
    meet(&house, &engine).await;
    let before = remains(&engine);
    let mut grants = Vec::new();
    for _ in 0..GRANTS {
        grants.push(grant(&house, Channel::Credential, HOUR * 24).await);
    }
    let started = Instant::now();
    issue_all(&house, count).await;
    println!("{count} users made in {:.1} s", started.elapsed().as_secs_f64());
    let live = invariant(&house, "every live credential on demand has a grant that stands").await;
    assert_eq!((live.checked, live.broken), (count as u64, vec![]));
    let started = Instant::now();
    duties::run_once(&house.ctx).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(1), "live leases cost the duties {:?}", started.elapsed());
    let random = |name: &str| name.rsplit('_').next().unwrap().to_owned();
    let mark = credentials::mark(&house.ctx);
    assert_eq!(engine.users(&house).iter().map(|name| random(name)).collect::<BTreeSet<_>>().len(), count);

    engine.stop();
    for grant in &grants {
        house.withdraw(grant, EndCause::Leaver).await;
    }
    let started = Instant::now();
    duties::run_once(&house.ctx).await.unwrap();
    println!("{count} leases marked in {:.2} s", started.elapsed().as_secs_f64());
    let waiting = credentials::backlog(&house.ctx).await.unwrap();
    assert_eq!(waiting[0].count, count as u64);
    let mut away = BTreeSet::new();
    for _ in 0..12 {
        round(&house).await;
        probe::look(&house.ctx, &mut away).await.unwrap();
        house.clock.advance(Duration::from_secs(25));
    }
    round(&house).await;
    assert_eq!(finding::open(&house.ctx, "revocation_backlog").await.unwrap().len(), 1);

    engine.start();
    for n in 0..3 {
        let name = format!("app_{mark}_{}", "a".repeat(15) + ["b", "c", "d"][n]);
        match engine {
            Engine::Postgres(_) => engine.sql(&format!("create role {name} login in role readers")),
            Engine::Mariadb(_) => engine.sql(&format!("create user `{name}`@'%'; grant readers to `{name}`@'%'")),
        };
    }
    probe::look(&house.ctx, &mut away).await.unwrap();
    let started = Instant::now();
    while !credentials::backlog(&house.ctx).await.unwrap().is_empty() {
        worker(&house).run_due().await.unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{count} users revoked and seen gone in {seconds:.1} s, {:.0} a second", count as f64 / seconds);
    let swept = credentials::sweep(&house.ctx, "orders").await.unwrap();
    assert_eq!((swept.orphans, swept.removed), (3, 3));
    assert_eq!(remains(&engine), before);
    duties::run_once(&house.ctx).await.unwrap();
    assert!(finding::open(&house.ctx, "revocation_backlog").await.unwrap().is_empty());
    for grant in &grants {
        assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, grants::State::Gone { .. }));
    }
    lines_add_up(&house, &grants, count).await;
}

/// What the ledger says of the ends is about as many credentials as there were.
async fn lines_add_up(house: &House, grants: &[Grant], count: usize) {
    let mut seen = BTreeSet::new();
    let (mut ended, mut gone) = (0, 0);
    for grant in grants {
        for line in timeline::about(&house.ctx, &grant.id).await.unwrap() {
            let lines = line.body.get("lines").and_then(|lines| lines.as_u64()).unwrap_or(1);
            let fresh = seen.insert(line.seq);
            match line.kind.as_str() {
                "credential.ended" | "credential.ended_together" if fresh => ended += lines,
                "credential.gone" | "credential.gone_together" if fresh => gone += lines,
                _ => {}
            }
        }
    }
    assert_eq!((ended, gone), (count as u64, count as u64));
}
