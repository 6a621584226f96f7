//! What web-1 itself says: which processes a session left, and whether it would still take a session's certificate.

use crate::{Testbed, blocking};
use connectors::linux::{HostKeyPin, Probe, probe};
use privilege::leases::{self, Credential};
use privilege::targets;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::Instant;
use types::SessionId;

impl Testbed {
    /// The one live session of a grant.
    pub async fn live_session(&self, grant: &str) -> SessionId {
        let sessions = self.sessions_of(grant).await;
        let live: Vec<_> = sessions.iter().filter(|session| session["state"] == "live").collect();
        assert_eq!(live.len(), 1, "{sessions:?}");
        live[0]["id"].as_str().and_then(|id| id.parse().ok()).expect("a session's id")
    }

    /// The certificate that a session uses on web-1, without its key.
    pub async fn credential_of(&self, session: &SessionId) -> Credential {
        let mut found = leases::of_sessions(self.ctx(), [session]).await.expect("credentials");
        found.remove(session).expect("a credential")
    }

    /// Offers a session's certificate to an sshd of web-1, from the address that it is bound to.
    pub async fn offer(&self, credential: &Credential, to: SocketAddr) -> Probe {
        let pin: HostKeyPin = self.host.host_key_line().parse().expect("a host key");
        let answer = probe(&to.to_string(), &pin, &credential.login, &credential.certificate).await;
        answer.expect("an answer of web-1")
    }

    /// Where web-1 is declared to be.
    pub async fn address(&self) -> SocketAddr {
        let target = targets::get(self.ctx(), "web-1").await.expect("a target");
        SocketAddr::new(target.host.parse().expect("an address"), target.port)
    }

    /// How long, from `since`, web-1 still takes a certificate.
    pub async fn refused_after(&self, credential: &Credential, since: Instant) -> Duration {
        let refused = || async { self.offer(credential, self.host.addr()).await == Probe::Refused };
        assert!(self.eventually(Duration::from_secs(10), refused).await, "web-1 still takes the certificate");
        since.elapsed()
    }

    /// How long, from `since`, something of a login still runs on web-1, whatever its parent.
    pub async fn clean_after(&self, login: &str, since: Instant) -> Duration {
        let clean = || async { self.processes_of(login).await.is_empty() };
        let is_clean = self.eventually(Duration::from_secs(10), clean).await;
        let after = since.elapsed();
        assert!(is_clean, "left on web-1: {:?}", self.processes_of(login).await);
        after
    }

    /// The commands that run for a login on web-1 now.
    pub async fn processes_of(&self, login: &str) -> Vec<String> {
        let (host, login) = (self.host.clone(), login.to_owned());
        let processes = blocking(move || host.processes_of(&login).expect("a list of processes")).await;
        processes.into_iter().map(|process| process.command).collect()
    }

    /// How many processes on web-1 carry a connection's `SSH_CONNECTION`.
    pub async fn processes_with(&self, ssh_connection: &str) -> usize {
        let script =
            format!("grep -zlxF -- 'SSH_CONNECTION={ssh_connection}' /proc/[0-9]*/environ 2>/dev/null | wc -l");
        self.on_host(script).await.trim().parse().expect("a number")
    }

    /// Runs a script on web-1 as its root, beside Tenure.
    pub async fn on_host(&self, script: impl Into<String>) -> String {
        let (host, script) = (self.host.clone(), script.into());
        blocking(move || host.sh(&script).expect("the script runs")).await
    }

    /// What the sshd of web-1 has logged.
    pub async fn sshd_log(&self) -> String {
        let host = self.host.clone();
        blocking(move || host.sshd_log().expect("a log")).await
    }
}
