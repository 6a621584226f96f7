//! What every journey of a grant comes to: nothing of it runs on the host, which refuses what was used there, and its
//! bundle proves it offline, and nothing once any range of it is altered.

use connectors::linux::Probe;
use std::path::Path;
use testbed::{Testbed, blocking};
use tokio::time::Instant;

/// An ended grant, to the last byte of its evidence. Compare its timeline before: that the evidence was given out is
/// told there too.
pub(crate) async fn must_be_proven(bed: &Testbed, grant: &str) {
    bed.gone(grant).await;
    let sessions = nothing_is_left(bed, grant).await;
    let bundle = bed.evidence(grant).await;
    let shown = privilege::evidence::verify_bundle(&bundle).unwrap();
    assert_eq!((shown.grant.as_str(), shown.recordings), (grant, sessions));
    let copy = bundle.clone();
    blocking(move || every_altered_range_is_refused(&copy)).await;
    the_command_line_agrees(&bundle, bed.folder()).await;
    assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
}

/// Tries the certificate of each session again; how many there were.
async fn nothing_is_left(bed: &Testbed, grant: &str) -> usize {
    let sessions = bed.sessions_of(grant).await;
    for session in &sessions {
        assert_eq!(session["state"], "ended", "{session}");
        let id = session["id"].as_str().unwrap().parse().unwrap();
        let credential = bed.credential_of(&id).await;
        assert_eq!(bed.offer(&credential, bed.address().await).await, Probe::Refused, "{session}");
        bed.clean_after(&credential.login, Instant::now()).await;
    }
    sessions.len()
}

/// Bytes of one range. Small enough that no field is longer than a few of them.
const RANGE: usize = 32;

/// What may happen to a range of a file.
const ALTERATIONS: [fn(&mut Vec<u8>, usize, usize); 4] = [
    |file, start, _| file[start] ^= 1,
    |file, start, end| drop(file.drain(start..end)),
    |file, start, end| file[start..end].reverse(),
    |file, start, end| drop(file.splice(start..start, file[start..end].to_vec())),
];

fn altered(bundle: &[u8], start: usize, alter: fn(&mut Vec<u8>, usize, usize)) -> Vec<u8> {
    let mut file = bundle.to_vec();
    alter(&mut file, start, (start + RANGE).min(bundle.len()));
    file
}

fn every_altered_range_is_refused(bundle: &[u8]) {
    let (began, mut refused) = (Instant::now(), 0);
    for start in (0..bundle.len()).step_by(RANGE) {
        for (kind, alter) in ALTERATIONS.into_iter().enumerate() {
            let file = altered(bundle, start, alter);
            assert!(file == bundle || ledger::verify::bundle(&file).is_err(), "alteration {kind} at byte {start}");
            refused += usize::from(file != bundle);
        }
    }
    println!("{refused} alterations of {} bytes refused in {:?}", bundle.len(), began.elapsed());
}

/// `tenure evidence verify`, where there is no network.
async fn the_command_line_agrees(bundle: &[u8], folder: &Path) {
    let file = folder.join("evidence.json");
    let verify = async |bytes: Vec<u8>| {
        let file = file.clone();
        std::fs::write(&file, bytes).unwrap();
        let output = blocking(move || {
            let mut alone = peers::process::as_root("unshare");
            alone.args(["--net", "--", env!("CARGO_BIN_EXE_tenure"), "evidence", "verify"]).arg(file);
            alone.output().unwrap()
        });
        let output = output.await;
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    let (code, said) = verify(bundle.to_vec()).await;
    assert!(code == Some(0) && said.contains("is whole"), "{code:?} {said}");
    let step = bundle.len() / 12;
    for (n, start) in (0..bundle.len()).step_by(step).enumerate() {
        let (code, said) = verify(altered(bundle, start, ALTERATIONS[n % ALTERATIONS.len()])).await;
        assert!(code == Some(1) && said.contains("proves nothing"), "byte {start}: {code:?} {said}");
    }
}
