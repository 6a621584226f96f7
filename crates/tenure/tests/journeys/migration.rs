//! Another unseal key while the server runs: it goes on by the new one, which alone opens the seal from then on.

use crate::installed::{Installed, code, json, told};
use peers::process::wait_until;
use std::time::Duration;

const PASSPHRASE: (&str, &str) = ("TENURE_SEAL_PASSPHRASE", "correct horse battery staple");

#[test]
fn a_running_server_goes_on_by_the_passphrase_that_replaced_its_key_file() {
    let database = peers::postgres::shared().unwrap();
    let url = database.url();
    let installed = Installed::init(&[], &[("TENURE_DATABASE_URL", url.as_str())]);
    let config = installed.config();
    let migrate = ["seal", "migrate", "--to", "passphrase", "--config", config.to_str().unwrap()];
    let status = || json(&installed.tenure(&["seal", "status", "--json"]));
    let mut serving = installed.serve(&[PASSPHRASE]);
    assert_eq!((&status()["kind"], &status()["root_generation"]), (&"file".into(), &1.into()));

    let without = installed.tenure(&migrate);
    assert!(code(&without) == 1 && told(&without).contains("TENURE_SEAL_PASSPHRASE"), "{}", told(&without));
    let migrated = installed.tenure_with(&migrate, &[PASSPHRASE]);
    assert_eq!(code(&migrated), 0, "{}", told(&migrated));
    let goes_on = || status()["kind"] == "passphrase" && status()["root_generation"] == 2;
    wait_until("the server reads its new root key", Duration::from_secs(20), goes_on).unwrap();
    assert_eq!((&status()["sealed"], &status()["data_key"]), (&false.into(), &1.into()));
    serving.end();

    assert!(installed.refuses_to_serve().contains("TENURE_SEAL_PASSPHRASE"), "the key file opens nothing any more");
    let wrong = installed.refuses_to_serve_with(&[(PASSPHRASE.0, "wrong horse")]);
    assert!(wrong.contains("does not open this database"), "{wrong}");
    installed.serve(&[PASSPHRASE]).end();
}
