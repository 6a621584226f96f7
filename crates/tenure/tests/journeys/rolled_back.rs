//! A database that is put back to an earlier state is refused by its witness, and so is one whose witness was taken away;
//! accepting it leaves evidence.

use crate::installed::{Installed, code, told};
use peers::process::output_of;
use peers::tools;
use std::path::PathBuf;
use std::process::Command;

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
                restore.args(["--quiet", "--set", "ON_ERROR_STOP=1", "--file"]).arg(from).arg(database.url());
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
fn a_sqlite_file_that_was_put_back_is_refused_until_that_is_accepted_with_a_reason() {
    refused_and_accepted(on(None));
}

#[test]
fn a_postgresql_dump_that_was_put_back_is_refused_until_that_is_accepted_with_a_reason() {
    refused_and_accepted(on(Some(peers::postgres::shared().unwrap())));
}
