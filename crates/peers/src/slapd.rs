//! A real OpenLDAP server in a temporary folder, on a free port of 127.0.0.1. Independent of a server of the system's.
//! No account of Tenure belongs here: there is one administrator, and an empty `ou=people`.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::process::{self, Group, output_of, stdout_of, wait_until};
use crate::{random_hex, tools};

/// The suffix of the directory.
pub const BASE: &str = "dc=example,dc=test";
/// Where people belong.
pub const PEOPLE: &str = "ou=people,dc=example,dc=test";
/// The administrator, who may do everything.
pub const ADMIN: &str = "cn=admin,dc=example,dc=test";

/// Who may change everything, under the rules of the directory that [`ADMIN`] stands above. It has the same password.
pub const SERVICE: &str = "cn=service,dc=example,dc=test";

const STARTUP: Duration = Duration::from_secs(30);
const SHUTDOWN: Duration = Duration::from_secs(20);

/// How a server differs from the plain one.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Certificate and key in PEM: with them the server offers StartTLS, and LDAPS on [`Server::tls_port`].
    pub tls: Option<(String, String)>,
    /// Whether passwords must have ten characters and differ from the last three, and accounts can be locked
    /// (the overlay `ppolicy`).
    pub password_policy: bool,
    /// Whether there is [`SERVICE`].
    pub service_account: bool,
}

/// A server of one's own. Everything of it ends on drop.
pub struct Server {
    group: Option<Group>,
    port: u16,
    tls_port: u16,
    password: String,
    folder: TempDir,
}

impl Server {
    pub fn start_new() -> Result<Server> {
        Self::start_with(&Options::default())
    }

    pub fn start_with(options: &Options) -> Result<Server> {
        let folder = tempfile::Builder::new().prefix("tenure-slapd-").tempdir()?;
        let (port, tls_port) = (process::free_port()?, process::free_port()?);
        let mut server = Server { group: None, port, tls_port, password: random_hex(16)?, folder };
        server.configure(options)?;
        server.start()?;
        server.add(&entries(options, &server.password))?;
        Ok(server)
    }

    /// Plain LDAP, with StartTLS where the options say so.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// LDAPS.
    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// Of [`ADMIN`].
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Adds entries, given as LDIF, as the administrator.
    pub fn add(&self, ldif: &str) -> Result<()> {
        self.tool("ldapadd", &["-f", &self.file("entries.ldif", ldif)?]).map(drop)
    }

    /// Changes entries, given as LDIF, as the administrator.
    pub fn modify(&self, ldif: &str) -> Result<()> {
        self.tool("ldapmodify", &["-f", &self.file("changes.ldif", ldif)?]).map(drop)
    }

    /// What the administrator finds below [`BASE`], as LDIF without comments.
    pub fn search(&self, filter: &str, attributes: &[&str]) -> Result<String> {
        self.tool("ldapsearch", &[&["-LLL", "-o", "ldif-wrap=no", "-b", BASE, filter], attributes].concat())
    }

    /// Whether the directory lets somebody in who claims to be `name`.
    ///
    /// # Errors
    /// Its words, when it neither does nor says that the credentials are wrong.
    pub fn lets_in(&self, name: &str, password: &str) -> Result<bool> {
        let password = self.file("claimed", password)?;
        let mut command = Command::new(tools::find("ldapwhoami")?);
        command.args(["-x", "-H", &format!("ldap://127.0.0.1:{}", self.port), "-D", name, "-y", &password]);
        let output = command.env("LDAPNOINIT", "1").stdin(Stdio::null()).output()?;
        match stdout_of(&command, output) {
            Ok(_) => Ok(true),
            Err(error) if error.to_string().contains("Invalid credentials (49)") => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What the server logged so far.
    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.path().join("log"))?)
    }

    /// Starts the stopped or killed server again, on the same ports and data.
    pub fn start(&mut self) -> Result<()> {
        if self.group.is_some() {
            bail!("the OpenLDAP server runs already");
        }
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        let mut urls = format!("ldap://127.0.0.1:{}", self.port);
        if self.folder.path().join("tls.crt").exists() {
            urls.push_str(&format!(" ldaps://127.0.0.1:{}", self.tls_port));
        }
        let mut command = Command::new(tools::find("slapd")?);
        command.arg("-F").arg(self.folder.path().join("config")).args(["-h", &urls, "-d", "stats"]);
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut group = Group::spawn(&mut command, self.folder.path())?;
        let mut ended = false;
        let up = wait_until("OpenLDAP answers", STARTUP, || {
            ended = group.has_ended();
            ended || self.tool("ldapwhoami", &[]).is_ok()
        });
        up.with_context(|| self.log().unwrap_or_default())?;
        if ended {
            bail!("OpenLDAP ended while it started: {}", self.log()?);
        }
        self.group = Some(group);
        Ok(())
    }

    /// Stops it in order.
    pub fn stop(&mut self) -> Result<()> {
        self.group.take().context("the OpenLDAP server does not run")?.end("INT", SHUTDOWN)
    }

    /// Kills it without any warning.
    pub fn kill(&mut self) -> Result<()> {
        self.group.take().context("the OpenLDAP server does not run")?.end("KILL", SHUTDOWN)
    }

    fn configure(&self, options: &Options) -> Result<()> {
        let folder = self.folder.path();
        fs::create_dir(folder.join("config"))?;
        fs::create_dir(folder.join("data"))?;
        if let Some((certificate, key)) = &options.tls {
            fs::write(folder.join("tls.crt"), certificate)?;
            fs::write(folder.join("tls.key"), key)?;
        }
        let config = self.file("config.ldif", &configuration(folder, &self.password, options))?;
        let mut slapadd = Command::new(tools::find("slapadd")?);
        slapadd.args(["-n", "0", "-l", &config, "-F"]).arg(folder.join("config"));
        output_of(slapadd.current_dir("/")).map(drop)
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let password = self.file("password", &self.password)?;
        let mut command = Command::new(tools::find(program)?);
        command.args(["-x", "-H", &format!("ldap://127.0.0.1:{}", self.port), "-D", ADMIN, "-y", &password]);
        let output = command.args(arguments).env("LDAPNOINIT", "1").stdin(Stdio::null()).output()?;
        stdout_of(&command, output)
    }

    fn file(&self, name: &str, text: &str) -> Result<String> {
        let file = self.folder.path().join(name);
        fs::write(&file, text)?;
        Ok(file.display().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut group) = self.group.take() {
            let _ = group.end("KILL", SHUTDOWN);
        }
    }
}

