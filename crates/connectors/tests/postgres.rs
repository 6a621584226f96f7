//! PostgreSQL's accounts against a real server: logging in, setting passwords, users on demand.

mod systems;

use connectors::postgres::{log_in, set_password, users};
use connectors::{Batch, ConnectorError, LogIn, NewUser, OldUser, Server};
use peers::postgres::{Durability, Server as Postgres};
use systems::{certificate, encrypted, loopback, passes, secret, silent, texts};
use types::{Failure, Timestamp};

fn postgres() -> (Postgres, Server) {
    let postgres = Postgres::start_with(Durability::Fast).unwrap();
    let server = loopback(postgres.port());
    (postgres, server)
}

fn user(name: &str, role: &str) -> NewUser {
    let valid_until = Some("2099-01-01".parse().unwrap());
    NewUser { name: name.into(), password: secret("first"), role: role.into(), valid_until, max_connections: Some(5) }
}

fn old(name: &str, role: &str) -> OldUser {
    OldUser { name: name.into(), id: None, role: Some(role.into()) }
}

fn all_done(batch: &Batch, count: usize) {
    assert!(batch.failed.is_empty() && batch.done.len() == count, "{batch:?}");
}

#[tokio::test]
async fn the_right_password_is_accepted_and_every_other_refused() {
    let (postgres, server) = postgres();
    postgres
        .sql(
            "create role ann login password 'right'; create role group_only password 'right'; \
             create role late login password 'right' valid until '2001-01-01'; create role \"o'neill \"\"x\"\" é\" login password 'pä$$ \\wörd'",
        )
        .unwrap();
    for (login, password, accepted) in [
        ("ann", "right", true),
        ("ann", "wrong", false),
        ("ann", "", false),
        ("ann", "Right", false),
        ("nobody", "right", false),
        ("group_only", "right", false),
        ("late", "right", false),
        ("o'neill \"x\" é", "pä$$ \\wörd", true),
        ("o'neill \"x\" é", "right", false),
    ] {
        let answer = log_in(&server, login, &secret(password)).await.unwrap();
        assert_eq!(answer == LogIn::Accepted, accepted, "{login} {password}");
    }
    for login in ["a\0nn", "", &"é".repeat(32)] {
        let error = log_in(&server, login, &secret("right")).await.unwrap_err();
        assert_eq!((error.code(), passes(&error)), ("account_name_invalid", false), "{login}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_full_or_silent_has_judged_nothing() {
    let (mut postgres, server) = postgres();
    postgres.sql("create role ann login password 'right' connection limit 0").unwrap();
    let full = log_in(&server, "ann", &secret("right")).await.unwrap_err();
    assert!(passes(&full) && full.code() == "host_busy", "{full}");

    let closed = Server { database: Some("no such database".into()), ..server.clone() };
    let error = log_in(&closed, "postgres", &secret(postgres.password())).await.unwrap_err();
    assert!(!passes(&error) && error.to_string().contains("no such database"), "{error}");

    postgres.stop().unwrap();
    let away = log_in(&server, "ann", &secret("right")).await.unwrap_err();
    assert!(passes(&away) && away.code() == "host_unreachable", "{away}");
    let away = set_password(&server, "ann", &secret("right"), "ann", &secret("new")).await.unwrap_err();
    assert_eq!(away.code(), "host_unreachable");
    assert!(users::drop(&server, "ann", &secret("right"), &[old("x", "y")]).await.is_err());

    let (_listener, port) = silent().await;
    let slow = log_in(&loopback(port), "ann", &secret("right")).await.unwrap_err();
    assert!(passes(&slow) && slow.code() == "host_timeout", "{slow}");
}

#[tokio::test]
async fn a_client_that_pg_hba_does_not_let_in_is_no_wrong_password() {
    let (postgres, server) = postgres();
    postgres.sql("create role ann login password 'right'").unwrap();
    let file = postgres.sql("show hba_file").unwrap();
    let lines = std::fs::read_to_string(file.trim()).unwrap();
    std::fs::write(file.trim(), format!("host all ann 127.0.0.1/32 reject\n{lines}")).unwrap();
    postgres.sql("select pg_reload_conf()").unwrap();
    let barred = async {
        while log_in(&server, "ann", &secret("right")).await == Ok(LogIn::Accepted) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), barred).await.unwrap();
    let error = log_in(&server, "ann", &secret("right")).await.unwrap_err();
    assert!(error.to_string().contains("pg_hba.conf"), "{error}");
}

#[tokio::test]
async fn a_certificate_of_another_authority_or_name_is_not_trusted_and_plain_text_not_fallen_back_to() {
    let (postgres, server) = postgres();
    let password = secret(postgres.password());
    let (mine, key) = certificate("127.0.0.1");
    let (stranger, _) = certificate("127.0.0.1");
    let plain = log_in(&encrypted(server.port, &mine), "postgres", &password).await.unwrap_err();
    assert_eq!(plain.code(), "host_untrusted", "{plain}");

    postgres.enable_tls(&mine, &key).unwrap();
    assert_eq!(log_in(&encrypted(server.port, &mine), "postgres", &password).await, Ok(LogIn::Accepted));
    assert_eq!(log_in(&encrypted(server.port, &mine), "postgres", &secret("wrong")).await, Ok(LogIn::Refused));
    let elsewhere = Server { host: "localhost".into(), ..encrypted(server.port, &mine) };
    let public = Server { tls: connectors::Tls::Required { ca_pem: None }, ..server.clone() };
    for untrusted in [encrypted(server.port, &stranger), elsewhere, public] {
        let error = log_in(&untrusted, "postgres", &password).await.unwrap_err();
        assert_eq!((error.code(), passes(&error)), ("host_untrusted", false), "{error}");
    }
    let nonsense = log_in(&encrypted(server.port, "no certificate"), "postgres", &password).await;
    assert_eq!(nonsense.map_err(|error| error.code()), Err("host_untrusted"));
}

#[tokio::test]
async fn a_password_is_set_by_the_role_itself_or_by_an_administrator_and_by_nobody_else() {
    let (postgres, server) = postgres();
    postgres.sql("alter system set log_statement = 'all'").unwrap();
    postgres.sql("select pg_reload_conf()").unwrap();
    postgres
        .sql("create role ann login password 'first'; create role mallory login password 'm'; create role keeper login createrole password 'k'")
        .unwrap();
    let admin = secret(postgres.password());
    let mut current = "first".to_owned();
    let new = "n€w 'pass\\word' ; drop role ann; --";
    for (by, password, next) in [
        ("postgres", admin.clone(), new),
        ("ann", secret(new), "by-myself-2"),
        ("keeper", secret("k"), "by-the-keeper-3"),
    ] {
        set_password(&server, by, &password, "ann", &secret(next)).await.unwrap();
        assert_eq!(log_in(&server, "ann", &secret(next)).await, Ok(LogIn::Accepted), "{by}");
        assert_eq!(log_in(&server, "ann", &secret(&current)).await, Ok(LogIn::Refused), "{by}");
        current = next.to_owned();
    }

    let by = |login: &'static str, password: &'static str, whom: &'static str, new: &'static str| {
        let (server, password, new) = (server.clone(), secret(password), secret(new));
        async move { set_password(&server, login, &password, whom, &new).await.unwrap_err() }
    };
    assert_eq!(by("mallory", "m", "ann", "taken-over").await.code(), "host_not_permitted");
    assert_eq!(by("keeper", "k", "postgres", "taken-over").await.code(), "host_not_permitted");
    assert_eq!(by("mallory", "wrong", "ann", "taken-over").await.code(), "host_refused_password");
    assert_eq!(by("keeper", "k", "nobody", "taken-over").await.code(), "host_account_missing");
    assert_eq!(by("keeper", "k", "ann", "").await.code(), "password_invalid");
    assert_eq!(by("keeper", "k", "ann", "a\0b").await.code(), "password_invalid");
    assert_eq!(by("keeper", "k", "a\0nn", "taken-over").await.code(), "account_name_invalid");
    assert_eq!(log_in(&server, "ann", &secret(&current)).await, Ok(LogIn::Accepted));

    let log = postgres.log().unwrap();
    assert!(log.contains("alter role \"ann\" password 'SCRAM-SHA-256$"), "{log}");
    for plain in ["n€w", "by-myself-2", "by-the-keeper-3", "taken-over"] {
        assert!(!log.contains(plain), "`{plain}` stands in the server's log");
    }
}

#[tokio::test]
async fn the_servers_own_policy_refuses_a_password_and_the_old_one_stays() {
    let (postgres, server) = postgres();
    postgres.sql("alter role postgres set session_preload_libraries = 'passwordcheck'").unwrap();
    postgres.sql("create role annabelle1 login password 'first-one-1'").unwrap();
    let admin = secret(postgres.password());
    let refused = set_password(&server, "postgres", &admin, "annabelle1", &secret("annabelle1")).await.unwrap_err();
    assert!(
        matches!(&refused, ConnectorError::PasswordRefused { detail } if detail.contains("user name")),
        "{refused}"
    );
    assert!(!refused.to_string().contains("annabelle1"), "{refused}");
    assert_eq!(log_in(&server, "annabelle1", &secret("first-one-1")).await, Ok(LogIn::Accepted));
}

#[tokio::test]
async fn users_of_any_name_are_made_found_and_dropped() {
    let (postgres, server) = postgres();
    postgres.sql("create role readers").unwrap();
    let admin = secret(postgres.password());
    let odd = texts("t[\"'\\\\;$\\-a-zA-Zé€😀\n\t %()]{0,15}", 60);
    let named: Vec<NewUser> = odd.iter().map(|name| user(name, "readers")).collect();
    all_done(&users::create(&server, "postgres", &admin, &named).await.unwrap(), odd.len());
    let found = users::existing(&server, "postgres", &admin, "t").await.unwrap();
    let mut names: Vec<&str> = found.iter().map(|user| user.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, odd);
    let until: Timestamp = "2099-01-01".parse().unwrap();
    assert!(found.iter().all(|user| user.valid_until == Some(until)));
    // What a name may be there is more than what SASLprep (RFC 4013) lets a client send.
    let sendable = odd.iter().find(|name| !name.chars().any(char::is_control)).expect("one without control characters");
    assert_eq!(log_in(&server, sendable, &secret("first")).await, Ok(LogIn::Accepted));

    let later = [(sendable.clone(), Timestamp::from_micros(1_000_000)), ("missing".to_owned(), until)];
    let batch = users::prolong(&server, "postgres", &admin, &later).await.unwrap();
    assert_eq!((batch.done.len(), batch.failed.len()), (1, 1));
    assert_eq!(log_in(&server, sendable, &secret("first")).await, Ok(LogIn::Refused), "its time is over");

    let doomed: Vec<OldUser> = odd.iter().map(|name| old(name, "readers")).collect();
    for _ in 0..2 {
        all_done(&users::drop(&server, "postgres", &admin, &doomed).await.unwrap(), odd.len());
        assert_eq!(users::existing(&server, "postgres", &admin, "t").await.unwrap(), []);
    }
}

#[tokio::test]
async fn one_user_that_cannot_be_made_holds_no_other_up() {
    let (postgres, server) = postgres();
    postgres.sql("create role readers; create role taken").unwrap();
    let admin = secret(postgres.password());
    let mut wanted: Vec<NewUser> = (0..20).map(|n| user(&format!("u{n}"), "readers")).collect();
    wanted.extend([user("taken", "readers"), user("roleless", "no-such-role"), user("nul\0", "readers")]);
    wanted.push(NewUser { password: secret(""), ..user("empty", "readers") });
    let batch = users::create(&server, "postgres", &admin, &wanted).await.unwrap();
    assert_eq!(batch.done.len(), 20, "{batch:?}");
    let mut failed: Vec<&str> = batch.failed.iter().map(|(name, _)| name.as_str()).collect();
    failed.sort_unstable();
    assert_eq!(failed, ["empty", "nul\0", "roleless", "taken"]);
    assert_eq!(postgres.sql("select count(*) from pg_roles where rolname like 'u%'").unwrap(), "20\n");
}

#[tokio::test]
async fn a_dropped_user_leaves_nothing_and_what_it_made_goes_to_its_role() {
    let (postgres, server) = postgres();
    let admin = secret(postgres.password());
    postgres.sql("create role writers; create role keeper login createrole password 'k' in role writers").unwrap();
    let other = postgres.create_database("other").unwrap();
    postgres.sql("grant create on database other to writers").unwrap();
    for by in [("postgres", admin.clone()), ("keeper", secret("k"))] {
        let all: Vec<NewUser> = ["w1", "w2", "w3"].map(|name| user(name, "writers")).to_vec();
        all_done(&users::create(&server, by.0, &by.1, &all).await.unwrap(), 3);
        let as_w1 = other.replace(&format!("postgres:{}@", postgres.password()), "w1:first@");
        let made = "create schema s; create table s.t (n int); insert into s.t values (7); grant select on s.t to w2; \
            alter default privileges grant select on tables to w2; create function s.f() returns int return 1";
        psql(&as_w1, made).unwrap();
        postgres.sql("alter role w3 set work_mem = '1MB'").unwrap();
        if by.0 == "postgres" {
            // What a superuser granted, nobody else can take back.
            psql(&other, "grant usage on schema public to w2; grant connect on database other to w3").unwrap();
        }
        let mut open = std::process::Command::new("psql");
        let mut open = open.args(["-X", "-c", "select pg_sleep(600)", &as_w1]).spawn().unwrap();
        let there = "select count(*) from pg_stat_activity where usename = 'w1' and query like '%pg_sleep%'";
        wait(|| postgres.sql(there).unwrap() == "1\n");

        let doomed = ["w1", "w2", "w3"].map(|name| old(name, "writers"));
        all_done(&users::drop(&server, by.0, &by.1, &doomed).await.unwrap(), 3);
        assert!(!open.wait().unwrap().success(), "its session was ended");
        for (url, question) in [
            (&other, "select count(*) from pg_roles where rolname ~ '^w[1-3]$'"),
            (&other, "select count(*) from pg_class where relacl::text ~ 'w[1-3]=|/w[1-3]'"),
            (&other, "select count(*) from pg_default_acl"),
            (&other, "select count(*) from pg_namespace where nspacl::text ~ 'w[1-3]='"),
            (&other, "select count(*) from pg_database where datacl::text ~ 'w[1-3]='"),
            (&other, "select count(*) from pg_auth_members where not exists (select from pg_roles where oid = member)"),
            (
                &other,
                "select count(*) from pg_db_role_setting where setrole <> 0 and not exists (select from pg_roles where oid = setrole)",
            ),
        ] {
            assert_eq!(psql(url, question).unwrap(), "0\n", "{question}");
        }
        let kept = "select (select rolname from pg_roles where oid = relowner), (select n from s.t) from pg_class where relname = 't'";
        assert_eq!(psql(&other, kept).unwrap(), "writers|7\n");
        psql(&other, "drop schema s cascade").unwrap();
    }
}

#[tokio::test]
async fn one_user_that_cannot_be_dropped_holds_no_other_up_and_is_locked_out() {
    let (postgres, server) = postgres();
    let admin = secret(postgres.password());
    postgres.sql("create role readers").unwrap();
    let all: Vec<NewUser> = (0..10).map(|n| user(&format!("u{n}"), "readers")).collect();
    all_done(&users::create(&server, "postgres", &admin, &all).await.unwrap(), 10);
    postgres.sql("create table t (); alter table t owner to u4").unwrap();
    let mut doomed: Vec<OldUser> = (0..10).map(|n| old(&format!("u{n}"), "readers")).collect();
    doomed[4].role = Some("no-such-role".into());
    doomed.push(old("postgres", "readers"));
    let batch = users::drop(&server, "postgres", &admin, &doomed).await.unwrap();
    assert_eq!(batch.done.len(), 9, "{batch:?}");
    let failed: Vec<&str> = batch.failed.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(failed, ["postgres", "u4"]);
    assert_eq!(log_in(&server, "u4", &secret("first")).await, Ok(LogIn::Refused));
    assert_eq!(log_in(&server, "postgres", &admin).await, Ok(LogIn::Accepted));

    doomed[4].role = Some("readers".into());
    all_done(&users::drop(&server, "postgres", &admin, &doomed[4..5]).await.unwrap(), 1);
}

#[tokio::test]
async fn what_a_user_of_no_known_role_owns_goes_to_the_one_role_that_it_is_in_and_to_no_other() {
    let (postgres, server) = postgres();
    let admin = secret(postgres.password());
    postgres.sql("create role readers; create role writers").unwrap();
    for (name, roles) in [("u1", "writers"), ("u2", "readers, writers"), ("u3", ""), ("u4", "postgres, readers")] {
        let membership = if roles.is_empty() { String::new() } else { format!("grant {roles} to {name};") };
        let made =
            format!("create role {name} login; {membership} create table {name}s (); alter table {name}s owner to");
        postgres.sql(&format!("{made} {name}")).unwrap();
    }
    postgres.sql("create role u5 login").unwrap();
    let doomed = ["u1", "u2", "u3", "u4", "u5"].map(|name| OldUser { name: name.into(), id: None, role: None });
    let batch = users::drop(&server, "postgres", &admin, &doomed).await.unwrap();
    let mut failed: Vec<&str> = batch.failed.iter().map(|(name, _)| name.as_str()).collect();
    failed.sort_unstable();
    assert_eq!((batch.done.as_slice(), failed), (["u1", "u4", "u5"].map(str::to_owned).as_slice(), vec!["u2", "u3"]));
    let owners = "select relname || ' ' || relowner::regrole from pg_class where relname ~ '^u[1-5]s$' order by 1";
    assert_eq!(postgres.sql(owners).unwrap(), "u1s writers\nu2s u2\nu3s u3\nu4s readers\n");
    assert_eq!(postgres.sql("select rolname from pg_roles where rolname ~ '^u' and rolcanlogin").unwrap(), "");
}

#[tokio::test]
async fn a_session_that_will_not_end_holds_up_its_user_and_no_other() {
    let (postgres, server) = postgres();
    let admin = secret(postgres.password());
    postgres.sql("create role readers").unwrap();
    let all: Vec<NewUser> = ["u1", "u2", "u3"].map(|name| user(name, "readers")).to_vec();
    all_done(&users::create(&server, "postgres", &admin, &all).await.unwrap(), 3);
    let mut sleeper = std::process::Command::new(peers::tools::find("psql").unwrap());
    let url = format!("postgres://u2@127.0.0.1:{}/postgres", server.port);
    let sleeper = sleeper.args(["-X", "-c", "select pg_sleep(600)", &url]).env("PGPASSWORD", "first");
    let mut sleeper = sleeper.spawn().unwrap();
    let asleep = "select pid from pg_stat_activity where usename = 'u2' and query like '%pg_sleep%'";
    wait(|| !postgres.sql(asleep).unwrap().is_empty());
    let pid = postgres.sql(asleep).unwrap().trim().to_owned();
    let signal =
        |name: &str| assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
    signal("-STOP");
    let doomed = ["u1", "u2", "u3"].map(|name| old(name, "readers"));
    let batch = users::drop(&server, "postgres", &admin, &doomed).await;
    signal("-CONT");
    let batch = batch.unwrap();
    assert_eq!(batch.done, ["u1", "u3"], "{batch:?}");
    let [(name, error)] = &batch.failed[..] else { panic!("{batch:?}") };
    assert_eq!((name.as_str(), error.code()), ("u2", "host_timeout"));
    assert_eq!(log_in(&server, "u2", &secret("first")).await, Ok(LogIn::Refused), "it is locked out");
    all_done(&users::drop(&server, "postgres", &admin, &doomed).await.unwrap(), 3);
    assert!(!sleeper.wait().unwrap().success());
}

#[tokio::test]
async fn what_others_put_into_the_database_is_not_run_with_our_rights() {
    let (postgres, server) = postgres();
    let admin = secret(postgres.password());
    postgres.sql("create role readers; create role mallory; create table caught (who text)").unwrap();
    postgres.sql("grant create on schema public to mallory; grant insert on caught to public").unwrap();
    let trap = |name: &str, takes: &str, gives: &str, answer: &str| {
        format!(
            "create function public.{name}({takes}) returns {gives} language sql volatile as \
             'insert into public.caught values (current_user); select {answer}';"
        )
    };
    postgres
        .sql(&format!(
            "set role mallory; {} create operator public.* (leftarg = numeric, rightarg = int4, function = public.times); \
             {} {} {} create operator public.= (leftarg = text, rightarg = text, function = public.same); \
             create view public.pg_roles as select rolname, public.times(1, 1) from pg_catalog.pg_roles",
            trap("times", "numeric, int4", "numeric", "1::numeric"),
            trap("same", "text, text", "bool", "true"),
            trap("starts_with", "text, text", "bool", "true"),
            trap("isfinite", "timestamptz", "bool", "true"),
        ))
        .unwrap();
    postgres.sql("alter database postgres set search_path = public, pg_catalog").unwrap();
    postgres.sql("alter role postgres set search_path = public, pg_catalog").unwrap();
    let made = users::create(&server, "postgres", &admin, &[user("u1", "readers")]).await.unwrap();
    all_done(&made, 1);
    set_password(&server, "postgres", &admin, "u1", &secret("second")).await.unwrap();
    assert_eq!(users::existing(&server, "postgres", &admin, "u").await.unwrap().len(), 1);
    all_done(&users::drop(&server, "postgres", &admin, &[old("u1", "readers")]).await.unwrap(), 1);
    assert_eq!(postgres.sql("select count(*) from public.caught").unwrap(), "0\n");
}

#[tokio::test]
async fn two_thousand_users_that_own_nothing_are_dropped_in_seconds() {
    let (postgres, server) = postgres();
    let admin = secret(postgres.password());
    postgres.sql("create role readers").unwrap();
    let many = "do $$ begin for n in 1..2000 loop execute format('create role v%s login in role readers', n); end loop; end $$";
    postgres.sql(many).unwrap();
    let doomed: Vec<OldUser> = (1..=2000).map(|n| old(&format!("v{n}"), "readers")).collect();
    let started = std::time::Instant::now();
    all_done(&users::drop(&server, "postgres", &admin, &doomed).await.unwrap(), 2000);
    let took = started.elapsed();
    println!("2000 users dropped in {took:?}");
    assert!(took < std::time::Duration::from_secs(5), "{took:?}");
    assert_eq!(users::existing(&server, "postgres", &admin, "v").await.unwrap(), []);
}

fn psql(url: &str, statements: &str) -> anyhow::Result<String> {
    let mut command = std::process::Command::new(peers::tools::find("psql")?);
    peers::process::output_of(command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statements, url]))
}

fn wait(done: impl FnMut() -> bool) {
    peers::process::wait_until("it is so", std::time::Duration::from_secs(10), done).unwrap();
}

/// `synchronous_commit = off` answers before the change is written; a server that crashes then has the old password.
#[tokio::test]
async fn a_password_that_was_set_outlives_a_crash_of_a_server_that_answers_too_early() {
    let (mut postgres, server) = postgres();
    postgres.sql("alter system set wal_writer_delay = '10s'").unwrap();
    postgres.sql("select pg_reload_conf()").unwrap();
    assert_eq!(postgres.sql("show synchronous_commit").unwrap(), "off\n");
    postgres.sql("create role app login password 'first'; checkpoint").unwrap();
    let (first, second) = (secret("first"), secret("second"));
    set_password(&server, "app", &first, "app", &second).await.unwrap();
    postgres.kill().unwrap();
    postgres.start().unwrap();
    assert_eq!(log_in(&server, "app", &second).await.unwrap(), LogIn::Accepted);
    assert_eq!(log_in(&server, "app", &first).await.unwrap(), LogIn::Refused);
}
