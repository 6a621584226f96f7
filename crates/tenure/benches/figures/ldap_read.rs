//! A whole OpenLDAP directory listed by our connector, beside `ldapsearch` alone.

use crate::table::{Figure, Goal};
use connectors::connector::{Connector, Page};
use connectors::openldap::{OpenLdap, Scope};
use connectors::{Server, Tls, listing};
use futures::StreamExt;
use peers::slapd::{ADMIN, BASE, PEOPLE, Server as Slapd};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::time::Instant;
use types::Secret;

const PEOPLE_IN_IT: usize = 100_000;
/// Entries that are added by one call.
const BATCH: usize = 10_000;

pub(crate) async fn measure() -> Vec<Figure> {
    let slapd = Slapd::start_new().expect("slapd");
    for from in (0..PEOPLE_IN_IT).step_by(BATCH) {
        slapd.add(&(from..from + BATCH).map(person).collect::<String>()).expect("people");
    }
    let (theirs_before, ours) = (ldapsearch(&slapd), listed(&slapd).await);
    let theirs = theirs_before.min(ldapsearch(&slapd));
    let rate = |seconds: f64| PEOPLE_IN_IT as f64 / seconds;
    vec![Figure {
        name: "an OpenLDAP directory of 100,000 people listed, all attributes",
        measured: format!("{:.0} entries a second ({ours:.1} s)", rate(ours)),
        beside: format!(
            "{:.0} entries a second by `ldapsearch` alone, its output thrown away ({theirs:.1} s): ratio {:.2}",
            rate(theirs),
            theirs / ours
        ),
        goal: Some(Goal { text: "at least half the rate of `ldapsearch`", is_met: ours <= 2.0 * theirs }),
    }]
}

async fn listed(slapd: &Slapd) -> f64 {
    let server = Server { host: "127.0.0.1".to_owned(), port: slapd.port(), database: None, tls: Tls::LoopbackPlain };
    let password = Secret::new(slapd.password().to_owned());
    let directory = OpenLdap::new(server, ADMIN, password, Scope::new(BASE)).expect("a connector");
    let (begun, mut seen) = (Instant::now(), 0);
    let mut pages = pin!(listing::checked("directory".to_owned(), directory.list()));
    while let Some(page) = pages.next().await {
        if let Page::Part(part) = page.expect("a page") {
            seen += part.accounts.len();
        }
    }
    assert_eq!(seen, PEOPLE_IN_IT);
    begun.elapsed().as_secs_f64()
}

fn ldapsearch(slapd: &Slapd) -> f64 {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let password = folder.path().join("password");
    std::fs::write(&password, slapd.password()).expect("a file");
    let mut command = Command::new("ldapsearch");
    command.args(["-x", "-LLL", "-E", "pr=1000/noprompt", "-H", &format!("ldap://127.0.0.1:{}", slapd.port())]);
    command.args(["-D", ADMIN, "-b", BASE, "-y"]).arg(password).args(["(objectClass=*)", "*", "+"]);
    let begun = Instant::now();
    let ended = command.env("LDAPNOINIT", "1").stdin(Stdio::null()).stdout(Stdio::null()).status();
    assert!(ended.expect("ldapsearch runs").success(), "ldapsearch finds everything");
    begun.elapsed().as_secs_f64()
}

fn person(number: usize) -> String {
    let login = format!("person.{number}");
    format!(
        "dn: uid={login},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: Person Number {number}\n\
         givenName: Person\nsn: Number {number}\nmail: {login}@example.com\nemployeeNumber: E{number}\n\
         departmentNumber: {}\ntitle: Engineer\n\n",
        number % 100
    )
}
