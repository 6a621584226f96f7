//! OpenLDAP's accounts against a real server: binding, setting passwords, finding names.

mod systems;

use connectors::openldap::{log_in, person_dn, set_password};
use connectors::{ConnectorError, LogIn, Server, Tls};
use data_encoding::BASE64;
use peers::slapd::{ADMIN, Options, PEOPLE, Server as Slapd};
use systems::{certificate, encrypted, loopback, passes, secret, silent, texts};
use types::Failure;

fn slapd(options: &Options) -> (Slapd, Server) {
    let slapd = Slapd::start_with(options).unwrap();
    let server = loopback(slapd.port());
    (slapd, server)
}

/// Adds a person with a password, whatever its login.
fn add(slapd: &Slapd, login: &str, password: &str) -> String {
    let dn = person_dn(PEOPLE, login).unwrap();
    let [encoded, uid, password] = [dn.as_str(), login, password].map(|text| BASE64.encode(text.as_bytes()));
    let entry =
        format!("dn:: {encoded}\nobjectClass: inetOrgPerson\nuid:: {uid}\ncn: x\nsn: x\nuserPassword:: {password}\n");
    slapd.add(&entry).unwrap();
    dn
}

#[tokio::test]
async fn the_right_password_is_accepted_and_every_other_refused() {
    let (mut slapd, server) = slapd(&Options::default());
    let ann = add(&slapd, "ann", "right");
    let odd = add(&slapd, "o'neill, \"x\"+é=<#>\\;", "pä$$ \\wörd");
    let missing = person_dn(PEOPLE, "nobody").unwrap();
    for (dn, password, accepted) in [
        (&ann, "right", true),
        (&ann, "wrong", false),
        (&ann, "", false),
        (&ann, "Right", false),
        (&missing, "right", false),
        (&missing, "", false),
        (&odd, "pä$$ \\wörd", true),
        (&odd, "right", false),
    ] {
        let answer = log_in(&server, dn, &secret(password)).await.unwrap();
        assert_eq!(answer == LogIn::Accepted, accepted, "{dn} {password}");
    }
    for dn in ["", "  ", "uid=a\0nn", "no name at all", &format!("uid={}", "x".repeat(2000))] {
        let error = log_in(&server, dn, &secret("right")).await.unwrap_err();
        assert_eq!((error.code(), passes(&error)), ("account_name_invalid", false), "{dn}");
    }

    slapd.kill().unwrap();
    let away = log_in(&server, &ann, &secret("right")).await.unwrap_err();
    assert!(passes(&away) && away.code() == "host_unreachable", "{away}");
    let away = set_password(&server, &ann, &secret("right"), &ann, &secret("new")).await.unwrap_err();
    assert_eq!(away.code(), "host_unreachable");
    let (_listener, port) = silent().await;
    let slow = log_in(&loopback(port), &ann, &secret("right")).await.unwrap_err();
    assert!(passes(&slow) && slow.code() == "host_timeout", "{slow}");
    slapd.start().unwrap();
    assert_eq!(log_in(&server, &ann, &secret("right")).await, Ok(LogIn::Accepted));
}

#[tokio::test]
async fn a_certificate_of_another_authority_or_name_is_not_trusted_and_plain_text_not_fallen_back_to() {
    let (mine, key) = certificate("127.0.0.1");
    let (stranger, _) = certificate("127.0.0.1");
    let (plain, server) = slapd(&Options::default());
    let error = log_in(&encrypted(server.port, &mine), ADMIN, &secret(plain.password())).await.unwrap_err();
    assert_eq!(error.code(), "host_untrusted", "{error}");

    let (slapd, server) = slapd(&Options { tls: Some((mine.clone(), key)), ..Options::default() });
    let password = secret(slapd.password());
    assert_eq!(log_in(&encrypted(server.port, &mine), ADMIN, &password).await, Ok(LogIn::Accepted));
    assert_eq!(log_in(&encrypted(server.port, &mine), ADMIN, &secret("wrong")).await, Ok(LogIn::Refused));
    let elsewhere = Server { host: "localhost".into(), ..encrypted(server.port, &mine) };
    let public = Server { tls: Tls::Required { ca_pem: None }, ..server.clone() };
    let nonsense = encrypted(server.port, "no certificate");
    for untrusted in [encrypted(server.port, &stranger), elsewhere, public, nonsense] {
        let error = log_in(&untrusted, ADMIN, &password).await.unwrap_err();
        assert_eq!((error.code(), passes(&error)), ("host_untrusted", false), "{error}");
    }
}

