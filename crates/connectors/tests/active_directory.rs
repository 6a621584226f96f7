//! Active Directory against Samba's real domain controller: everything that is there, accounts, groups, refusals.

mod systems;

use connectors::active_directory::{ActiveDirectory, Scope};
use connectors::connector::{Account, AccountKind, AccountRef, Member, NativeId, PRIMARY_GROUP, Status};
use connectors::{Class, Connector, Server, Tls};
use data_encoding::BASE64;
use peers::samba::{ADMIN, ADMIN_PASSWORD, BASE, PEOPLE, PORT, Server as Samba};
use std::collections::BTreeSet;
use systems::whole::{attributes, by_login, held, new_account, whole};
use systems::{certificate, secret};
use types::Failure;

const PASSWORD: &str = "Correct-horse-1é";

fn server(samba: &Samba) -> Server {
    let tls = Tls::Required { ca_pem: Some(samba.certificate().to_owned()) };
    Server { host: samba.ip().to_string(), port: PORT, tls, database: None }
}

fn connect(samba: &Samba, login: &str, password: &str) -> ActiveDirectory {
    ActiveDirectory::new(server(samba), login, secret(password), Scope::new(BASE)).unwrap()
}

fn as_admin(samba: &Samba) -> ActiveDirectory {
    connect(samba, ADMIN, ADMIN_PASSWORD)
}

fn user(name: &str, login: &str) -> String {
    format!("dn: CN={name},{PEOPLE}\nobjectClass: user\nsAMAccountName: {login}\nuserAccountControl: 514\n\n")
}

fn group(name: &str, members: &[&str]) -> String {
    let members: String = members.iter().map(|member| format!("member: CN={member},{PEOPLE}\n")).collect();
    format!("dn: CN={name},{PEOPLE}\nobjectClass: group\nsAMAccountName: {name}\n{members}\n")
}

/// The values of an attribute in what the controller's own database says.
fn column(ldif: &str, attribute: &str) -> BTreeSet<String> {
    let ldif = ldif.replace("\n ", "");
    let values = ldif.lines().filter_map(|line| line.strip_prefix(attribute)?.strip_prefix(':'));
    let value = |text: &str| match text.strip_prefix(": ") {
        Some(encoded) => String::from_utf8(BASE64.decode(encoded.as_bytes()).unwrap()).unwrap(),
        None => text.trim_start().to_owned(),
    };
    values.map(value).collect()
}

#[tokio::test]
async fn the_whole_domain_is_listed_as_its_own_database_has_it() {
    let samba = Samba::start_new().unwrap();
    let logins = ["alice", "bob", "Carol Ä. Müller"];
    let people: String = [("Alice", logins[0]), ("Bob \\, Jr", logins[1]), ("Carol", logins[2])]
        .map(|(name, login)| user(name, login))
        .concat();
    let groups = group("ops", &["Alice"]) + &group("tier1", &["ops", "Bob \\, Jr"]) + &group("empty", &[]);
    samba.add(&(people + &groups)).unwrap();
    let circle = |inner: &str, outer: &str| {
        format!("dn: CN={outer},{PEOPLE}\nchangetype: modify\nadd: member\nmember: CN={inner},{PEOPLE}\n\n")
    };
    samba.modify(&(circle("tier1", "Domain Admins") + &circle("tier1", "ops"))).unwrap();
    samba.samba_tool(&["user", "setpassword", "alice", &format!("--newpassword={PASSWORD}")]).unwrap();
    samba.samba_tool(&["user", "enable", "alice"]).unwrap();

    let all = whole(&as_admin(&samba)).await.unwrap();
    let people = samba.search("(&(objectCategory=person)(objectClass=user))", &["sAMAccountName"]).unwrap();
    assert_eq!(all.logins(), column(&people, "sAMAccountName"));
    let groups = samba.search("(objectClass=group)", &["sAMAccountName"]).unwrap();
    let names: BTreeSet<String> = all.entitlements.iter().map(|entitlement| entitlement.name.clone()).collect();
    assert_eq!(names, column(&groups, "sAMAccountName"));

    assert_eq!(all.members("ops"), ["+tier1", "alice"]);
    assert_eq!(all.members("tier1"), ["+ops", "bob"]);
    assert!(all.members("empty").is_empty());
    assert!(all.members("Domain Users").iter().any(|member| member == logins[2]), "a primary group is a membership");
    let primary = |account: &Account| account.attributes[PRIMARY_GROUP].clone();
    let read = as_admin(&samba).read(&by_login("alice")).await.unwrap().unwrap().account;
    let everybodys = vec![all.entitlement("Domain Users").id.0.clone()];
    assert_eq!((primary(all.account("alice")), primary(&read)), (everybodys.clone(), everybodys));
    let status = |login: &str| all.account(login).status;
    assert_eq!(logins.map(status), [Status::Enabled, Status::Disabled, Status::Disabled]);
    for (login, kind) in
        [("alice", AccountKind::Ordinary), ("krbtgt", AccountKind::BuiltIn), ("Administrator", AccountKind::BuiltIn)]
    {
        assert_eq!(all.account(login).kind, kind, "{login}");
    }
    assert!(all.account("Administrator").last_used_at.is_some() && all.account("bob").last_used_at.is_none());
    for (name, rules) in [("Domain Admins", true), ("Administrators", true), ("Domain Users", false), ("ops", false)] {
        assert_eq!(all.entitlement(name).privileged.is_some(), rules, "{name}");
    }

    // Who is in a group by whatever way, as the directory itself follows the ways.
    for name in ["ops", "Domain Admins", "Administrators"] {
        let dn = samba.search(&format!("(sAMAccountName={name})"), &["dn"]).unwrap();
        let dn = column(&dn, "dn").pop_first().unwrap();
        let filter = format!("(&(objectCategory=person)(memberOf:1.2.840.113556.1.4.1941:={dn}))");
        let inside = column(&samba.search(&filter, &["sAMAccountName"]).unwrap(), "sAMAccountName");
        assert_eq!(all.everybody_in(name), inside, "{name}");
    }
}

