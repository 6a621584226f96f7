//! No secret of this crate can be read from the database, and all of them move to a new data key.

use crate::house::{House, PASSWORD, line, on_both_engines, secret};
use authn::{authority, certificates, setup, tokens};
use db::Location;
use ledger::{Entry, EventKind};
use std::time::Duration;
use totp_rs::Totp;
use types::Permission;

const REKEYED: EventKind = EventKind { name: "test.rekeyed", doc: "What re-keying brings of its own." };

#[tokio::test]
async fn no_secret_stands_in_the_database_files() {
    let house = House::on_sqlite().await;
    let alice = house.person("alice").await;
    let until = house.clock.now().plus(Duration::from_secs(3600));
    let (_, token) = tokens::create(&house.ctx, &alice.id, "ci", [Permission::SelfRead].into(), until).await.unwrap();
    let link = setup::create(&house.ctx, &alice.id).await.unwrap();
    house.sign_in(&alice, "mistyped-canary", "000000").await.unwrap_err();
    let Location::Sqlite(file) = &house.fixture.location else { panic!("this is SQLite") };
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
        stored.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |canary: &[u8]| stored.windows(canary.len()).any(|window| window == canary);
    assert!(holds(b"$argon2id$v=19$m=19456,t=2,p=1$"), "the password's hash is there");
    let totp = alice.authenticator.secret();
    let base32 = totp.to_base32();
    for (what, canary) in [
        ("password", PASSWORD.as_bytes()),
        ("mistyped password", b"mistyped-canary"),
        ("second factor", totp.as_ref()),
        ("second factor as text", base32.as_bytes()),
        ("cookie", alice.signed_in.cookie.expose().as_bytes()),
        ("token", token.expose().as_bytes()),
        ("set-up link", link.expose().as_bytes()),
    ] {
        assert!(!holds(canary), "{what}");
    }
}

on_both_engines! {
    async fn every_sealed_column_moves_to_a_new_data_key_and_still_opens(house: House) {
        let alice = house.person("alice").await;
        let link = setup::create(&house.ctx, &alice.id).await.unwrap();
        let begun = setup::begin(&house.nobody(), &link).await.unwrap();
        let authenticator = Totp::from_url(begun.otpauth_uri.expose()).unwrap();
        let seal = house.ctx.seal();
        let mut tx = house.ctx.record(Entry::new(REKEYED, &"seal")).await.unwrap();
        seal.start_data_key(&mut tx, house.ctx.chance(), house.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        seal.load(house.ctx.db()).await.unwrap();

        for expected in [4, 0] {
            let mut tx = house.ctx.record(Entry::new(REKEYED, &"seal")).await.unwrap();
            assert_eq!(seal.older(&mut tx, authn::SEALED).await.unwrap(), expected);
            assert_eq!(u64::from(seal.reseal_some(&mut tx, authn::SEALED, 100).await.unwrap()), expected);
            tx.commit().await.unwrap();
        }
        house.sign_in(&alice, PASSWORD, &house.code(&alice.authenticator)).await.unwrap();
        setup::complete(&house.nobody(), &link, &secret(PASSWORD), &house.code(&authenticator)).await.unwrap();
        certificates::issue(&house.ctx, &alice.id, &line(2), Duration::from_secs(60)).await.unwrap();
        authority::public_key(&house.ctx, authority::Purpose::Targets).await.unwrap();
    }
}
