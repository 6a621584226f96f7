//! A password that stands in a file on a host: found, kept, rehearsed and rotated by the command line. The program that
//! reads the file goes on working, and nobody without the permission learns where the password stands.

use crate::leak_to_dead;
use connectors::{LogIn, Server, Tls, postgres};
use peers::postgres::{Durability, Server as Postgres, psql};
use serde_json::Value;
use testbed::{Engine, Person, Testbed};
use tokio::process::Command;
use types::Secret;

const OLD: &str = "Canary-Of_The.Shop1";
const FILE: &str = "/etc/default/shop";

async fn managed(bed: &Testbed, postgres: &Postgres) {
    leak_to_dead::managed(bed, postgres, OLD).await;
    let unit = "[Service]\nEnvironmentFile=/etc/default/shop\nExecStart=/bin/shop\n";
    bed.host.write("/etc/systemd/system/shop.service", unit, 0o644).unwrap();
    let url = format!("DB=postgres://app:{OLD}@127.0.0.1:{}/postgres\n", postgres.port());
    bed.host.write(FILE, url, 0o640).unwrap();
    bed.host.write("/usr/local/sbin/systemctl", "#!/bin/sh\necho \"$*\" >> /run/told\n", 0o755).unwrap();
}

/// Exit code, standard output and standard error.
pub(crate) async fn tenure(bed: &Testbed, person: &Person, args: &[&str]) -> (Option<i32>, String, String) {
    let mut tenure = Command::new(env!("CARGO_BIN_EXE_tenure"));
    tenure.env("TENURE_URL", &bed.server.url).env("TENURE_CA_FILE", bed.server.ca_file.as_ref().unwrap());
    let done = tenure.env("TENURE_TOKEN", person.token.expose()).args(args).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

fn reads(bed: &Testbed) -> Option<String> {
    let content = String::from_utf8(bed.host.read(FILE).unwrap()).unwrap();
    psql(content.trim().strip_prefix("DB=").unwrap(), "select current_user").ok()
}

async fn old_one(postgres: &Postgres) -> LogIn {
    let (host, port) = ("127.0.0.1".to_owned(), postgres.port());
    let server = Server { host, port, tls: Tls::LoopbackPlain, database: None };
    postgres::log_in(&server, "app", &Secret::new(OLD.to_owned())).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_in_a_file_is_found_kept_and_rotated_and_what_reads_the_file_goes_on() {
    let postgres = tokio::task::spawn_blocking(|| Postgres::start_with(Durability::Fast).unwrap()).await.unwrap();
    for engine in Engine::BOTH {
        postgres.sql("drop role if exists app").unwrap();
        postgres.sql(&format!("create role app login password '{OLD}'")).unwrap();
        let bed = Testbed::start(engine).await;
        managed(&bed, &postgres).await;
        let dependents = |args: &[&'static str]| [&["accounts", "dependents"], args].concat();
        let find = dependents(&["find", "app@shop-db", "--host", "web-1"]);
        let refused = tenure(&bed, &bed.carol, &find).await;
        assert_eq!((refused.0, refused.1.as_str()), (Some(3), ""), "{refused:?}");
        let found = tenure(&bed, &bed.admin, &find).await;
        assert_eq!(found.0, Some(0), "{found:?}");
        for word in ["web-1", FILE, "environment_file", "shop.service", "found"] {
            assert!(found.1.contains(word), "{word}: {}", found.1);
        }
        let listed = tenure(&bed, &bed.carol, &dependents(&["list", "app@shop-db", "--json"])).await;
        let listed: Value = serde_json::from_str(&listed.1).unwrap();
        let id = listed["items"][0]["id"].as_str().unwrap();
        let keep = ["accounts", "dependents", "keep", id, "--restart"];
        assert_eq!(tenure(&bed, &bed.carol, &keep).await.0, Some(3));
        let kept = tenure(&bed, &bed.admin, &keep).await;
        assert_eq!(
            (kept.0, kept.1.as_str()),
            (Some(0), "web-1:/etc/default/shop is updated by rotations from now on\n")
        );
        let dry = tenure(&bed, &bed.admin, &dependents(&["dry-run", "app@shop-db"])).await;
        let shown = format!(
            "web-1:/etc/default/shop (kept), restarts shop.service\n  line 1: DB=postgres://app:******@127.0.0.1:{}/postgres\n",
            postgres.port()
        );
        assert_eq!((dry.0, dry.1.as_str()), (Some(0), shown.as_str()), "{dry:?}");
        assert_eq!((old_one(&postgres).await, bed.host.read("/run/told").is_err()), (LogIn::Accepted, true));
        assert_eq!(tenure(&bed, &bed.carol, &dependents(&["dry-run", "app@shop-db"])).await.0, Some(3));

        let rotated = tenure(&bed, &bed.admin, &["rotate", "app@shop-db", "--wait"]).await;
        assert!(rotated.0 == Some(0) && rotated.1.ends_with(": settled\n"), "{rotated:?}");
        assert_eq!(old_one(&postgres).await, LogIn::Refused);
        assert_eq!(reads(&bed).as_deref().map(str::trim), Some("app"));
        assert_eq!(bed.host.read("/run/told").unwrap(), b"daemon-reload\nrestart -- shop.service\n");

        bed.host.sh("chmod 777 /etc/default").unwrap();
        let stopped = tenure(&bed, &bed.admin, &dependents(&["dry-run", "app@shop-db"])).await;
        assert!(stopped.0 == Some(1) && stopped.1.contains("cannot be updated: "), "{stopped:?}");
        let removed = tenure(&bed, &bed.admin, &["accounts", "dependents", "remove", id]).await;
        assert_eq!(removed.0, Some(0), "{removed:?}");
        let none = tenure(&bed, &bed.admin, &dependents(&["list", "app@shop-db"])).await;
        assert_eq!(none.1, "no dependents\n");
        for said in [found, dry, stopped] {
            assert!(!said.1.contains(OLD) && !said.2.contains(OLD));
        }
        bed.host.sh("chmod 755 /etc/default; rm /run/told").unwrap();
        bed.stop().await;
    }
}