#[tokio::test]
async fn a_group_of_more_members_than_one_answer_holds_is_read_whole() {
    let samba = Samba::start_new().unwrap();
    let names: Vec<String> = (0..1_600).map(|n| format!("team-{n:04}")).collect();
    let members: Vec<&str> = names.iter().map(String::as_str).collect();
    let teams: String = names.iter().map(|name| group(name, &[])).collect();
    samba.load(&(teams + &group("all-teams", &members))).unwrap();
    let all = whole(&as_admin(&samba)).await.unwrap();
    let expected: Vec<String> = names.iter().map(|name| format!("+{name}")).collect();
    assert_eq!(all.members("all-teams"), expected);
    let id = all.entitlement("all-teams").id.clone();
    let members = as_admin(&samba).members(&id).await.unwrap().unwrap();
    let named: BTreeSet<String> = members.iter().map(|member| all.name(member)).collect();
    assert_eq!(named, expected.into_iter().collect());
}

#[tokio::test]
async fn an_account_is_made_once_however_often_it_is_asked_for_and_never_in_halves() {
    let samba = Samba::start_new().unwrap();
    let directory = as_admin(&samba);
    let mut alice = new_account("alice", Some(PASSWORD), "order-1");
    alice.attributes = attributes(&[("cn", "Alice, \"the\" Ops+1"), ("mail", "alice@corp.example"), ("sn", "Ames")]);
    let made = directory.create(&alice).await.unwrap();
    assert_eq!(directory.create(&alice).await.unwrap(), made);
    assert!(samba.lets_in("alice@corp.example", PASSWORD).unwrap());
    let found = directory.read(&made).await.unwrap().unwrap().account;
    assert_eq!((found.status, found.kind), (Status::Enabled, AccountKind::Ordinary));
    assert_eq!(found.attributes["mail"], ["alice@corp.example"]);
    assert_eq!(found.attributes["cn"], ["Alice, \"the\" Ops+1"]);
    assert_eq!(made.id, Some(found.id));

    let without = directory.create(&new_account("bob", None, "order-2")).await.unwrap();
    assert_eq!(directory.read(&without).await.unwrap().unwrap().account.status, Status::Disabled);
    let mut dear = new_account("dora", Some(PASSWORD), "order-3");
    for (name, code) in [
        ("userAccountControl", "account_name_invalid"),
        ("sIDHistory", "account_name_invalid"),
        ("no-such-attribute", "system_rejected"),
    ] {
        dear.attributes = attributes(&[(name, "512")]);
        assert_eq!(directory.create(&dear).await.unwrap_err().code(), code, "{name}");
    }
    for (new, code) in [
        (new_account("alice", Some(PASSWORD), "order-9"), "account_already_there"),
        (new_account("Administrator", Some(PASSWORD), "order-9"), "account_already_there"),
        (new_account("carol", Some("short"), "order-4"), "host_refused_new_password"),
        (new_account("carol", Some(""), "order-4"), "password_invalid"),
        (new_account("*", Some(PASSWORD), "order-4"), "account_name_invalid"),
        (new_account("a-login-of-21-letters", Some(PASSWORD), "order-4"), "account_name_invalid"),
    ] {
        let error = directory.create(&new).await.unwrap_err();
        assert_eq!((error.code(), error.class()), (code, Class::Permanent), "{error}");
        assert!(!error.to_string().contains(PASSWORD));
    }
    let listed = whole(&directory).await.unwrap().logins();
    assert!(["carol", "dora"].iter().all(|login| !listed.contains(*login)), "nothing of it was made: {listed:?}");
}

