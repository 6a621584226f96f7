//! What a client pushes by SCIM: who may, what is kept, what is refused, and what is found again.

use crate::company::{Company, on_both_engines};
use connectors::scim::language::{self, AGENT, GROUP, Object, Query, ScimType, USER};
use governance::machines::{self, Cause, Environment, Reach, State};
use governance::scim::{self, Change, Client, Dialect, Expected, Resource, ResourceKind, ScimFault};
use governance::sources::{self, Declaration, Settings, SourceKind};
use governance::{duties, identities};
use serde_json::{Value, json};
use std::time::Duration;
use types::{Failure, Role};

const BASE: &str = "https://tenure.test/scim/hr/v2";

fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

fn user(name: &str) -> Object {
    object(json!({"schemas": [USER.schema.id], "userName": name, "externalId": format!("x-{name}"),
        "name": {"givenName": name}, "active": true}))
}

fn group(name: &str, members: &[&Resource]) -> Object {
    let members: Vec<Value> = members.iter().map(|member| json!({"value": member.id})).collect();
    object(json!({"schemas": [GROUP.schema.id], "displayName": name, "members": members}))
}

async fn source(company: &Company, name: &str, kind: SourceKind) {
    let owner = "bob@example.com".to_owned();
    let settings = Settings::default();
    let declaration = Declaration { name: name.to_owned(), kind, description: String::new(), owner, settings };
    sources::declare(&company.ctx, &[declaration], None).await.unwrap();
}

async fn declared(company: &Company, name: &str) -> Client {
    source(company, name, SourceKind::Scim).await;
    scim::declare(&company.ctx, name, Dialect::Strict, None).await.unwrap()
}

async fn client(company: &Company) -> Client {
    declared(company, "hr").await
}

async fn pushed(company: &Company, client: &Client, kind: ResourceKind, body: Object) -> Resource {
    scim::create(&company.ctx, client, kind, body).await.unwrap()
}

async fn patch(company: &Company, client: &Client, resource: &Resource, sent: Value) -> Result<Resource, ScimFault> {
    let body = object(json!({"schemas": [language::PATCH_OP], "Operations": sent}));
    let operations = language::operations(&body, client.dialect).unwrap();
    let id = resource.id.as_str();
    scim::change(&company.ctx, client, resource.kind, id, Expected::Whatever, Change::Patch(operations)).await
}

fn names(documents: &[Resource]) -> Vec<String> {
    let name = |resource: &Resource| {
        let document = resource.document(BASE);
        document.get("userName").or(document.get("displayName")).unwrap().as_str().unwrap().to_owned()
    };
    documents.iter().map(name).collect()
}

async fn found(company: &Company, client: &Client, kind: ResourceKind, asked: &[(&str, &str)]) -> (u64, Vec<String>) {
    let of = kind.resource_type();
    let query = Query::from_parameters(of, |name| {
        asked.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    });
    let listed = scim::list(&company.ctx, client, kind, &query.unwrap(), BASE).await.unwrap();
    (listed.total, names(&listed.resources))
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, ScimFault>) -> ScimType {
    match answer.unwrap_err() {
        ScimFault::Refused(error) => error.kind,
        other => panic!("{other:?}"),
    }
}

