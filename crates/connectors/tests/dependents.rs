//! Where a secret is used on a real host: found, replaced in one step, put back.

mod host;

use connectors::linux::dependents::{Place, find, holds, put_back, rehearse, replace_value, restart_unit};
use host::Host;
use peers::sshd::HostOptions;
use types::{Failure, Secret};

const OLD: &str = "Old-secret/1";

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn host() -> Host {
    let host = Host::start(HostOptions { users: vec!["ann".into()], ..HostOptions::default() });
    let linux = &host.linux;
    for (file, content) in [
        ("/etc/systemd/system/app.service", "[Service]\nEnvironmentFile=-/etc/default/app\nExecStart=/bin/app\n"),
        ("/etc/systemd/system/app.service.d/db.conf", "[Service]\nEnvironment=PW=Old-secret/1\nEnvironment=U=app\n"),
        ("/etc/default/app", "# for app\nDB=postgres://app:Old-secret%2F1@db/app\n"),
        ("/etc/cron.d/dump", "0 3 * * * root mysqldump -u app -pOld-secret/1 app\n"),
        ("/srv/shop/config.json", "{\n \"user\": \"app\",\n \"password\": \"Old-secret/1\"\n}\n"),
        ("/srv/shop/other.toml", "password = \"xOld-secret/1\"\n"),
        ("/srv/shop/binary", "Old-secret/1\0\n"),
    ] {
        linux.write(file, content, 0o640).unwrap();
    }
    linux.sh("chown -R ann: /srv/shop; chmod 755 /srv/shop; mkdir -p /var/spool/cron/crontabs").unwrap();
    linux.write("/var/spool/cron/crontabs/ann", "@daily PGPASSWORD=Old-secret/1 psql -U app\n", 0o600).unwrap();
    linux.sh("chown ann /var/spool/cron/crontabs/ann; chmod 1730 /var/spool/cron/crontabs").unwrap();
    host
}

#[tokio::test]
async fn every_place_that_holds_the_secret_is_found_with_its_line_and_unit() {
    let host = host();
    let session = host.session("root").await;
    let before = host
        .linux
        .sh("find /etc /srv /var/spool/cron -newermt '1 minute ago' -type f | sort | xargs sha256sum")
        .unwrap();
    let found = find(&session, "app", &secret(OLD), &["/srv/shop".to_owned(), "/no/such".to_owned()]).await.unwrap();
    let mut seen: Vec<_> = found
        .found
        .iter()
        .map(|at| (at.file.as_str(), at.line, at.place, at.unit.as_deref(), at.names_login))
        .collect();
    seen.sort_by_key(|(file, ..)| *file);
    assert_eq!(
        seen,
        [
            ("/etc/cron.d/dump", 1, Place::CronTab, None, true),
            ("/etc/default/app", 2, Place::EnvironmentFile, Some("app.service"), true),
            ("/etc/systemd/system/app.service.d/db.conf", 2, Place::SystemdUnit, Some("app.service"), true),
            ("/srv/shop/config.json", 3, Place::Setting, None, true),
            ("/var/spool/cron/crontabs/ann", 1, Place::CronTab, None, true),
        ]
    );
    let after = host
        .linux
        .sh("find /etc /srv /var/spool/cron -newermt '1 minute ago' -type f | sort | xargs sha256sum")
        .unwrap();
    assert_eq!(after, before, "looking changes nothing");
    assert!(find(&session, "app", &secret("Other-secret/1"), &[]).await.unwrap().found.is_empty());
    assert_eq!(find(&session, "app", &secret("short"), &[]).await.unwrap_err().code(), "password_invalid");
    let relative = find(&session, "app", &secret(OLD), &["-r".to_owned()]).await.unwrap_err();
    assert_eq!(relative.code(), "account_name_invalid");
}

#[tokio::test]
async fn a_secret_is_replaced_as_each_file_writes_it_and_put_back() {
    let host = host();
    let session = host.session("root").await;
    let files = [
        "/etc/cron.d/dump",
        "/etc/default/app",
        "/etc/systemd/system/app.service.d/db.conf",
        "/srv/shop/config.json",
        "/var/spool/cron/crontabs/ann",
    ];
    let look = || {
        host.linux
            .sh(&format!("stat -c '%n %U %G %a' {0}; cat {0}; ls -A /etc/cron.d /srv/shop", files.join(" ")))
            .unwrap()
    };
    let before = look();
    let mut replaced = Vec::new();
    for file in files {
        replaced.push(replace_value(&session, file, &secret(OLD), &secret("New+one/2")).await.unwrap());
    }
    let expected = before.replace("Old-secret/1", "New+one/2").replace("Old-secret%2F1", "New%2Bone%2F2");
    assert_eq!(look(), expected);
    assert!(replaced.iter().all(|file| file.count() == 1));
    let again = replace_value(&session, files[0], &secret(OLD), &secret("New+one/2")).await.map(|_| ()).unwrap_err();
    assert!(again.to_string().contains("does not stand there"), "{again}");
    for file in &replaced {
        put_back(&session, file).await.unwrap();
    }
    assert_eq!(look(), before);

    let misread = replace_value(&session, files[0], &secret(OLD), &secret("a'b; c")).await.map(|_| ()).unwrap_err();
    assert_eq!(misread.code(), "password_invalid", "{misread}");
    assert_eq!(look(), before);
    let changed = replace_value(&session, files[3], &secret(OLD), &secret("New-one-2")).await.unwrap();
    host.linux.sh("echo '// mine' >> /srv/shop/config.json").unwrap();
    let error = put_back(&session, &changed).await.unwrap_err();
    assert!(error.to_string().contains("it changed meanwhile"), "{error}");
}

