//! A session under way that leaves processes behind in every way that a shell knows, and what must hold once it was
//! ended. Ends nothing by itself.

use connectors::linux::Probe;
use privilege::leases::Credential;
use std::time::Duration;
use testbed::{LastWords, Live, Person, Testbed};
use tokio::process::Command;
use tokio::time::Instant;
use types::SessionId;

/// The promise for every forced end.
pub(crate) const BOUND: Duration = Duration::from_secs(1);

const STUBBORN: &str = "sleep 1001 & nohup sleep 1002 > /dev/null 2>&1 & setsid sleep 1003 & \
    (setsid sh -c 'trap \"\" TERM HUP; sleep 1004 & sleep 1005' &); env -i sleep 1006 & \
    echo re''ady $SSH_CONNECTION";

/// A long command that leaves processes behind, and hears what is said to it.
pub(crate) fn stubborn() -> String {
    format!("{STUBBORN}; cat")
}

pub(crate) struct UnderWay {
    pub(crate) live: Live,
    pub(crate) session: SessionId,
    pub(crate) credential: Credential,
    login: &'static str,
    /// `SSH_CONNECTION` on web-1, where a session can say it.
    connection: Option<String>,
}

impl UnderWay {
    /// Alice in a shell on a terminal, as `ssh -tt` gives it.
    pub(crate) async fn shell(bed: &Testbed, grant: &str, login: &'static str) -> Self {
        let mut live = Live::start(bed.ssh_as(&bed.alice, &format!("{login}@web-1"), &["-tt"], &[]));
        live.say(STUBBORN).await;
        let connection = live.hear("ready ").await;
        Self::found(bed, grant, login, live, Some(connection)).await
    }

    /// Alice's one long command.
    pub(crate) async fn exec(bed: &Testbed, grant: &str, login: &'static str) -> Self {
        Self::exec_by(bed, &bed.alice, grant, login).await
    }

    pub(crate) async fn exec_by(bed: &Testbed, person: &Person, grant: &str, login: &'static str) -> Self {
        Self::exec_of(bed, bed.ssh(person, login, &[&stubborn()]), grant, login).await
    }

    /// A client that runs the [`stubborn`] command.
    pub(crate) async fn exec_of(bed: &Testbed, client: Command, grant: &str, login: &'static str) -> Self {
        let mut live = Live::start(client);
        let connection = live.hear("ready ").await;
        Self::found(bed, grant, login, live, Some(connection)).await
    }

    /// Alice downloads more than will ever arrive.
    pub(crate) async fn sftp(bed: &Testbed, grant: &str, login: &'static str) -> Self {
        bed.on_host("truncate --size=20G /srv/big; chmod 644 /srv/big").await;
        let mut live = Live::start(bed.sftp(&bed.alice, login, "-"));
        let file = bed.folder().join("big");
        live.say(&format!("get /srv/big {}", file.display())).await;
        let flows = || async { std::fs::metadata(&file).is_ok_and(|file| file.len() > 1_000_000) };
        assert!(bed.eventually(BOUND * 20, flows).await, "nothing arrives");
        Self::found(bed, grant, login, live, None).await
    }

    async fn found(bed: &Testbed, grant: &str, login: &'static str, live: Live, connection: Option<String>) -> Self {
        let session = bed.live_session(grant).await;
        let credential = bed.credential_of(&session).await;
        assert_eq!(bed.offer(&credential, bed.host.addr()).await, Probe::Accepted, "a live session's certificate");
        if let Some(connection) = &connection {
            let started = || async { bed.processes_with(connection).await > 5 };
            assert!(bed.eventually(BOUND * 20, started).await, "{:?}", bed.processes_of(login).await);
        }
        Self { live, session, credential, login, connection }
    }

    /// Within the bound from `since`: the client is told why in one line and let go, nothing is left on web-1, and
    /// web-1, which reads the revocation list, refuses the certificate.
    pub(crate) async fn must_be_over(self, bed: &Testbed, since: Instant, line: &str) {
        let credential = self.credential.clone();
        let (refused_after, ()) =
            tokio::join!(bed.refused_after(&credential, since), self.must_be_let_go(bed, since, line));
        println!("certificate refused after {refused_after:?}");
        assert!(refused_after < BOUND, "the certificate was refused after {refused_after:?}");
    }

    /// The same, of a web-1 that cannot know yet that the certificate is dead.
    pub(crate) async fn must_be_let_go(self, bed: &Testbed, since: Instant, line: &str) {
        let words = self.live.last_words(since).await;
        let clean_after = bed.clean_after(self.login, since).await;
        println!("client let go after {:?}, web-1 clean after {clean_after:?}", words.after);
        was_told(&words, line);
        assert!(words.after < BOUND, "the client was let go after {:?}", words.after);
        assert!(clean_after < BOUND, "web-1 was clean after {clean_after:?}");
        if let Some(connection) = &self.connection {
            assert_eq!(bed.processes_with(connection).await, 0);
        }
    }
}

/// One line of ours, this one, and a client that knows that it failed.
pub(crate) fn was_told(words: &LastWords, line: &str) {
    let ours: Vec<&str> = words.text.lines().filter_map(|line| line.trim().strip_prefix("tenure: ")).collect();
    assert_eq!(ours, [line], "{words:?}");
    assert_ne!(words.code, Some(0), "{words:?}");
}
