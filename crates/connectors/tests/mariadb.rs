//! MariaDB's accounts against a real server: logging in, setting passwords, users on demand.

mod systems;

use connectors::mariadb::{log_in, set_password, users};
use connectors::{Batch, ConnectorError, LogIn, NewUser, OldUser, Server};
use peers::mariadb::{Options, Server as MariaDb};
use systems::{certificate, encrypted, loopback, passes, secret, silent, texts};
use types::Failure;

fn mariadb(config: &str) -> (MariaDb, Server) {
    let mariadb = MariaDb::start_with(&Options { config: config.to_owned(), ..Options::default() }).unwrap();
    let server = loopback(mariadb.port());
    (mariadb, server)
}

fn user(name: &str, role: &str) -> NewUser {
    NewUser {
        name: name.into(),
        password: secret("first"),
        role: role.into(),
        valid_until: None,
        max_connections: Some(5),
    }
}

fn old(name: &str) -> OldUser {
    OldUser { name: name.into(), id: None, role: Some("readers".into()) }
}

fn all_done(batch: &Batch, count: usize) {
    assert!(batch.failed.is_empty() && batch.done.len() == count, "{batch:?}");
}

#[tokio::test]
async fn the_right_password_is_accepted_and_every_other_refused() {
    let (mut mariadb, server) = mariadb("");
    mariadb
        .sql(
            "create user ann identified by 'right'; create user `o'neill \"x\" é`@`%` identified by 'pä$$ \\\\wörd'; \
             create user locked identified by 'right' account lock; create user full identified by 'right' with max_user_connections 1",
        )
        .unwrap();
    for (login, password, accepted) in [
        ("ann", "right", true),
        ("ann", "wrong", false),
        ("ann", "", false),
        ("ann", "Right", false),
        ("nobody", "right", false),
        ("o'neill \"x\" é", "pä$$ \\wörd", true),
        ("o'neill \"x\" é", "right", false),
    ] {
        let answer = log_in(&server, login, &secret(password)).await.unwrap();
        assert_eq!(answer == LogIn::Accepted, accepted, "{login} {password}");
    }
    for login in ["a\0nn", "", &"m".repeat(129), "ann "] {
        let error = log_in(&server, login, &secret("right")).await.unwrap_err();
        assert_eq!((error.code(), passes(&error)), ("account_name_invalid", false), "{login}");
    }
    let locked = log_in(&server, "locked", &secret("right")).await.unwrap_err();
    assert!(!passes(&locked) && locked.to_string().contains("locked"), "{locked}");

    mariadb.kill().unwrap();
    let away = log_in(&server, "ann", &secret("right")).await.unwrap_err();
    assert!(passes(&away) && away.code() == "host_unreachable", "{away}");
    let away = set_password(&server, "ann", &secret("right"), "ann", &secret("new")).await.unwrap_err();
    assert_eq!(away.code(), "host_unreachable");
    let (_listener, port) = silent().await;
    let slow = log_in(&loopback(port), "ann", &secret("right")).await.unwrap_err();
    assert!(passes(&slow) && slow.code() == "host_timeout", "{slow}");
    mariadb.start().unwrap();
    assert_eq!(log_in(&server, "ann", &secret("right")).await, Ok(LogIn::Accepted));
}

#[tokio::test]
async fn a_certificate_of_another_authority_or_name_is_not_trusted_and_plain_text_not_fallen_back_to() {
    let (mine, key) = certificate("127.0.0.1");
    let (stranger, _) = certificate("127.0.0.1");
    let (plain, server) = mariadb("skip-ssl");
    let password = secret(plain.password());
    let error = log_in(&encrypted(server.port, &mine), "admin", &password).await.unwrap_err();
    assert_eq!(error.code(), "host_untrusted", "{error}");

    let mariadb = MariaDb::start_with(&Options { tls: Some((mine.clone(), key)), ..Options::default() }).unwrap();
    let (server, password) = (loopback(mariadb.port()), secret(mariadb.password()));
    assert_eq!(log_in(&encrypted(server.port, &mine), "admin", &password).await, Ok(LogIn::Accepted));
    assert_eq!(log_in(&encrypted(server.port, &mine), "admin", &secret("wrong")).await, Ok(LogIn::Refused));
    let elsewhere = Server { host: "localhost".into(), ..encrypted(server.port, &mine) };
    let public = Server { tls: connectors::Tls::Required { ca_pem: None }, ..server.clone() };
    for untrusted in [encrypted(server.port, &stranger), elsewhere, public] {
        let error = log_in(&untrusted, "admin", &password).await.unwrap_err();
        assert_eq!((error.code(), passes(&error)), ("host_untrusted", false), "{error}");
    }
}