#[tokio::test]
async fn an_account_is_renamed_switched_off_and_on_and_deleted_and_each_may_be_asked_twice() {
    let samba = Samba::start_new().unwrap();
    samba.add(&group("ops", &[])).unwrap();
    let directory = as_admin(&samba);
    let alice = directory.create(&new_account("alice", Some(PASSWORD), "order-1")).await.unwrap();
    let ops = whole(&directory).await.unwrap().entitlement("ops").id.clone();
    directory.grant(&alice, &ops).await.unwrap();
    assert_eq!(held(&directory, &alice).await.unwrap(), ["Domain Users", "ops"]);

    let wanted = attributes(&[("sAMAccountName", "alice.berg"), ("sn", "Berg"), ("title", "Engineer")]);
    for _ in 0..2 {
        let renamed = directory.change(&alice, &wanted).await.unwrap();
        assert_eq!((renamed.id.as_ref(), renamed.login.as_str()), (alice.id.as_ref(), "alice.berg"));
    }
    assert!(samba.lets_in("alice.berg@corp.example", PASSWORD).unwrap());
    assert_eq!(held(&directory, &alice).await.unwrap(), ["Domain Users", "ops"]);
    let cleared = [("title".to_owned(), vec![])].into_iter().collect();
    directory.change(&alice, &cleared).await.unwrap();
    let now = directory.read(&alice).await.unwrap().unwrap().account;
    assert_eq!((now.attributes.get("title"), now.attributes["sn"][0].as_str()), (None, "Berg"));

    directory.create(&new_account("bob", Some(PASSWORD), "order-2")).await.unwrap();
    let taken = directory.change(&alice, &attributes(&[("sAMAccountName", "bob")])).await.unwrap_err();
    assert_eq!(taken.class(), Class::Permanent, "{taken}");

    for status in [Status::Disabled, Status::Disabled, Status::Enabled, Status::Enabled] {
        directory.set_status(&alice, status).await.unwrap();
        let gets_in = samba.lets_in("alice.berg@corp.example", PASSWORD).unwrap();
        assert_eq!(gets_in, status == Status::Enabled, "{status:?}");
    }
    let weak = directory.set_password(&alice, &secret("short")).await.unwrap_err();
    assert_eq!(weak.code(), "host_refused_new_password", "{weak}");
    directory.set_password(&alice, &secret("Other-horse-2")).await.unwrap();
    assert!(samba.lets_in("alice.berg@corp.example", "Other-horse-2").unwrap());

    for _ in 0..2 {
        directory.delete(&alice).await.unwrap();
        assert!(directory.read(&alice).await.unwrap().is_none());
    }
    let gone = directory.set_status(&alice, Status::Disabled).await.unwrap_err();
    assert_eq!(gone.code(), "host_account_missing");
    directory.revoke(&alice, &ops).await.unwrap();
    let again = directory.create(&new_account("alice.berg", Some(PASSWORD), "order-3")).await.unwrap();
    assert_ne!(again.id, alice.id);
    assert!(directory.read(&alice).await.unwrap().is_none(), "the next of the same login is another account");
    assert_eq!(held(&directory, &again).await.unwrap(), ["Domain Users"]);
}

