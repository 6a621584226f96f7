//! One GiB by `sftp`, through Tenure and directly, in turn.

use crate::served::{Served, Way, succeed};
use crate::table::{Figure, Goal, median};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Command;

const ROUNDS: usize = 3;
const MEBIBYTES: u32 = 1024;

pub(crate) async fn measure(served: &Served) -> Vec<Figure> {
    let file = served.path("gibibyte");
    let mut make = Command::new("sh");
    let script = format!("head -c {MEBIBYTES}M /dev/urandom > \"$0\"");
    succeed(make.arg("-c").arg(script).arg(&file).stderr(Stdio::piped())).await;
    let put = format!("put {} /tmp/gibibyte\n", file.display());
    vec![
        both_ways(served, "1 GiB to the host by sftp", &put, &[]).await,
        both_ways(served, "1 GiB from the host by sftp", "get /tmp/gibibyte /dev/null\n", &[]).await,
        both_ways(served, "1 GiB to the host by sftp, AES-128-GCM both ways", &put, &["-c", "aes128-gcm@openssh.com"])
            .await,
    ]
}

async fn both_ways(served: &Served, name: &'static str, batch: &str, options: &[&str]) -> Figure {
    let (mut direct, mut through) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        direct.push(once(served, Way::Direct, batch, options).await);
        through.push(once(served, Way::Tenure, batch, options).await);
    }
    let (direct, through) = (median(&direct), median(&through));
    let ratio = direct.as_secs_f64() / through.as_secs_f64();
    let goal = options.is_empty().then_some(Goal { text: "a ratio of 0.9 or more", is_met: ratio >= 0.9 });
    Figure {
        name,
        measured: format!("{}, ratio {ratio:.2}", rate(through)),
        beside: format!("{} directly", rate(direct)),
        goal,
    }
}

async fn once(served: &Served, way: Way, batch: &str, options: &[&str]) -> Duration {
    let file = served.path("batch");
    std::fs::write(&file, batch).expect("a batch");
    let mut sftp = served.client(way, peers::tools::sftp(), "root");
    sftp.args(options).arg("-b").arg(file).arg("127.0.0.1");
    let begun = Instant::now();
    succeed(&mut sftp).await;
    begun.elapsed()
}

fn rate(took: Duration) -> String {
    format!("{:.0} MiB/s", f64::from(MEBIBYTES) / took.as_secs_f64())
}
