//! Every forced end: within a second, with one line that says why, and nothing of the session is left on the target.

use crate::fixture::{HOUR, World, run, text};
use db::jobs::Worker;
use grants::EndCause;
use privilege::duties;
use privilege::sessions::{self, EndReason, Session};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;
use tokio::time::{Instant, sleep, timeout};
use types::Channel;

const SECOND: Duration = Duration::from_secs(1);
/// Leaves processes behind in every way that a shell knows, then goes on.
const STUBBORN: &str = "sleep 1001 & nohup sleep 1002 > /dev/null 2>&1 & setsid sleep 1003 & \
    (setsid sh -c 'trap \"\" TERM HUP; sleep 1004 & sleep 1005' &) ; env -i sleep 1006 & \
    python3 -c 'import ctypes, threading, time\nthreading.Thread(target=time.sleep, args=(1008,)).start()\n\
    print(\"ready\", flush=True)\nctypes.CDLL(None).pthread_exit(0)' & sleep 1007";

struct Live {
    child: Child,
    session: Session,
    stdout: BufReader<tokio::process::ChildStdout>,
}

/// Alice's session, once what it runs is up.
async fn live(world: &World, options: &[&str], user: &str) -> Live {
    let mut ssh = world.ssh_with(options, user, &[STUBBORN]);
    let mut child = ssh.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).await.unwrap();
    assert_eq!(line.trim(), "ready");
    Live { child, session: world.live_session().await, stdout }
}

impl Live {
    /// What the person read last. Fails when that takes more than a second from `since`.
    async fn last_words(mut self, since: Instant) -> String {
        let mut words = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        let read = async {
            stderr.read_to_string(&mut words).await.unwrap();
            self.stdout.read_to_string(&mut words).await.unwrap();
            self.child.wait().await.unwrap()
        };
        let status = timeout(SECOND * 5, read).await.expect("the client ends");
        assert!(since.elapsed() < SECOND, "it took {:?}", since.elapsed());
        assert_eq!(status.code(), Some(255));
        words
    }
}

