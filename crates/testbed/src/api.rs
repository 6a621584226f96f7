//! Calls of the REST API, as a person with a token.

use crate::company::{feed, rows};
use crate::{Person, Testbed, exposed};
use reqwest::{Certificate, Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::Duration;
use tenure::server::Server;
use types::Secret;

/// Status and JSON body; `Null` where the body is something else.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub json: Value,
    pub text: String,
}

pub(crate) fn client(server: &Server) -> Client {
    let ca = std::fs::read(server.ca_file.as_ref().expect("a CA of its own")).expect("the CA file");
    let ca = Certificate::from_pem(&ca).expect("a certificate");
    Client::builder().tls_certs_only([ca]).build().expect("a client")
}

impl Testbed {
    pub async fn get(&self, person: &Person, path: &str) -> Answer {
        self.send(self.call(Some(&person.token), Method::GET, path)).await
    }

    pub async fn post(&self, person: &Person, path: &str, body: Value) -> Answer {
        self.send(self.call(Some(&person.token), Method::POST, path).json(&body)).await
    }

    /// A call to build on: headers, bodies, no token.
    pub fn call(&self, token: Option<&Secret<String>>, method: Method, path: &str) -> RequestBuilder {
        let call = self.http.request(method, format!("{}{path}", self.server.url));
        match token {
            Some(token) => call.bearer_auth(exposed(token)),
            None => call,
        }
    }

    pub async fn send(&self, call: RequestBuilder) -> Answer {
        let (client, request) = call.build_split();
        let request = request.expect("a request");
        let again = request.try_clone().filter(|request| request.method() == Method::GET);
        let response = match (client.execute(request).await, again) {
            // As every client does: a connection that it kept ends when the server goes from sealed to open.
            (Err(error), Some(again)) if error.is_request() => client.execute(again).await,
            (answer, _) => answer,
        };
        let response = response.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        Answer { status, json: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }

    /// Alice asks for a login on web-1.
    pub async fn request(&self, login: &str, minutes: u32) -> Answer {
        let body = json!({"target": "web-1", "login": login, "minutes": minutes, "reason": "the disk is full"});
        self.post(&self.alice, "/api/v1/requests", body).await
    }

    /// Alice asks, Bob approves; the grant's id.
    pub async fn grant(&self, login: &str, minutes: u32) -> String {
        self.granted(self.request(login, minutes).await).await
    }

    /// The same for channels that she names.
    pub async fn grant_of(&self, login: &str, channels: &[&str]) -> String {
        let body = json!({"target": "web-1", "login": login, "minutes": 10, "reason": "the disk is full",
            "channels": channels});
        self.granted(self.post(&self.alice, "/api/v1/requests", body).await).await
    }

    /// The safe `prod` is Bob's, and whoever is in Platform Engineering may ask for its folder `billing`.
    pub async fn declare_safe(&self) {
        let system = json!({"system": [{"name": "prod", "owner": "bob@example.com", "logins": ["billing"]}]});
        let role = json!({"role": [{"name": "billing-secrets",
            "when": [{"attribute": "department", "equals": "Platform Engineering"}],
            "makes_eligible": [{"system": "prod", "login": "billing", "max_minutes": 120,
                "channels": ["secret_read", "secret_write"]}]}]});
        for (path, body) in [("/api/v1/systems", system), ("/api/v1/roles", role)] {
            let call = self.call(Some(&self.admin.token), Method::PUT, path).json(&body);
            let answer = self.send(call).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }

    /// Alice asks for the folder to read and write, Bob approves; the grant's id.
    pub async fn grant_folder(&self) -> String {
        let body = json!({"target": "prod", "login": "billing", "minutes": 120, "reason": "the release",
            "channels": ["secret_read", "secret_write"]});
        self.granted(self.post(&self.alice, "/api/v1/requests", body).await).await
    }

    pub(crate) async fn granted(&self, request: Answer) -> String {
        assert_eq!(request.status, 201, "{}", request.text);
        let approved = self.decide(&self.bob, &request, "approve").await;
        assert_eq!(approved.status, 200, "{}", approved.text);
        text(&approved.json["grant"])
    }

    /// Somebody answers a request with `approve` or `deny`.
    pub async fn decide(&self, person: &Person, request: &Answer, decision: &str) -> Answer {
        let path = format!("/api/v1/requests/{}/{decision}", text(&request.json["id"]));
        self.post(person, &path, json!({"reason": "as agreed"})).await
    }

    /// Bob withdraws a grant.
    pub async fn withdraw(&self, grant: &str) {
        let answer = self.withdraw_as(&self.bob, grant).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    pub async fn withdraw_as(&self, person: &Person, grant: &str) -> Answer {
        let path = format!("/api/v1/grants/{grant}/withdraw");
        self.post(person, &path, json!({"reason": "no longer needed"})).await
    }

    /// Waits until no session of a grant is live and web-1 was seen to refuse the certificate of each.
    pub async fn quiet(&self, grant: &str) {
        let quiet = || async {
            let sessions = self.sessions_of(grant).await;
            sessions.iter().all(|session| !session["credential"]["observed_gone_at"].is_null())
        };
        assert!(self.eventually(Duration::from_secs(20), quiet).await, "{:?}", self.timeline(grant).await);
    }

    /// Waits until a grant has ended and nothing of it is left on the target, as far as Tenure has seen.
    pub async fn gone(&self, grant: &str) {
        let path = format!("/api/v1/grants/{grant}");
        let gone = || async { self.get(&self.carol, &path).await.json["state"] == "gone" };
        assert!(self.eventually(Duration::from_secs(20), gone).await, "{:?}", self.timeline(grant).await);
    }

    /// The evidence of a grant, as Carol downloads it.
    pub async fn evidence(&self, grant: &str) -> Vec<u8> {
        let answer = self.get(&self.carol, &format!("/api/v1/grants/{grant}/evidence")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text.into_bytes()
    }

    /// The HR feed arrives with `leavers` (employee numbers) marked as terminated.
    pub async fn import_with_leavers(&self, leavers: &[&str]) -> Answer {
        let left = |row: String| {
            let leaves = leavers.iter().any(|number| row.starts_with(&format!("{number},")));
            if leaves { row.replace(",active,", ",terminated,") } else { row }
        };
        self.import(feed(&rows().into_iter().map(left).collect::<Vec<_>>())).await
    }

    pub async fn import(&self, feed: String) -> Answer {
        let call = self.call(Some(&self.admin.token), Method::POST, "/api/v1/imports");
        self.send(call.header("content-type", "text/csv").body(feed)).await
    }

    /// Whether every session of a grant is known to have ended.
    pub async fn nothing_lives(&self, grant: &str) -> bool {
        self.sessions_of(grant).await.iter().all(|session| session["state"] == "ended")
    }

    /// The sessions of a grant, newest first.
    pub async fn sessions_of(&self, grant: &str) -> Vec<Value> {
        let answer = self.get(&self.carol, &format!("/api/v1/sessions?grant={grant}")).await;
        answer.json["items"].as_array().cloned().expect("a list of sessions")
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
