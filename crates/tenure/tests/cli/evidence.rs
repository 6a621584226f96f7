//! Verifying evidence and the ledger, on real ledgers.

use crate::server::{Answer, Request, Server, json};
use crate::{code, err, out, signed_in, tenure};
use data_encoding::BASE64;
use ledger::bundle::{self, Contents};
use ledger::{Ctx, Entry, EventKind, Ledger, timeline};
use seal::RootKey;
use serde_json::json;
use types::{Actor, Chance, Clock, Secret};

const ISSUED: EventKind = EventKind { name: "grant.issued", doc: "A grant was issued." };
/// Few, so that there are pages.
const PAGE: u32 = 3;
const GRANT: &str = "grt_00000000000000000000000000000001";
const REQUEST: &str = "req_00000000000000000000000000000001";
const ASKED: EventKind = EventKind { name: "request.submitted", doc: "Somebody asked for access." };
const APPROVED: EventKind = EventKind { name: "request.approved", doc: "A request was approved." };

/// A ledger with some entries, and the runtime that it lives in.
struct Log {
    runtime: tokio::runtime::Runtime,
    ctx: Ctx,
    _database: db::fixture::Fixture,
}

impl Log {
    fn new(entries: usize) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (ctx, database) = runtime.block_on(async {
            let migrations = [seal::MIGRATIONS, ledger::MIGRATIONS].concat();
            let database = db::fixture::sqlite(&migrations).await;
            let (root, clock, chance) = (RootKey::File(Secret::new([7; 32])), Clock::system(), Chance::system());
            Ledger::initialise(&database.db, &root, &clock, &chance, "test/log").await.unwrap();
            let ledger = Ledger::open(database.db.clone(), &root, clock, chance).await.unwrap();
            (Ctx::new(ledger, Actor::Console), database)
        });
        let log = Self { runtime, ctx, _database: database };
        log.grow(entries);
        log
    }

    fn grow(&self, entries: usize) {
        for n in 0..entries {
            let because = json!({"kind": "request", "request": REQUEST, "role": "sre"});
            let entry = Entry::new(ISSUED, &GRANT).with("n", n).with("because", because);
            self.runtime.block_on(async { self.ctx.record(entry).await.unwrap().commit().await.unwrap() });
        }
    }

    /// The request that the grant follows.
    fn approve(&self) {
        for kind in [ASKED, APPROVED] {
            self.runtime.block_on(self.ctx.append(Entry::new(kind, &REQUEST))).unwrap();
        }
    }

    fn bundle(&self) -> Vec<u8> {
        let contents = Contents { threads: [GRANT, REQUEST].map(str::to_owned).into(), ..Contents::default() };
        self.runtime.block_on(bundle::build(&self.ctx, GRANT, contents)).unwrap()
    }

    fn key(&self) -> String {
        self.ctx.ledger().verifying_key().to_string()
    }

    /// As the API answers.
    fn answer(&self, request: &Request) -> Answer {
        let number = |name| request.query(name).and_then(|text| text.parse().ok()).unwrap_or(0_u64);
        if request.line.contains("/ledger/checkpoint") {
            let (checkpoint, note) = self.runtime.block_on(self.ctx.ledger().checkpoint()).unwrap();
            let root = BASE64.encode(&checkpoint.root);
            return json(200, json!({"size": checkpoint.size, "root": root, "key": self.key(), "note": note}));
        }
        if request.line.contains("/ledger/consistency") {
            let proof = self.runtime.block_on(bundle::consistency(&self.ctx, number("old"), number("new"))).unwrap();
            return json(200, json!({"proof": bundle::encode(&proof)}));
        }
        if request.line.contains("/evidence") {
            return Answer { status: 200, headers: vec![], body: self.bundle() };
        }
        let stored = self.runtime.block_on(timeline::raw(&self.ctx, number("from"), PAGE)).unwrap();
        let item =
            |entry: timeline::Stored| json!({"seq": entry.seq, "entry": String::from_utf8(entry.bytes).unwrap()});
        json(200, json!({"items": stored.into_iter().map(item).collect::<Vec<_>>()}))
    }
}

