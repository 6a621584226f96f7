//! What 500 sessions cost that do nothing, each on a connection of its own: resident memory of the server's process.

use crate::served::{Served, Way, succeed};
use crate::table::{Figure, Goal};
use std::process::Stdio;
use tokio::io::AsyncReadExt;
use tokio::process::Child;
use tokio::task::JoinSet;

const SESSIONS: u64 = 500;
const AT_ONCE: usize = 10;

pub(crate) async fn measure(served: &Served) -> Vec<Figure> {
    for _ in 0..AT_ONCE {
        succeed(&mut served.ssh(Way::Tenure, "root", "true")).await;
    }
    let before = resident(served.pid());
    let mut opening = JoinSet::new();
    let mut open = Vec::new();
    for _ in 0..SESSIONS {
        if opening.len() == AT_ONCE {
            open.extend(opening.join_next().await);
        }
        let mut ssh = served.ssh(Way::Tenure, "root", "echo up; exec cat");
        opening.spawn(async move {
            let mut client: Child = ssh.stdin(Stdio::piped()).spawn().expect("ssh starts");
            let said = client.stdout.as_mut().expect("its output").read_u8().await;
            assert!(said.is_ok(), "a session does not start");
            client
        });
    }
    open.extend(opening.join_all().await.into_iter().map(Ok));
    assert_eq!(open.len() as u64, SESSIONS);
    let with_all = resident(served.pid());
    let each = with_all.saturating_sub(before) / SESSIONS;
    drop(open);
    vec![Figure {
        name: "500 idle sessions",
        measured: format!("{} kB resident for each, {} MB in all", each / 1000, with_all / 1_000_000),
        beside: format!("{} MB before them", before / 1_000_000),
        goal: Some(Goal { text: "less than 150 kB for each", is_met: each < 150_000 }),
    }]
}

/// In bytes.
pub(crate) fn resident(pid: u32) -> u64 {
    kept(pid, "VmRSS:")
}

/// The most that was resident so far, in bytes.
pub(crate) fn peak(pid: u32) -> u64 {
    kept(pid, "VmHWM:")
}

fn kept(pid: u32, what: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the server runs");
    let line = status.lines().find_map(|line| line.strip_prefix(what)).expect("a line with its memory");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number of kB") * 1024
}
