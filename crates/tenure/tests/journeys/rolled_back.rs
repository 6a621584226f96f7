//! A database that is put back to an earlier state is refused by its witness, and so is one whose witness was taken away;
//! accepting it leaves evidence.

use crate::installed::{Installed, code, json, told};
use peers::process::{output_of, wait_until};
use peers::tools;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

enum Store {
    Sqlite(PathBuf),
    Postgres(peers::postgres::Database),
}

impl Store {
    fn copy(&self, to: &std::path::Path) {
        match self {
            Self::Sqlite(file) => drop(std::fs::copy(file, to).unwrap()),
            Self::Postgres(database) => {
                let mut dump = Command::new(tools::find("pg_dump").unwrap());
                output_of(dump.arg("--clean").arg("--if-exists").arg("--file").arg(to).arg(database.url())).unwrap();
            }
        }
    }

    fn put_back(&self, from: &std::path::Path) {
        match self {
            Self::Sqlite(file) => drop(std::fs::copy(from, file).unwrap()),
            Self::Postgres(database) => {
                let mut restore = Command::new(tools::find("psql").unwrap());
                restore
                    .args(["--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1", "--file"])
                    .arg(from)
                    .arg(database.url());
                output_of(&mut restore).unwrap();
            }
        }
    }
}

fn on(postgres: Option<peers::postgres::Database>) -> (Installed, Store) {
    let url = postgres.as_ref().map(peers::postgres::Database::url).unwrap_or_default();
    let environment = [("TENURE_DATABASE_URL", url.as_str())];
    let installed = Installed::init(&[], if postgres.is_some() { &environment } else { &[] });
    let store = postgres.map_or_else(|| Store::Sqlite(installed.data().join("tenure.db")), Store::Postgres);
    (installed, store)
}

fn serve_once(installed: &Installed) {
    installed.serve(&[]).end();
}

fn refused_and_accepted((installed, store): (Installed, Store)) {
    let config = installed.config();
    let accept =
        ["seal", "accept-rollback", "--config", config.to_str().unwrap(), "--reason", "the disk of Monday is lost"];
    let earlier = installed.data().join("earlier");
    serve_once(&installed);
    let early = installed.tenure(&accept);
    assert!(code(&early) == 1 && told(&early).contains("nothing to accept"), "{}", told(&early));
    store.copy(&earlier);
    serve_once(&installed);

    store.put_back(&earlier);
    let said = installed.refuses_to_serve();
    for words in ["older than its witness", "the witness saw", "accept-rollback --reason"] {
        assert!(said.contains(words), "{said}");
    }
    let accepted = installed.tenure(&accept);
    assert_eq!(code(&accepted), 0, "{}", told(&accepted));
    serve_once(&installed);

    let witness = installed.data().join("witness.note");
    std::fs::remove_file(&witness).unwrap();
    let said = installed.refuses_to_serve();
    assert!(said.contains("is missing, and the database says that there was one"), "{said}");
    let accepted = installed.tenure(&accept);
    assert_eq!(code(&accepted), 0, "{}", told(&accepted));
    serve_once(&installed);

    let foreign = std::fs::read_to_string(&witness).unwrap().replace("tenure.example/log\n", "elsewhere/log\n");
    std::fs::write(&witness, foreign).unwrap();
    assert!(installed.refuses_to_serve().contains("does not verify"));
}

#[test]
fn a_dump_that_is_put_back_while_the_server_uses_it_closes_its_seal_and_does_not_become_the_witness() {
    let (installed, store) = on(Some(peers::postgres::shared().unwrap()));
    let earlier = installed.data().join("earlier");
    serve_once(&installed);
    store.copy(&earlier);
    serve_once(&installed);
    let mut serving = installed.serve(&[]);
    let is_sealed = || json(&installed.tenure(&["seal", "status", "--json"]))["sealed"] == true;
    assert!(!is_sealed());
    store.put_back(&earlier);
    let sealed = wait_until("the seal is closed", Duration::from_secs(30), is_sealed);
    sealed.unwrap_or_else(|error| panic!("{error}: {}", installed.log()));
    serving.end();
    let said = installed.refuses_to_serve();
    assert!(said.contains("older than its witness"), "{said}");
}

#[test]
fn a_root_key_of_an_earlier_generation_that_was_put_back_is_refused() {
    let (installed, store) = on(Some(peers::postgres::shared().unwrap()));
    let Store::Postgres(database) = &store else { panic!("on PostgreSQL") };
    let psql = |statements: &str| {
        let mut psql = Command::new(tools::find("psql").unwrap());
        psql.args(["-X", "-q", "-A", "-t", "--set", "ON_ERROR_STOP=1", "-c", statements]).arg(database.url());
        output_of(&mut psql).unwrap()
    };
    psql("create table kept_root as table seal_root; create table kept_keys as table data_keys");
    let (config, data) = (installed.config(), installed.data());
    let migrate = ["seal", "migrate", "--to", "passphrase", "--config", config.to_str().unwrap()];
    let passphrase = [("TENURE_SEAL_PASSPHRASE", "correct horse battery")];
    let migrated = installed.tenure_with(&migrate, &passphrase);
    assert_eq!(code(&migrated), 0, "{}", told(&migrated));
    installed.serve(&passphrase).end();
    let note = std::fs::read_to_string(data.join("witness.note")).unwrap();
    assert!(note.ends_with("root key generation 2\n"), "{note}");

    psql("delete from seal_root; insert into seal_root table kept_root");
    psql("update data_keys d set wrapped = k.wrapped from kept_keys k where k.version = d.version");
    let said = installed.refuses_to_serve();
    assert!(said.contains("the witness saw root key 2, and the database has root key 1 again"), "{said}");
}

#[test]
fn a_sqlite_file_that_was_put_back_is_refused_until_that_is_accepted_with_a_reason() {
    refused_and_accepted(on(None));
}

#[test]
fn a_postgresql_dump_that_was_put_back_is_refused_until_that_is_accepted_with_a_reason() {
    refused_and_accepted(on(Some(peers::postgres::shared().unwrap())));
}