#[test]
fn a_bundle_is_exported_and_verified_offline_and_every_alteration_refused() {
    let state = tempfile::tempdir().unwrap();
    let log = Log::new(5);
    log.approve();
    let (key, bundle) = (log.key(), log.bundle());
    let file = state.path().join("grant.evidence.json");
    let path = file.to_str().unwrap();
    let server = Server::start(move |request| log.answer(request));
    let ended = signed_in(&server.url, state.path(), &["evidence", "export", GRANT, "-o", path]);
    assert_eq!(code(&ended), 0, "{}", err(&ended));
    assert_eq!(std::fs::read(&file).unwrap(), bundle);

    let verify = |args: &[&str]| tenure(state.path()).args(["evidence", "verify", path]).args(args).output().unwrap();
    let ended = verify(&[]);
    assert_eq!(code(&ended), 0, "{}", err(&ended));
    assert!(out(&ended).starts_with(&format!("key UNKNOWN: compare `{key}` with the one you know")));
    assert_eq!(out(&ended).matches("  grant.issued  server-console").count(), 5);
    let ended = verify(&["--key", &key]);
    assert!(code(&ended) == 0 && out(&ended).starts_with("the evidence of "), "{}", err(&ended));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "a bundle holds recordings");
    let ended = verify(&["--key", &Log::new(0).key()]);
    assert_eq!(code(&ended), 1);
    assert!(err(&ended).contains("it is signed by"));
    assert_eq!(code(&verify(&["--key", "nonsense"])), 2);

    for at in (0..bundle.len()).step_by(bundle.len() / 40) {
        let mut altered = bundle.clone();
        altered[at] ^= 1;
        std::fs::write(&file, altered).unwrap();
        assert_eq!(code(&verify(&[])), 1, "byte {at}");
    }
    let ended = verify(&["--json"]);
    assert_eq!(code(&ended), 1);
    assert!(out(&ended).contains("\"whole\":false"));
}

#[test]
fn a_whole_ledger_is_verified_and_must_continue_what_was_verified_before() {
    let state = tempfile::tempdir().unwrap();
    let (grow, grown) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
    let log = Log::new(7);
    let server = Server::start(move |request| {
        if let Ok(entries) = grow.1.try_recv() {
            log.grow(entries);
            grown.0.send(()).unwrap();
        }
        log.answer(request)
    });
    let run = |args: &[&str]| signed_in(&server.url, state.path(), args);
    let ended = run(&["ledger", "checkpoint"]);
    assert!(out(&ended).contains("nothing was verified before"), "{}", err(&ended));
    let ended = run(&["ledger", "verify"]);
    assert_eq!(code(&ended), 0, "{}", err(&ended));
    assert!(out(&ended).starts_with("the log is whole\nsize  8\n") && out(&ended).contains("first seen"));

    grow.0.send(4).unwrap();
    let ended = run(&["ledger", "checkpoint"]);
    grown.1.recv().unwrap();
    assert!(out(&ended).contains("size  12\n") && out(&ended).contains("continues the 8 entries"), "{}", err(&ended));
    let ended = run(&["ledger", "verify", "--json"]);
    assert_eq!(code(&ended), 0, "{}", err(&ended));
    let told: serde_json::Value = serde_json::from_str(&out(&ended)).unwrap();
    assert_eq!((&told["whole"], &told["size"], &told["continues"]), (&json!(true), &json!(12), &json!(8)));
}

#[test]
fn a_ledger_that_was_altered_cut_or_replaced_is_refused() {
    let state = tempfile::tempdir().unwrap();
    let which = std::sync::Arc::new(std::sync::Mutex::new("whole"));
    let logs = (Log::new(7), Log::new(9));
    let served = which.clone();
    let server = Server::start(move |request| match *served.lock().unwrap() {
        "whole" => logs.0.answer(request),
        "replaced" => logs.1.answer(request),
        "altered" => {
            let mut answer = logs.0.answer(request);
            let text = String::from_utf8(answer.body).unwrap();
            answer.body = text.replace(r#"\"n\":3"#, r#"\"n\":4"#).into_bytes();
            answer
        }
        "cut" if request.line.contains("/raw") && request.query("from") != Some("0") => json(200, r#"{"items":[]}"#),
        _ => logs.0.answer(request),
    });
    let verify = || signed_in(&server.url, state.path(), &["ledger", "verify"]);
    assert_eq!(code(&verify()), 0);
    for (case, said) in [
        ("altered", "not those that the checkpoint signs"),
        ("cut", "is missing"),
        ("replaced", "the server signs with"),
    ] {
        *which.lock().unwrap() = case;
        let ended = verify();
        assert_eq!(code(&ended), 1, "{case}");
        // An alteration before the remembered size is seen there first.
        let seen = err(&ended);
        assert!(seen.contains(said) || seen.contains("the log was rewritten"), "{case}: {seen}");
    }
    *which.lock().unwrap() = "whole";
    assert_eq!(code(&verify()), 0, "what was refused is not remembered");
}
