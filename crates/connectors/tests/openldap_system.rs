//! OpenLDAP as a system with accounts and groups, against a real server: everything that is there, changes, refusals.

mod systems;

use connectors::connector::{AccountKind, AccountRef, Member, NativeId, Status};
use connectors::openldap::{Lock, OpenLdap, Scope, log_in, person_dn};
use connectors::{Class, Connector, ConnectorError, LogIn};
use data_encoding::BASE64;
use peers::slapd::{ADMIN, BASE, Options, PEOPLE, SERVICE, Server as Slapd};
use std::collections::BTreeSet;
use systems::whole::{attributes, by_login, held, new_account, whole};
use systems::{loopback, secret, texts};
use types::Failure;

const NOBODY: &str = "cn=nobody,dc=example,dc=test";

fn connect(slapd: &Slapd, scope: Scope) -> OpenLdap {
    OpenLdap::new(loopback(slapd.port()), ADMIN, secret(slapd.password()), scope).unwrap()
}

fn scope() -> Scope {
    Scope { placeholder: Some(NOBODY.to_owned()), ..Scope::new(BASE) }
}

fn person(login: &str) -> String {
    format!("dn: uid={login},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {login}\nsn: {login}\n\n")
}

/// One group of each usual class, all with the same member.
fn groups(login: &str) -> String {
    format!(
        "dn: cn=names,{BASE}\nobjectClass: groupOfNames\ncn: names\nmember: UID={login}, {PEOPLE}\n\n\
         dn: cn=unique,{BASE}\nobjectClass: groupOfUniqueNames\ncn: unique\nuniqueMember: uid={login},{PEOPLE}\n\n\
         dn: cn=posix,{BASE}\nobjectClass: posixGroup\ncn: posix\ngidNumber: 5000\nmemberUid: {login}\n\n"
    )
}

const GROUPS: [&str; 3] = ["names", "posix", "unique"];

#[tokio::test]
async fn the_whole_directory_is_listed_with_every_kind_of_group() {
    let slapd = Slapd::start_new().unwrap();
    slapd.add(&(person("ann") + &person("bob") + &groups("ann"))).unwrap();
    let nested = format!("member: cn=names,{BASE}\nmember: cn=Gone,{BASE}\nmember: {NOBODY}\n");
    slapd.add(&format!("dn: cn=all,{BASE}\nobjectClass: groupOfNames\ncn: all\n{nested}")).unwrap();
    slapd.modify(&format!("dn: cn=names,{BASE}\nchangetype: modify\nadd: member\nmember: cn=all,{BASE}\n")).unwrap();
    let all = whole(&connect(&slapd, scope())).await.unwrap();
    assert_eq!(all.logins(), BTreeSet::from(["ann", "bob"].map(str::to_owned)));
    assert_eq!(all.members("names"), ["+all", "ann"]);
    assert_eq!(all.members("all"), ["+names"]);
    assert_eq!((all.members("unique"), all.members("posix")), (vec!["ann".to_owned()], vec!["ann".to_owned()]));
    assert_eq!(all.everybody_in("all"), BTreeSet::from(["ann".to_owned()]));
    let ann = all.account("ann");
    assert_eq!(
        (ann.status, ann.kind, ann.attributes["sn"][0].as_str()),
        (Status::Enabled, AccountKind::Ordinary, "ann")
    );
}

#[tokio::test]
async fn a_directory_that_shows_only_a_part_is_not_believed() {
    let slapd = Slapd::start_new().unwrap();
    slapd.add(&(0..1_100).map(|n| person(&format!("p{n}"))).collect::<String>()).unwrap();
    let service = connect(&slapd, scope()).create(&new_account("service", Some("s3cret-service"), "m")).await.unwrap();
    let all = whole(&connect(&slapd, scope())).await.unwrap();
    assert_eq!((all.accounts.len(), all.parts >= 3), (1_101, true));
    let dn = person_dn(PEOPLE, &service.login).unwrap();
    let limited = OpenLdap::new(loopback(slapd.port()), &dn, secret("s3cret-service"), scope()).unwrap();
    let error = whole(&limited).await.unwrap_err();
    assert!(error.code() == "system_listing_broken" && error.to_string().contains("size limit"), "{error}");
    let elsewhere = connect(&slapd, Scope::new("ou=nowhere,dc=example,dc=test"));
    assert_eq!(whole(&elsewhere).await.unwrap_err().code(), "system_rejected");
}

