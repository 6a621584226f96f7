//! People at work: ask, approve, connect, type, end, withdraw, watch it go; round after round until the server is gone.
//! Everything that the server acknowledges is remembered.

use crate::known::{Known, Noun};
use crate::server::{Gone, Server};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::{sleep, timeout};
use types::Chance;

/// A client whose server is gone has ended within this time.
const CLIENT_ENDS: Duration = Duration::from_secs(10);

/// Both leave a process in the background, and take it away themselves only when the person leaves in order.
const COMMAND: &str = "sleep 1000 </dev/null >/dev/null 2>&1 & echo up; cat; kill $!";
const TERMINAL: &[u8] = b"sleep 1000 & disown $!; echo u''p\n";
const LEAVE: &[u8] = b"kill $!; exit\n";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Command,
    Terminal,
}

pub(crate) struct Rounds {
    server: Server,
    style: Style,
    login: &'static str,
    known: Arc<Mutex<Known>>,
    chance: Chance,
}

/// A session that is up.
struct Work {
    client: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Rounds {
    pub(crate) fn new(server: Server, style: Style, login: &'static str, known: Arc<Mutex<Known>>, seed: u64) -> Self {
        Self { server, style, login, known, chance: Chance::seeded(seed) }
    }

    /// # Panics
    /// When the server refuses something, or a client outlives its server.
    pub(crate) async fn until_gone(self) {
        while self.round().await.is_ok() {}
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("no worker panicked")
    }

    async fn round(&self) -> Result<(), Gone> {
        let grant = match self.standing_grant().await? {
            Some(grant) if self.chance.below(2) == 0 => grant,
            _ => self.approve(&self.request().await?).await?,
        };
        self.remember_checkpoint().await?;
        let (mut work, session) = self.connect(&grant).await?;
        let outcome = self.work(&mut work, &grant, &session).await;
        if outcome.is_err() {
            self.known().live_when_killed += 1;
        }
        drop(work.input);
        let ended = timeout(CLIENT_ENDS, work.client.wait()).await;
        assert!(ended.is_ok(), "an ssh client still has its session {CLIENT_ENDS:?} after its end");
        outcome?;
        self.see_it_go(&grant, &session).await
    }

    /// One that an earlier round left behind.
    async fn standing_grant(&self) -> Result<Option<String>, Gone> {
        let grants = self.items("grants?standing=true&limit=200").await?;
        let own = grants.into_iter().find(|grant| grant["login"] == self.login);
        Ok(own.map(|grant| text(&grant["id"])))
    }

    async fn request(&self) -> Result<String, Gone> {
        let alice = &self.server.remains().alice;
        let body = json!({"target": "web-1", "login": self.login, "minutes": 60, "reason": "the disk is full"});
        let (status, answer) = self.server.post(alice, "requests", body).await?;
        let id = match (status, answer["code"].as_str()) {
            (201, _) => text(&answer["id"]),
            // The last server took it and died before it said so.
            (409, Some("already_asked")) => {
                let requests = self.items("requests?limit=200").await?;
                let mut own = requests.iter().filter(|r| r["login"] == self.login && r["state"] == "pending");
                text(&own.next().expect("the request that was made already")["id"])
            }
            _ => panic!("a request was answered with {status}: {answer}"),
        };
        self.known().told(Noun::Request, &id, "pending");
        Ok(id)
    }

    async fn approve(&self, request: &str) -> Result<String, Gone> {
        let bob = &self.server.remains().bob;
        let path = format!("requests/{request}/approve");
        let (status, answer) = self.server.post(bob, &path, json!({"reason": "go ahead"})).await?;
        assert_eq!(status, 200, "{answer}");
        let grant = text(&answer["grant"]);
        self.known().told(Noun::Request, request, "approved");
        self.known().told(Noun::Grant, &grant, "standing");
        Ok(grant)
    }

    async fn remember_checkpoint(&self) -> Result<(), Gone> {
        let (status, answer) = self.server.get(&self.server.remains().carol, "ledger/checkpoint").await?;
        assert_eq!(status, 200, "{answer}");
        self.known().checkpoint = Some(text(&answer["note"]));
        Ok(())
    }

    /// Connects; the session is up when its program has said so.
    async fn connect(&self, grant: &str) -> Result<(Work, String), Gone> {
        let mut ssh = match self.style {
            Style::Command => self.server.ssh(self.login, &[COMMAND]),
            Style::Terminal => self.server.ssh(self.login, &["-tt"]),
        };
        let mut client = ssh.spawn().expect("ssh starts");
        let input = client.stdin.take().expect("its input");
        let output = BufReader::new(client.stdout.take().expect("its output"));
        let mut work = Work { client, input, output };
        if self.style == Style::Terminal {
            let _ = work.input.write_all(TERMINAL).await;
        }
        if !work.hears("up").await {
            // Gone with its server, or refused by one that is there: then the next call finds it so.
            let status = timeout(CLIENT_ENDS, work.client.wait()).await.expect("a client ends with its session");
            let (_, answer) = self.server.get(&self.server.remains().carol, &format!("grants/{grant}")).await?;
            panic!("the session could not be opened ({status:?}) under {answer}");
        }
        let sessions = self.items(&format!("sessions?live=true&grant={grant}")).await;
        let Ok(sessions) = sessions else {
            self.known().live_when_killed += 1;
            timeout(CLIENT_ENDS, work.client.wait()).await.expect("a client ends with its session").expect("a status");
            return Err(Gone);
        };
        let session = text(&sessions.first().expect("a live session of the grant")["id"]);
        self.known().told(Noun::Session, &session, "live");
        Ok((work, session))
    }

    /// Types for a while, then the session ends in one of the ways that it can.
    async fn work(&self, work: &mut Work, grant: &str, session: &str) -> Result<(), Gone> {
        for _ in 0..self.chance.below(4) {
            if work.input.write_all(b"echo pi''ng\n").await.is_err() || !work.hears("ng").await {
                return Err(Gone);
            }
            sleep(Duration::from_millis(u64::from(self.chance.below(150)))).await;
        }
        match self.chance.below(3) {
            0 => self.withdraw(grant).await,
            1 => {
                let admin = &self.server.remains().admin;
                let path = format!("sessions/{session}/kill");
                let (status, answer) = self.server.post(admin, &path, json!({"reason": "it does harm"})).await?;
                assert!(status < 300, "{status}: {answer}");
                Ok(())
            }
            _ => {
                let left = match self.style {
                    Style::Command => Ok(()),
                    Style::Terminal => work.input.write_all(LEAVE).await,
                };
                left.map_err(|_| Gone)
            }
        }
    }

    async fn withdraw(&self, grant: &str) -> Result<(), Gone> {
        let path = format!("grants/{grant}/withdraw");
        let (status, answer) = self.server.post(&self.server.remains().bob, &path, json!({"reason": "done"})).await?;
        // Withdrawn already, by this round.
        assert!(status == 200 || answer["code"] == "grant_ended", "{status}: {answer}");
        self.known().told(Noun::Grant, grant, "ended");
        Ok(())
    }

    async fn see_it_go(&self, grant: &str, session: &str) -> Result<(), Gone> {
        self.wait_for(Noun::Session, session, "ended").await?;
        self.withdraw(grant).await?;
        self.wait_for(Noun::Grant, grant, "gone").await
    }

    /// Not every round waits long enough for the host to take the revocation list.
    async fn wait_for(&self, noun: Noun, id: &str, state: &'static str) -> Result<(), Gone> {
        for _ in 0..30 {
            let path = format!("{}/{id}", noun.path());
            let (status, answer) = self.server.get(&self.server.remains().carol, &path).await?;
            assert_eq!(status, 200, "{answer}");
            if answer["state"] == state {
                self.known().told(noun, id, state);
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    async fn items(&self, path: &str) -> Result<Vec<Value>, Gone> {
        let (status, answer) = self.server.get(&self.server.remains().carol, path).await?;
        assert_eq!(status, 200, "{answer}");
        Ok(answer["items"].as_array().cloned().expect("a list"))
    }
}

impl Work {
    /// Reads until a line holds the word; whether it came.
    async fn hears(&mut self, word: &str) -> bool {
        let mut line = String::new();
        loop {
            line.clear();
            match self.output.read_line(&mut line).await {
                Ok(0) | Err(_) => return false,
                Ok(_) if line.contains(word) => return true,
                Ok(_) => {}
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}