#[tokio::test]
async fn a_password_is_set_by_the_user_itself_or_by_an_administrator_and_by_nobody_else() {
    let (mariadb, server) = mariadb("general-log=1");
    let made = "create user ann identified by 'first'; create user ann@`10.0.0.1` identified by 'first'; \
        create user mallory identified by 'm'";
    mariadb.sql(made).unwrap();
    let admin = secret(mariadb.password());
    let new = "n€w 'pass\\word' ; drop user ann; --";
    set_password(&server, "admin", &admin, "ann", &secret(new)).await.unwrap();
    let hashes = "select count(distinct authentication_string) from mysql.user where user = 'ann'";
    assert_eq!(mariadb.sql(hashes).unwrap(), "1\n", "for every host that it may come from");
    assert_eq!(log_in(&server, "ann", &secret(new)).await, Ok(LogIn::Accepted));
    assert_eq!(log_in(&server, "ann", &secret("first")).await, Ok(LogIn::Refused));
    set_password(&server, "ann", &secret(new), "ann", &secret("by-myself-2")).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("by-myself-2")).await, Ok(LogIn::Accepted));

    for (by, password, whom, new, code) in [
        ("mallory", "m", "ann", "taken-over", "host_not_permitted"),
        ("mallory", "wrong", "ann", "taken-over", "host_refused_password"),
        ("admin", mariadb.password(), "nobody", "taken-over", "host_account_missing"),
        ("admin", mariadb.password(), "ann", "", "password_invalid"),
        ("admin", mariadb.password(), "ann", "a\0b", "password_invalid"),
        ("admin", mariadb.password(), "a\0nn", "taken-over", "account_name_invalid"),
    ] {
        let error = set_password(&server, by, &secret(password), whom, &secret(new)).await.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
    assert_eq!(log_in(&server, "ann", &secret("by-myself-2")).await, Ok(LogIn::Accepted));

    let log = mariadb.log().unwrap();
    assert!(log.contains("set password for `ann`@`10.0.0.1`"), "{log}");
    for plain in ["n€w", "by-myself-2", "taken-over"] {
        assert!(!log.contains(plain), "`{plain}` stands in the server's log");
    }
}

#[tokio::test]
async fn an_account_that_may_also_come_by_the_socket_still_may() {
    let (mariadb, server) = mariadb("");
    mariadb.sql("create user ops identified via mysql_native_password using password('first') or unix_socket").unwrap();
    set_password(&server, "admin", &secret(mariadb.password()), "ops", &secret("second")).await.unwrap();
    assert_eq!(log_in(&server, "ops", &secret("second")).await, Ok(LogIn::Accepted));
    assert!(mariadb.sql("show create user ops").unwrap().contains("unix_socket"));
}

