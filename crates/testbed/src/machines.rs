//! Machine identities of the company, registered by Alice, with everything that proves them.

use crate::company::write_key;
use crate::{Answer, Person, Testbed};
use serde_json::json;
use types::Secret;

impl Testbed {
    /// Alice registers a machine identity of test and makes it a token, with which it gets a certificate for its key.
    pub async fn machine(&self, name: &'static str) -> Person {
        let body = json!({"name": name, "purpose": "runs at night", "environment": "test", "days": 90});
        let made = self.post(&self.alice, "/api/v1/machines", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id = made.json["id"].as_str().expect("an id").parse().expect("an identity's id");
        let token = self.machine_token(&self.alice, name).await;
        let (ssh_key_file, _) = write_key(self.ctx(), self.folder(), name);
        let machine = Person { name, id, token, ssh_key_file };
        self.certify(&machine).await;
        machine
    }

    /// Whoever answers for a machine identity makes it a token.
    pub async fn machine_token(&self, owner: &Person, name: &str) -> Secret<String> {
        let body = json!({"name": "test", "scopes": ["self.read", "self.credentials"], "days": 30});
        let made = self.post(owner, &format!("/api/v1/machines/{name}/tokens"), body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        Secret::new(made.json["secret"].as_str().expect("a secret").to_owned())
    }

    /// A machine identity gets a certificate for its key, which `ssh` finds beside it.
    pub async fn certify(&self, machine: &Person) {
        let key = std::fs::read_to_string(machine.ssh_key_file.with_extension("pub")).expect("a public key");
        let body = json!({"public_key": key, "hours": 12});
        let issued = self.post(machine, "/api/v1/me/ssh-certificate", body).await;
        assert_eq!(issued.status, 201, "{}", issued.text);
        let file = machine.ssh_key_file.with_file_name("id_ed25519-cert.pub");
        std::fs::write(file, issued.json["certificate"].as_str().expect("a certificate")).expect("a file");
    }

    /// Somebody asks for a login on web-1 for a machine identity.
    pub async fn request_for(&self, owner: &Person, machine: &str, login: &str) -> Answer {
        let body = json!({"target": "web-1", "login": login, "minutes": 60, "reason": "the backup of tonight",
            "for_machine": machine});
        self.post(owner, "/api/v1/requests", body).await
    }

    /// Alice asks for her machine identity, Bob approves; the grant's id.
    pub async fn grant_for(&self, machine: &Person, login: &str) -> String {
        self.granted(self.request_for(&self.alice, machine.name, login).await).await
    }

    /// The timeline of an id in which the machine identity acts by its name.
    pub async fn timeline_with_machine(&self, subject: &str, machine: &Person) -> Vec<String> {
        let lines = self.timeline_with(subject, &["cause"]).await;
        lines.into_iter().map(|line| line.replace(machine.id.as_str(), machine.name)).collect()
    }
}