on_both_engines! {
    async fn the_scim_client_of_one_source_opens_no_other(company: Company) {
        let new = machines::New {
            name: "idp".to_owned(),
            owner: None,
            purpose: "pushes people".to_owned(),
            environment: Environment::Production,
            ends_at: company.ctx.now().plus(Duration::from_secs(86_400)),
        };
        let idp = machines::register(&company.acting("alice").await, new, Reach::Own).await.unwrap();
        let nobodys = scim::declare(&company.ctx, "hr", Dialect::Entra, Some("idp")).await.unwrap_err();
        assert_eq!(nobodys.code(), "source_not_scim");
        for name in ["hr", "partners", "other"] {
            source(&company, name, SourceKind::Scim).await;
        }
        let hr = scim::declare(&company.ctx, "hr", Dialect::Entra, Some("idp")).await.unwrap();
        scim::declare(&company.ctx, "partners", Dialect::Okta, Some("bob@example.com")).await.unwrap();
        assert_eq!((&hr.pushed_by, hr.dialect), (&Some(idp.id.clone()), Dialect::Entra));
        let pusher = authn::Caller { identity: idp.id.clone(), ..company.caller("bob", Role::Member, None).await };
        let (bob, ada, carol) = (
            company.caller("bob", Role::Member, None).await,
            company.caller("ada", Role::Administrator, None).await,
            company.caller("carol", Role::Auditor, None).await,
        );
        for (caller, hr, partners) in [(&pusher, true, false), (&bob, false, true), (&ada, true, true), (&carol, false, false)] {
            assert_eq!(scim::opened(&company.ctx, caller, "hr").await.is_ok(), hr);
            assert_eq!(scim::opened(&company.ctx, caller, "partners").await.is_ok(), partners);
            assert_eq!(scim::opened(&company.ctx, caller, "nowhere").await.unwrap_err().code(), "no_such_source");
        }
        let size = company.log_size().await;
        scim::declare(&company.ctx, "hr", Dialect::Entra, Some("idp")).await.unwrap();
        assert_eq!(company.log_size().await, size, "the same again changes nothing");
        for (source, who, code) in [("HR system", None, "bad_source_name"), ("hr", Some("nobody@example.com"), "no_such_pusher")] {
            assert_eq!(scim::declare(&company.ctx, source, Dialect::Strict, who).await.unwrap_err().code(), code);
        }
        machines::end(&company.acting("alice").await, &idp.id, "not needed", Reach::Own).await.unwrap();
        assert_eq!(scim::declare(&company.ctx, "other", Dialect::Strict, Some("idp")).await.unwrap_err().code(), "no_such_pusher");
    }

    async fn a_user_is_pushed_changed_and_removed_with_evidence_that_names_no_value(company: Company) {
        let hr = client(&company).await;
        let alice = pushed(&company, &hr, ResourceKind::User, user("alice.moreau")).await;
        assert_eq!((alice.version, alice.etag().as_str()), (1, "W/\"1\""));
        company.pass(60);
        let sent = json!([{"op": "replace", "path": "active", "value": false}]);
        let changed = patch(&company, &hr, &alice, sent.clone()).await.unwrap();
        assert_eq!((changed.version, changed.modified_at), (2, company.ctx.now()));
        let size = company.log_size().await;
        assert_eq!(patch(&company, &hr, &alice, sent).await.unwrap(), changed);
        assert_eq!(company.log_size().await, size, "what is so already is no change");
        let old = Expected::of(Some("W/\"1\""));
        let refused = scim::delete(&company.ctx, &hr, ResourceKind::User, alice.id.as_str(), old).await;
        assert_eq!(refused.unwrap_err().code(), "other_version");
        let now = Expected::of(Some("\"7\", W/\"2\""));
        scim::delete(&company.ctx, &hr, ResourceKind::User, alice.id.as_str(), now).await.unwrap();
        for kind in ResourceKind::ALL {
            assert_eq!(scim::get(&company.ctx, &hr, kind, alice.id.as_str()).await.unwrap_err().code(), "no_such_resource");
        }
        let gone = scim::delete(&company.ctx, &hr, ResourceKind::User, alice.id.as_str(), Expected::Whatever).await;
        assert_eq!(gone.unwrap_err().code(), "no_such_resource");
        let lines = ledger::timeline::about(&company.ctx, &alice.id).await.unwrap();
        let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds, ["scim.created", "scim.changed", "scim.deleted"]);
        let told = format!("{lines:?}");
        assert!(!told.contains("moreau") && told.contains("\"active\""), "{told}");
    }

    async fn a_user_name_is_one_persons_in_a_source_in_whatever_case_until_it_is_free_again(company: Company) {
        let hr = client(&company).await;
        let other = declared(&company, "partners").await;
        let alice = pushed(&company, &hr, ResourceKind::User, user("Alice")).await;
        let taken = scim::create(&company.ctx, &hr, ResourceKind::User, user("aLICE")).await;
        assert_eq!(refusal(taken), ScimType::Uniqueness);
        pushed(&company, &other, ResourceKind::User, user("alice")).await;
        let bob = pushed(&company, &hr, ResourceKind::User, user("bob")).await;
        let renamed = patch(&company, &hr, &bob, json!([{"op": "replace", "path": "userName", "value": "ALICE"}])).await;
        assert_eq!(refusal(renamed), ScimType::Uniqueness);
        patch(&company, &hr, &alice, json!([{"op": "replace", "path": "userName", "value": "ALICE"}])).await.unwrap();
        scim::delete(&company.ctx, &hr, ResourceKind::User, alice.id.as_str(), Expected::Whatever).await.unwrap();
        let again = pushed(&company, &hr, ResourceKind::User, user("alice")).await;
        assert_ne!(again.id, alice.id);
        let absent = scim::get(&company.ctx, &other, ResourceKind::User, again.id.as_str()).await;
        assert_eq!(absent.unwrap_err().code(), "no_such_resource", "of another source");
    }

    async fn a_group_has_members_that_are_there_and_loses_those_who_go(company: Company) {
        let hr = client(&company).await;
        let alice = pushed(&company, &hr, ResourceKind::User, user("alice")).await;
        let bob = pushed(&company, &hr, ResourceKind::User, user("bob")).await;
        let inner = pushed(&company, &hr, ResourceKind::Group, group("inner", &[&bob])).await;
        let outer = pushed(&company, &hr, ResourceKind::Group, group("outer", &[&alice, &inner])).await;
        let read = async |resource: &Resource| {
            Value::Object(scim::get(&company.ctx, &hr, resource.kind, resource.id.as_str()).await.unwrap().document(BASE))
        };
        let shown = read(&outer).await;
        assert_eq!(shown["members"].as_array().unwrap().len(), 2);
        let member = json!({"value": alice.id, "type": "User", "$ref": format!("{BASE}/Users/{}", alice.id)});
        assert!(shown["members"].as_array().unwrap().contains(&member), "{shown}");
        let held = read(&alice).await;
        assert_eq!(held["groups"][0]["display"], "outer");
        assert_eq!(read(&bob).await["groups"].as_array().unwrap().len(), 1, "the direct ones");
        let add = |id: &str| json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
        let same = patch(&company, &hr, &outer, add(alice.id.as_str())).await.unwrap();
        assert_eq!(same.version, 1, "a member already");
        assert_eq!(patch(&company, &hr, &outer, add(bob.id.as_str())).await.unwrap().version, 2);
        for wrong in ["nobody", outer.id.as_str(), "scm_00000000000000000000000000000000"] {
            assert_eq!(refusal(patch(&company, &hr, &outer, add(wrong)).await), ScimType::InvalidValue, "{wrong}");
        }
        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{}\"]", inner.id)}]);
        assert_eq!(patch(&company, &hr, &outer, remove).await.unwrap().version, 3);
        scim::delete(&company.ctx, &hr, ResourceKind::User, alice.id.as_str(), Expected::Whatever).await.unwrap();
        let left = read(&outer).await;
        assert_eq!((left["members"].as_array().unwrap().len(), &left["meta"]["version"]), (1, &json!("W/\"4\"")));
        scim::delete(&company.ctx, &hr, ResourceKind::Group, outer.id.as_str(), Expected::Whatever).await.unwrap();
        assert_eq!(read(&bob).await["groups"][0]["display"], "inner");
    }

    async fn people_are_found_by_name_by_filter_in_order_and_by_the_page(company: Company) {
        let hr = client(&company).await;
        let mut of = Vec::new();
        for name in ["dave", "Alice", "carol", "bob", "erin"] {
            of.push(pushed(&company, &hr, ResourceKind::User, user(name)).await);
            company.pass(1);
        }
        pushed(&company, &hr, ResourceKind::Group, group("Tour Guides", &[&of[0], &of[1]])).await;
        let some = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for (asked, total, expected) in [
            (vec![("count", "2")], 5, some(&["dave", "Alice"])),
            (vec![("startIndex", "5"), ("count", "2")], 5, some(&["erin"])),
            (vec![("startIndex", "6")], 5, some(&[])),
            (vec![("count", "0")], 5, some(&[])),
            (vec![("filter", "userName eq \"ALICE\"")], 1, some(&["Alice"])),
            (vec![("filter", "userName eq \"nobody\"")], 0, some(&[])),
            (vec![("filter", "externalId eq \"x-bob\"")], 1, some(&["bob"])),
            (vec![("filter", "externalId eq \"X-bob\"")], 0, some(&[])),
            (vec![("filter", "id eq \"nothing\"")], 0, some(&[])),
            (vec![("filter", "userName co \"r\""), ("sortBy", "userName")], 2, some(&["carol", "erin"])),
            (vec![("sortBy", "userName"), ("count", "2"), ("startIndex", "2")], 5, some(&["bob", "carol"])),
            (vec![("sortBy", "userName"), ("sortOrder", "descending"), ("count", "1")], 5, some(&["erin"])),
            (vec![("filter", "groups.display eq \"tour guides\""), ("sortBy", "name.givenName")], 2, some(&["Alice", "dave"])),
            (vec![("filter", "meta.location ew \"/nothing\"")], 0, some(&[])),
        ] {
            assert_eq!(found(&company, &hr, ResourceKind::User, &asked).await, (total, expected), "{asked:?}");
        }
        let guides = [("filter", "displayName eq \"tour guides\"")];
        assert_eq!(found(&company, &hr, ResourceKind::Group, &guides).await, (1, some(&["Tour Guides"])));
        let id = format!("id eq \"{}\"", of[2].id);
        assert_eq!(found(&company, &hr, ResourceKind::User, &[("filter", &id)]).await, (1, some(&["carol"])));
        assert_eq!(found(&company, &hr, ResourceKind::Group, &[("filter", &id)]).await.0, 0);
    }

    async fn an_agent_is_a_machine_identity_for_which_a_person_answers(company: Company) {
        let hr = client(&company).await;
        let agent = |owners: Value| object(json!({"schemas": [AGENT.schema.id], "name": "Clippy 2.0", "owners": owners,
            "description": "answers questions about paper"}));
        for owners in [json!(null), json!([]), json!([{"value": "nobody"}])] {
            let refused = scim::create(&company.ctx, &hr, ResourceKind::Agent, agent(owners.clone())).await;
            assert_eq!(refusal(refused), ScimType::InvalidValue, "{owners}");
        }
        let alice = pushed(&company, &hr, ResourceKind::User, user("alice@example.com")).await;
        let stranger = pushed(&company, &hr, ResourceKind::User, user("stranger@example.net")).await;
        let made = pushed(&company, &hr, ResourceKind::Agent, agent(json!([{"value": alice.id}]))).await;
        let of = async |name: &str| {
            let filter = machines::Filter { limit: 10, ..Default::default() };
            machines::list(&company.ctx, &filter).await.unwrap().into_iter().find(|machine| machine.name == name)
        };
        let machine = of("clippy-2.0").await.unwrap();
        assert_eq!((machine.owner, machine.state), (company.id("alice").await, State::Active));
        assert_eq!(machine.purpose, "answers questions about paper");
        let bob = pushed(&company, &hr, ResourceKind::User, user("bob@example.com")).await;
        let owned = |by: &Resource| json!([{"op": "replace", "path": "owners", "value": [{"value": by.id}]}]);
        patch(&company, &hr, &made, owned(&bob)).await.unwrap();
        assert_eq!(of("clippy-2.0").await.unwrap().owner, company.id("bob").await);
        // What a person said of it stays, whatever its source says then.
        let (id, carol) = (of("clippy-2.0").await.unwrap().id, company.id("carol").await);
        machines::hand_over(&company.acting("ada").await, &id, &carol, "she runs it now", Reach::Any).await.unwrap();
        for by in [&alice, &bob] {
            patch(&company, &hr, &made, owned(by)).await.unwrap();
            assert_eq!(of("clippy-2.0").await.unwrap().owner, carol);
        }
        let switch = |on: bool| json!([{"op": "replace", "path": "active", "value": on}]);
        patch(&company, &hr, &made, switch(false)).await.unwrap();
        let ended = of("clippy-2.0").await.unwrap();
        assert!(matches!(ended.state, State::Ended { cause: Cause::Source, .. }), "{ended:?}");
        patch(&company, &hr, &made, switch(true)).await.unwrap();
        let second = of("clippy-2.0-2").await.unwrap();
        assert_eq!(second.state, State::Active);
        machines::end(&company.acting("bob").await, &second.id, "it went wrong", Reach::Own).await.unwrap();
        patch(&company, &hr, &made, owned(&alice)).await.unwrap();
        assert_eq!(of("clippy-2.0-3").await, None, "what a person ended a push does not bring back");
        let body = object(json!({"schemas": [AGENT.schema.id], "name": "\u{1f916}", "owners": [{"value": stranger.id}]}));
        let waiting = pushed(&company, &hr, ResourceKind::Agent, body).await;
        assert_eq!(of("agent").await, None);
        let open = async || ledger::finding::open(&company.ctx, scim::WITHOUT_OWNER).await.unwrap().len();
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(open().await, 1);
        patch(&company, &hr, &stranger, json!([{"op": "add", "path": "emails", "value": [{"value": "carol@example.com"}]}])).await.unwrap();
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!((of("agent").await.unwrap().owner, open().await), (company.id("carol").await, 0));
        scim::delete(&company.ctx, &hr, ResourceKind::Agent, waiting.id.as_str(), Expected::Whatever).await.unwrap();
        assert!(matches!(of("agent").await.unwrap().state, State::Ended { .. }));
    }

    async fn who_is_pushed_joins_moves_and_leaves_and_a_user_without_an_address_holds_up_nobody(company: Company) {
        let nobodys = scim::declare(&company.ctx, "idp", Dialect::Strict, None).await.unwrap_err();
        assert_eq!(nobodys.code(), "no_such_source");
        let hr = declared(&company, "idp").await;
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let person = |name: &str, manager: Option<&Resource>| {
            let mut body = user(&format!("{name}@example.org"));
            let manager = manager.map(|manager| json!({"value": manager.id}));
            body.extend(object(json!({"title": "Engineer", "timezone": "Europe/Paris", "displayName": name,
                "name": {"givenName": name, "familyName": "Moreau"},
                "emails": [{"value": format!("{name}@home.example"), "type": "home"}, {"value": format!("{name}@example.org"), "type": "work"}],
                enterprise: {"employeeNumber": format!("Z-{name}"), "department": "Tours", "manager": manager}})));
            body
        };
        let yves = pushed(&company, &hr, ResourceKind::User, person("yves", None)).await;
        let zoe = pushed(&company, &hr, ResourceKind::User, person("zoe", Some(&yves))).await;
        let odd = pushed(&company, &hr, ResourceKind::User, user("nobody")).await;
        let worker = company.worker();
        let known = async |name: &str| {
            let filter = identities::Filter { query: Some(format!("{name}@example.org")), limit: 10, ..Default::default() };
            identities::list(&company.ctx, &filter).await.unwrap().pop()
        };
        pushed(&company, &hr, ResourceKind::Group, group("guides", &[&zoe])).await;
        worker.run_due().await.unwrap();
        let found = known("zoe").await.unwrap();
        assert_eq!((found.given_name.as_str(), found.department.as_str(), found.job_title.as_str()), ("zoe", "Tours", "Engineer"));
        assert_eq!(found.manager, Some(known("yves").await.unwrap().id));
        let open = async || {
            let open = ledger::finding::open(&company.ctx, scim::NOT_TAKEN).await.unwrap();
            open.into_iter().map(|finding| finding.subject).collect::<Vec<_>>()
        };
        assert_eq!(open().await, [odd.id.to_string()]);
        company.pass(60);
        let moved = json!([{"op": "replace", "path": format!("{enterprise}:department"), "value": "Parks"}]);
        patch(&company, &hr, &zoe, moved).await.unwrap();
        patch(&company, &hr, &yves, json!([{"op": "replace", "path": "active", "value": false}])).await.unwrap();
        let named = json!([{"op": "add", "value": {"name": {"familyName": "Odd"}, "emails": [{"value": "odd@example.org"}]}}]);
        patch(&company, &hr, &odd, named).await.unwrap();
        worker.run_due().await.unwrap();
        assert_eq!(known("zoe").await.unwrap().department, "Parks");
        assert_eq!(known("yves").await.unwrap().standing(company.ctx.now()), identities::Standing::Left);
        assert!(known("odd").await.is_some() && open().await.is_empty());
        scim::delete(&company.ctx, &hr, ResourceKind::User, zoe.id.as_str(), Expected::Whatever).await.unwrap();
        worker.run_due().await.unwrap();
        assert_eq!(known("zoe").await.unwrap().standing(company.ctx.now()), identities::Standing::Left);
        let size = company.log_size().await;
        pushed(&company, &hr, ResourceKind::Group, group("others", &[])).await;
        worker.run_due().await.unwrap();
        assert_eq!(company.log_size().await, size + 1, "what is known already is no news");
    }

    async fn who_is_put_to_rest_has_left_whatever_else_is_wrong_with_what_was_pushed_of_them(company: Company) {
        let hr = declared(&company, "idp").await;
        let person = |name: &str| {
            let mut body = user(&format!("{name}@example.org"));
            body.extend(object(json!({"name": {"givenName": name, "familyName": "Moreau"}, "timezone": "Europe/Paris"})));
            body
        };
        let (yves, zoe) = (pushed(&company, &hr, ResourceKind::User, person("yves")).await, pushed(&company, &hr, ResourceKind::User, person("zoe")).await);
        let worker = company.worker();
        worker.run_due().await.unwrap();
        let has_left = async |name: &str| {
            let filter = identities::Filter { query: Some(format!("{name}@example.org")), limit: 10, ..Default::default() };
            identities::list(&company.ctx, &filter).await.unwrap().remove(0).has_left()
        };
        company.pass(60);
        let ends = |more: Value| {
            let mut value = object(json!({"active": false}));
            value.extend(object(more));
            json!([{"op": "replace", "value": value}])
        };
        patch(&company, &hr, &yves, ends(json!({"timezone": "Mars/Olympus", "title": "x".repeat(5_000)}))).await.unwrap();
        patch(&company, &hr, &zoe, json!([{"op": "replace", "value": {"timezone": "Mars/Olympus"}}])).await.unwrap();
        worker.run_due().await.unwrap();
        assert_eq!((has_left("yves").await, has_left("zoe").await), (true, false));
        assert_eq!(ledger::finding::open(&company.ctx, scim::NOT_TAKEN).await.unwrap().len(), 2, "what is wrong is told all the same");
        // Also when both claim one address.
        patch(&company, &hr, &zoe, ends(json!({"emails": [{"value": "yves@example.org"}]}))).await.unwrap();
        worker.run_due().await.unwrap();
        assert!(has_left("zoe").await);
        let size = company.log_size().await;
        pushed(&company, &hr, ResourceKind::Group, group("others", &[])).await;
        worker.run_due().await.unwrap();
        assert_eq!(company.log_size().await, size + 1, "it is taken once");
    }

    async fn who_has_an_unreadable_time_zone_or_somebody_elses_address_moves_all_the_same_and_so_does_whose_address_it_is(company: Company) {
        let hr = declared(&company, "idp").await;
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let person = |name: &str| {
            let mut body = user(&format!("{name}@example.org"));
            body.extend(object(json!({"name": {"givenName": name, "familyName": "Moreau"}, "timezone": "Europe/Paris",
                "emails": [{"value": format!("{name}@example.org")}], enterprise: {"department": "Tours"}})));
            body
        };
        let (yves, zoe) = (pushed(&company, &hr, ResourceKind::User, person("yves")).await, pushed(&company, &hr, ResourceKind::User, person("zoe")).await);
        let worker = company.worker();
        worker.run_due().await.unwrap();
        let department = async |name: &str| {
            let filter = identities::Filter { query: Some(format!("{name}@example.org")), limit: 10, ..Default::default() };
            identities::list(&company.ctx, &filter).await.unwrap().remove(0).department
        };
        let open = async || ledger::finding::open(&company.ctx, scim::NOT_TAKEN).await.unwrap().len();
        for (bad, to) in [(json!({"timezone": "x"}), "Parks"), (json!({"emails": [{"value": "zoe@example.org"}]}), "Boats")] {
            company.pass(60);
            let move_to = json!({"op": "replace", "path": format!("{enterprise}:department"), "value": to});
            patch(&company, &hr, &yves, json!([move_to, {"op": "replace", "value": bad}])).await.unwrap();
            patch(&company, &hr, &zoe, json!([move_to])).await.unwrap();
            worker.run_due().await.unwrap();
            assert_eq!((department("yves").await.as_str(), department("zoe").await.as_str(), open().await), (to, to, 1), "{bad}");
        }
        let mended = json!([{"op": "replace", "value": {"timezone": "Europe/Rome", "emails": [{"value": "yves@example.org"}]}}]);
        patch(&company, &hr, &yves, mended).await.unwrap();
        worker.run_due().await.unwrap();
        assert_eq!(open().await, 0);
    }

    async fn after_a_hand_over_by_rule_the_sources_next_owner_is_taken_and_after_an_upgrade_a_persons_owner_stays(company: Company) {
        let hr = declared(&company, "idp").await;
        let (alice, bob) = (pushed(&company, &hr, ResourceKind::User, user("alice@example.com")).await, pushed(&company, &hr, ResourceKind::User, user("bob@example.com")).await);
        let body = |name: &str, owner: &Resource| object(json!({"schemas": [AGENT.schema.id], "name": name, "owners": [{"value": owner.id}]}));
        let owned = |by: &Resource| json!([{"op": "replace", "path": "owners", "value": [{"value": by.id}]}]);
        let (left, kept) = (pushed(&company, &hr, ResourceKind::Agent, body("left", &alice)).await, pushed(&company, &hr, ResourceKind::Agent, body("kept", &bob)).await);
        let of = async |name: &str| {
            let filter = machines::Filter { limit: 10, ..Default::default() };
            machines::list(&company.ctx, &filter).await.unwrap().into_iter().find(|machine| machine.name == name).unwrap()
        };
        // Whoever answered for it leaves, and what follows from that is nobody's word.
        company.import(&company.feed_with("E1", "")).await;
        duties::run_once(&company.ctx).await.unwrap();
        assert!(matches!(of("left").await.state, State::Unowned { .. }));
        patch(&company, &hr, &left, owned(&bob)).await.unwrap();
        assert_eq!((of("left").await.owner, of("left").await.state), (company.id("bob").await, State::Active));

        // Before it was kept whom a source named, Ada gave the other to Carol.
        let carol = company.id("carol").await;
        machines::hand_over(&company.acting("ada").await, &of("kept").await.id, &carol, "she runs it now", Reach::Any).await.unwrap();
        let forget = async || {
            let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
            tx.run("update scim_agents set owner = null", Vec::new()).await.unwrap();
            tx.commit().await.unwrap();
        };
        let mallory = pushed(&company, &hr, ResourceKind::User, user("mallory@example.com")).await;
        forget().await;
        duties::run_once(&company.ctx).await.unwrap();
        let size = company.log_size().await;
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(company.log_size().await, size, "it is kept once");
        for agent in [&left, &kept] {
            patch(&company, &hr, agent, owned(&mallory)).await.unwrap();
        }
        assert_eq!((of("left").await.owner, of("kept").await.owner), (company.id("mallory").await, carol.clone()));
        // Also where the source speaks before that was kept.
        forget().await;
        patch(&company, &hr, &kept, owned(&bob)).await.unwrap();
        assert_eq!(of("kept").await.owner, carol);
    }

    async fn the_thousandth_agent_of_one_prefix_costs_as_many_statements_as_the_second(company: Company) {
        let hr = client(&company).await;
        let alice = pushed(&company, &hr, ResourceKind::User, user("alice@example.com")).await;
        let marks = std::cell::Cell::new(0);
        let push = async || {
            company.pass(1);
            marks.set(marks.get() + 1);
            let name = format!("Clippy{}", "!".repeat(marks.get()));
            let body = object(json!({"schemas": [AGENT.schema.id], "name": name, "owners": [{"value": alice.id}]}));
            pushed(&company, &hr, ResourceKind::Agent, body).await;
            let filter = machines::Filter { limit: 100, ..Default::default() };
            machines::list(&company.ctx, &filter).await.unwrap().pop().unwrap().name
        };
        let last = async |sql: &'static str| {
            let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
            tx.run(sql, Vec::new()).await.unwrap();
            tx.commit().await.unwrap();
        };
        for name in ["clippy", "clippy-2", "clippy-3"] {
            assert_eq!(push().await, name);
        }
        // The next number is known and not looked for: those between are free here and passed by.
        last("update machine_names set last = 999").await;
        assert_eq!(push().await, "clippy-1000");
        // Of names that were given before numbers were counted few are tried.
        last("delete from machine_names").await;
        assert_eq!(push().await, "clippy-4");
        assert_eq!(push().await, "clippy-5");
    }

    async fn an_agent_is_put_to_rest_also_when_its_owner_is_gone(company: Company) {
        let hr = client(&company).await;
        let alice = pushed(&company, &hr, ResourceKind::User, user("alice@example.com")).await;
        let body = object(json!({"schemas": [AGENT.schema.id], "name": "clippy", "owners": [{"value": alice.id}]}));
        let agent = pushed(&company, &hr, ResourceKind::Agent, body).await;
        scim::delete(&company.ctx, &hr, ResourceKind::User, alice.id.as_str(), Expected::Whatever).await.unwrap();
        let renamed = json!([{"op": "replace", "path": "description", "value": "answers"}]);
        assert_eq!(refusal(patch(&company, &hr, &agent, renamed).await), ScimType::InvalidValue);
        patch(&company, &hr, &agent, json!([{"op": "replace", "path": "active", "value": false}])).await.unwrap();
        let filter = machines::Filter { limit: 10, ..Default::default() };
        let machine = machines::list(&company.ctx, &filter).await.unwrap().remove(0);
        assert!(matches!(machine.state, State::Ended { .. }), "{machine:?}");
    }

    async fn a_client_cannot_fill_the_store(company: Company) {
        let hr = client(&company).await;
        let many = |count: usize| (0..count).map(|n| json!({"value": format!("tel:{n}"), "type": "work"})).collect::<Vec<_>>();
        let mut body = user("alice");
        body.insert("phoneNumbers".to_owned(), many(scim::limits::MOST_VALUES).into());
        let alice = pushed(&company, &hr, ResourceKind::User, body).await;
        let added = json!([{"op": "add", "path": "phoneNumbers", "value": many(scim::limits::MOST_VALUES + 1)}]);
        assert_eq!(refusal(patch(&company, &hr, &alice, added).await), ScimType::TooMany);
        let title = json!([{"op": "replace", "path": "title", "value": "x".repeat(scim::limits::LARGEST_RESOURCE)}]);
        assert_eq!(refusal(patch(&company, &hr, &alice, title).await), ScimType::TooMany);
        let members = (0..=scim::limits::MOST_MEMBERS).map(|n| json!({"value": format!("{n}")})).collect::<Vec<_>>();
        let crowd = object(json!({"schemas": [GROUP.schema.id], "displayName": "everybody", "members": members}));
        assert_eq!(refusal(scim::create(&company.ctx, &hr, ResourceKind::Group, crowd).await), ScimType::TooMany);

        // Resources and memberships are counted as they come and go.
        let counted = async || {
            let mut tx = company.ctx.read().await.unwrap();
            let mut row = tx.one("select resources, memberships from scim_clients where source = 'hr'", Vec::new()).await.unwrap().unwrap();
            (row.take::<u64>("resources").unwrap(), row.take::<u64>("memberships").unwrap())
        };
        let guides = pushed(&company, &hr, ResourceKind::Group, group("guides", &[&alice])).await;
        let tours = pushed(&company, &hr, ResourceKind::Group, group("tours", &[&alice, &guides])).await;
        assert_eq!(counted().await, (3, 3));
        patch(&company, &hr, &guides, json!([{"op": "remove", "path": "members"}])).await.unwrap();
        assert_eq!(counted().await, (3, 2));
        scim::delete(&company.ctx, &hr, ResourceKind::User, alice.id.as_str(), Expected::Whatever).await.unwrap();
        assert_eq!(counted().await, (2, 1));
        for (full, most) in [("resources", scim::limits::MOST_RESOURCES), ("memberships", scim::limits::MOST_MEMBERSHIPS)] {
            let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
            let sql = if full == "resources" { "update scim_clients set resources = $1" } else { "update scim_clients set resources = 2, memberships = $1" };
            tx.run(sql, vec![db::Value::from(i64::try_from(most).unwrap())]).await.unwrap();
            tx.commit().await.unwrap();
            let one_more = scim::create(&company.ctx, &hr, ResourceKind::Group, group("more", &[&guides])).await;
            assert_eq!(refusal(one_more), ScimType::TooMany, "{full}");
        }
        scim::delete(&company.ctx, &hr, ResourceKind::Group, tours.id.as_str(), Expected::Whatever).await.unwrap();
        pushed(&company, &hr, ResourceKind::Group, group("more", &[&guides])).await;
    }

    async fn whoever_pushes_is_themselves_when_their_address_is_a_user_name(company: Company) {
        let hr = client(&company).await;
        let bob = company.id("bob").await;
        assert_eq!(scim::me(&company.ctx, &hr, &bob).await.unwrap_err().code(), "not_a_user");
        let pushed = pushed(&company, &hr, ResourceKind::User, user("Bob@example.com")).await;
        assert_eq!(scim::me(&company.ctx, &hr, &bob).await.unwrap().id, pushed.id);
        assert!(scim::me(&company.ctx, &hr, &company.id("alice").await).await.is_err());
    }
}
