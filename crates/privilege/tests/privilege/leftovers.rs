//! What a crashed node left running on a real host is ended when it starts again, and only that.

use crate::gone::{log_in, meet, worker};
use crate::house::{House, MINUTE};
use connectors::linux::{HostSession, SshConnection};
use grants::{EndCause, State};
use peers::sshd::{HostOptions, LinuxHost};
use privilege::leases;
use privilege::sessions::{self, Opened, SessionError};
use std::time::Duration;

const BACKGROUND: &str = "setsid -f sleep 1000 </dev/null >/dev/null 2>&1; echo $SSH_CONNECTION";

/// Runs something that outlives its connection, as the proxy would, and returns that connection.
async fn leave_something(house: &House, opened: &Opened) -> HostSession {
    let connection = log_in(opened).await.unwrap();
    let answer = connection.exec(&["sh", "-c", BACKGROUND], None).await.unwrap().stdout_text();
    let [from, from_port, to, to_port] = answer.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{answer}") };
    let end = |ip: &str, port: &str| format!("{ip}:{port}").parse().unwrap();
    let ends = SshConnection { from: end(from, from_port), to: end(to, to_port) };
    assert_eq!(ends.to_string(), answer.trim());
    sessions::connected(&house.ctx, opened, ends).await.unwrap();
    connection
}

async fn sleeping(host: &LinuxHost) -> usize {
    host.processes_of("root").unwrap().iter().filter(|process| process.command == "sleep 1000").count()
}

#[tokio::test]
async fn what_a_crashed_session_left_on_its_host_is_ended_before_its_grant_is_gone() {
    let house = House::with_running_clock().await;
    let host = meet(&house, HostOptions { reads_revoked_keys: true, ..HostOptions::default() }).await;
    let grant = house.grant(MINUTE * 60, 3).await;
    let (crashed, ended) = (house.open().await.unwrap(), house.open().await.unwrap());
    let unused = house.open().await.unwrap();
    let _connections = (leave_something(&house, &crashed).await, leave_something(&house, &ended).await);
    house.close(ended, sessions::EndReason::TargetClosed).await;
    assert_eq!(sleeping(&host).await, 2);
    let (id, unused) = (crashed.id.clone(), unused.id.clone());
    drop(crashed);

    host.stop().unwrap();
    assert_eq!(sessions::recover(&house.ctx, &house.node).await.unwrap(), 2);
    house.withdraw(&grant, EndCause::Withdrawn).await;
    let (worker, left) = (worker(&house), async |id| -> Result<_, SessionError> {
        let session = sessions::get(&house.ctx, id).await?;
        Ok(session.outcome().and_then(|outcome| outcome.leftover_processes))
    });
    worker.run_due().await.unwrap();
    assert_eq!((left(&id).await.unwrap(), left(&unused).await.unwrap()), (None, Some(0)));
    assert!(!house.kinds(&id).await.contains(&"session.sweeping".to_owned()));

    host.start_again().unwrap();
    host.revoke(&leases::krl(&house.ctx).await.unwrap()).unwrap();
    house.clock.advance(Duration::from_secs(2));
    worker.run_due().await.unwrap();
    assert_eq!(left(&id).await.unwrap(), Some(0));
    // What a session left whose command ended by itself stays: it may be meant to go on.
    assert_eq!(sleeping(&host).await, 1);
    let kinds = house.kinds(&id).await;
    assert!(kinds.windows(2).any(|pair| pair == ["session.sweeping", "session.swept"]), "{kinds:?}");
    house.clock.advance(Duration::from_secs(5));
    worker.run_due().await.unwrap();
    privilege::duties::run_once(&house.ctx).await.unwrap();
    assert!(matches!(grants::get(&house.ctx, &grant.id).await.unwrap().state, State::Gone { .. }));
}

#[tokio::test]
async fn processes_that_will_not_end_are_told_once_and_again_when_they_are_fewer() {
    let house = House::with_running_clock().await;
    let host = meet(&house, HostOptions { reads_revoked_keys: true, ..HostOptions::default() }).await;
    house.grant(MINUTE * 60, 1).await;
    let opened = house.open().await.unwrap();
    let (_connection, id) = (leave_something(&house, &opened).await, opened.id.clone());
    drop(opened);
    assert_eq!(sessions::recover(&house.ctx, &house.node).await.unwrap(), 1);
    let stubborn = "#!/bin/sh\ncase $1 in SSH_CONNECTION=*) ;; *) exec /usr/bin/env \"$@\" ;; esac\n\
                    echo >> /visits\necho left 2\n";
    host.write("/usr/local/bin/env", stubborn, 0o755).unwrap();
    let worker = worker(&house);
    for (visits, told, left) in [(1, 1, 2), (2, 1, 2), (3, 2, 0)] {
        if left == 0 {
            host.sh("rm /usr/local/bin/env").unwrap();
        }
        worker.run_due().await.unwrap();
        let kinds = house.kinds(&id).await;
        let count = |name: &str| kinds.iter().filter(|kind| *kind == name).count();
        assert_eq!((count("session.sweeping"), count("session.swept")), (visits, told), "{kinds:?}");
        let session = sessions::get(&house.ctx, &id).await.unwrap();
        assert_eq!(session.outcome().unwrap().leftover_processes, Some(left));
        assert_eq!(host.read("/visits").unwrap().len(), visits.min(2), "each visit got there");
        // More than the job waits, and less than the host would take for a certificate of the future.
        house.clock.advance(Duration::from_secs(15));
    }
    assert_eq!(sleeping(&host).await, 0);
}
