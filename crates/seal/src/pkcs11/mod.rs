//! A PKCS#11 token that wraps the root key with a key that never leaves it. The vendor's library runs in a child process,
//! which gets one order over its standard input, answers it and ends: no foreign code shares our memory.

mod child;
mod order;

pub use child::serve as serve_child;

use crate::SealError;
use crate::unseal::read_private;
use order::{Act, Answer, LARGEST, Order};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use types::Secret;

const ANSWER: Duration = Duration::from_secs(30);
/// The hidden command of our binary that is the child.
pub const COMMAND: &str = "pkcs11-child";

/// Which key of which token.
#[derive(Debug, Clone)]
pub struct Token {
    /// Our own binary.
    pub program: PathBuf,
    /// The vendor's library.
    pub module: PathBuf,
    pub token_label: String,
    pub key_label: String,
    pub pin_file: PathBuf,
}

impl Token {
    /// Makes the key on the token where it is missing: AES-256, not extractable.
    pub async fn ensure_key(&self) -> Result<(), SealError> {
        self.ask(Act::EnsureKey, &[], &[]).await.map(drop)
    }

    pub(crate) async fn encrypt(&self, associated: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.ask(Act::Encrypt, associated, plain).await.map(|sealed| sealed.expose().clone())
    }

    pub(crate) async fn decrypt(&self, associated: &[u8], sealed: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        self.ask(Act::Decrypt, associated, sealed).await
    }

    async fn ask(&self, act: Act, associated: &[u8], data: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        let pin = Secret::new(read_private(&self.pin_file)?.expose().trim().to_owned());
        let order = Order::line(self, act, &pin, associated, data);
        let answered = tokio::time::timeout(ANSWER, self.run(&order)).await;
        let answer = answered.map_err(|_| self.away("it gave no answer in time"))?;
        let answer = answer.map_err(|error| self.away(&error.to_string()))?;
        match Answer::read(&answer) {
            Some(Answer::Done(bytes)) => Ok(bytes),
            Some(Answer::Refused(problem)) => Err(SealError::Refused { device: self.device(), problem }),
            Some(Answer::WrongPin(problem)) => Err(SealError::WrongPin { device: self.device(), problem }),
            Some(Answer::Away(problem)) => Err(self.away(&problem)),
            None => Err(self.away("its library ended without an answer")),
        }
    }

    async fn run(&self, order: &Secret<String>) -> std::io::Result<Secret<String>> {
        let mut child = Command::new(&self.program);
        child.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        // Nothing of ours is for the vendor's library, least of all what stands in the environment.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TENURE_")) {
            child.env_remove(name);
        }
        let mut child = child.spawn()?;
        let (mut stdin, stdout) = (child.stdin.take(), child.stdout.take());
        if let Some(stdin) = &mut stdin {
            stdin.write_all(order.expose().as_bytes()).await?;
        }
        drop(stdin);
        let mut answer = String::with_capacity(LARGEST);
        if let Some(stdout) = stdout {
            stdout.take(LARGEST as u64).read_to_string(&mut answer).await?;
        }
        let answer = Secret::new(answer);
        child.wait().await?;
        Ok(answer)
    }

    fn device(&self) -> String {
        format!("the PKCS#11 token `{}` (key `{}`)", self.token_label, self.key_label)
    }

    fn away(&self, problem: &str) -> SealError {
        SealError::Away { device: self.device(), problem: problem.to_owned() }
    }
}