#[tokio::test]
async fn a_password_is_set_by_the_entry_itself_or_by_an_administrator_and_by_nobody_else() {
    let (slapd, server) = slapd(&Options::default());
    let (ann, mallory) = (add(&slapd, "ann", "first"), add(&slapd, "mallory", "m"));
    let missing = person_dn(PEOPLE, "nobody").unwrap();
    let new = "n€w 'pass\\word'";
    set_password(&server, ADMIN, &secret(slapd.password()), &ann, &secret(new)).await.unwrap();
    assert_eq!(log_in(&server, &ann, &secret(new)).await, Ok(LogIn::Accepted));
    assert_eq!(log_in(&server, &ann, &secret("first")).await, Ok(LogIn::Refused));
    set_password(&server, &ann, &secret(new), &ann, &secret("by-myself-2")).await.unwrap();
    assert_eq!(log_in(&server, &ann, &secret("by-myself-2")).await, Ok(LogIn::Accepted));

    for (by, password, whom, new, code) in [
        (mallory.as_str(), "m", ann.as_str(), "taken-over", "host_not_permitted"),
        (&mallory, "wrong", &ann, "taken-over", "host_refused_password"),
        (&mallory, "", &ann, "taken-over", "host_refused_password"),
        (ADMIN, slapd.password(), &missing, "taken-over", "host_account_missing"),
        (ADMIN, slapd.password(), &ann, "", "password_invalid"),
        (ADMIN, slapd.password(), &ann, "a\0b", "password_invalid"),
        (ADMIN, slapd.password(), "no name at all", "taken-over", "account_name_invalid"),
    ] {
        let error = set_password(&server, by, &secret(password), whom, &secret(new)).await.unwrap_err();
        assert_eq!(error.code(), code, "{by} {whom}: {error}");
    }
    assert_eq!(log_in(&server, &ann, &secret("by-myself-2")).await, Ok(LogIn::Accepted));
    let kept = slapd.search("(uid=ann)", &["userPassword"]).unwrap();
    assert!(!kept.contains(&BASE64.encode(b"by-myself-2")), "it is kept as a hash: {kept}");
    let log = slapd.log().unwrap();
    assert!(log.contains("PASSMOD") && !log.contains("by-myself-2") && !log.contains("n€w"), "{log}");
}

#[tokio::test]
async fn the_directorys_own_policy_refuses_a_password_and_the_old_one_stays() {
    let (slapd, server) = slapd(&Options { password_policy: true, ..Options::default() });
    let ann = add(&slapd, "ann", "first-one-1");
    let first = secret("first-one-1");
    for refused in ["short", "first-one-1"] {
        let error = set_password(&server, &ann, &first, &ann, &secret(refused)).await.unwrap_err();
        assert!(matches!(&error, ConnectorError::PasswordRefused { .. }), "{error}");
        assert!(!error.to_string().contains(refused), "{error}");
    }
    assert_eq!(log_in(&server, &ann, &first).await, Ok(LogIn::Accepted));
    set_password(&server, &ann, &first, &ann, &secret("second-one-2")).await.unwrap();
    assert_eq!(log_in(&server, &ann, &secret("second-one-2")).await, Ok(LogIn::Accepted));
}

#[tokio::test]
async fn a_person_is_who_the_login_says_whatever_the_login_holds() {
    let (slapd, server) = slapd(&Options::default());
    for login in &texts("[,+\"\\\\<>;=#()*&|!a-z][,+\"\\\\<>;=#()*&|! a-z0-9é€]{0,10}[a-z]", 30) {
        let dn = add(&slapd, login, "right");
        assert_eq!(log_in(&server, &dn, &secret("right")).await, Ok(LogIn::Accepted), "{dn}");
    }
    for login in ["*", "x)(uid=*", "nobody", "\\2a"] {
        let dn = person_dn(PEOPLE, login).unwrap();
        assert_eq!(log_in(&server, &dn, &secret("right")).await, Ok(LogIn::Refused), "{dn}");
    }
}
