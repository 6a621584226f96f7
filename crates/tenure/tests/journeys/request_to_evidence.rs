//! Alice asks, Bob approves, Alice works, the grant is withdrawn; nothing is left and everything is proven.

use std::path::Path;
use testbed::{Engine, Testbed, blocking};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_becomes_a_recorded_session_and_evidence_that_verifies_offline() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let refused = bed.run(&bed.alice, "id -un").await;
        assert!(refused.stderr.contains("no grant for root on web-1: request one with `tenure request"), "{refused:?}");
        let grant = bed.grant("root", 10).await;
        let run = bed.run(&bed.alice, "id -un; echo oops >&2; exit 7").await;
        assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code()), ("root\n", "oops\n", Some(7)));
        bed.quiet(&grant).await;
        bed.withdraw(&grant).await;
        bed.gone(&grant).await;
        assert_eq!(
            bed.timeline(&grant).await,
            [
                "grant.issued by bob",
                "request.approved by bob",
                "permit.given by alice",
                "session.started by alice",
                "lease.issued by alice",
                "session.ended by alice",
                "permit.released by alice",
                "lease.ended by alice",
                "recording.sealed by alice",
                "lease.gone by tenure",
                "grant.ended by bob",
                "grant.gone by tenure",
            ]
        );
        let bundle = bed.evidence(&grant).await;
        let shown = ledger::verify::bundle(&bundle).unwrap();
        assert_eq!((shown.grant, shown.recordings), (grant, 1));
        every_altered_range_is_refused(&bundle);
        the_command_line_agrees(&bundle, bed.folder()).await;
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
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
    let mut refused = 0;
    for start in (0..bundle.len()).step_by(RANGE) {
        for (kind, alter) in ALTERATIONS.into_iter().enumerate() {
            let file = altered(bundle, start, alter);
            assert!(file == bundle || ledger::verify::bundle(&file).is_err(), "alteration {kind} at byte {start}");
            refused += usize::from(file != bundle);
        }
    }
    println!("{refused} alterations of {} bytes refused", bundle.len());
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
