//! A session that is up: an ordinary client under way, talked to and listened to until it ends.

use crate::{Run, finish};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::time::{Instant, timeout};

/// Longer than anything that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Live {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    errors: ChildStderr,
}

/// What a client still showed, and when it was over.
#[derive(Debug)]
pub struct LastWords {
    /// Standard output, then standard error.
    pub text: String,
    pub after: Duration,
    pub code: Option<i32>,
}

impl Live {
    /// Starts a client that can be talked to.
    pub fn start(mut client: Command) -> Self {
        let mut child = client.stdin(Stdio::piped()).spawn().expect("a client starts");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let errors = child.stderr.take().expect("its errors");
        Self { child, input, output, errors }
    }

    /// Sends a line.
    pub async fn say(&mut self, line: &str) {
        self.input.write_all(format!("{line}\n").as_bytes()).await.expect("the client takes input");
    }

    /// Waits for a line that holds `word`, and gives what stands behind it.
    pub async fn hear(&mut self, word: &str) -> String {
        let mut heard = String::new();
        let listen = async {
            let mut line = String::new();
            while self.output.read_line(&mut line).await.expect("readable output") > 0 {
                if let Some((_, behind)) = line.split_once(word) {
                    return Some(behind.trim().to_owned());
                }
                heard.push_str(&line);
                line.clear();
            }
            None
        };
        match timeout(PATIENCE, listen).await {
            Ok(Some(behind)) => behind,
            Ok(None) => panic!("no `{word}` but the end, after {heard:?} {:?}", self.errors().await),
            Err(_) => panic!("no `{word}`, only {heard:?}"),
        }
    }

    async fn errors(&mut self) -> String {
        let mut text = String::new();
        self.errors.read_to_string(&mut text).await.expect("readable errors");
        text
    }

    /// Waits for the client's own end. `since` is when its cause was known to be done.
    pub async fn last_words(self, since: Instant) -> LastWords {
        let Self { mut child, input, mut output, mut errors } = self;
        let (mut shown, mut complained) = (String::new(), String::new());
        let ending = async {
            let (output, errors) =
                tokio::join!(output.read_to_string(&mut shown), errors.read_to_string(&mut complained));
            output.and(errors).expect("readable output");
            let status = child.wait().await.expect("a client ends");
            (status.code(), since.elapsed())
        };
        let (code, after) = timeout(PATIENCE, ending).await.expect("the client ends");
        drop(input);
        LastWords { text: shown + &complained, after, code }
    }

    /// Closes the input, as a person who is done does.
    pub async fn hang_up(self) -> Run {
        let Self { mut child, input, output, errors } = self;
        drop(input);
        (child.stdout, child.stderr) = (Some(output.into_inner()), Some(errors));
        timeout(PATIENCE, finish(child)).await.expect("the client ends")
    }
}
