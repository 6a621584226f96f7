//! The seven real systems of the company, and what each says of itself when its own client asks. Nothing here knows what
//! ought to be on them.

use super::ldif;
use peers::mariadb::Server as Mariadb;
use peers::postgres::{Durability, Server as Postgres};
use peers::samba::{self, Server as Samba};
use peers::scim::Server as Scim;
use peers::slapd::{self, Server as Slapd};
use peers::sshd::{HostOptions, LinuxHost};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Those of `years::roles::SYSTEMS` that are real here.
pub const SYSTEMS: [&str; 7] = ["directory", "ad", "postgres", "mariadb", "web-1", "web-2", "helpdesk"];

/// Numbers of a host's own users end below this one, and `nobody` has the other.
const FIRST_FREE_UID: u32 = 1_000;
const NOBODY: u32 = 65_534;

/// An account as its system shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub enabled: bool,
    pub holds: BTreeSet<String>,
    /// Where the system keeps one.
    pub mail: Option<String>,
}

pub(super) struct Systems {
    pub(super) slapd: Slapd,
    pub(super) samba: Samba,
    pub(super) postgres: Postgres,
    pub(super) mariadb: Mariadb,
    pub(super) hosts: [LinuxHost; 2],
    pub(super) scim: Scim,
}

impl Systems {
    /// Starts them with the entitlements that can be held there, and nobody who holds any. `host_key` lets in as root.
    pub(super) fn start(entitlements: &BTreeMap<&str, BTreeSet<&str>>, host_key: &str) -> Self {
        let of = |system: &str| entitlements.get(system).into_iter().flatten();
        let options = slapd::Options { password_policy: true, ..slapd::Options::default() };
        let slapd = Slapd::start_with(&options).expect("slapd");
        slapd.add(&of("directory").map(|name| group_in_slapd(name)).collect::<String>()).expect("groups");
        let samba = Samba::start_new().expect("a domain controller");
        samba
            .add(&of("ad").filter(|name| !is_windows(name)).map(|name| group_in_ad(name)).collect::<String>())
            .expect("groups");
        let postgres = Postgres::start_with(Durability::Fast).expect("PostgreSQL");
        postgres.sql(&of("postgres").map(|name| format!("create role {name};")).collect::<String>()).expect("roles");
        let mariadb = Mariadb::start_new().expect("MariaDB");
        mariadb.sql(&of("mariadb").map(|name| format!("create role {name};")).collect::<String>()).expect("roles");
        let hosts = ["web-1", "web-2"].map(|name| {
            let host =
                LinuxHost::start(HostOptions { name: name.to_owned(), ..HostOptions::default() }).expect("a host");
            host.sh("mkdir -p -m 700 /root/.ssh").expect("a folder");
            host.write("/root/.ssh/authorized_keys", host_key, 0o600).expect("a key");
            host.sh(&of(name).map(|name| format!("groupadd {name};")).collect::<String>()).expect("groups");
            host
        });
        let scim = Scim::start().expect("a SCIM service");
        for name in of("helpdesk") {
            let group = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name});
            scim.post("/Groups", &group.to_string()).expect("a group");
        }
        Self { slapd, samba, postgres, mariadb, hosts, scim }
    }

    /// Every service as it is declared, with the credential of the login that administers it.
    pub(super) fn services(&self) -> Vec<(Value, String)> {
        let local = |name: &str, kind: &str, port: u16, admin: &str| json!({"name": name, "kind": kind, "host": "127.0.0.1", "port": port, "tls": "loopback_plain", "admin_login": admin});
        let mut directory = local("directory", "openldap", self.slapd.port(), slapd::ADMIN);
        directory["base_dn"] = json!(slapd::BASE);
        directory["scope"] = json!({"lock": "password_policy", "placeholder": "cn=nobody"});
        let ad = json!({"name": "ad", "kind": "active_directory", "host": self.samba.ip().to_string(),
            "port": samba::PORT, "ca_pem": self.samba.certificate(), "base_dn": samba::BASE, "admin_login": samba::ADMIN});
        let mut helpdesk = local("helpdesk", "scim", self.scim.port(), "tenure");
        helpdesk["scope"] = json!({"passwords": true});
        vec![
            (directory, self.slapd.password().to_owned()),
            (ad, samba::ADMIN_PASSWORD.to_owned()),
            (local("postgres", "postgres", self.postgres.port(), "postgres"), self.postgres.password().to_owned()),
            (local("mariadb", "mariadb", self.mariadb.port(), "admin"), self.mariadb.password().to_owned()),
            (helpdesk, self.scim.token().to_owned()),
        ]
    }

    /// Every host as it is declared: one that takes no certificate, because its clock is not that of the story.
    pub(super) fn targets(&self) -> Vec<Value> {
        let target = |(name, host): (&str, &LinuxHost)| {
            json!({"name": name, "host": "127.0.0.1", "port": host.addr().port(), "host_key": host.host_key_line(),
                "sign_in": "vaulted"})
        };
        ["web-1", "web-2"].into_iter().zip(&self.hosts).map(target).collect()
    }

    /// Every account of a system by login, as its own client tells.
    pub(super) fn accounts(&self, system: &str) -> BTreeMap<String, Seen> {
        match system {
            "directory" => self.of_slapd(),
            "ad" => self.of_samba(),
            "postgres" => self.of_postgres(),
            "mariadb" => self.of_mariadb(),
            "web-1" => of_host(&self.hosts[0]),
            "web-2" => of_host(&self.hosts[1]),
            _ => self.of_scim(),
        }
    }

    fn of_slapd(&self) -> BTreeMap<String, Seen> {
        let attributes = ["uid", "mail", "memberOf", "pwdAccountLockedTime"];
        let text = self.slapd.search("(uid=*)", &attributes).expect("ldapsearch");
        let seen = |entry: ldif::Entry<'_>| {
            let enabled = entry.one("pwdAccountLockedTime").is_none();
            Some((entry.one("uid")?.to_owned(), entry.seen(enabled)))
        };
        ldif::entries(&text).filter_map(seen).collect()
    }

    fn of_samba(&self) -> BTreeMap<String, Seen> {
        const DISABLED: u32 = 2;
        let people = "(&(objectCategory=person)(objectClass=user))";
        let attributes = ["sAMAccountName", "mail", "memberOf", "userAccountControl"];
        let text = ldif::unfolded(&self.samba.search(people, &attributes).expect("ldbsearch"));
        let seen = |entry: ldif::Entry<'_>| {
            let control: u32 = entry.one("userAccountControl")?.parse().ok()?;
            Some((entry.one("sAMAccountName")?.to_owned(), entry.seen(control & DISABLED == 0)))
        };
        ldif::entries(&text).filter_map(seen).collect()
    }

    fn of_postgres(&self) -> BTreeMap<String, Seen> {
        let question = "select r.rolname || '\t' || (r.rolcanlogin and r.rolconnlimit <> 0) || '\t' || coalesce(( \
            select string_agg(g.rolname, ',') from pg_auth_members m join pg_roles g on g.oid = m.roleid \
            where m.member = r.oid), '') from pg_roles r where r.rolcanlogin or r.rolconnlimit = 0";
        rows(&self.postgres.sql(question).expect("psql"), "true")
    }

    fn of_mariadb(&self) -> BTreeMap<String, Seen> {
        let question = "select u.user, if(coalesce(json_value(u.priv, '$.account_locked'), '0') in ('1', 'true'), \
            'locked', 'open'), coalesce((select group_concat(m.role) from mysql.roles_mapping m \
            where m.user = u.user and m.host = u.host), '') from mysql.global_priv u \
            where coalesce(json_value(u.priv, '$.is_role'), '0') not in ('1', 'true')";
        rows(&self.mariadb.sql(question).expect("mariadb"), "open")
    }

    fn of_scim(&self) -> BTreeMap<String, Seen> {
        let mut holds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for group in self.resources("/Groups") {
            for member in group["members"].as_array().into_iter().flatten() {
                let member = member["value"].as_str().unwrap_or_default().to_owned();
                holds.entry(member).or_default().insert(word(&group["displayName"]));
            }
        }
        let seen = |user: Value| {
            let enabled = user["active"].as_bool() != Some(false);
            let holds = holds.get(&word(&user["id"])).cloned().unwrap_or_default();
            (word(&user["userName"]), Seen { enabled, holds, mail: None })
        };
        self.resources("/Users").into_iter().map(seen).collect()
    }

    fn resources(&self, path: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let page = format!("{path}?startIndex={}&count=500", all.len() + 1);
            let page: Value = serde_json::from_str(&self.scim.get(&page).expect("an answer")).expect("json");
            let some = page["Resources"].as_array().cloned().unwrap_or_default();
            let is_last = some.is_empty();
            all.extend(some);
            if is_last || all.len() as u64 >= page["totalResults"].as_u64().unwrap_or_default() {
                return all;
            }
        }
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Lines of a login, a word for its state, and what it holds.
fn rows(text: &str, enabled: &str) -> BTreeMap<String, Seen> {
    let seen = |line: &str| {
        let mut fields = line.split('\t');
        let (login, state) = (fields.next()?, fields.next()?);
        let holds = fields.next().unwrap_or_default().split(',').filter(|name| !name.is_empty());
        let holds = holds.map(str::to_owned).collect();
        Some((login.to_owned(), Seen { enabled: state == enabled, holds, mail: None }))
    };
    text.lines().filter_map(seen).collect()
}

