//! The service as RFC 7644 describes it: versions, searches, bulk, `/Me`, and refusals in their form.

use crate::world::{ENTERPRISE, GROUP, USER, World};
use reqwest::Method;
use serde_json::{Value, json};
use testbed::{Engine, Testbed};
use types::Secret;

fn ids(answer: &testbed::Answer) -> Vec<&str> {
    answer.json["Resources"].as_array().unwrap().iter().map(|resource| resource["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resource_has_a_version_which_a_change_may_insist_on() {
    let world = World::start(Engine::Sqlite, "strict").await;
    let id = world.user("alice").await;
    let path = format!("/scim/hr/v2/Users/{id}");
    let with = async |method: Method, header: &'static str, version: &str, body: Value| {
        let call = world.bed.call(Some(&world.admin().token), method, &path).header(header, version);
        world.bed.send(call.json(&body)).await
    };
    assert_eq!(with(Method::GET, "if-none-match", "W/\"1\"", Value::Null).await.status, 304);
    assert_eq!(with(Method::GET, "if-none-match", "W/\"2\"", Value::Null).await.status, 200);
    let body = json!({"schemas": [USER], "userName": "alice", "title": "Guide"});
    let refused = with(Method::PUT, "if-match", "W/\"9\"", body.clone()).await;
    assert_eq!((refused.status, &refused.json["status"]), (412, &json!("412")), "{}", refused.text);
    let changed = with(Method::PUT, "if-match", "W/\"1\"", body).await;
    assert_eq!((changed.status, &changed.json["meta"]["version"]), (200, &json!("W/\"2\"")));
    let location = changed.json["meta"]["location"].as_str().unwrap();
    assert!(location.ends_with(&path) && changed.json["meta"]["resourceType"] == "User", "{location}");
    assert_eq!(with(Method::DELETE, "if-match", "W/\"1\"", Value::Null).await.status, 412);
    assert_eq!(with(Method::DELETE, "if-match", "*", Value::Null).await.status, 204);
    assert_eq!(world.get(&format!("/Users/{id}")).await.status, 404);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_goes_through_one_kind_or_all_and_shows_what_is_asked_for() {
    let world = World::start(Engine::Postgres, "strict").await;
    let (alice, bob) = (world.user("alice").await, world.user("bob").await);
    let (first, second) = if alice < bob { (&alice, &bob) } else { (&bob, &alice) };
    let group = json!({"schemas": [GROUP], "displayName": "Tour Guides", "members": [{"value": alice}]});
    let group = world.post("/Groups", group).await.json["id"].as_str().unwrap().to_owned();
    let all = world.get("").await;
    assert_eq!((&all.json["totalResults"], ids(&all)), (&json!(3), vec![first.as_str(), second, &group]));
    let page = world.get("?startIndex=2&count=2").await;
    assert_eq!((&page.json["totalResults"], &page.json["itemsPerPage"]), (&json!(3), &json!(2)));
    assert_eq!(ids(&page), [second, &group]);
    let search = |body: Value| {
        let mut whole = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]});
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        whole
    };
    let named = search(json!({"filter": "displayName eq \"tour guides\"", "attributes": ["displayName"]}));
    let named = world.post("/.search", named).await;
    let only = json!({"schemas": [GROUP], "id": group, "displayName": "Tour Guides"});
    assert_eq!((named.status, &named.json["Resources"]), (200, &json!([only])), "{}", named.text);
    let users = search(json!({"filter": "userName sw \"b\"", "sortBy": "userName", "count": 1}));
    let users = world.post("/Users/.search", users).await;
    assert_eq!(ids(&users), [&bob]);
    let without = world.get(&format!("/Groups/{group}?excludedAttributes=members")).await;
    assert!(without.json.get("members").is_none() && without.json["displayName"] == "Tour Guides");
    for (path, kind) in [
        ("/Users?filter=userName%20is%20%22b%22", "invalidFilter"),
        ("?filter=salary%20pr", "invalidFilter"),
        ("/Users?count=many", "invalidValue"),
        ("/Users?attributes=userName&excludedAttributes=title", "invalidValue"),
    ] {
        let refused = world.get(path).await;
        assert_eq!((refused.status, &refused.json["scimType"]), (400, &json!(kind)), "{path}: {}", refused.text);
    }
    world.stop().await;
}

