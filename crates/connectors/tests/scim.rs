//! A SCIM service as a system with accounts and groups: against one that nobody here wrote, and against one that
//! answers wrongly.

mod systems;

use connectors::connector::{AccountRef, Member, NativeId, NewAccount, Status};
use connectors::scim::{Scim, Scope};
use connectors::{Class, Connector, ConnectorError, Server};
use peers::faults::http::{Fault, Proxy};
use peers::scim::Server as Service;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use systems::scripted::{Scripted, answer};
use systems::whole::{attributes, by_login, held, new_account, whole};
use systems::{encrypted, loopback, secret, silent, texts};
use tokio::net::TcpListener;
use types::Failure;

fn connect(service: &Service) -> Scim {
    Scim::new(&loopback(service.port()), secret(service.token()), Scope { passwords: true, ..Scope::default() })
        .unwrap()
}

/// A group of the service, by its own interface.
fn group(service: &Service, name: &str, members: &[(&str, &NativeId)]) -> NativeId {
    let members: Vec<Value> = members
        .iter()
        .map(|(kind, id)| json!({"value": id.0, "type": kind, "$ref": format!("http://127.0.0.1:{}/{kind}s/{}", service.port(), id.0)}))
        .collect();
    let body =
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name, "members": members});
    let made: Value = serde_json::from_str(&service.post("/Groups", &body.to_string()).unwrap()).unwrap();
    NativeId(made["id"].as_str().unwrap().to_owned())
}

fn id(account: &AccountRef) -> NativeId {
    account.id.clone().unwrap()
}

#[tokio::test]
async fn everybody_and_every_group_is_listed_page_by_page() {
    let service = Service::start().unwrap();
    let scim = connect(&service);
    assert!(scim.test().await.unwrap().says.contains("0 users"));
    assert!(whole(&scim).await.unwrap().accounts.is_empty());
    let mut all = BTreeSet::new();
    for n in 0..205 {
        let made = scim.create(&new_account(&format!("p{n}"), None, &format!("m{n}"))).await.unwrap();
        all.insert(made.login);
    }
    let ann = scim
        .create(&NewAccount {
            attributes: attributes(&[
                ("name.givenName", "Ann"),
                ("emails[type eq \"work\"].value", "ann@example.com"),
                ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "Tours"),
            ]),
            ..new_account("ann", None, "m")
        })
        .await
        .unwrap();
    let inner = group(&service, "inner", &[("User", &id(&ann))]);
    group(&service, "outer", &[("Group", &inner)]);
    all.insert("ann".to_owned());
    let listed = whole(&scim).await.unwrap();
    assert_eq!((listed.logins(), listed.parts >= 3), (all, true));
    assert_eq!((listed.members("inner"), listed.members("outer")), (vec!["ann".to_owned()], vec!["+inner".to_owned()]));
    assert_eq!(listed.everybody_in("outer"), BTreeSet::from(["ann".to_owned()]));
    let account = listed.account("ann");
    assert_eq!(account.status, Status::Enabled);
    for (name, value) in [
        ("name.givenName", "Ann"),
        ("emails[type eq \"work\"].value", "ann@example.com"),
        ("externalId", "m"),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "Tours"),
    ] {
        assert_eq!(account.attributes[name], [value], "{name}");
    }
}