fn of_host(host: &LinuxHost) -> BTreeMap<String, Seen> {
    const EXPIRES: usize = 7;
    let text = host.sh("cat /etc/passwd; echo =; cat /etc/shadow; echo =; cat /etc/group").expect("the files");
    let files: Vec<Vec<Vec<&str>>> =
        text.split("=\n").map(|file| file.lines().map(|line| line.split(':').collect()).collect()).collect();
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for user in &files[0] {
        let uid: u32 = user[2].parse().expect("a number");
        if (FIRST_FREE_UID..NOBODY).contains(&uid) {
            let locked =
                files[1].iter().find(|shadow| shadow[0] == user[0]).is_some_and(|shadow| !shadow[EXPIRES].is_empty());
            seen.insert(user[0].to_owned(), Seen { enabled: !locked, holds: BTreeSet::new(), mail: None });
        }
    }
    for group in &files[2] {
        for member in group[3].split(',') {
            if let Some(seen) = seen.get_mut(member) {
                seen.holds.insert(group[0].to_owned());
            }
        }
    }
    seen
}

/// Windows has the group itself, under a name with a blank.
fn is_windows(name: &str) -> bool {
    name == "account-operators"
}

fn group_in_slapd(name: &str) -> String {
    format!("dn: cn={name},{}\nobjectClass: groupOfNames\ncn: {name}\nmember: cn=nobody\n\n", slapd::BASE)
}

fn group_in_ad(name: &str) -> String {
    format!("dn: CN={name},{}\nobjectClass: group\nsAMAccountName: {name}\n\n", samba::PEOPLE)
}
