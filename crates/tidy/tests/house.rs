//! The law of the house.

use std::collections::BTreeSet;
use tidy::{FLOORS, OUTSIDE, Source, dependencies, lines_with, sources, workspace};

fn floor(room: &str) -> u32 {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor).expect("a room on a floor")
}

/// Reports every line with one of the words, outside of the files that may hold them.
fn absent(words: &[&str], may: impl Fn(&Source) -> bool) {
    let broken: Vec<String> = sources()
        .iter()
        .filter(|source| !may(source))
        .flat_map(|source| lines_with(&source.text, words).into_iter().map(|line| format!("{}:{line}", source.path)))
        .collect();
    assert!(broken.is_empty(), "{words:?} must not stand in\n{}", broken.join("\n"));
}

#[test]
fn every_crate_stands_on_a_floor_or_outside() {
    let listed: BTreeSet<&str> = FLOORS.iter().map(|(room, _)| *room).chain(OUTSIDE.iter().copied()).collect();
    for entry in std::fs::read_dir(workspace().join("crates")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        assert!(listed.contains(name.as_str()), "`{name}` needs a floor: see ARCHITECTURE.md");
    }
}

#[test]
fn arrows_point_only_down_and_never_between_the_planes() {
    for (room, own) in FLOORS {
        for below in dependencies(room) {
            assert!(!OUTSIDE.contains(&below.as_str()), "`{room}` must not ship `{below}`");
            assert!(
                floor(&below) < *own,
                "`{room}` (floor {own}) must not depend on `{below}` (floor {})",
                floor(&below)
            );
        }
    }
}

#[test]
fn sql_stands_only_in_stores() {
    let sql = ["\"select ", "\"insert into ", "\"update ", "\"delete from ", " from ledger_", "select count("];
    absent(&sql, |source| ["db", "connectors"].contains(&source.room.as_str()) || source.path.ends_with("store.rs"));
}

#[test]
fn the_clock_is_read_in_one_place() {
    absent(&["SystemTime::now", "Utc::now", "Local::now"], |source| source.path == "types/src/clock.rs");
}

#[test]
fn time_zones_are_known_in_one_place() {
    absent(&["jiff"], |source| source.path == "governance/src/states/days.rs");
}

#[test]
fn chance_is_drawn_in_one_place() {
    absent(&["rand::", "OsRng", "thread_rng"], |source| source.path == "types/src/chance.rs");
}

/// A library that makes a key pair by itself draws by itself, and takes no chance of ours.
#[test]
fn a_library_makes_keys_by_itself_only_where_security_md_says_so() {
    let may = ["privilege/src/issuers/keys.rs", "tenure/src/server/tls.rs"];
    absent(&["::generate()", "KeyPair::generate"], |source| may.contains(&source.path.as_str()));
    let security = std::fs::read_to_string(workspace().join("SECURITY.md")).unwrap();
    let randomness =
        security.lines().find(|line| line.starts_with("| randomness")).expect("where randomness comes from");
    for path in may {
        assert!(randomness.contains(path), "SECURITY.md must name `{path}`");
        let made = sources().iter().any(|source| source.path == path && source.text.contains("KeyPair::generate"));
        assert!(made, "`{path}` makes no keys any more: take it off this list and out of SECURITY.md");
    }
}

#[test]
fn a_write_without_evidence_is_begun_only_by_the_ledger() {
    absent(&["begin_unexplained"], |source| ["db", "ledger"].contains(&source.room.as_str()));
}

#[test]
fn the_types_do_no_waiting_and_no_sql() {
    absent(&["async fn", "tokio", "sqlx"], |source| source.room != "types");
}

#[test]
fn only_the_database_layer_knows_its_driver() {
    // A database of somebody else is a peer, not ours: connectors speak to it without `db`.
    let peer = |source: &Source| {
        ["connectors/src/postgres/", "connectors/src/mariadb/"].iter().any(|folder| source.path.starts_with(folder))
    };
    absent(&["sqlx"], |source| source.room == "db" || peer(source));
}

#[test]
fn only_the_conditions_know_the_language_they_are_written_in() {
    absent(&["cedar_policy"], |source| source.room == "conditions");
}

#[test]
fn a_connector_speaks_http_only_where_that_is_what_the_system_speaks() {
    let http = ["connectors/src/http.rs", "connectors/src/scim/", "connectors/src/http_api/"];
    let may = |source: &Source| source.room != "connectors" || http.iter().any(|place| source.path.starts_with(place));
    absent(&["reqwest"], may);
}

#[test]
fn a_connector_reads_yaml_only_where_somebody_describes_an_api() {
    let may = |source: &Source| source.room != "connectors" || source.path.starts_with("connectors/src/http_api/");
    absent(&["serde_saphyr"], may);
}

#[test]
fn only_the_seal_encrypts() {
    absent(&["aws_lc_rs::aead", "aes_gcm::", "chacha20poly1305"], |source| source.room == "seal");
}

#[test]
fn the_planes_do_not_know_each_other() {
    absent(&["privilege::"], |source| source.room != "governance");
    absent(&["governance::"], |source| source.room != "privilege");
}

/// Read back from where we wrote it ourselves, and from nobody else.
const OWN_WRITING: [&str; 8] = [
    "governance/src/correlation/model.rs",
    "governance/src/imports/lines.rs",
    "governance/src/imports/model.rs",
    "governance/src/roles/model.rs",
    "governance/src/states/model.rs",
    "privilege/src/accounts/model.rs",
    "privilege/src/recordings/frames.rs",
    "privilege/src/recordings/model.rs",
];