#[tokio::test]
async fn who_was_moved_out_of_the_base_is_neither_gone_nor_done_with() {
    let samba = Samba::start_new().unwrap();
    let unit = |name: &str| format!("dn: OU={name},{BASE}\nobjectClass: organizationalUnit\n\n");
    samba.add(&(unit("Staff") + &unit("Leavers"))).unwrap();
    let (staff, leavers) = (format!("OU=Staff,{BASE}"), format!("OU=Leavers,{BASE}"));
    samba.add(&group("ops", &[]).replace(PEOPLE, &staff)).unwrap();
    let see = |login: &str, password: &str| {
        let scope = Scope { new_accounts: Some(staff.clone()), ..Scope::new(&staff) };
        ActiveDirectory::new(server(&samba), login, secret(password), scope).unwrap()
    };
    let directory = see(ADMIN, ADMIN_PASSWORD);
    let alice = directory.create(&new_account("alice", Some(PASSWORD), "order-1")).await.unwrap();
    let ops = whole(&directory).await.unwrap().entitlement("ops").id.clone();
    directory.grant(&alice, &ops).await.unwrap();
    let moved = |from: &str, to: &str| {
        let change = format!("changetype: modrdn\nnewrdn: CN=alice\ndeleteoldrdn: 1\nnewsuperior: {to}\n");
        samba.modify(&format!("dn: CN=alice,{from}\n{change}")).unwrap();
    };
    moved(&staff, &leavers);
    for error in [
        directory.read(&alice).await.unwrap_err(),
        directory.revoke(&alice, &ops).await.unwrap_err(),
        directory.set_status(&alice, Status::Disabled).await.unwrap_err(),
        directory.delete(&alice).await.unwrap_err(),
    ] {
        assert_eq!((error.code(), error.class()), ("account_moved_away", Class::Retry), "{error}");
        assert!(error.to_string().contains(&format!("CN=alice,{leavers}")), "{error}");
    }
    moved(&leavers, &staff);
    directory.revoke(&alice, &ops).await.unwrap();
    directory.set_status(&alice, Status::Disabled).await.unwrap();
    directory.delete(&alice).await.unwrap();
    assert_eq!(directory.read(&alice).await.unwrap(), None);
}

#[tokio::test]
async fn groups_are_entered_and_left_once_or_twice_and_the_primary_group_stays() {
    let samba = Samba::start_new().unwrap();
    samba.add(&(group("ops", &[]) + &group("nested", &["ops"]))).unwrap();
    let directory = as_admin(&samba);
    let mut alice = new_account("alice", Some(PASSWORD), "order-1");
    alice.attributes = attributes(&[("cn", "Ames, Alice (*)\\ #1")]);
    let alice = directory.create(&alice).await.unwrap();
    let all = whole(&directory).await.unwrap();
    let id = |name: &str| all.entitlement(name).id.clone();
    for _ in 0..2 {
        directory.grant(&alice, &id("ops")).await.unwrap();
        let found = samba.search("(sAMAccountName=ops)", &["member"]).unwrap();
        assert_eq!(column(&found, "member").len(), 1, "{found}");
    }
    directory.grant(&alice, &id("Domain Users")).await.unwrap();
    let inside = directory.members(&id("ops")).await.unwrap().unwrap();
    assert_eq!(inside, [Member::Account(alice.id.clone().unwrap())]);
    let nested = directory.members(&id("nested")).await.unwrap().unwrap();
    assert_eq!(nested, [Member::Entitlement(id("ops"))]);
    let everybody = directory.members(&id("Domain Users")).await.unwrap().unwrap();
    assert!(everybody.contains(&inside[0]));
    for _ in 0..2 {
        directory.revoke(&alice, &id("ops")).await.unwrap();
        assert_eq!(directory.members(&id("ops")).await.unwrap().unwrap(), []);
    }
    let stays = directory.revoke(&alice, &id("Domain Users")).await.unwrap_err();
    assert!(stays.code() == "system_rejected" && stays.to_string().contains("primary group"), "{stays}");
    let nowhere = NativeId("00000000-0000-4000-8000-000000000000".to_owned());
    assert_eq!(directory.grant(&alice, &nowhere).await.unwrap_err().code(), "entitlement_missing");
    assert_eq!(directory.members(&nowhere).await.unwrap(), None);
    let nonsense = NativeId("*)(objectClass=*".to_owned());
    assert_eq!(directory.members(&nonsense).await.unwrap_err().code(), "account_name_invalid");
    let stranger = AccountRef { id: Some(nonsense), login: "x".to_owned() };
    assert_eq!(directory.read(&stranger).await.unwrap_err().code(), "account_name_invalid");
}