async fn nothing_is_left(world: &World, login: &str, session: &Session, reason: EndReason) {
    let ended = world.ended().await;
    assert_eq!(ended.id, session.id);
    let outcome = ended.outcome().unwrap();
    assert_eq!((outcome.reason, outcome.leftover_processes), (reason, Some(0)));
    let started = Instant::now();
    while !world.commands_of(login).is_empty() {
        assert!(started.elapsed() < SECOND, "left: {:?}", world.commands_of(login));
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_grant_ends_the_session_and_all_its_processes_within_a_second() {
    let world = World::start().await;
    for (login, options) in [("root", &[][..]), ("deploy", &[]), ("deploy", &["-tt"])] {
        let grant = world.grant(login).await;
        let live = live(&world, options, &format!("{login}@web-1")).await;
        assert!(world.commands_of(login).len() > 5, "{:?}", world.commands_of(login));
        let session = live.session.clone();
        let since = Instant::now();
        world.withdraw(&grant, EndCause::Withdrawn).await;
        let words = live.last_words(since).await;
        assert!(
            words.contains(&format!("tenure: your access to {login}@web-1 ended: the grant was withdrawn")),
            "{words}"
        );
        nothing_is_left(&world, login, &session, EndReason::Withdrawn).await;
        let output = run(&mut world.ssh(&format!("{login}@web-1"), &["id"])).await;
        assert!(text(&output.stderr).contains("was withdrawn at"), "{}", text(&output.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_connection_is_left_alone() {
    let world = World::start().await;
    let (root, _) = (world.grant("root").await, world.grant("deploy").await);
    let other = live(&world, &[], "deploy@web-1").await;
    let mine = live(&world, &[], "root@web-1").await;
    let since = Instant::now();
    world.withdraw(&root, EndCause::Withdrawn).await;
    mine.last_words(since).await;
    while world.sessions().await.iter().filter(|session| session.is_live()).count() > 1 {
        sleep(Duration::from_millis(20)).await;
    }
    assert!(world.commands_of("deploy").len() > 5);
    drop(other);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_whose_time_is_over_ends_the_session() {
    let world = World::start().await;
    world.grant_for("deploy", &Channel::DEFAULT, HOUR).await;
    let live = live(&world, &[], "deploy@web-1").await;
    let session = live.session.clone();
    let since = Instant::now();
    world.ctx.clock().advance(HOUR);
    let words = live.last_words(since).await;
    assert!(words.contains("its time is over"), "{words}");
    nothing_is_left(&world, "deploy", &session, EndReason::Expired).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_and_a_killed_session_are_told_so() {
    let world = World::start().await;
    let grant = world.grant("deploy").await;
    let killed = live(&world, &[], "deploy@web-1").await;
    let session = killed.session.clone();
    let since = Instant::now();
    sessions::kill(&world.ctx, &session.id, "strange commands").await.unwrap();
    let words = killed.last_words(since).await;
    assert!(words.contains("an operator ended the session"), "{words}");
    nothing_is_left(&world, "deploy", &session, EndReason::Killed).await;

    let leaver = live(&world, &[], "deploy@web-1").await;
    let session = leaver.session.clone();
    let since = Instant::now();
    world.withdraw(&grant, EndCause::Leaver).await;
    let words = leaver.last_words(since).await;
    assert!(words.contains("it was withdrawn with your employment"), "{words}");
    nothing_is_left(&world, "deploy", &session, EndReason::Leaver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_nothing_is_cut_off_and_gets_no_more_bytes() {
    let world = World::start().await;
    let grant = world.grant("root").await;
    let mut ssh = world.ssh("root@web-1", &["cat /dev/zero"]);
    let mut child = ssh.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let session = world.live_session().await;
    sleep(SECOND).await;
    let since = Instant::now();
    world.withdraw(&grant, EndCause::Withdrawn).await;
    nothing_is_left(&world, "root", &session, EndReason::Withdrawn).await;
    assert!(since.elapsed() < SECOND * 2, "{:?}", since.elapsed());
    let mut rest = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut rest).await.unwrap();
    assert!(rest.len() < 32_000_000, "{} bytes came after the end", rest.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_sends_without_pause_is_told_too() {
    let world = World::start().await;
    world.grant("root").await;
    for command in ["cat > /dev/null", "sleep 1000", "cat"] {
        let mut ssh = world.ssh("root@web-1", &[command]);
        let zeros = std::fs::File::open("/dev/zero").unwrap();
        let mut child = ssh.stdin(zeros).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let session = world.live_session().await;
        sleep(SECOND).await;
        let since = Instant::now();
        sessions::kill(&world.ctx, &session.id, "too much").await.unwrap();
        let mut words = String::new();
        child.stderr.take().unwrap().read_to_string(&mut words).await.unwrap();
        assert!(since.elapsed() < SECOND, "{command}: {:?}", since.elapsed());
        assert!(words.contains("an operator ended the session"), "{command}: {words}");
        nothing_is_left(&world, "root", &session, EndReason::Killed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_ends_its_session() {
    let world = World::start().await;
    world.grant("deploy").await;
    let mut live = live(&world, &["-tt"], "deploy@web-1").await;
    live.child.kill().await.unwrap();
    assert_eq!(world.ended().await.outcome().unwrap().reason, EndReason::ClientClosed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_on_when_the_targets_connection_breaks_is_ended_and_counted() {
    let world = World::start().await;
    world.grant("deploy").await;
    let live = live(&world, &[], "deploy@web-1").await;
    let session = live.session.clone();
    let since = Instant::now();
    world.host.sh("pkill -KILL -f '^sshd.*deploy'").unwrap();
    let words = live.last_words(since).await;
    assert!(words.contains("the target cannot be reached"), "{words}");
    let outcome = world.ended().await.outcome().cloned().unwrap();
    assert_eq!((outcome.reason, outcome.leftover_processes), (EndReason::TargetUnreachable, None));
    assert!(world.commands_of("deploy").len() > 5, "{:?}", world.commands_of("deploy"));
    let ctx = &world.ctx;
    let worker = Worker::new(ctx.db().clone(), ctx.clock().clone(), ctx.chance(), |dead| async move {
        panic!("{} died: {}", dead.kind, dead.last_error)
    });
    duties::handlers(worker, ctx, &world.node).run_due().await.unwrap();
    nothing_is_left(&world, "deploy", &session, EndReason::TargetUnreachable).await;
    let kinds: Vec<String> =
        ledger::timeline::about(ctx, &session.id).await.unwrap().into_iter().map(|line| line.kind).collect();
    assert!(kinds.ends_with(&["session.sweeping".to_owned(), "session.swept".to_owned()]), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_stops_says_so_and_leaves_nothing() {
    let world = World::start().await;
    world.grant("deploy").await;
    let live = live(&world, &[], "deploy@web-1").await;
    let World { gateway, ctx, host, .. } = world;
    let since = Instant::now();
    let (words, ()) = tokio::join!(live.last_words(since), gateway.stop());
    assert!(words.contains("this tenure server is stopping"), "{words}");
    let sessions = sessions::list(&ctx, &sessions::Filter { limit: 9, ..Default::default() }).await.unwrap();
    assert_eq!(sessions[0].outcome().unwrap().reason, EndReason::NodeStopped);
    assert_eq!(host.processes_of("deploy").unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_stops_although_its_database_is_away() {
    let world = World::start().await;
    world.grant("deploy").await;
    let live = live(&world, &[], "deploy@web-1").await;
    let World { gateway, ctx, host, .. } = world;
    ctx.db().close().await;
    let since = Instant::now();
    let (words, stopped) = tokio::join!(live.last_words(since), timeout(SECOND * 20, gateway.stop()));
    assert!(words.contains("your access to deploy@web-1 ended"), "{words}");
    stopped.expect("the next start closes the session");
    assert_eq!(host.processes_of("deploy").unwrap(), []);
}