#[tokio::test]
async fn the_servers_own_policy_refuses_a_password_and_never_logs_one() {
    let (mariadb, server) = mariadb("general-log=1\nplugin-load-add=simple_password_check\n");
    mariadb
        .sql("create user ann identified by 'First-one-1'; create user keeper identified by 'Keeper-one-1'")
        .unwrap();
    mariadb.sql("grant create user, select, update on *.* to keeper").unwrap();
    let admin = secret(mariadb.password());
    let refused = set_password(&server, "admin", &admin, "ann", &secret("short")).await.unwrap_err();
    assert!(matches!(&refused, ConnectorError::PasswordRefused { .. }), "{refused}");
    assert!(!refused.to_string().contains("short"), "{refused}");
    assert_eq!(log_in(&server, "ann", &secret("First-one-1")).await, Ok(LogIn::Accepted));

    set_password(&server, "admin", &admin, "ann", &secret("Long-'e\\nough-2")).await.unwrap();
    assert_eq!(log_in(&server, "ann", &secret("Long-'e\\nough-2")).await, Ok(LogIn::Accepted));

    let unlogged = set_password(&server, "keeper", &secret("Keeper-one-1"), "ann", &secret("Third-one-3")).await;
    let unlogged = unlogged.unwrap_err();
    assert!(unlogged.to_string().contains("grant it connection admin"), "{unlogged}");
    assert_eq!(log_in(&server, "ann", &secret("Third-one-3")).await, Ok(LogIn::Refused));
    let log = mariadb.log().unwrap();
    for plain in ["short", "nough-2", "Third-one-3"] {
        assert!(!log.contains(plain), "`{plain}` stands in the server's log");
    }
}

#[tokio::test]
async fn users_of_any_name_are_made_found_and_dropped() {
    let (mariadb, server) = mariadb("");
    mariadb.sql("create database app; create table app.t as select 7 as n; create role readers").unwrap();
    mariadb.sql("grant select on app.* to readers").unwrap();
    let admin = secret(mariadb.password());
    let odd = texts("t[\"'`\\\\;$\\-a-zA-Zé€\n\t %()_]{0,15}x", 60);
    let named: Vec<NewUser> = odd.iter().map(|name| user(name, "readers")).collect();
    all_done(&users::create(&server, "admin", &admin, &named).await.unwrap(), odd.len());
    let found = users::existing(&server, "admin", &admin, "t").await.unwrap();
    let mut names: Vec<&str> = found.iter().map(|user| user.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, odd);
    assert_eq!(users::existing(&server, "admin", &admin, "%").await.unwrap(), []);
    assert_eq!(mariadb.sql_as(&odd[0], "first", "select n from app.t").unwrap(), "7\n");
    assert!(mariadb.sql_as(&odd[0], "first", "delete from app.t").is_err());

    let doomed: Vec<OldUser> = odd.iter().map(|name| old(name)).collect();
    for _ in 0..2 {
        all_done(&users::drop(&server, "admin", &admin, &doomed).await.unwrap(), odd.len());
        assert_eq!(users::existing(&server, "admin", &admin, "t").await.unwrap(), []);
    }
    assert_eq!(
        mariadb.sql("select count(*) from mysql.roles_mapping where role = 'readers' and user <> 'admin'").unwrap(),
        "0\n"
    );
}

#[tokio::test]
async fn one_user_that_cannot_be_made_or_dropped_holds_no_other_up() {
    let (mariadb, server) = mariadb("");
    mariadb.sql("create role readers; create user taken identified by 'first'").unwrap();
    let admin = secret(mariadb.password());
    let mut wanted: Vec<NewUser> = (0..20).map(|n| user(&format!("u{n}"), "readers")).collect();
    wanted.extend([user("taken", "readers"), user("roleless", "no-such-role"), user("nul\0", "readers")]);
    wanted.push(NewUser { password: secret(""), ..user("empty", "readers") });
    let batch = users::create(&server, "admin", &admin, &wanted).await.unwrap();
    assert_eq!(batch.done.len(), 20, "{batch:?}");
    let mut failed: Vec<&str> = batch.failed.iter().map(|(name, _)| name.as_str()).collect();
    failed.sort_unstable();
    assert_eq!(failed, ["empty", "nul\0", "roleless", "taken"]);
    assert_eq!(mariadb.sql("select count(*) from mysql.user where user in ('roleless', 'empty')").unwrap(), "0\n");
    assert_eq!(log_in(&server, "taken", &secret("first")).await, Ok(LogIn::Accepted), "it is somebody else's");

    let doomed = ["u1", "admin", "nul\0", "missing", "u2"].map(old);
    let batch = users::drop(&server, "admin", &admin, &doomed).await.unwrap();
    assert_eq!((batch.done, batch.failed.len()), (["u1", "missing", "u2"].map(str::to_owned).to_vec(), 2));
    assert_eq!(log_in(&server, "admin", &admin).await, Ok(LogIn::Accepted));
}