#[test]
fn what_somebody_sends_is_refused_when_it_names_what_nobody_knows() {
    let rooms = ["api", "governance", "privilege"];
    let written = |source: &Source| OWN_WRITING.contains(&source.path.as_str());
    let mut read = 0;
    for source in sources().iter().filter(|source| rooms.contains(&source.room.as_str()) && !written(source)) {
        for item in source.text.split("#[derive(").skip(1) {
            let (derived, rest) = item.split_once(")]").unwrap_or_default();
            let Some((attributes, item)) = rest.split_once("struct ") else { continue };
            if !derived.contains("Deserialize") || derived.contains("IntoParams") || attributes.contains("enum ") {
                continue;
            }
            let (name, fields) = item.split_once(" {").unwrap_or((item, ""));
            let fields = fields.split("\n}").next().unwrap_or_default();
            let closed = attributes.contains("deny_unknown_fields") && !fields.contains("serde(flatten)");
            assert!(closed, "{}: `{name}` must deny unknown fields, and be spelled out", source.path);
            read += 1;
        }
    }
    assert!(read > 40, "{read}");
}

#[test]
fn nothing_is_left_half_done() {
    absent(&["todo!(", "unimplemented!(", "TODO", "FIXME", "allow(dead_code)", "#[ignore"], |_| false);
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    for source in sources() {
        assert!(
            source.text.starts_with("//!"),
            "{} must open with `//!`: what it is, and what must not be in it",
            source.path
        );
    }
}

#[test]
fn no_room_is_named_after_nothing() {
    for source in sources() {
        for name in ["common", "core", "utils", "util", "helpers", "manager", "misc"] {
            let named = source.path.contains(&format!("/{name}/")) || source.path.ends_with(&format!("/{name}.rs"));
            assert!(!named, "{} is named `{name}`, which says nothing", source.path);
        }
    }
}

#[test]
fn no_file_grows_beyond_reading() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines: look for the second noun", source.path);
    }
}

#[test]
fn architecture_md_says_a_thing_once() {
    let text = std::fs::read_to_string(workspace().join("ARCHITECTURE.md")).unwrap();
    for table in text.split("\n\n").filter(|part| part.starts_with("| ")) {
        let heads =
            table.lines().filter_map(|line| line.split('|').nth(1)).map(|head| head.split(':').next().unwrap_or(head));
        let mut seen = std::collections::BTreeSet::new();
        let twice: Vec<&str> = heads.filter(|head| !seen.insert(*head)).collect();
        assert!(twice.is_empty(), "one row each: {twice:?}");
    }
}

#[test]
fn every_test_that_a_promise_names_exists() {
    const GUIDES: [&str; 3] = ["docs/promises.md", "docs/connect-a-system.md", "docs/configuration-as-code.md"];
    let read = |guide: &&str| std::fs::read_to_string(workspace().join(guide)).unwrap();
    let promises: String = GUIDES.iter().map(read).collect();
    let tests = tidy::test_names();
    let named = promises.split('`').skip(1).step_by(2).filter(|name| {
        name.contains('_') && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    });
    let missing: Vec<&str> = named.filter(|name| name.matches('_').count() > 2 && !tests.contains(*name)).collect();
    assert!(missing.is_empty(), "{GUIDES:?} name tests that do not exist: {missing:?}");
}

#[test]
fn every_invariant_stands_under_always_checked_and_nothing_else_does() {
    const LEDGER: &str = "the ledger is whole";
    let mut invariants = BTreeSet::from([LEDGER.to_owned()]);
    for source in sources() {
        for after in source.text.split("Invariant::new(").skip(1) {
            let name = after.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            let name = name.unwrap_or_else(|| panic!("{}: an invariant is named where it is made", source.path));
            invariants.insert(name.to_owned());
        }
    }
    assert!(invariants.len() > 20, "invariants are found");
    let promises = std::fs::read_to_string(workspace().join("docs/promises.md")).unwrap();
    let section = promises.split("\n## Always checked\n").nth(1).expect("the section `Always checked`");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("| ")).skip(1).collect();
    for name in &invariants {
        let told = rows.iter().filter(|row| row.starts_with(name.as_str())).count();
        assert_eq!(told, 1, "docs/promises.md must tell of `{name}` once, under `Always checked`");
    }
    for row in rows {
        let known = invariants.iter().any(|name| row.starts_with(name.as_str()));
        assert!(known, "docs/promises.md tells of an invariant that nothing checks: {row}");
    }
}

/// The document of the API keeps one schema for each name, and would drop the others without a word.
#[test]
fn no_two_schemas_of_the_api_share_a_name() {
    let mut names = BTreeSet::new();
    for source in sources().iter().filter(|source| source.room == "api") {
        for after in source.text.split("ToSchema)]").skip(1) {
            let mut words = after.split_whitespace().skip_while(|word| !["struct", "enum"].contains(word)).skip(1);
            let name = words.next().expect("a schema has a name").trim_end_matches(['{', ';']).to_owned();
            let name = name.split('<').next().unwrap_or_default().to_owned();
            assert!(names.insert(name.clone()), "{}: another schema is called `{name}`", source.path);
        }
    }
    assert!(names.contains("Target"), "schemas are found");
}
