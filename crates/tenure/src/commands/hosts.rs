//! What target hosts fetch: the public key they trust and the list of what they must refuse. Needs no token.

use super::Desk;
use crate::client::{Client, Stream};
use crate::exit::{Ended, Exit, Failed};
use crate::output::write_out;
use crate::write::{Readers, atomically};
use clap::Args;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

pub(super) const KRL_EXAMPLES: &str = "\
Examples:
  tenure krl -o /etc/ssh/tenure.krl
  tenure krl -o /etc/ssh/tenure.krl --watch      keep it current; run it as a service

In sshd_config:
  TrustedUserCAKeys /etc/ssh/tenure-ca.pub
  RevokedKeys /etc/ssh/tenure.krl";

/// How long the server may hold an unchanged list back, and how long to wait after it could not be asked.
const HOLD_SECONDS: u64 = 50;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// No list of two-minute certificates is larger.
const MAX_KRL: usize = 64 * 1024 * 1024;

#[derive(Debug, Args)]
pub(crate) struct KrlArgs {
    /// Where to write it, replaced as a whole; standard output unless given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Stay and write it again whenever it changes
    #[arg(long, requires = "output")]
    watch: bool,
}

pub(super) async fn ca(desk: &Desk<'_>) -> Ended {
    let answer = desk.client()?.public(&["ssh", "ca.pub"]).send().await?;
    write_out(answer.text.as_bytes())?;
    Ok(Exit::Ok)
}

pub(super) async fn krl(desk: &Desk<'_>, args: KrlArgs) -> Ended {
    let client = desk.client()?;
    match args.output {
        Some(path) if args.watch => watch(desk, &client, &path).await,
        Some(path) => {
            let list = whole(client.public(&["ssh", "krl"]).stream().await?).await?;
            atomically(&path, &list, Readers::Everyone)?;
            Ok(Exit::Ok)
        }
        None if std::io::stdout().is_terminal() => Err(Failed::usage("the list is binary: give -o FILE or a pipe")),
        None => {
            write_out(&whole(client.public(&["ssh", "krl"]).stream().await?).await?)?;
            Ok(Exit::Ok)
        }
    }
}

/// Runs until it is stopped. A server that cannot be reached leaves the last list in place; one that cannot be written
/// is the end.
async fn watch(desk: &Desk<'_>, client: &Client, path: &std::path::Path) -> Ended {
    let (mut etag, mut pause) = (None, FIRST_PAUSE);
    loop {
        match changed(client, etag.clone()).await {
            Ok(Some((list, newer))) => {
                atomically(path, &list, Readers::Everyone)?;
                pause = FIRST_PAUSE;
                // Without a tag the server cannot hold an unchanged list back.
                if newer.is_none() {
                    tokio::time::sleep(FIRST_PAUSE).await;
                }
                etag = newer;
            }
            Ok(None) => pause = FIRST_PAUSE,
            Err(failed) => {
                desk.out.note(&format!("{failed}; asking again in {} s", pause.as_secs_f32()));
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

type List = (Vec<u8>, Option<String>);

async fn changed(client: &Client, etag: Option<String>) -> Result<Option<List>, Failed> {
    let call = client.public(&["ssh", "krl"]).query("wait", &HOLD_SECONDS.to_string()).unless_still(etag);
    let asked = async {
        let stream = call.stream().await?;
        if stream.unchanged() {
            return Ok(None);
        }
        let etag = stream.etag();
        Ok(Some((whole(stream).await?, etag)))
    };
    let late = |_| Failed::new(Exit::Unavailable, "the server does not answer");
    tokio::time::timeout(Duration::from_secs(HOLD_SECONDS) + LONGEST_PAUSE, asked).await.map_err(late)?
}

async fn whole(mut stream: Stream) -> Result<Vec<u8>, Failed> {
    let mut list = Vec::new();
    while let Some(bytes) = stream.chunk().await? {
        list.extend_from_slice(&bytes);
        if list.len() > MAX_KRL {
            return Err(Failed::new(
                Exit::Unavailable,
                "the list is too large to be one: does the URL lead to Tenure?",
            ));
        }
    }
    Ok(list)
}
