//! A described HTTP API as a system with accounts and entitlements: against one that nobody here wrote, and against one that
//! answers wrongly.

mod systems;

use connectors::connector::{AccountRef, EntitlementKind, Member, NativeId, NewAccount, Status};
use connectors::http_api::{Description, HttpApi};
use connectors::{Class, Connector, ConnectorError, Server, Tls};
use peers::faults::http::{Fault, Proxy};
use peers::kinto::{ADMIN, Server as Kinto};
use serde_json::json;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use systems::scripted::{Scripted, answer, endless};
use systems::whole::{attributes, by_login, held, new_account, whole};
use systems::{loopback, secret, texts};
use types::Failure;

const FILE: &str = include_str!("systems/kinto.yaml");

fn open(server: &Server, login: &str, password: &str, file: &str) -> Result<HttpApi, ConnectorError> {
    HttpApi::new(server, login, secret(password), Description::parse(file).unwrap())
}

fn connect(kinto: &Kinto) -> HttpApi {
    open(&loopback(kinto.port()), ADMIN, kinto.password(), FILE).unwrap()
}

fn start() -> (Kinto, HttpApi) {
    let kinto = Kinto::start().unwrap();
    for name in ["ops", "web", "db"] {
        kinto.put("groups", name, &json!({"name": format!("The {name}")}).to_string()).unwrap();
    }
    let system = connect(&kinto);
    (kinto, system)
}

fn id(text: &str) -> NativeId {
    NativeId(text.to_owned())
}

#[tokio::test]
async fn everybody_and_who_is_in_what_is_listed_page_by_page() {
    let (kinto, system) = start();
    assert!(system.test().await.unwrap().says.contains("HTTP API"));
    for n in 0..7 {
        let made = system.create(&new_account(&format!("p{n}"), None, &format!("m{n}"))).await.unwrap();
        system.grant(&made, &id(["ops", "web"][n % 2])).await.unwrap();
    }
    kinto.put("users", "old", &json!({"login": "old one", "enabled": false}).to_string()).unwrap();
    let all = whole(&system).await.unwrap();
    assert_eq!((all.accounts.len(), all.entitlements.len(), all.memberships.len()), (8, 3, 7));
    assert!(all.parts > 8, "{}", all.parts);
    assert_eq!(all.members("The web"), ["p1", "p3", "p5"]);
    assert_eq!(all.entitlement("The db").kind, EntitlementKind::Group);
    assert_eq!((all.account("old one").status, all.account("p0").status), (Status::Disabled, Status::Enabled));
}

#[tokio::test]
async fn an_account_is_made_once_changed_switched_off_and_removed_however_often_it_is_asked_for() {
    let (kinto, system) = start();
    let new =
        NewAccount { attributes: attributes(&[("title", "Guide \"\\ {login}")]), ..new_account("ann", None, "m-1") };
    let ann = system.create(&new).await.unwrap();
    assert_eq!(system.create(&new).await.unwrap(), ann, "our own mark");
    let other = system.create(&new_account("ann", None, "m-2")).await.unwrap_err();
    assert_eq!(other, ConnectorError::AlreadyThere { login: "ann".to_owned() });
    let read = system.read(&by_login("ann")).await.unwrap().unwrap().account;
    assert_eq!((read.attributes["title"][0].as_str(), read.attributes.get("mail")), ("Guide \"\\ {login}", None));
    for to in [Status::Disabled, Status::Disabled, Status::Enabled] {
        system.set_status(&ann, to).await.unwrap();
        assert_eq!(system.read(&ann).await.unwrap().unwrap().account.status, to);
    }
    system.change(&ann, &attributes(&[("title", "Chief")])).await.unwrap();
    let read = system.read(&ann).await.unwrap().unwrap().account;
    assert_eq!((read.attributes["title"][0].as_str(), read.status), ("Chief", Status::Enabled), "the rest stays");
    let unknown = system.change(&ann, &attributes(&[("salary", "1")])).await.unwrap_err();
    assert!(matches!(unknown, ConnectorError::BadName { .. }), "{unknown}");
    assert_eq!(system.set_password(&ann, &secret("x y z 1 2")).await.unwrap_err().code(), "system_cannot");
    for _ in 0..2 {
        system.delete(&ann).await.unwrap();
        assert_eq!(system.read(&ann).await.unwrap(), None);
    }
    assert_eq!(system.set_status(&ann, Status::Disabled).await.unwrap_err().code(), "host_account_missing");
    assert_eq!(kinto.get("/collections/users/records").unwrap(), "{\"data\":[]}");
}