#[tokio::test]
async fn an_account_is_made_once_changed_switched_off_and_removed_however_often_it_is_asked_for() {
    let service = Service::start().unwrap();
    let scim = connect(&service);
    let new = new_account("ann", Some("first password 1"), "order-1");
    let ann = scim.create(&new).await.unwrap();
    assert_eq!(scim.create(&new).await.unwrap(), ann, "our own mark");
    let other = scim.create(&new_account("ANN", None, "order-2")).await.unwrap_err();
    assert_eq!(other, ConnectorError::AlreadyThere { login: "ANN".to_owned() });
    for account in [&ann, &by_login("Ann")] {
        assert_eq!(scim.read(account).await.unwrap().unwrap().account.id, id(&ann));
    }
    let wanted =
        attributes(&[("displayName", "Ann B."), ("name.familyName", "B\"]. or userName pr"), ("userName", "ann.b")]);
    let renamed = scim.change(&ann, &wanted).await.unwrap();
    assert_eq!((renamed.login.as_str(), &renamed.id), ("ann.b", &ann.id));
    let mut cleared = attributes(&[]);
    cleared.insert("displayName".to_owned(), Vec::new());
    scim.change(&renamed, &cleared).await.unwrap();
    let read = scim.read(&renamed).await.unwrap().unwrap().account;
    assert_eq!(
        (read.attributes.get("displayName"), read.attributes["name.familyName"][0].as_str()),
        (None, "B\"]. or userName pr")
    );
    let unknown = scim.change(&renamed, &attributes(&[("salary", "1")])).await.unwrap_err();
    assert!(matches!(unknown, ConnectorError::BadName { .. }), "{unknown}");
    for (to, times) in [(Status::Disabled, 2), (Status::Enabled, 2), (Status::Disabled, 1)] {
        for _ in 0..times {
            scim.set_status(&renamed, to).await.unwrap();
        }
        assert_eq!(scim.read(&renamed).await.unwrap().unwrap().account.status, to);
    }
    scim.set_password(&renamed, &secret("second password 2")).await.unwrap();
    for _ in 0..2 {
        scim.delete(&renamed).await.unwrap();
        scim.delete(&by_login("ann.b")).await.unwrap();
        assert_eq!(scim.read(&renamed).await.unwrap(), None);
    }
    for gone in [
        scim.set_status(&renamed, Status::Disabled).await,
        scim.set_password(&by_login("ann"), &secret("x y z 1 2")).await,
    ] {
        assert_eq!(gone.unwrap_err().code(), "host_account_missing");
    }
    let without = Scim::new(&loopback(service.port()), secret(service.token()), Scope::default()).unwrap();
    assert!(matches!(without.create(&new).await.unwrap_err(), ConnectorError::NotSupported { .. }));
}

#[tokio::test]
async fn a_membership_is_given_and_taken_once_and_what_is_not_there_is_told() {
    let service = Service::start().unwrap();
    let scim = connect(&service);
    let ann = scim.create(&new_account("ann", None, "m")).await.unwrap();
    let bob = scim.create(&new_account("bob", None, "n")).await.unwrap();
    let (admins, none) = (group(&service, "admins", &[("User", &id(&bob))]), NativeId("nothing".to_owned()));
    for account in [&ann, &by_login("ann")] {
        scim.grant(account, &admins).await.unwrap();
        assert_eq!(held(&scim, account).await, Some(vec!["admins".to_owned()]));
    }
    let members = scim.members(&admins).await.unwrap().unwrap();
    assert_eq!(members, [Member::Account(id(&bob)), Member::Account(id(&ann))]);
    for account in [&ann, &by_login("ann")] {
        scim.revoke(account, &admins).await.unwrap();
        assert_eq!(held(&scim, account).await, Some(Vec::new()));
    }
    assert_eq!(scim.members(&admins).await.unwrap().unwrap(), [Member::Account(id(&bob))]);
    assert_eq!(scim.members(&none).await.unwrap(), None);
    assert_eq!(scim.grant(&ann, &none).await.unwrap_err().class(), Class::Permanent);
    assert_eq!(scim.grant(&by_login("nobody"), &admins).await.unwrap_err().code(), "host_account_missing");
    scim.revoke(&by_login("nobody"), &admins).await.unwrap();
    scim.revoke(&ann, &none).await.unwrap();
    let odd = NativeId("../Users".to_owned());
    assert!(matches!(scim.members(&odd).await.unwrap_err(), ConnectorError::BadName { .. }));
}

#[tokio::test]
async fn no_login_breaks_out_of_a_filter_or_an_address() {
    let service = Service::start().unwrap();
    let scim = connect(&service);
    scim.create(&new_account("ann", None, "m")).await.unwrap();
    for login in texts("[a-z\" \\\\()\\[\\]*/?#&%é]{1,12}", 30)
        .into_iter()
        .chain(["\" or userName pr or userName eq \"".to_owned()])
    {
        assert_eq!(scim.read(&by_login(&login)).await.unwrap().map(|held| held.account.login), None, "{login:?}");
        scim.delete(&by_login(&login)).await.unwrap();
    }
    assert_eq!(whole(&scim).await.unwrap().logins(), BTreeSet::from(["ann".to_owned()]));
}

