//! A server with the source `hr`, to which the administrator pushes.

use reqwest::Method;
use serde_json::{Value, json};
use testbed::{Answer, Engine, Person, Testbed};
use types::Secret;

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(crate) struct World {
    pub(crate) bed: Testbed,
}

impl World {
    pub(crate) async fn start(engine: Engine, client: &str) -> Self {
        let world = Self { bed: Testbed::start(engine).await };
        world.declare("hr", json!({"client": client})).await;
        world
    }

    pub(crate) async fn declare(&self, source: &str, body: Value) {
        let admin = &self.bed.admin;
        let people = json!({"source": [{"name": source, "kind": "scim", "owner": "bob@example.com",
            "settings": {"authority": "attributes"}}]});
        let call = self.bed.call(Some(&admin.token), Method::PUT, "/api/v1/sources").json(&people);
        let declared = self.bed.send(call).await;
        assert_eq!(declared.status, 200, "{}", declared.text);
        let call =
            self.bed.call(Some(&admin.token), Method::PUT, &format!("/api/v1/sources/{source}/scim")).json(&body);
        let declared = self.bed.send(call).await;
        assert_eq!(declared.status, 200, "{}", declared.text);
    }

    pub(crate) fn admin(&self) -> &Person {
        &self.bed.admin
    }

    /// A call of the SCIM service of `hr` by the administrator.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        self.call_as(&self.admin().token, method, &format!("hr/v2{path}"), body).await
    }

    pub(crate) async fn call_as(&self, token: &Secret<String>, method: Method, path: &str, body: Value) -> Answer {
        let mut call = self.bed.call(Some(token), method, &format!("/scim/{path}"));
        if !body.is_null() {
            call = call.header("content-type", "application/scim+json").body(body.to_string());
        }
        self.bed.send(call).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        self.call(Method::PATCH, path, body).await
    }

    /// Pushes a user; its id.
    pub(crate) async fn user(&self, name: &str) -> String {
        let made = self.post("/Users", json!({"schemas": [USER], "userName": name})).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn stop(self) {
        assert_eq!(self.bed.broken_invariants().await, Vec::<String>::new());
        self.bed.stop().await;
    }
}