#[tokio::test]
async fn a_membership_is_given_and_taken_once_and_what_is_not_there_is_told() {
    let (_kinto, system) = start();
    let ann = system.create(&new_account("ann", None, "m")).await.unwrap();
    for account in [&ann, &by_login("ann")] {
        system.grant(account, &id("ops")).await.unwrap();
        assert_eq!(held(&system, account).await, Some(vec!["The ops".to_owned()]));
    }
    assert_eq!(system.members(&id("ops")).await.unwrap().unwrap(), [Member::Account(id("ann"))]);
    for account in [&ann, &by_login("ann")] {
        system.revoke(account, &id("ops")).await.unwrap();
        assert_eq!(held(&system, account).await, Some(Vec::new()));
    }
    assert_eq!(system.members(&id("nothing")).await.unwrap(), None);
    assert_eq!(system.grant(&ann, &id("nothing")).await.unwrap_err().code(), "entitlement_missing");
    assert_eq!(system.grant(&by_login("nobody"), &id("ops")).await.unwrap_err().code(), "host_account_missing");
    system.revoke(&by_login("nobody"), &id("ops")).await.unwrap();
    system.revoke(&ann, &id("nothing")).await.unwrap();
    for odd in ["", "..", "."] {
        assert!(matches!(system.members(&id(odd)).await.unwrap_err(), ConnectorError::BadName { .. }), "{odd}");
    }
}

#[tokio::test]
async fn no_login_breaks_out_of_its_path_or_its_body() {
    let (kinto, system) = start();
    system.create(&new_account("ann", None, "m")).await.unwrap();
    for login in texts("[a-z\" \\\\()\\[\\]*/?#&%é{}.]{1,12}", 30).into_iter().chain(["../groups/ops".to_owned()]) {
        assert_eq!(system.read(&by_login(&login)).await.unwrap(), None, "{login:?}");
        system.delete(&by_login(&login)).await.unwrap();
        // The service takes few of them as names of records; none of them becomes another record.
        let _ = system.create(&new_account(&login, None, "m-1")).await;
    }
    assert!(whole(&system).await.unwrap().logins().contains("ann"));
    assert!(kinto.get("/collections/groups/records/ops").unwrap().contains("The ops"));
}

#[tokio::test]
async fn a_wrong_password_and_a_service_that_is_away_hold_everything_up() {
    let (kinto, system) = start();
    let wrong = open(&loopback(kinto.port()), ADMIN, "wrong", FILE).unwrap();
    for error in [wrong.test().await.unwrap_err(), wrong.create(&new_account("ann", None, "m")).await.unwrap_err()] {
        assert_eq!((error.code(), error.class()), ("host_refused_password", Class::Outage), "{error}");
    }
    let ours = json!({"login": ADMIN, "enabled": true}).to_string();
    kinto.put("users", "us", &ours).unwrap();
    assert_eq!(system.delete(&by_login(ADMIN)).await.unwrap_err().code(), "system_rejected", "who we are ourselves");
    drop(kinto);
    assert_eq!(system.read(&by_login("ann")).await.unwrap_err().class(), Class::Outage);
    let inside = Server { host: "10.0.0.1".to_owned(), port: 443, tls: Tls::Required { ca_pem: None }, database: None };
    let refused = open(&inside, ADMIN, "secret", FILE).err().unwrap();
    assert!(refused.to_string().contains("private network"), "{refused}");
    open(&inside, ADMIN, "secret", &format!("private: true\n{FILE}")).unwrap();
}