#[tokio::test]
async fn what_is_windows_own_or_ours_is_not_changed_and_who_may_not_changes_nothing() {
    let samba = Samba::start_new().unwrap();
    samba.add(&group("ops", &[])).unwrap();
    let admin = as_admin(&samba);
    let mallory = admin.create(&new_account("mallory", Some(PASSWORD), "order-1")).await.unwrap();
    let bob = admin.create(&new_account("bob", Some(PASSWORD), "order-2")).await.unwrap();
    let ops = whole(&admin).await.unwrap().entitlement("ops").id.clone();
    for login in ["Administrator", "krbtgt", "Guest"] {
        let account = by_login(login);
        for error in [
            admin.delete(&account).await.unwrap_err(),
            admin.set_status(&account, Status::Disabled).await.unwrap_err(),
            admin.set_password(&account, &secret(PASSWORD)).await.unwrap_err(),
            admin.change(&account, &attributes(&[("title", "x")])).await.unwrap_err(),
            admin.grant(&account, &ops).await.unwrap_err(),
        ] {
            assert_eq!((error.code(), error.class()), ("system_rejected", Class::Permanent), "{login}: {error}");
        }
    }
    for login in ["mallory@corp.example", "CORP\\mallory", "CN=mallory,CN=Users,DC=corp,DC=example"] {
        let as_mallory = connect(&samba, login, PASSWORD);
        for error in [
            as_mallory.create(&new_account("eve", Some(PASSWORD), "order-3")).await.unwrap_err(),
            as_mallory.set_password(&bob, &secret(PASSWORD)).await.unwrap_err(),
            as_mallory.grant(&bob, &ops).await.unwrap_err(),
        ] {
            assert_eq!(error.code(), "host_not_permitted", "{login}: {error}");
        }
        let own = as_mallory.delete(&mallory).await.unwrap_err();
        assert_eq!(own.code(), "system_rejected", "{own}");
    }
    for login in ["*", "x)(sAMAccountName=*", "\\2a", "no-body"] {
        assert_eq!(admin.read(&by_login(login)).await.unwrap(), None, "{login}");
    }
}

#[tokio::test]
async fn a_directory_that_is_away_or_not_the_right_one_is_an_outage_and_answers_again_when_it_is_back() {
    let samba = Samba::start_new().unwrap();
    let directory = as_admin(&samba);
    let says = directory.test().await.unwrap().says;
    assert!(says.contains("corp.example"), "{says}");
    for (other, code) in [
        (connect(&samba, ADMIN, "wrong"), "host_refused_password"),
        (connect(&samba, ADMIN, ""), "host_refused_password"),
    ] {
        let error = whole(&other).await.unwrap_err();
        assert_eq!((error.code(), error.class()), (code, Class::Outage), "{error}");
    }
    let stranger = Tls::Required { ca_pem: Some(certificate("dc1.corp.example").0) };
    let stranger = Server { tls: stranger, ..server(&samba) };
    let stranger = ActiveDirectory::new(stranger, ADMIN, secret(ADMIN_PASSWORD), Scope::new(BASE)).unwrap();
    assert_eq!(stranger.test().await.unwrap_err().code(), "host_untrusted");
    let elsewhere = Scope::new("OU=Nowhere,DC=corp,DC=example");
    let elsewhere = ActiveDirectory::new(server(&samba), ADMIN, secret(ADMIN_PASSWORD), elsewhere).unwrap();
    assert_eq!(elsewhere.test().await.unwrap_err().code(), "system_rejected");
    assert_eq!(whole(&elsewhere).await.unwrap_err().code(), "system_rejected", "nothing there is no empty domain");

    samba.stop().unwrap();
    let away = whole(&directory).await.unwrap_err();
    assert_eq!(away.class(), Class::Outage, "{away}");
    samba.start().unwrap();
    assert!(whole(&directory).await.unwrap().logins().contains("Administrator"));
}
