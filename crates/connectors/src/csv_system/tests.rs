//! A folder of tables as a system.

use super::*;
use crate::connector::Account;
use crate::listing;
use std::fs;
use types::Failure;

fn place() -> (tempfile::TempDir, CsvSystem) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("accounts.csv", "id,login,status,mail\n1,alice,enabled,alice@corp.example\n2,bob,disabled,\n");
    write("entitlements.csv", "id,name,privileged\nadm,Admins,administers all of it\nstf,Staff,\n");
    write("memberships.csv", "account,entitlement\n1,adm\n");
    let system = CsvSystem::new(Confined::new(folder.path(), Some(folder.path())).unwrap());
    (folder, system)
}

fn by_login(login: &str) -> AccountRef {
    AccountRef { id: None, login: login.to_owned() }
}

fn new(login: &str, mark: &str) -> NewAccount {
    let attributes = Attributes::from([("department".to_owned(), vec!["R, \"D\"".to_owned(), "Ops".to_owned()])]);
    NewAccount { login: login.to_owned(), attributes, password: None, mark: mark.to_owned() }
}

async fn list(system: &CsvSystem) -> Result<Vec<Account>, ConnectorError> {
    let mut pages = std::pin::pin!(listing::checked(system.address(), system.list()));
    let mut accounts = Vec::new();
    while let Some(page) = pages.next().await {
        match page? {
            Page::Part(part) => accounts.extend(part.accounts),
            Page::Unread(_) => unreachable!("a file is read whole or not at all"),
            Page::End => break,
        }
    }
    Ok(accounts)
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_account_and_one_of_somebody_else_is_no_answer() {
    let (_folder, system) = place();
    let made = system.create(&new("carol", "ord_1")).await.unwrap();
    assert_eq!(system.create(&new("carol", "ord_1")).await.unwrap(), made);
    assert_eq!(list(&system).await.unwrap().len(), 3);
    for (login, mark) in [("carol", "ord_2"), ("alice", "ord_1")] {
        let error = system.create(&new(login, mark)).await.unwrap_err();
        assert_eq!(error.code(), "account_already_there");
    }
    let held = system.read(&made).await.unwrap().unwrap();
    assert_eq!(held.account.attributes["department"], ["R, \"D\"", "Ops"]);
    assert!(!held.account.attributes.contains_key("mark"));
}

#[tokio::test]
async fn each_act_does_what_it_says_and_the_same_once_more_without_harm() {
    let (_folder, system) = place();
    let (bob, staff) = (by_login("bob"), NativeId("stf".into()));
    for _ in 0..2 {
        system.set_status(&bob, Status::Enabled).await.unwrap();
        system.grant(&bob, &staff).await.unwrap();
    }
    let held = system.read(&bob).await.unwrap().unwrap();
    assert_eq!((held.account.status, held.entitlements.len()), (Status::Enabled, 1));
    assert_eq!(system.members(&staff).await.unwrap().unwrap(), [Member::Account(NativeId("2".into()))]);
    for _ in 0..2 {
        system.revoke(&bob, &staff).await.unwrap();
    }
    assert!(system.read(&bob).await.unwrap().unwrap().entitlements.is_empty());
    let renamed = Attributes::from([("login".to_owned(), vec!["robert".to_owned()])]);
    assert_eq!(system.change(&bob, &renamed).await.unwrap().login, "robert");
    let alice = by_login("alice");
    for _ in 0..2 {
        system.delete(&alice).await.unwrap();
    }
    assert_eq!(system.read(&alice).await.unwrap(), None);
    assert!(system.members(&NativeId("adm".into())).await.unwrap().unwrap().is_empty(), "nothing is left behind");
}

#[tokio::test]
async fn what_is_not_there_and_what_cannot_be_done_is_said() {
    let (_folder, system) = place();
    let nobody = by_login("nobody");
    for (error, code) in [
        (system.grant(&nobody, &NativeId("stf".into())).await.unwrap_err(), "host_account_missing"),
        (system.grant(&by_login("bob"), &NativeId("x".into())).await.unwrap_err(), "entitlement_missing"),
        (system.set_status(&nobody, Status::Enabled).await.unwrap_err(), "host_account_missing"),
        (system.set_password(&nobody, &Secret::new("x".into())).await.unwrap_err(), "system_cannot"),
    ] {
        assert_eq!(error.code(), code);
    }
    assert_eq!(system.members(&NativeId("x".into())).await.unwrap(), None);
    let own = Attributes::from([("status".to_owned(), vec!["enabled".to_owned()])]);
    assert_eq!(system.change(&by_login("bob"), &own).await.unwrap_err().code(), "account_name_invalid");
}

#[tokio::test]
async fn no_table_is_read_or_written_through_a_link() {
    let (folder, system) = place();
    let elsewhere = tempfile::tempdir().unwrap();
    let (at, victim) = (|name: &str| folder.path().join(name), elsewhere.path().join("victim"));
    fs::write(&victim, "id,login,status\n9,root,enabled\n").unwrap();
    std::os::unix::fs::symlink(&victim, at(".accounts.csv.new")).unwrap();
    system.set_status(&by_login("bob"), Status::Enabled).await.unwrap();
    fs::remove_file(at(".lock")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("made"), at(".lock")).unwrap();
    system.set_status(&by_login("bob"), Status::Disabled).await.unwrap_err();
    assert!(!elsewhere.path().join("made").exists());
    fs::remove_file(at("accounts.csv")).unwrap();
    std::os::unix::fs::symlink(&victim, at("accounts.csv")).unwrap();
    assert_eq!(list(&system).await.unwrap_err().code(), "host_unreachable");
    assert_eq!(fs::read_to_string(&victim).unwrap(), "id,login,status\n9,root,enabled\n");
}

#[tokio::test]
async fn a_table_that_was_cut_off_or_is_gone_is_no_listing() {
    let (folder, system) = place();
    let accounts = folder.path().join("accounts.csv");
    for (text, code) in [
        ("id,login,status\n1,alice,ena", "system_listing_broken"),
        ("id,login\n1,alice\n", "system_listing_broken"),
        ("id,login,status\n1,alice,enabled\n1,bob,enabled\n", "system_listing_broken"),
    ] {
        fs::write(&accounts, text).unwrap();
        assert_eq!(list(&system).await.unwrap_err().code(), code, "{text}");
    }
    fs::remove_file(&accounts).unwrap();
    assert_eq!(list(&system).await.unwrap_err().code(), "host_unreachable");
    assert_eq!(system.test().await.unwrap_err().code(), "host_unreachable");
}