#[tokio::test]
async fn a_wrong_token_a_service_that_is_away_and_one_that_is_none_are_told_apart() {
    let service = Service::start().unwrap();
    let wrong = Scim::new(&loopback(service.port()), secret("wrong"), Scope::default()).unwrap();
    assert_eq!(wrong.test().await.unwrap_err().class(), Class::Outage);
    let port = { TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port() };
    let away = Scim::new(&loopback(port), secret("token"), Scope::default()).unwrap();
    assert_eq!(away.test().await.unwrap_err().class(), Class::Outage);
    let (_listener, port) = silent().await;
    let (ca, _) = systems::certificate("127.0.0.1");
    let plain = Scim::new(&encrypted(service.port(), &ca), secret("token"), Scope::default()).unwrap();
    assert_eq!(plain.test().await.unwrap_err().class(), Class::Outage);
    let elsewhere = Server { host: "192.0.2.1".to_owned(), ..loopback(port) };
    for (server, path, token) in [
        (&elsewhere, "", "t"),
        (&loopback(port), "/../x", "t"),
        (&loopback(port), "x", "t"),
        (&loopback(port), "", "a b"),
        (&loopback(port), "", ""),
    ] {
        let scope = Scope { path: path.to_owned(), ..Scope::default() };
        assert!(
            matches!(Scim::new(server, secret(token), scope).err(), Some(ConnectorError::BadServer { .. })),
            "{path} {token}"
        );
    }
}

fn connect_to(service: &Scripted) -> Scim {
    Scim::new(&loopback(service.port), secret("token-of-the-test"), Scope::default()).unwrap()
}

fn listed(total: u64, names: &[&str]) -> String {
    let users: Vec<Value> =
        names.iter().map(|name| json!({"id": name, "userName": name, "displayName": name})).collect();
    let body = json!({"totalResults": total, "Resources": users});
    answer("200 OK", "", &body.to_string())
}