fn configuration(folder: &Path, password: &str, options: &Options) -> String {
    let folder = folder.display();
    let tls = if options.tls.is_some() {
        format!("olcTLSCertificateFile: {folder}/tls.crt\nolcTLSCertificateKeyFile: {folder}/tls.key\n")
    } else {
        String::new()
    };
    let policy = if options.password_policy {
        format!(
            "dn: olcOverlay=ppolicy,olcDatabase={{1}}mdb,cn=config\nobjectClass: olcOverlayConfig\n\
             objectClass: olcPPolicyConfig\nolcOverlay: ppolicy\nolcPPolicyDefault: cn=policy,{BASE}\n\
             olcPPolicyHashCleartext: TRUE\n\n"
        )
    } else {
        String::new()
    };
    let schemas: String = ["core", "cosine", "nis", "inetorgperson"]
        .map(|schema| format!("include: file:///etc/ldap/schema/{schema}.ldif\n"))
        .concat();
    format!(
        "dn: cn=config\nobjectClass: olcGlobal\ncn: config\nolcPidFile: {folder}/pid\n{tls}\n\
         dn: cn=module{{0}},cn=config\nobjectClass: olcModuleList\ncn: module{{0}}\nolcModulePath: /usr/lib/ldap\n\
         olcModuleLoad: back_mdb\nolcModuleLoad: ppolicy\nolcModuleLoad: memberof\n\n\
         dn: cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: schema\n\n{schemas}\n\
         dn: olcDatabase={{1}}mdb,cn=config\nobjectClass: olcDatabaseConfig\nobjectClass: olcMdbConfig\n\
         olcDatabase: {{1}}mdb\nolcSuffix: {BASE}\nolcRootDN: {ADMIN}\nolcRootPW: {password}\n\
         olcDbDirectory: {folder}/data\nolcDbMaxSize: 268435456\nolcDbNoSync: TRUE\nolcDbIndex: objectClass eq\n\
         olcDbIndex: cn,uid eq\nolcDbIndex: uidNumber,gidNumber eq\nolcDbIndex: member,memberUid eq\n\
         olcAccess: to attrs=userPassword by dn.exact={SERVICE} write by self write by anonymous auth by * none\n\
         olcAccess: to * by dn.exact={SERVICE} write by users read by * none\n\n\
         {policy}dn: olcOverlay=memberof,olcDatabase={{1}}mdb,cn=config\nobjectClass: olcOverlayConfig\n\
         objectClass: olcMemberOf\nolcOverlay: memberof\n\n"
    )
}

fn entries(options: &Options, password: &str) -> String {
    let mut ldif = format!(
        "dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\n\
         dn: {PEOPLE}\nobjectClass: organizationalUnit\nou: people\n\n"
    );
    if options.password_policy {
        ldif.push_str(&format!(
            "dn: cn=policy,{BASE}\nobjectClass: person\nobjectClass: pwdPolicy\ncn: policy\nsn: policy\n\
             pwdAttribute: userPassword\npwdMinLength: 10\npwdCheckQuality: 2\npwdInHistory: 3\npwdLockout: TRUE\n\n"
        ));
    }
    if options.service_account {
        let entry = "objectClass: person\ncn: service\nsn: service";
        ldif.push_str(&format!("dn: {SERVICE}\n{entry}\nuserPassword: {password}\n\n"));
    }
    ldif
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_keeps_its_entries_over_stop_and_kill_and_shows_memberships() {
        for options in [Options::default(), Options { password_policy: true, ..Options::default() }] {
            let mut server = Server::start_with(&options).unwrap();
            server
                .add(&format!("dn: uid=ann,{PEOPLE}\nobjectClass: inetOrgPerson\nuid: ann\ncn: Ann\nsn: Ames\n"))
                .unwrap();
            server
                .add(&format!("dn: cn=ops,{BASE}\nobjectClass: groupOfNames\ncn: ops\nmember: uid=ann,{PEOPLE}\n"))
                .unwrap();
            server.stop().unwrap();
            assert!(server.search("(uid=ann)", &["cn"]).is_err());
            server.start().unwrap();
            server.modify(&format!("dn: uid=ann,{PEOPLE}\nchangetype: modify\nreplace: sn\nsn: Archer\n")).unwrap();
            server.kill().unwrap();
            server.start().unwrap();
            let found = server.search("(uid=ann)", &["sn", "memberOf"]).unwrap();
            assert!(found.contains("sn: Archer") && found.contains(&format!("memberOf: cn=ops,{BASE}")), "{found}");
            let lets_in = |password: &str| server.lets_in(ADMIN, password).unwrap();
            assert!(lets_in(server.password()) && !lets_in("wrong"));
        }
    }
}
