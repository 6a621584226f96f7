//! Machine identities on the command line: what each command sends, and how a machine is shown.

use crate::server::{Server, json};
use crate::{code, err, out, signed_in};
use serde_json::{Value, json};

const TOKEN: &str = "tok_00000000000000000000000000000001";

#[test]
fn each_command_sends_one_call_about_the_machine_that_it_names() {
    let state = tempfile::tempdir().unwrap();
    let told = r#"{"id":"idn_1","name":"nightly","state":"active","token":{},"secret":"tnr_new","items":[]}"#;
    let server = Server::start(move |_| json(200, told));
    let register =
        ["machines", "register", "nightly", "--purpose", "backs up", "--environment", "test", "--for", "90d"];
    let change = ["machines", "change", "nightly", "--purpose", "restores", "--environment", "staging"];
    let hand_over = ["machines", "hand-over", "nightly", "--to", "bob@example.com", "--reason", "Alice left"];
    let create = ["machines", "tokens", "create", "nightly", "cron", "--scope", "self.read", "--for", "30d"];
    let request = ["request", "root@web-1", "--machine", "nightly", "--for", "1h", "--reason", "backup"];
    let calls: [(&[&str], &str, Value); 10] = [
        (
            &register,
            "POST /api/v1/machines",
            json!({"name": "nightly", "owner": null, "purpose": "backs up", "environment": "test", "days": 90}),
        ),
        (&["machines", "show", "nightly"], "GET /api/v1/machines/nightly", Value::Null),
        (&change, "PUT /api/v1/machines/nightly", json!({"purpose": "restores", "environment": "staging"})),
        (
            &hand_over,
            "POST /api/v1/machines/nightly/hand-over",
            json!({"owner": "bob@example.com", "reason": "Alice left"}),
        ),
        (
            &["machines", "extend", "nightly", "--for", "365d"],
            "POST /api/v1/machines/nightly/extend",
            json!({"days": 365}),
        ),
        (
            &["machines", "end", "nightly", "--reason", "done"],
            "POST /api/v1/machines/nightly/end",
            json!({"reason": "done"}),
        ),
        (&["machines", "tokens", "list", "nightly"], "GET /api/v1/machines/nightly/tokens?limit=100", Value::Null),
        (&create, "POST /api/v1/machines/nightly/tokens", json!({"name": "cron", "scopes": ["self.read"], "days": 30})),
        (
            &["machines", "tokens", "revoke", "nightly", TOKEN],
            "DELETE /api/v1/machines/nightly/tokens/tok_00000000000000000000000000000001",
            Value::Null,
        ),
        (
            &request,
            "POST /api/v1/requests",
            json!({"target": "web-1", "login": "root", "minutes": 60, "reason": "backup", "for_machine": "nightly"}),
        ),
    ];
    for (nth, (args, line, body)) in calls.into_iter().enumerate() {
        let ended = signed_in(&server.url, state.path(), args);
        assert_eq!(code(&ended), 0, "{args:?}: {}", err(&ended));
        let seen = &server.seen()[nth];
        assert_eq!(seen.line, line);
        let sent = if seen.body.is_empty() { Value::Null } else { seen.json() };
        assert_eq!(sent, body, "{args:?}");
    }
}

#[test]
fn a_machine_that_holds_access_is_told_from_a_person() {
    let state = tempfile::tempdir().unwrap();
    let grant = |name: &str, kind: Value| {
        json!({"id": "grt_1", "holder": {"id": "idn_1", "name": name, "kind": kind}, "login": "root", "target": "web-1",
            "state": "standing"})
    };
    let items =
        json!({"items": [grant("nightly", json!("machine")), grant("Alice Moreau", Value::Null)], "next": null});
    let server = Server::start(move |_| json(200, &items));
    let shown = out(&signed_in(&server.url, state.path(), &["grants"]));
    assert!(shown.contains("nightly (machine)") && !shown.contains("Moreau ("), "{shown}");
}
