//! What Microsoft Entra ID and Okta document that their provisioning sends, in the order in which it does.

use crate::world::{ENTERPRISE, GROUP, USER, World};
use reqwest::Method;
use serde_json::{Value, json};
use testbed::Engine;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entra_provisions_a_user_and_a_group_as_it_documents() {
    let world = World::start(Engine::Sqlite, "entra").await;
    let probe = world.get("/Users?filter=userName%20eq%20%22Test_User_dfeef4c5%22").await;
    assert_eq!((probe.status, &probe.json["totalResults"]), (200, &json!(0)));
    let made = world.post("/Users", json!({
        "schemas": [USER, ENTERPRISE], "externalId": "0a21f0f2", "userName": "Test_User_ab6490ee", "active": true,
        "emails": [{"primary": true, "type": "work", "value": "Test_User_fd0ea19b@testuser.com"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName"},
        "roles": [], "custom": "what no schema names",
    })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let user = format!("/Users/{}", made.json["id"].as_str().unwrap());
    let found = world.get("/Users?filter=userName%20eq%20%22test_user_AB6490EE%22").await;
    assert_eq!(found.json["Resources"][0]["id"], made.json["id"]);
    let changed = world
        .patch(
            &user,
            json!([
                {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updatedEmail@microsoft.com"},
                {"op": "Replace", "path": "name.familyName", "value": "updatedFamilyName"},
                {"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+1 555"},
            ]),
        )
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(
        changed.json["emails"][0],
        json!({"primary": true, "type": "work", "value": "updatedEmail@microsoft.com"})
    );
    assert_eq!(
        (&changed.json["name"]["givenName"], &changed.json["phoneNumbers"][0]["type"]),
        (&json!("givenName"), &json!("mobile"))
    );
    let disabled = world.patch(&user, json!([{"op": "Replace", "path": "active", "value": "False"}])).await;
    assert_eq!(disabled.json["active"], json!(false), "{}", disabled.text);
    let group = world
        .post(
            "/Groups",
            json!({"schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": "8aa1a0c0", "displayName": "displayName", "members": [], "meta": {"resourceType": "Group"}}),
        )
        .await;
    assert_eq!(group.status, 201, "{}", group.text);
    let path = format!("/Groups/{}", group.json["id"].as_str().unwrap());
    let look = world.get("/Groups?excludedAttributes=members&filter=displayName%20eq%20%22displayName%22").await;
    assert_eq!((&look.json["totalResults"], look.json["Resources"][0].get("members")), (&json!(1), None));
    let member = json!([{"$ref": null, "value": made.json["id"]}]);
    let added = world.patch(&path, json!([{"op": "Add", "path": "members", "value": member}])).await;
    assert_eq!(added.json["members"][0]["value"], made.json["id"], "{}", added.text);
    let renamed = world.patch(&path, json!([{"op": "Replace", "path": "displayName", "value": "1879db59"}])).await;
    assert_eq!(renamed.json["displayName"], "1879db59");
    let emptied = world.patch(&path, json!([{"op": "Remove", "path": "members", "value": member}])).await;
    assert_eq!((emptied.status, emptied.json.get("members")), (200, None), "{}", emptied.text);
    assert_eq!(world.call(Method::DELETE, &path, Value::Null).await.status, 204);
    assert_eq!(world.call(Method::DELETE, &user, Value::Null).await.status, 204);
    assert_eq!(world.get(&user).await.status, 404);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn okta_provisions_a_user_and_a_group_as_it_documents() {
    let world = World::start(Engine::Sqlite, "okta").await;
    let probe = world.get("/Users?filter=userName%20eq%20%22test.user%40okta.local%22&startIndex=1&count=100").await;
    assert_eq!((probe.status, &probe.json["totalResults"]), (200, &json!(0)));
    let body = json!({
        "schemas": [USER], "userName": "test.user@okta.local", "name": {"givenName": "Test", "familyName": "User"},
        "emails": [{"primary": true, "value": "test.user@okta.local", "type": "work"}], "displayName": "Test User",
        "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [], "password": "1mz050nq", "active": true,
    });
    let made = world.post("/Users", body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(made.json.get("password").is_none() && !made.text.contains("1mz050nq"));
    let user = format!("/Users/{}", made.json["id"].as_str().unwrap());
    let mut whole = body;
    whole["id"] = made.json["id"].clone();
    whole["name"]["familyName"] = json!("Renamed");
    whole["meta"] = json!({"resourceType": "User"});
    let replaced = world.call(Method::PUT, &user, whole).await;
    assert_eq!((replaced.status, &replaced.json["name"]["familyName"]), (200, &json!("Renamed")), "{}", replaced.text);
    let off = world.patch(&user, json!([{"op": "replace", "value": {"active": false}}])).await;
    assert_eq!(off.json["active"], json!(false));
    let group = world.post("/Groups", json!({"schemas": [GROUP], "displayName": "Test SCIMv2", "members": []})).await;
    let id = group.json["id"].as_str().unwrap();
    let path = format!("/Groups/{id}");
    let named =
        world.patch(&path, json!([{"op": "replace", "value": {"id": id, "displayName": "Test SCIMv2.1"}}])).await;
    assert_eq!(named.json["displayName"], "Test SCIMv2.1", "{}", named.text);
    let member = json!([{"value": made.json["id"], "display": "test.user@okta.local"}]);
    let added = world.patch(&path, json!([{"op": "add", "path": "members", "value": member}])).await;
    assert_eq!(added.json["members"].as_array().map(Vec::len), Some(1), "{}", added.text);
    let filter = format!("members[value eq \"{}\"]", made.json["id"].as_str().unwrap());
    let removed = world.patch(&path, json!([{"op": "remove", "path": filter}])).await;
    assert_eq!(removed.json.get("members"), None, "{}", removed.text);
    let all = world.patch(&path, json!([{"op": "replace", "path": "members", "value": member}])).await;
    assert_eq!(all.json["members"][0]["value"], made.json["id"]);
    world.stop().await;
}
