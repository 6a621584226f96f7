//! The domain is where a crew is known: Tenure reads it as a source of people, all of it and then what changed.

use crate::directories::Directories;
use peers::samba::BASE;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use testbed::{Engine, Testbed};

const PATIENCE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// More than one page of a directory.
const CREW: usize = 520;
/// `userAccountControl` of an account without a password that lets somebody in, and of one that does not
/// (MS-ADTS, 2.2.16).
const OPEN: u32 = 0x220;
const SHUT: u32 = 0x222;

struct Crew<'a> {
    bed: &'a Testbed,
    directories: &'a Directories,
    /// Of the crew, below the domain.
    unit: &'static str,
}

impl Crew<'_> {
    fn dn(&self, n: usize) -> String {
        format!("CN={}{n},OU={},{BASE}", self.unit, self.unit)
    }

    fn entry(&self, n: usize) -> String {
        let (unit, dn) = (self.unit, self.dn(n));
        let manager = if n == 0 { String::new() } else { format!("manager: {}\n", self.dn(0)) };
        format!(
            "dn: {dn}\nobjectClass: user\nsAMAccountName: {unit}{n}\nuserAccountControl: {OPEN}\ngivenName: Zoë\nsn: Nö{n}\n\
             mail: {unit}{n}@crew.example\ndepartment: Crew\ntitle: Sailor\n{manager}\n"
        )
    }

    fn board(&self) {
        let unit = format!("dn: OU={0},{BASE}\nobjectClass: organizationalUnit\nou: {0}\n\n", self.unit);
        let all: String = (0..CREW).map(|n| self.entry(n)).collect();
        self.directories.samba.load(&(unit + &all)).unwrap();
    }

    fn change(&self, n: usize, attribute: &str, value: &str) {
        let change = format!("changetype: modify\nreplace: {attribute}\n{attribute}: {value}\n");
        self.directories.samba.modify(&format!("dn: {}\n{change}", self.dn(n))).unwrap();
    }

    async fn declare(&self, kind: &str) {
        let columns = json!({"key": "objectGUID", "given_name": "givenName", "family_name": "sn", "email": "mail",
            "department": "department", "job_title": "title", "manager": "manager", "status": "enabled",
            "start_date": "whenCreated"});
        let read = json!({"base": format!("OU={},{BASE}", self.unit), "filter": "(objectCategory=person)",
            "columns": columns, "statuses": {"true": "active", "false": "terminated"}, "changes_by": "uSNChanged"});
        let source = json!({"source": [{"name": "crew", "kind": kind, "owner": "bob@example.com",
            "settings": {"service": "ad", "read": read}}]});
        let call = self.bed.call(Some(&self.bed.admin.token), Method::PUT, "/api/v1/sources").json(&source);
        let answer = self.bed.send(call).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// A reading of it, when it is over.
    async fn read(&self) -> Value {
        let asked = self.bed.post(&self.bed.admin, "/api/v1/sources/crew/read", json!({})).await;
        assert_eq!(asked.status, 202, "{}", asked.text);
        let path = format!("/api/v1/sources/crew/readings/{}", asked.json["id"].as_str().unwrap());
        let reading = || async { self.bed.get(&self.bed.admin, &path).await.json };
        let is_over = || async {
            let reading = reading().await;
            ["applied", "held", "unchanged", "refused"].iter().any(|state| reading["state"] == *state)
        };
        assert!(self.bed.eventually(PATIENCE, is_over).await, "{}", reading().await);
        reading().await
    }

    async fn person(&self, n: usize) -> Value {
        let path = format!("/api/v1/identities?q={}{n}@crew.example", self.unit);
        let found = self.bed.get(&self.bed.admin, &path).await;
        found.json["items"][0].clone()
    }

    async fn states(&self, numbers: [usize; 3]) -> Vec<String> {
        let mut states = Vec::new();
        for n in numbers {
            states.push(self.person(n).await["state"].as_str().unwrap_or("unknown").to_owned());
        }
        states
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_people_of_a_domain_are_known_change_and_leave_as_the_domain_says() {
    let directories = Directories::start().await;
    for (engine, unit) in [(Engine::Sqlite, "crew"), (Engine::Postgres, "ship")] {
        let bed = Testbed::start(engine).await;
        directories.declare(&bed).await;
        let crew = Crew { bed: &bed, directories: &directories, unit };
        crew.board();
        crew.declare("ldap").await;
        let refused = crew.read().await;
        assert_eq!((&refused["state"], &refused["code"]), (&json!("refused"), &json!("wrong_kind_of_service")));
        assert_eq!(crew.person(0).await, Value::Null);

        crew.declare("active_directory").await;
        let first = crew.read().await;
        let told = (&first["state"], &first["whole"], &first["records"]);
        assert_eq!(told, (&json!("applied"), &json!(true), &json!(CREW)), "{first}");
        let last = crew.person(CREW - 1).await;
        assert_eq!((&last["name"], &last["state"]), (&json!(format!("Zoë Nö{}", CREW - 1)), &json!("active")));
        assert_eq!(last["manager"]["name"], "Zoë Nö0", "{last}");

        crew.change(7, "sn", "Nüñez");
        crew.change(8, "userAccountControl", &SHUT.to_string());
        directories.samba.load(&crew.entry(CREW)).unwrap();
        directories.samba.modify(&format!("dn: {}\nchangetype: delete\n", crew.dn(9))).unwrap();
        let second = crew.read().await;
        assert_eq!((&second["state"], &second["whole"]), (&json!("applied"), &json!(false)), "{second}");
        assert!(second["records"].as_u64().unwrap() < 10, "{second}");
        assert_eq!(crew.person(7).await["name"], "Zoë Nüñez");
        let states = crew.states([8, 9, CREW]).await;
        assert_eq!(states, ["terminated", "active", "active"], "who is not among the changes is not gone");

        bed.clock.advance(DAY);
        let whole = crew.read().await;
        assert_eq!(
            (&whole["state"], &whole["whole"], &whole["records"]),
            (&json!("applied"), &json!(true), &json!(CREW))
        );
        assert_eq!(crew.states([8, 9, CREW]).await, ["terminated", "terminated", "active"]);
        let shut_out = crew.person(9).await["id"].as_str().unwrap().to_owned();
        let story = bed.timeline(&shut_out).await;
        assert!(story.iter().any(|line| line.starts_with("leaver.begun")), "{story:?}");
        crew.change(8, "userAccountControl", &OPEN.to_string());
        assert_eq!(crew.read().await["state"], "applied");
        assert_eq!(crew.person(8).await["state"], "active", "whom the domain lets in again works here again");
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}