#[tokio::test]
async fn an_account_is_made_once_however_often_it_is_asked_for() {
    let options = Options { password_policy: true, service_account: true, ..Options::default() };
    let slapd = Slapd::start_with(&options).unwrap();
    slapd.add(&person("old")).unwrap();
    let directory = OpenLdap::new(loopback(slapd.port()), SERVICE, secret(slapd.password()), scope()).unwrap();
    let mut ann = new_account("ann", Some("first-of-all"), "order-1");
    ann.attributes = attributes(&[("cn", "Ann Ames"), ("mail", "ann@example.test"), ("description", "a person")]);
    let made = directory.create(&ann).await.unwrap();
    let server = loopback(slapd.port());
    let dn = person_dn(PEOPLE, "ann").unwrap();
    assert_eq!(log_in(&server, &dn, &secret("first-of-all")).await, Ok(LogIn::Accepted));
    assert_eq!(directory.create(&ann).await.unwrap(), made, "the policy takes no password twice, and it need not");
    let weak = directory.create(&new_account("carol", Some("short"), "order-4")).await.unwrap_err();
    assert_eq!((weak.code(), weak.class()), ("host_refused_new_password", Class::Permanent));
    let found = directory.read(&made).await.unwrap().unwrap().account;
    assert_eq!((found.attributes["cn"][0].as_str(), found.attributes["sn"][0].as_str()), ("Ann Ames", "ann"));
    let kept = slapd.search("(uid=ann)", &["userPassword"]).unwrap();
    assert!(!kept.contains(&BASE64.encode(b"first-of-all")), "{kept}");

    for (login, mark, code) in [
        ("ann", "order-9", "account_already_there"),
        ("old", "order-1", "account_already_there"),
        ("", "order-1", "account_name_invalid"),
    ] {
        let error = directory.create(&new_account(login, None, mark)).await.unwrap_err();
        assert_eq!((error.code(), error.class()), (code, Class::Permanent), "{login}: {error}");
    }
    for (name, code) in [
        ("userPassword", "account_name_invalid"),
        ("objectClass", "account_name_invalid"),
        ("uidNumber", "account_name_invalid"),
        ("noSuchAttribute", "system_rejected"),
    ] {
        let mut dora = new_account("dora", None, "order-2");
        dora.attributes = attributes(&[(name, "0")]);
        assert_eq!(directory.create(&dora).await.unwrap_err().code(), code, "{name}");
    }
    assert_eq!(directory.read(&by_login("dora")).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_is_switched_off_as_the_directory_can_and_on_again() {
    let slapd = Slapd::start_with(&Options { password_policy: true, ..Options::default() }).unwrap();
    let lock = |unlocked: Option<&str>| Lock::Attribute {
        name: "employeeType".to_owned(),
        locked: "locked".to_owned(),
        unlocked: unlocked.map(str::to_owned),
    };
    let server = loopback(slapd.port());
    for (login, lock, closes) in
        [("ann", Lock::PasswordPolicy, true), ("bob", lock(None), false), ("carol", lock(Some("staff")), false)]
    {
        let directory = connect(&slapd, Scope { lock, ..scope() });
        let account = directory.create(&new_account(login, Some("first-of-all"), "m")).await.unwrap();
        let dn = person_dn(PEOPLE, login).unwrap();
        for status in [Status::Disabled, Status::Disabled, Status::Enabled, Status::Enabled] {
            directory.set_status(&account, status).await.unwrap();
            assert_eq!(directory.read(&account).await.unwrap().unwrap().account.status, status, "{login}");
            let gets_in = log_in(&server, &dn, &secret("first-of-all")).await.unwrap() == LogIn::Accepted;
            assert_eq!(gets_in, !closes || status == Status::Enabled, "{login} {status:?}");
        }
        let escape = directory.change(&account, &attributes(&[("employeeType", "x")])).await;
        assert_eq!(escape.is_err(), !closes, "{login}: a mapping does not switch accounts on");
    }
    let without = connect(&slapd, scope());
    let error = without.set_status(&by_login("ann"), Status::Disabled).await.unwrap_err();
    assert_eq!(error.code(), "system_cannot");
}

#[tokio::test]
async fn groups_are_entered_and_left_once_or_twice_and_the_last_member_leaves_a_placeholder() {
    let slapd = Slapd::start_new().unwrap();
    slapd.add(&(person("ann") + &person("bob") + &groups("ann"))).unwrap();
    let directory = connect(&slapd, scope());
    let (ann, bob) = (by_login("ann"), by_login("bob"));
    let all = whole(&directory).await.unwrap();
    for name in GROUPS {
        let id = &all.entitlement(name).id;
        let (is_ann, is_bob) =
            (Member::Account(all.account("ann").id.clone()), Member::Account(all.account("bob").id.clone()));
        let members = async || directory.members(id).await.unwrap().unwrap();
        for _ in 0..2 {
            directory.grant(&bob, id).await.unwrap();
            assert_eq!(members().await.len(), 2, "{name}");
        }
        for (account, left) in [(&bob, vec![is_ann]), (&ann, vec![])] {
            for _ in 0..2 {
                directory.revoke(account, id).await.unwrap();
                assert_eq!(members().await, left, "{name}");
            }
        }
        directory.grant(&bob, id).await.unwrap();
        assert_eq!(members().await, [is_bob], "{name}");
    }
    assert_eq!(held(&directory, &bob).await.unwrap(), GROUPS);
    assert_eq!(held(&directory, &ann).await.unwrap(), [""; 0]);
    let found = slapd.search("(cn=*)", &["member", "uniqueMember"]).unwrap();
    assert!(!found.contains(NOBODY), "it goes when somebody comes: {found}");

    let strict = connect(&slapd, Scope::new(BASE));
    let error = strict.revoke(&bob, &all.entitlement("names").id).await.unwrap_err();
    assert!(error.code() == "system_rejected" && error.to_string().contains("placeholder"), "{error}");
    let nowhere = NativeId("*)(cn=*".to_owned());
    assert_eq!(directory.grant(&bob, &nowhere).await.unwrap_err().code(), "entitlement_missing");
    assert_eq!(directory.members(&nowhere).await.unwrap(), None);
}

#[tokio::test]
async fn who_enters_an_empty_group_at_the_same_moment_as_others_enters_it_at_once_or_is_asked_to_try_again() {
    const LOGINS: [&str; 4] = ["ann", "bob", "cem", "dan"];
    let slapd = Slapd::start_new().unwrap();
    slapd.add(&LOGINS.map(person).concat()).unwrap();
    slapd.add(&format!("dn: cn=all,{BASE}\nobjectClass: groupOfNames\ncn: all\nmember: {NOBODY}\n")).unwrap();
    let directory = connect(&slapd, scope());
    let all = whole(&directory).await.unwrap().entitlement("all").id.clone();
    for _ in 0..50 {
        let entering = LOGINS.map(|login| {
            let (directory, all) = (&directory, &all);
            async move { directory.grant(&by_login(login), all).await }
        });
        for refused in futures::future::join_all(entering).await.into_iter().filter_map(Result::err) {
            assert_eq!(refused.class(), Class::Retry, "{refused}");
        }
        for login in LOGINS {
            directory.grant(&by_login(login), &all).await.unwrap();
            assert_eq!(held(&directory, &by_login(login)).await.unwrap(), ["all"]);
        }
        for login in LOGINS {
            directory.revoke(&by_login(login), &all).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_rename_loses_no_membership_also_when_an_earlier_try_ended_half_way() {
    let slapd = Slapd::start_new().unwrap();
    slapd.add(&(person("ann") + &person("bob") + &groups("ann"))).unwrap();
    let directory = connect(&slapd, scope());
    let id = whole(&directory).await.unwrap().account("ann").id.clone();
    let ann = AccountRef { id: Some(id.clone()), login: "ann".to_owned() };
    let wanted = attributes(&[("uid", "ann.berg"), ("sn", "Berg")]);
    for _ in 0..2 {
        let renamed = directory.change(&ann, &wanted).await.unwrap();
        assert_eq!((renamed.id.as_ref(), renamed.login.as_str()), (Some(&id), "ann.berg"));
        assert_eq!(held(&directory, &renamed).await.unwrap(), GROUPS);
        let found = slapd.search("(cn=*)", &["member", "uniqueMember", "memberUid"]).unwrap();
        assert!(!found.to_lowercase().contains(&format!("uid=ann,{PEOPLE}")) && !found.contains("memberUid: ann\n"));
    }
    // Somebody else renames her, and no group follows but those that the directory itself keeps.
    let half = format!("dn: uid=ann.berg,{PEOPLE}\nchangetype: modrdn\nnewrdn: uid=ann.west\ndeleteoldrdn: 1\n");
    slapd.modify(&half).unwrap();
    let ann = AccountRef { id: Some(id), login: "ann.berg".to_owned() };
    assert_ne!(held(&directory, &ann).await.unwrap(), GROUPS);
    directory.change(&ann, &attributes(&[("uid", "ann.west")])).await.unwrap();
    assert_eq!(held(&directory, &ann).await.unwrap(), GROUPS);

    let taken = directory.change(&ann, &attributes(&[("uid", "bob")])).await.unwrap_err();
    assert_eq!((taken.code(), taken.class()), ("account_already_there", Class::Permanent));
}

#[tokio::test]
async fn who_was_moved_out_of_the_base_is_neither_gone_nor_done_with() {
    let slapd = Slapd::start_new().unwrap();
    let unit = |name: &str| format!("dn: ou={name},{BASE}\nobjectClass: organizationalUnit\nou: {name}\n\n");
    let (staff, ops) = (format!("ou=staff,{BASE}"), format!("cn=ops,ou=staff,{BASE}"));
    let in_staff = |text: String| text.replace(PEOPLE, &staff);
    slapd.add(&(unit("staff") + &unit("leavers") + &in_staff(person("ann") + &person("bob")))).unwrap();
    let members = format!("member: uid=ann,{staff}\nmember: uid=bob,{staff}\n");
    slapd.add(&format!("dn: {ops}\nobjectClass: groupOfNames\ncn: ops\n{members}")).unwrap();
    let directory =
        connect(&slapd, Scope { new_accounts: Some(staff.clone()), lock: lock_by_type(), ..Scope::new(&staff) });
    let all = whole(&directory).await.unwrap();
    let ops = all.entitlement("ops").id.clone();
    let ann = AccountRef { id: Some(all.account("ann").id.clone()), login: "ann".to_owned() };
    let bob = AccountRef { id: Some(all.account("bob").id.clone()), login: "bob".to_owned() };
    let moved = |from: &str, to: &str| {
        let to = format!("newrdn: uid=ann\ndeleteoldrdn: 1\nnewsuperior: ou={to},{BASE}\n");
        slapd.modify(&format!("dn: uid=ann,ou={from},{BASE}\nchangetype: modrdn\n{to}")).unwrap();
    };
    moved("staff", "leavers");
    for error in [
        directory.read(&ann).await.unwrap_err(),
        directory.revoke(&ann, &ops).await.unwrap_err(),
        directory.set_status(&ann, Status::Disabled).await.unwrap_err(),
        directory.delete(&ann).await.unwrap_err(),
    ] {
        assert_eq!((error.code(), error.class()), ("account_moved_away", Class::Retry), "{error}");
        assert!(error.to_string().contains(&format!("uid=ann,ou=leavers,{BASE}")), "{error}");
    }
    moved("leavers", "staff");
    directory.revoke(&ann, &ops).await.unwrap();
    assert_eq!(directory.read(&ann).await.unwrap().unwrap().entitlements, []);

    let other_class = Scope { account_class: "posixAccount".to_owned(), ..Scope::new(&staff) };
    let no_account = connect(&slapd, other_class).read(&bob).await.unwrap_err();
    assert_eq!((no_account.code(), no_account.class()), ("system_listing_broken", Class::Retry), "{no_account}");
    directory.delete(&ann).await.unwrap();
    assert_eq!(directory.read(&ann).await.unwrap(), None);
}

fn lock_by_type() -> Lock {
    Lock::Attribute { name: "employeeType".to_owned(), locked: "locked".to_owned(), unlocked: None }
}

#[tokio::test]
async fn who_gets_the_login_of_somebody_deleted_gets_nothing_else_of_theirs() {
    let slapd = Slapd::start_new().unwrap();
    slapd.add(&(person("ann") + &groups("ann"))).unwrap();
    let directory = connect(&slapd, scope());
    let id = Some(whole(&directory).await.unwrap().account("ann").id.clone());
    let first = AccountRef { id, login: "ann".to_owned() };
    for _ in 0..2 {
        directory.delete(&first).await.unwrap();
    }
    let second = directory.create(&new_account("ann", None, "m")).await.unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(held(&directory, &second).await.unwrap(), [""; 0]);
    assert_eq!(directory.read(&first).await.unwrap(), None);
    assert_eq!(directory.set_password(&first, &secret("x")).await.unwrap_err().code(), "host_account_missing");
}

#[tokio::test]
async fn no_login_breaks_out_of_a_name_or_a_filter() {
    let slapd = Slapd::start_new().unwrap();
    slapd.add(&(person("ann") + &groups("ann"))).unwrap();
    let directory = connect(&slapd, scope());
    let all = whole(&directory).await.unwrap();
    let names = &all.entitlement("names").id;
    let logins = texts("[,+\"\\\\<>;=#()*&|!a-z][,+\"\\\\<>;=#()*&|! a-z0-9é€]{0,10}[a-z*)\\\\]", 40);
    for login in &logins {
        let made = directory.create(&new_account(login, None, "m")).await.unwrap();
        assert_eq!(&made.login, login);
        assert_eq!(directory.read(&by_login(login)).await.unwrap().unwrap().account.id, made.id.clone().unwrap());
        directory.grant(&made, names).await.unwrap();
        assert_eq!(directory.members(names).await.unwrap().unwrap().len(), 2, "{login}");
        assert_eq!(whole(&directory).await.unwrap().members("names").len(), 2, "{login}");
        directory.revoke(&made, names).await.unwrap();
        directory.delete(&made).await.unwrap();
        assert_eq!(directory.read(&by_login(login)).await.unwrap(), None, "{login}");
    }
    assert_eq!(whole(&directory).await.unwrap().logins(), BTreeSet::from(["ann".to_owned()]));
    for login in ["*", "a*", "x)(uid=*", "\\2a", "ann)(cn=names"] {
        assert_eq!(directory.read(&by_login(login)).await.unwrap(), None, "{login}");
    }
}

#[tokio::test]
async fn a_directory_that_is_away_is_an_outage_and_answers_again_when_it_is_back() {
    let mut slapd = Slapd::start_new().unwrap();
    slapd.add(&person("ann")).unwrap();
    let directory = connect(&slapd, scope());
    assert!(directory.test().await.unwrap().says.contains(BASE));
    slapd.kill().unwrap();
    let change = attributes(&[("sn", "Berg")]);
    for error in [
        directory.test().await.unwrap_err(),
        directory.change(&by_login("ann"), &change).await.unwrap_err(),
        whole(&directory).await.map(drop).unwrap_err(),
    ] {
        assert!(matches!(error, ConnectorError::Unreachable { .. }) && error.class() == Class::Outage, "{error}");
    }
    slapd.start().unwrap();
    directory.change(&by_login("ann"), &change).await.unwrap();
    assert!(slapd.search("(sn=Berg)", &["uid"]).unwrap().contains("uid: ann"));
    let wrong = OpenLdap::new(loopback(slapd.port()), ADMIN, secret("wrong"), scope()).unwrap();
    assert_eq!(wrong.test().await.unwrap_err().class(), Class::Outage);
}