#[tokio::test]
async fn whatever_goes_wrong_on_the_way_no_half_of_a_listing_passes_for_the_whole() {
    let (kinto, system) = start();
    for n in 0..5 {
        system.create(&new_account(&format!("p{n}"), None, "m")).await.unwrap();
    }
    let proxy = Proxy::to(SocketAddr::from(([127, 0, 0, 1], kinto.port()))).unwrap();
    let system = open(&loopback(proxy.port()), ADMIN, kinto.password(), FILE).unwrap();
    assert_eq!(whole(&system).await.unwrap().accounts.len(), 5);
    for (fault, code) in [
        (Fault::TooMany { retry_after: None }, "system_rate_limited"),
        (Fault::TooMany { retry_after: Some(7) }, "system_rate_limited"),
        (Fault::Fails, "host_busy"),
        (Fault::HalfAnswer, "host_unreachable"),
        (Fault::WrongJson, "host_unexpected"),
        (Fault::ErrorPage, "host_unexpected"),
        (Fault::FirstPageAgain { parameter: "_token" }, "system_listing_broken"),
        (Fault::FirstPageForEver { parameter: "_token" }, "system_listing_broken"),
    ] {
        proxy.arm(fault);
        let error = whole(&system).await.unwrap_err();
        assert_eq!(error.code(), code, "{fault:?}: {error}");
        assert_ne!(error.class(), Class::Permanent);
        if fault == (Fault::TooMany { retry_after: Some(7) }) {
            assert_eq!(error.class(), Class::RateLimited { after: Some(std::time::Duration::from_secs(7)) });
        }
        proxy.disarm();
    }
    assert_eq!(proxy.struck(), 8);
    proxy.arm(Fault::Drip);
    assert_eq!(whole(&system).await.unwrap().accounts.len(), 5, "slow is not wrong");
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_account() {
    for fault in [Fault::LosesChange, Fault::Fails] {
        let (kinto, _) = start();
        let proxy = Proxy::to(SocketAddr::from(([127, 0, 0, 1], kinto.port()))).unwrap();
        let system = open(&loopback(proxy.port()), ADMIN, kinto.password(), FILE).unwrap();
        let new = new_account("ann", None, "m-1");
        system.read(&by_login("ann")).await.unwrap();
        proxy.arm(fault);
        let error = system.create(&new).await.unwrap_err();
        assert_eq!(error.class(), Class::Retry, "{error}");
        let made = system.create(&new).await.unwrap();
        assert_eq!(system.create(&new).await.unwrap(), made);
        assert_eq!(whole(&system).await.unwrap().logins(), BTreeSet::from(["ann".to_owned()]));
        let other = system.create(&new_account("ann", None, "m-2")).await.unwrap_err();
        assert_eq!(other.class(), Class::Permanent, "who did not make it does not get it: {other}");
    }
}

const PLAIN: &str = "auth: bearer\naccounts: {list: {path: /users, items: /users}, id: /id, login: /name}\n";

fn plain(service: &Scripted, file: &str) -> HttpApi {
    open(&loopback(service.port), "tenure", "token-of-the-test", file).unwrap()
}

#[tokio::test]
async fn a_redirect_of_a_target_gets_no_token() {
    let other = Scripted::start(vec![answer("200 OK", "", r#"{"users": []}"#)]).await;
    let location = format!("location: http://127.0.0.1:{}/users\r\n", other.port);
    let next = format!("link: <http://127.0.0.1:{}/users>; rel=\"next\"\r\n", other.port);
    for (answers, class) in [
        (vec![answer("307 Temporary Redirect", &location, "")], Class::Permanent),
        (vec![answer("200 OK", &next, r#"{"users": [{"id": 1, "name": "ann"}]}"#)], Class::Retry),
    ] {
        let service = Scripted::start(answers).await;
        let file = PLAIN.replace("items: /users", "items: /users, paging: {link: {}}");
        let error = whole(&plain(&service, &file)).await.unwrap_err();
        assert_eq!(error.class(), class, "{error:?}");
        assert!(service.asked.lock().unwrap()[0].contains("authorization: Bearer token-of-the-test"));
    }
    assert!(other.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_target_that_answers_without_end_is_cut() {
    let system = open(&loopback(endless().await), "tenure", "token", PLAIN).unwrap();
    assert!(matches!(whole(&system).await.unwrap_err(), ConnectorError::TooMuchOutput { .. }));
    let page = answer("200 OK", "", r#"{"users": [], "next": "again"}"#);
    let service = Scripted::start(vec![page]).await;
    let file = PLAIN.replace("items: /users", "items: /users, paging: {cursor: {at: /next, parameter: after}}");
    let error = whole(&plain(&service, &file)).await.unwrap_err();
    assert_eq!(error.code(), "system_listing_broken", "{error}");
}

#[tokio::test]
async fn a_client_gets_a_token_keeps_it_and_gets_another_when_it_is_not_taken_any_more() {
    let users = || answer("200 OK", "", r#"{"users": []}"#);
    let token = |text: &str| {
        answer("200 OK", "", &json!({"access_token": text, "token_type": "Bearer", "expires_in": 3600}).to_string())
    };
    let refused = answer("401 Unauthorized", "", "{}");
    let service = Scripted::start(vec![token("first"), users(), users(), refused, token("second"), users()]).await;
    let auth = "auth: {oauth2_client_credentials: {token: /oauth/token, scope: \"read write\"}}";
    let system = plain(&service, &PLAIN.replace("auth: bearer", auth));
    whole(&system).await.unwrap();
    whole(&system).await.unwrap();
    assert_eq!(whole(&system).await.unwrap_err().class(), Class::Outage);
    whole(&system).await.unwrap();
    let asked = service.asked.lock().unwrap().clone();
    assert!(
        asked[0].starts_with("POST /oauth/token ")
            && asked[0].contains("grant_type=client_credentials&scope=read%20write")
    );
    assert!(asked[0].contains("authorization: Basic "), "{}", asked[0]);
    for (at, token) in [(1, "first"), (2, "first"), (3, "first"), (5, "second")] {
        assert!(asked[at].contains(&format!("authorization: Bearer {token}\r\n")), "{}", asked[at]);
        assert!(!asked[at].contains("token-of-the-test"), "the secret goes to whoever gives tokens alone");
    }
    for bad in [answer("400 Bad Request", "", "{}"), answer("200 OK", "", "<html>"), token("a b")] {
        let service = Scripted::start(vec![bad]).await;
        let system = plain(&service, &PLAIN.replace("auth: bearer", auth));
        assert_ne!(whole(&system).await.unwrap_err().class(), Class::Permanent);
    }
}

#[tokio::test]
async fn a_listing_that_does_not_make_sense_proves_nothing() {
    let users = |body: &str| answer("200 OK", "", body);
    let total = "items: /users, total: /total, paging: {offset: {parameter: skip}}";
    for (file, answers, told) in [
        ("items: /users", vec![users(r#"{"people": []}"#)], "no list"),
        ("items: /users", vec![users("[]")], "no list"),
        ("items: /users", vec![users(r#"{"users": [{"id": "", "name": "ann"}]}"#)], "without its id"),
        ("items: /users", vec![answer("404 Not Found", "", "{}")], "no such list"),
        (total, vec![users(r#"{"users": []}"#)], "how many"),
        (total, vec![users(r#"{"total": 2, "users": []}"#)], "less than it says"),
        (total, vec![users(r#"{"total": 0, "users": [{"id": 1, "name": "a"}]}"#)], "more than it says"),
    ] {
        let service = Scripted::start(answers).await;
        let error = whole(&plain(&service, &PLAIN.replace("items: /users", file))).await.unwrap_err();
        assert!(error.to_string().contains(told) && error.class() == Class::Retry, "{told}: {error}");
    }
}

#[tokio::test]
async fn groups_that_say_their_members_themselves_are_read_as_well() {
    let file = format!(
        "{PLAIN}entitlements: {{list: {{path: /groups, items: /groups}}, id: /id, name: /id, members: {{at: /people, account: /user}}}}\n"
    );
    let groups = answer("200 OK", "", r#"{"groups": [{"id": "ops", "people": [{"user": 1}]}, {"id": "web"}]}"#);
    let users = answer("200 OK", "", r#"{"users": [{"id": 1, "name": "ann"}, {"id": 2, "name": "ben"}]}"#);
    let service = Scripted::start(vec![groups.clone(), users.clone(), users, groups]).await;
    let system = plain(&service, &file);
    let all = whole(&system).await.unwrap();
    assert_eq!((all.members("ops"), all.members("web")), (vec!["ann".to_owned()], vec![]));
    let ann = AccountRef { id: Some(id("1")), login: "ann".to_owned() };
    assert_eq!(held(&system, &ann).await, Some(vec!["ops".to_owned()]));
}

#[test]
fn a_file_that_makes_no_sense_is_refused_with_line_and_column() {
    let put = |from: &str, to: &str| {
        assert!(FILE.contains(from), "{from}");
        FILE.replace(from, to)
    };
    for (file, line, told) in [
        (put("auth: basic", "auth: magic"), 3, "magic"),
        (put("auth: basic\n", ""), 0, "auth"),
        (put("per_second: 1000", "per_second: 0"), 4, "zero"),
        (put("per_second: 1000", "per_second: 5000"), 4, "at most 1,000"),
        (put("per_second: 1000", "per_second: 1000\ncolour: red"), 5, "colour"),
        (put("base: /v1/buckets", "base: v1/buckets"), 2, "no path"),
        (put("id: /id\n  login", "id: id\n  login"), 9, "points nowhere"),
        (put("\"/users/records/{id}\", item", "\"/users/records/{uid}\", item"), 7, "{uid}"),
        (put("\"/users/records/{id}\", item", "\"/users/../{id}\", item"), 7, "goes up"),
        (put("title: \"{title}\", contact", "title: \"{rank}\", contact"), 31, "{rank}"),
        (put("{If-None-Match: \"*\"}", "{Authorization: \"Bearer x\"}"), 30, "no header"),
        (put("method: PUT\n    path: \"/users", "method: GET\n    path: \"/users"), 28, "GET"),
        (
            put(
                "delete: {method: DELETE, path: \"/users/records/{id}\"}",
                "delete: {method: DELETE, path: \"/users/records/{mark}\"}",
            ),
            35,
            "{mark}",
        ),
        (put("gone_when: [404]", "gone_when: [404"), 0, ""),
        ("auth: basic\nauth: bearer\n".to_owned(), 2, "auth"),
        ("x".repeat(70_000), 1, "64 KiB"),
    ] {
        let fault = Description::parse(&file).unwrap_err();
        assert!(line == 0 || fault.line == line, "{told}: {fault}");
        assert!(fault.column >= 1 && fault.problem.contains(told), "{told}: {fault}");
        assert_eq!(fault.to_string().lines().count(), 1, "{fault}");
    }
}