#[tokio::test]
async fn a_dropped_users_session_ends() {
    let (mariadb, server) = mariadb("");
    mariadb.sql("create role readers").unwrap();
    let admin = secret(mariadb.password());
    all_done(&users::create(&server, "admin", &admin, &[user("u1", "readers")]).await.unwrap(), 1);
    let mariadb = std::sync::Arc::new(mariadb);
    let sleeper = std::sync::Arc::clone(&mariadb);
    let asleep = std::thread::spawn(move || sleeper.sql_as("u1", "first", "select sleep(600)"));
    let there = "select count(*) from information_schema.processlist where user = 'u1'";
    let sleeps = || mariadb.sql(there).unwrap() == "1\n";
    peers::process::wait_until("it sleeps", std::time::Duration::from_secs(10), sleeps).unwrap();
    all_done(&users::drop(&server, "admin", &admin, &[old("u1")]).await.unwrap(), 1);
    assert!(asleep.join().unwrap().is_err());
}

#[tokio::test]
async fn a_session_that_will_not_end_holds_up_its_user_and_no_other() {
    let (mariadb, server) = mariadb("");
    mariadb.sql("create role readers").unwrap();
    let admin = secret(mariadb.password());
    let all = ["u1", "u2", "u3"].map(|name| user(name, "readers"));
    all_done(&users::create(&server, "admin", &admin, &all).await.unwrap(), 3);
    let mariadb = std::sync::Arc::new(mariadb);
    let busy = std::sync::Arc::clone(&mariadb);
    // Nobody is asked whether to stop between the columns of one row.
    let column = "sha2(repeat(rand(), 500000), 512)";
    let row = format!("select {}", vec![column; 1000].join(", "));
    let working = std::thread::spawn(move || busy.sql_as("u2", "first", &row).map(drop));
    let there = "select count(*) from information_schema.processlist where user = 'u2' and info is not null";
    let works = || mariadb.sql(there).unwrap() == "1\n";
    peers::process::wait_until("it works", std::time::Duration::from_secs(10), works).unwrap();
    let doomed = ["u1", "u2", "u3"].map(old);
    let batch = users::drop(&server, "admin", &admin, &doomed).await.unwrap();
    assert_eq!(batch.done, ["u1", "u3"], "{batch:?}");
    let [(name, error)] = &batch.failed[..] else { panic!("{batch:?}") };
    assert_eq!((name.as_str(), error.code()), ("u2", "host_timeout"));
    assert!(working.join().unwrap().is_err());
    let there = "select count(*) from information_schema.processlist where user = 'u2'";
    let ended = || mariadb.sql(there).unwrap() == "0\n";
    peers::process::wait_until("its row is whole", std::time::Duration::from_secs(120), ended).unwrap();
    all_done(&users::drop(&server, "admin", &admin, &doomed).await.unwrap(), 3);
}

#[tokio::test]
async fn a_thousand_users_are_dropped_in_seconds() {
    let (mariadb, server) = mariadb("");
    mariadb.sql("create role readers").unwrap();
    let admin = secret(mariadb.password());
    let wanted: Vec<NewUser> = (0..1000).map(|n| user(&format!("v{n}"), "readers")).collect();
    let started = std::time::Instant::now();
    all_done(&users::create(&server, "admin", &admin, &wanted).await.unwrap(), 1000);
    println!("1000 users made in {:?}", started.elapsed());
    let doomed: Vec<OldUser> = (0..1000).map(|n| old(&format!("v{n}"))).collect();
    let started = std::time::Instant::now();
    all_done(&users::drop(&server, "admin", &admin, &doomed).await.unwrap(), 1000);
    println!("1000 users dropped in {:?}", started.elapsed());
    assert!(started.elapsed() < std::time::Duration::from_secs(20));
}