#[tokio::test]
async fn a_rehearsal_shows_the_lines_without_the_secret_and_answers_as_the_change_would() {
    let host = host();
    let session = host.session("root").await;
    host.linux.sh("install -d -m 777 /srv/open; cp /etc/default/app /srv/open/f").unwrap();
    let look =
        || host.linux.sh("stat -c '%n %i %y %z' /etc/default /etc/default/app /srv/shop; ls -A /etc/default").unwrap();
    let before = look();
    let lines = rehearse(&session, "/etc/default/app", &secret(OLD), "azAZ09-._+").await.unwrap();
    let shown: Vec<_> = lines.iter().map(|line| (line.number, line.shown.as_str())).collect();
    assert_eq!(shown, [(2, "DB=postgres://app:******@db/app")]);
    rehearse(&session, "/etc/default/app", &secret(OLD), "a'b;$").await.expect("an address is percent-encoded");
    for (file, value, characters, code) in [
        ("/etc/cron.d/dump", OLD, "a'b;$", "password_invalid"),
        ("/etc/default/app", "Other-secret/1", "a", "host_unexpected"),
        ("/srv/open/f", OLD, "a", "host_unexpected"),
        ("/srv/none", OLD, "a", "host_unexpected"),
    ] {
        let error = rehearse(&session, file, &secret(value), characters).await.unwrap_err();
        assert_eq!(error.code(), code, "{file}: {error}");
        assert!(!error.to_string().contains(value), "{error}");
    }
    assert!(holds(&session, "/etc/default/app", &secret(OLD)).await.unwrap());
    assert!(!holds(&session, "/etc/default/app", &secret("Other-secret/1")).await.unwrap());
    assert_eq!(look(), before, "a rehearsal changes nothing");
}

#[tokio::test]
async fn a_link_or_a_place_where_others_write_is_refused() {
    let host = host();
    let session = host.session("root").await;
    host.linux.write("/etc/target", OLD, 0o600).unwrap();
    host.linux.sh("install -d -m 777 /srv/open; cp /etc/target /srv/open/f; ln -s /etc/target /srv/link; ln -s /etc /srv/folder; cp /etc/target /srv/shop/roots").unwrap();
    for file in ["/srv/link", "/srv/folder/target", "/srv/open/f", "/srv/shop/roots", "/srv/none", "/none/f", "/etc"] {
        let error = replace_value(&session, file, &secret(OLD), &secret("New-one-2")).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "host_unexpected", "{file}: {error}");
    }
    for file in ["relative", "/etc/../etc/target", "/etc//target", "/etc/\n", ""] {
        let error = replace_value(&session, file, &secret(OLD), &secret("New-one-2")).await.map(|_| ()).unwrap_err();
        assert!(["account_name_invalid", "host_unexpected"].contains(&error.code()), "{file}: {error}");
    }
    assert_eq!(host.linux.read("/etc/target").unwrap(), OLD.as_bytes());
}

#[tokio::test]
async fn a_unit_is_restarted_when_told_and_no_option_passes_for_one() {
    let host = host();
    let session = host.session("root").await;
    host.linux
        .write("/usr/local/sbin/systemctl", "#!/bin/sh\necho \"$@\" >> /run/told\n[ \"$3\" != bad.service ]\n", 0o755)
        .unwrap();
    restart_unit(&session, "app.service").await.unwrap();
    assert_eq!(host.linux.read("/run/told").unwrap(), b"daemon-reload\nrestart -- app.service\n");
    assert_eq!(restart_unit(&session, "bad.service").await.unwrap_err().code(), "host_unexpected");
    for unit in ["--now.service", "a b.service", "app", "", "a\n.service"] {
        assert_eq!(restart_unit(&session, unit).await.unwrap_err().code(), "account_name_invalid", "{unit}");
    }
}