fn bulk(fail_on_errors: u64, operations: Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "failOnErrors": fail_on_errors,
        "Operations": operations})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bulk_request_does_what_it_can_and_each_operation_says_how_it_ended() {
    let world = World::start(Engine::Sqlite, "strict").await;
    let user = |id: &str, name: &str| json!({"method": "POST", "path": "/Users", "bulkId": id, "data": {"schemas": [USER], "userName": name}});
    let group = |id: &str, of: &str| {
        json!({"method": "POST", "path": "/Groups", "bulkId": id,
        "data": {"schemas": [GROUP], "displayName": id, "members": [{"value": format!("bulkId:{of}")}]}})
    };
    let done = world.post("/Bulk", bulk(0, json!([
        group("guides", "alice"), user("alice", "alice"), user("again", "ALICE"),
        {"method": "PATCH", "path": "/Users/bulkId:alice", "data": {"Operations": [{"op": "add", "path": "title", "value": "Guide"}]}},
        {"method": "PUT", "path": "/Users/nobody", "data": {"schemas": [USER], "userName": "x"}},
        group("left", "right"), group("right", "left"),
        {"method": "DELETE", "path": "/Users"},
    ]))).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let operations = done.json["Operations"].as_array().unwrap();
    let statuses: Vec<&str> = operations.iter().map(|operation| operation["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["201", "201", "409", "200", "404", "409", "409", "400"], "{}", done.text);
    assert_eq!(
        (&operations[2]["response"]["scimType"], &operations[1]["bulkId"]),
        (&json!("uniqueness"), &json!("alice"))
    );
    let path = |at: usize| operations[at]["location"].as_str().unwrap().split("/v2").nth(1).unwrap().to_owned();
    let alice = world.get(&path(1)).await;
    assert_eq!((&alice.json["title"], &alice.json["groups"][0]["display"]), (&json!("Guide"), &json!("guides")));
    let delete = json!({"method": "DELETE", "path": path(1), "version": alice.json["meta"]["version"]});
    let stopped = world.post("/Bulk", bulk(1, json!([user("a", "alice"), delete.clone()]))).await;
    assert_eq!(stopped.json["Operations"].as_array().unwrap().len(), 1, "nothing after the first that fails");
    let gone = world.post("/Bulk", bulk(1, json!([delete]))).await;
    assert_eq!(gone.json["Operations"][0]["status"], "204", "{}", gone.text);
    let many: Vec<Value> = (0..1001).map(|n| user(&n.to_string(), "x")).collect();
    assert_eq!(world.post("/Bulk", bulk(0, json!(many))).await.status, 413);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn me_is_the_user_with_the_address_of_the_caller() {
    let world = World::start(Engine::Sqlite, "strict").await;
    assert_eq!(world.get("/Me").await.status, 404);
    let address =
        world.bed.get(world.admin(), "/api/v1/me").await.json["identity"]["email"].as_str().unwrap().to_owned();
    let id = world.user(&address).await;
    let me = world.get("/Me").await;
    assert_eq!((me.status, &me.json["id"]), (200, &json!(id)), "{}", me.text);
    let titled = world.patch("/Me", json!([{"op": "add", "path": "title", "value": "Administrator"}])).await;
    assert_eq!(titled.json["title"], "Administrator");
    let body = json!({"schemas": [USER, ENTERPRISE], "userName": address, ENTERPRISE: {"department": "IT"}});
    let replaced = world.call(Method::PUT, "/Me", body).await;
    assert_eq!((&replaced.json["title"], &replaced.json[ENTERPRISE]["department"]), (&Value::Null, &json!("IT")));
    assert_eq!(world.call(Method::DELETE, "/Me", Value::Null).await.status, 204);
    assert_eq!(world.get(&format!("/Users/{id}")).await.status, 404);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refusal_has_the_form_of_scim_and_says_what_is_wrong() {
    let world = World::start(Engine::Sqlite, "strict").await;
    let id = world.user("alice").await;
    let user = format!("/Users/{id}");
    for (method, path, body, status, kind) in [
        ("POST", "/Users", "{", 400, Some("invalidSyntax")),
        ("POST", "/Users", "[]", 400, Some("invalidSyntax")),
        ("POST", "/Users", r#"{"userName": "a", "userName": "b"}"#, 400, Some("invalidSyntax")),
        ("POST", "/Users", r#"{"userName": "a\u0000"}"#, 400, Some("invalidSyntax")),
        ("POST", "/Users", "{}", 400, Some("invalidSyntax")),
        (
            "POST",
            "/Users",
            r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ALICE"}"#,
            409,
            Some("uniqueness"),
        ),
        (
            "PATCH",
            &user,
            r#"{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "remove", "path": "userName"}]}"#,
            400,
            Some("mutability"),
        ),
        (
            "PATCH",
            &user,
            r#"{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "remove"}]}"#,
            400,
            Some("noTarget"),
        ),
        ("PATCH", &user, r#"{"Operations": []}"#, 400, Some("invalidSyntax")),
        ("GET", "/Users/nobody", "", 404, None),
        ("GET", "/Groups/x/y", "", 404, None),
        ("GET", "/Robots", "", 404, None),
        ("GET", "/Schemas/nothing", "", 404, None),
        ("GET", "/Schemas?filter=id%20pr", "", 403, None),
        ("POST", "/Schemas", "{}", 405, None),
        ("DELETE", "/Users", "", 405, None),
    ] {
        let call = world.bed.call(Some(&world.admin().token), method.parse().unwrap(), &format!("/scim/hr/v2{path}"));
        let call = call.header("content-type", "application/scim+json").body(body.to_owned());
        let refused = world.bed.send(call).await;
        let what = format!("{method} {path} {body}: {}", refused.text);
        assert_eq!(
            (refused.status, refused.json["status"].as_str()),
            (status, Some(status.to_string().as_str())),
            "{what}"
        );
        assert_eq!(refused.json["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{what}");
        assert_eq!(refused.json["scimType"].as_str(), kind, "{what}");
        assert!(!refused.json["detail"].as_str().unwrap().is_empty(), "{what}");
    }
    let plain = world.bed.call(Some(&world.admin().token), Method::POST, "/scim/hr/v2/Users").body("{}");
    assert_eq!(world.bed.send(plain).await.status, 415);
    let nobody = world.bed.send(world.bed.call(None, Method::GET, "/scim/hr/v2/Users")).await;
    assert_eq!((nobody.status, &nobody.json["status"]), (401, &json!("401")));
    world.stop().await;
}

/// Alice registers a machine identity, and makes it a token that can push and nothing else.
async fn pusher(bed: &Testbed, name: &str) -> Secret<String> {
    let body = json!({"name": name, "purpose": "pushes people", "environment": "test", "days": 90});
    assert_eq!(bed.post(&bed.alice, "/api/v1/machines", body).await.status, 201);
    let body = json!({"name": "push", "scopes": ["sources.push"], "days": 30});
    let made = bed.post(&bed.alice, &format!("/api/v1/machines/{name}/tokens"), body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    Secret::new(made.json["secret"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scim_token_of_one_source_opens_no_other() {
    let world = World::start(Engine::Sqlite, "strict").await;
    let (idp, partner) = (pusher(&world.bed, "idp").await, pusher(&world.bed, "partner").await);
    world.declare("hr", json!({"client": "strict", "pushed_by": "idp"})).await;
    world.declare("partners", json!({"client": "entra", "pushed_by": "partner"})).await;
    let body = json!({"schemas": [USER], "userName": "alice"});
    for (token, source, status) in
        [(&idp, "hr", 201), (&partner, "partners", 201), (&idp, "partners", 404), (&partner, "hr", 404)]
    {
        let made = world.call_as(token, Method::POST, &format!("{source}/v2/Users"), body.clone()).await;
        assert_eq!(made.status, status, "{source}: {}", made.text);
    }
    let listed = world.call_as(&idp, Method::GET, "partners/v2/Users", Value::Null).await;
    assert_eq!(listed.status, 404, "{}", listed.text);
    let elsewhere = world.bed.send(world.bed.call(Some(&idp), Method::GET, "/api/v1/me")).await;
    assert_eq!(elsewhere.status, 403, "{}", elsewhere.text);
    let mallory = world.call_as(&world.bed.mallory.token, Method::GET, "hr/v2/Users", Value::Null).await;
    assert_eq!(mallory.status, 404, "a member who is not named sees no source");
    world.stop().await;
}
