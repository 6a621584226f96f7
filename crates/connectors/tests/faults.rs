//! Systems that lose answers, break off and repeat themselves: whatever happens on the way, what was asked for is there in
//! the end, once, and no listing says what is not so. The seed of a run is printed when it fails; `TENURE_SEED` repeats it
//! and `TENURE_STEPS` makes it longer.

mod faulty;
mod host;
mod systems;

use connectors::{Class, ConnectorError};
use faulty::{PASSWORD, Proxy, kinds, run};
use peers::faults::ldap;
use peers::slapd::PEOPLE;
use systems::whole::{new_account, whole};

#[tokio::test]
async fn openldap_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&kinds::slapd().1).await;
}

#[tokio::test]
async fn active_directory_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&kinds::samba()).await;
}

#[tokio::test]
async fn postgres_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&kinds::postgres()).await;
}

#[tokio::test]
async fn mariadb_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&kinds::mariadb()).await;
}

#[tokio::test]
async fn a_linux_host_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&kinds::linux()).await;
}

#[tokio::test]
async fn a_scim_service_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&kinds::scim()).await;
}

#[tokio::test]
async fn a_described_api_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&kinds::http_api()).await;
}

#[tokio::test]
async fn a_folder_of_tables_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&kinds::csv_system()).await;
}

fn people(count: usize) -> String {
    let entry = |n: usize| format!("dn: uid=p{n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: p\nsn: p\n\n");
    (0..count).map(entry).collect()
}

#[tokio::test]
async fn a_listing_without_its_end_or_with_a_page_that_repeats_for_ever_proves_nothing() {
    let (slapd, target) = kinds::slapd();
    let Proxy::Ldap(proxy) = &target.proxy else { unreachable!("slapd is met over ldap") };
    slapd.add(&people(1_200)).unwrap();
    for (fault, code) in [
        (ldap::Fault::LoseSearchsEnd, "host_unreachable"),
        (ldap::Fault::RepeatEntries, "system_listing_broken"),
        (ldap::Fault::SamePageForEver, "system_listing_broken"),
        (ldap::Fault::Answer(0), "system_listing_broken"),
        (ldap::Fault::Answer(4), "system_listing_broken"),
        (ldap::Fault::Answer(51), "host_busy"),
    ] {
        use types::Failure;
        let system = target.faulty().await.unwrap();
        assert_eq!(whole(&*system).await.unwrap().accounts.len(), 1_200);
        proxy.arm(fault);
        let error = whole(&*system).await.unwrap_err();
        assert_eq!(error.code(), code, "{fault:?}: {error}");
        assert_ne!(error.class(), Class::Permanent);
    }
    assert_eq!(proxy.struck(), 6);
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_account() {
    let (slapd, target) = kinds::slapd();
    let Proxy::Ldap(proxy) = &target.proxy else { unreachable!("slapd is met over ldap") };
    let system = target.faulty().await.unwrap();
    let new = new_account("ann", Some(PASSWORD), "mark-1");
    proxy.arm(ldap::Fault::LoseChangesAnswer);
    let error = system.create(&new).await.unwrap_err();
    assert!(matches!(error, ConnectorError::AnswerLost { .. }) && error.class() == Class::Retry, "{error}");
    let made = system.create(&new).await.unwrap();
    assert_eq!(whole(&*target.plain().await).await.unwrap().account("ann").id, made.id.unwrap());
    let found = slapd.search("(uid=ann)", &["uid"]).unwrap();
    assert_eq!(found.matches("uid: ann").count(), 1, "{found}");
    let other = system.create(&new_account("ann", Some(PASSWORD), "mark-2")).await.unwrap_err();
    assert_eq!(other.class(), Class::Permanent, "who did not make it does not get it: {other}");
}