#[tokio::test]
async fn a_listing_that_does_not_make_sense_proves_nothing_and_ends() {
    for (answers, told) in [
        (vec![listed(0, &[]), listed(3, &["a", "b"]), listed(3, &[])], "empty before the end"),
        (vec![listed(0, &[]), listed(3, &["a"]), listed(3, &["a"])], "twice"),
        (vec![listed(0, &[]), listed(3, &["a"]), listed(2, &["b"])], "changed while it was read"),
        (vec![listed(0, &[]), listed(1, &["a", "b"])], "more than it says"),
        (vec![answer("200 OK", "", "{\"Resources\": []}")], "how many there are"),
        (vec![answer("200 OK", "", "<html>all is well</html>")], "no SCIM resource"),
        (
            vec![answer(
                "200 OK",
                "",
                r#"{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "500"}"#,
            )],
            "no SCIM resource",
        ),
        (
            vec![
                listed(0, &[]),
                answer("200 OK", "", r#"{"totalResults": 1, "Resources": [{"id": "../x", "userName": "a"}]}"#),
            ],
            "without an id",
        ),
        (vec!["HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"totalRes".to_owned()], "cannot be reached"),
    ] {
        let service = Scripted::start(answers.clone()).await;
        let error = whole(&connect_to(&service)).await.unwrap_err();
        assert!(error.to_string().contains(told), "{told}: {error}");
        assert!(matches!(error.class(), Class::Retry | Class::Outage), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_is_told_as_that_and_a_busy_service_is_given_time() {
    let reset = String::new();
    for (last, class, code) in [
        (reset.clone(), Class::Retry, "system_answer_lost"),
        ("HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{".to_owned(), Class::Retry, "system_answer_lost"),
        (answer("500 Internal Server Error", "", ""), Class::Retry, "system_answer_lost"),
        (answer("502 Bad Gateway", "", ""), Class::Retry, "system_answer_lost"),
        (answer("201 Created", "", "made"), Class::Retry, "system_answer_lost"),
        (answer("503 Service Unavailable", "", ""), Class::Retry, "host_busy"),
        (
            answer("429 Too Many Requests", "retry-after: 7\r\n", ""),
            Class::RateLimited { after: Some(std::time::Duration::from_secs(7)) },
            "system_rate_limited",
        ),
        (answer("429 Too Many Requests", "", ""), Class::RateLimited { after: None }, "system_rate_limited"),
        (answer("400 Bad Request", "", r#"{"detail": "no such thing"}"#), Class::Permanent, "system_rejected"),
        (answer("403 Forbidden", "", ""), Class::Permanent, "host_not_permitted"),
    ] {
        let service = Scripted::start(vec![listed(0, &[]), last.clone()]).await;
        let error = connect_to(&service).create(&new_account("ann", None, "m")).await.unwrap_err();
        assert_eq!(error.class(), class, "{last}: {error:?}");
        assert_eq!(error.code(), code, "{last}");
        assert_eq!(service.asked.lock().unwrap().len(), 2, "it is not tried twice by itself");
    }
}

#[tokio::test]
async fn a_redirect_of_a_target_gets_no_token() {
    let other = Scripted::start(vec![listed(0, &[])]).await;
    let location = format!("location: http://127.0.0.1:{}/Groups\r\n", other.port);
    let service = Scripted::start(vec![answer("307 Temporary Redirect", &location, "")]).await;
    let error = whole(&connect_to(&service)).await.unwrap_err();
    assert_eq!(error.class(), Class::Permanent, "{error:?}");
    assert!(other.asked.lock().unwrap().is_empty());
    assert!(service.asked.lock().unwrap()[0].contains("authorization: Bearer token-of-the-test"));
}

#[tokio::test]
async fn a_target_that_answers_without_end_is_cut() {
    let port = systems::scripted::endless().await;
    let scim = Scim::new(&loopback(port), secret("token"), Scope::default()).unwrap();
    assert!(matches!(whole(&scim).await.unwrap_err(), ConnectorError::TooMuchOutput { .. }));
}

#[tokio::test]
async fn a_service_without_patch_is_given_the_whole_user() {
    let user = answer("200 OK", "", r#"{"id": "7", "userName": "ann", "title": "Guide", "active": true}"#);
    let service = Scripted::start(vec![answer("501 Not Implemented", "", ""), user.clone(), user]).await;
    let ann = AccountRef { id: Some(NativeId("7".to_owned())), login: "ann".to_owned() };
    connect_to(&service).set_status(&ann, Status::Disabled).await.unwrap();
    let asked = service.asked.lock().unwrap();
    assert!(
        asked[2].starts_with("PUT /Users/7 ")
            && asked[2].contains("\"active\":false")
            && asked[2].contains("\"title\":\"Guide\""),
        "{}",
        asked[2]
    );
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_account() {
    for fault in [Fault::LosesChange, Fault::HalfAnswer, Fault::Fails] {
        let service = Service::start().unwrap();
        let proxy = Proxy::to(SocketAddr::from(([127, 0, 0, 1], service.port()))).unwrap();
        let scim = Scim::new(&loopback(proxy.port()), secret(service.token()), Scope::default()).unwrap();
        let new = new_account("ann", None, "m-1");
        proxy.arm(fault);
        let error = scim.create(&new).await.unwrap_err();
        assert_ne!(error.class(), Class::Permanent, "{fault:?}: {error}");
        let made = scim.create(&new).await.unwrap();
        assert_eq!((scim.create(&new).await.unwrap(), proxy.struck()), (made, 1));
        assert_eq!(whole(&connect(&service)).await.unwrap().logins(), BTreeSet::from(["ann".to_owned()]));
    }
}

#[tokio::test]
async fn of_somebody_who_is_gone_no_group_tells_any_more() {
    let service = Service::start().unwrap();
    let scim = connect(&service);
    let ann = scim.create(&new_account("ann", None, "m")).await.unwrap();
    let bob = scim.create(&new_account("bob", None, "n")).await.unwrap();
    group(&service, "admins", &[("User", &id(&ann)), ("User", &id(&bob))]);
    scim.delete(&ann).await.unwrap();
    assert_eq!(whole(&scim).await.unwrap().members("admins"), ["bob"]);
}
