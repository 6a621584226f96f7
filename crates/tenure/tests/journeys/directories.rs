//! The company's directories as systems of Tenure: `ldap`, a real OpenLDAP, and `ad`, a real domain controller, in which the
//! group `Leaders` stands in `Domain Admins`. What they hold is asked of them by their own clients. Compares nothing.

use data_encoding::BASE64;
use peers::samba::{self, Server as Samba};
use peers::slapd::{self, Server as Slapd};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::services;
use serde_json::{Value, json};
use testbed::{Testbed, blocking};
use types::{Actor, Secret};

const PASSWORD: &str = "Correct-horse-1";

pub(crate) struct Directories {
    pub(crate) samba: Samba,
    slapd: Slapd,
}

impl Directories {
    pub(crate) async fn start() -> Self {
        let start = || {
            let options = slapd::Options { password_policy: true, ..slapd::Options::default() };
            let directories = Self { samba: Samba::start_new().unwrap(), slapd: Slapd::start_with(&options).unwrap() };
            let leaders = in_ad("Leaders");
            directories.samba.add(&format!("dn: {leaders}\nobjectClass: group\nsAMAccountName: Leaders\n")).unwrap();
            directories.join_in_ad("Domain Admins", &leaders);
            directories
        };
        blocking(start).await
    }

    /// Somebody gets an account in both, and becomes one of the `Leaders`.
    pub(crate) fn welcome(&self, login: &str) {
        let dn = in_ad(login);
        let password: Vec<u8> = format!("\"{PASSWORD}\"").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let entry = format!("objectClass: user\nsAMAccountName: {login}\nuserAccountControl: 512");
        self.samba.add(&format!("dn: {dn}\n{entry}\nunicodePwd:: {}\n", BASE64.encode(&password))).unwrap();
        self.join_in_ad("Leaders", &dn);
        let entry = format!("objectClass: inetOrgPerson\nuid: {login}\ncn: {login}\nsn: {login}");
        self.slapd.add(&format!("dn: {}\n{entry}\nuserPassword: {PASSWORD}\n", in_ldap(login))).unwrap();
    }

    /// Makes them known to a Tenure, with the passwords of their administrators.
    pub(crate) async fn declare(&self, bed: &Testbed) {
        let ad = json!({"name": "ad", "kind": "active_directory", "host": self.samba.ip().to_string(),
            "port": samba::PORT, "ca_pem": self.samba.certificate(), "base_dn": samba::BASE,
            "admin_login": samba::ADMIN});
        declare(bed, ad, samba::ADMIN, samba::ADMIN_PASSWORD).await;
        let ldap = json!({"name": "ldap", "kind": "openldap", "host": "127.0.0.1", "port": self.slapd.port(),
            "tls": "loopback_plain", "base_dn": slapd::BASE, "admin_login": slapd::ADMIN,
            "scope": {"lock": "password_policy"}});
        declare(bed, ldap, slapd::ADMIN, self.slapd.password()).await;
    }

    /// Whether somebody can log in to the domain, and to OpenLDAP, as `ldapsearch` and `ldapwhoami` have it.
    pub(crate) fn let_in(&self, login: &str) -> [bool; 2] {
        let to_ad = self.samba.lets_in(&in_ad(login), PASSWORD).unwrap();
        [to_ad, self.slapd.lets_in(&in_ldap(login), PASSWORD).unwrap()]
    }

    /// Whether somebody administers the domain by whatever way, as the controller itself follows the ways.
    pub(crate) fn administers(&self, login: &str) -> bool {
        let inside = format!("(memberOf:1.2.840.113556.1.4.1941:={})", in_ad("Domain Admins"));
        let found = self.samba.search(&format!("(&(sAMAccountName={login}){inside})"), &["dn"]).unwrap();
        found.contains(&format!("CN={login}"))
    }

    fn join_in_ad(&self, group: &str, member: &str) {
        let change = format!("dn: {}\nchangetype: modify\nadd: member\nmember: {member}\n", in_ad(group));
        self.samba.modify(&change).unwrap();
    }
}

fn in_ad(name: &str) -> String {
    format!("CN={name},{}", samba::PEOPLE)
}

fn in_ldap(login: &str) -> String {
    format!("uid={login},{}", slapd::PEOPLE)
}

async fn declare(bed: &Testbed, service: Value, login: &str, password: &str) {
    let ctx = &bed.ctx().acting_as(Actor::Console);
    let target = service["name"].as_str().unwrap().to_owned();
    services::declare(ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
    let administrator = Import {
        target,
        login: login.to_owned(),
        kind: AccountKind::Service,
        credential: CredentialKind::Password,
        owner: bed.bob.id.clone(),
        purpose: "administers the directory".to_owned(),
        given: Given::Value(Secret::new(password.to_owned())),
        change: Change::default(),
    };
    accounts::import(ctx, vec![administrator]).await.unwrap();
}
