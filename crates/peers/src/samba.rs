//! A real Active Directory: Samba's domain controller on a private copy of a root where the domain was made once.
//! Samba knows no other ports than 389 and 636, so each controller has an address 127.0.0.N of its own.
//! No account of Tenure belongs here: the domain has what Samba puts there.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::machine::Machine;
use crate::process::{output_of, stdout_of, wait_until};
use crate::tools;

/// Debian packages of the controller's root, beyond the minimal system.
pub const PACKAGES: [&str; 7] =
    ["samba", "samba-ad-dc", "samba-dsdb-modules", "samba-vfs-modules", "winbind", "samba-ad-provision", "ldb-tools"];

/// The domain, as Kerberos writes it.
pub const REALM: &str = "CORP.EXAMPLE";
/// The suffix of the directory.
pub const BASE: &str = "DC=corp,DC=example";
/// Where people stand by default.
pub const PEOPLE: &str = "CN=Users,DC=corp,DC=example";
/// The administrator of the domain, who may do nearly everything.
pub const ADMIN: &str = "CN=Administrator,CN=Users,DC=corp,DC=example";
/// Of [`ADMIN`], in every copy.
pub const ADMIN_PASSWORD: &str = "Ask-Alice-at-7";
/// LDAPS. Samba refuses passwords in plain text on 389.
pub const PORT: u16 = 636;
/// Where the domain lies in the root.
pub const FOLDER: &str = "/srv/dc";

const CONFIG: &str = "/srv/dc/etc/smb.conf";
const DATABASE: &str = "/srv/dc/private/sam.ldb";
const PID_FILE: &str = "/run/samba/samba.pid";
const LOG: &str = "/var/log/samba/log.samba";
const STARTUP: Duration = Duration::from_secs(60);

/// The root folder that `cargo xtask setup` made.
pub fn root_folder() -> PathBuf {
    crate::folder().join("directory")
}

/// A domain controller of one's own. Everything of it ends on drop.
pub struct Server {
    machine: Machine,
    certificate: String,
    folder: TempDir,
    address: Address,
}

impl Server {
    pub fn start_new() -> Result<Server> {
        let root = root_folder();
        if !root.join("srv/dc/private/sam.ldb").exists() {
            return Err(crate::missing("the directory of Samba"));
        }
        let address = Address::take()?;
        let folder = tempfile::Builder::new().prefix("tenure-samba-").tempdir()?;
        let (certificate, key) = certify(&folder, address.ip)?;
        let machine = Machine::boot(&root, "dc1")?;
        let server = Server { machine, certificate, folder, address };
        server.write("tls.crt", &server.certificate)?;
        server.write("tls.key", &key)?;
        server.sh(&configure(server.ip()))?;
        server.start()?;
        Ok(server)
    }

    /// Where it listens, on [`PORT`].
    pub fn ip(&self) -> Ipv4Addr {
        self.address.ip
    }

    /// What its clients must trust, in PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Starts the stopped controller again, at the same address and with the same data.
    pub fn start(&self) -> Result<()> {
        self.machine.pipe(&["samba", "--daemon", "--model=single", "--configfile", CONFIG], b"")?;
        let up = wait_until("Samba answers", STARTUP, || TcpStream::connect((self.ip(), PORT)).is_ok());
        up.with_context(|| self.log().unwrap_or_default())
    }

    /// Stops it in order; its data stay.
    pub fn stop(&self) -> Result<()> {
        let wait = "while kill -0 $pid 2>/dev/null; do sleep 0.01; done";
        let script = format!("pid=$(cat {PID_FILE}) && kill $pid && {wait}");
        self.machine.pipe(&["timeout", "20", "sh", "-c", &script], b"").map(drop)
    }

    /// Adds entries, given as LDIF, as the administrator.
    pub fn add(&self, ldif: &str) -> Result<()> {
        self.ldap("ldapadd", ADMIN, ADMIN_PASSWORD, &["-f", &self.file("entries.ldif", ldif)?]).map(drop)
    }

    /// Changes entries, given as LDIF, as the administrator.
    pub fn modify(&self, ldif: &str) -> Result<()> {
        self.ldap("ldapmodify", ADMIN, ADMIN_PASSWORD, &["-f", &self.file("changes.ldif", ldif)?]).map(drop)
    }

    /// Whether the directory lets somebody in who claims to be `name`.
    ///
    /// # Errors
    /// Its words, when it neither does nor says that the credentials are wrong.
    pub fn lets_in(&self, name: &str, password: &str) -> Result<bool> {
        match self.ldap("ldapsearch", name, password, &["-LLL", "-s", "base", "-b", "", "dn"]) {
            Ok(_) => Ok(true),
            Err(error) if error.to_string().contains("Invalid credentials (49)") => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What the controller's own database holds, read past its LDAP server, as LDIF in which values may be folded.
    pub fn search(&self, filter: &str, attributes: &[&str]) -> Result<String> {
        let fixed = ["ldbsearch", "--url", DATABASE, "--basedn", BASE, filter];
        self.machine.pipe(&[&fixed, attributes].concat(), b"")
    }

    /// Puts entries, given as LDIF, into the controller's own database in one transaction, past its LDAP server.
    pub fn load(&self, ldif: &str) -> Result<()> {
        let script = r#"cat > /tmp/entries.ldif && ldbadd --url "$0" /tmp/entries.ldif"#;
        self.machine.pipe(&["sh", "-c", script, DATABASE], ldif.as_bytes()).map(drop)
    }

    /// Runs Samba's own tool of administrators on the controller.
    pub fn samba_tool(&self, arguments: &[&str]) -> Result<String> {
        self.machine.pipe(&[&["samba-tool"], arguments, &["--configfile", CONFIG]].concat(), b"")
    }

    /// What Samba logged so far.
    pub fn log(&self) -> Result<String> {
        self.machine.pipe(&["cat", LOG], b"")
    }

    fn ldap(&self, program: &str, name: &str, password: &str, arguments: &[&str]) -> Result<String> {
        let password = self.file("password", password)?;
        let mut command = Command::new(tools::find(program)?);
        command.args(["-x", "-H", &format!("ldaps://{}:{PORT}", self.ip()), "-D", name, "-y", &password]);
        command.args(arguments).env("LDAPCONF", "/dev/null").env("LDAPTLS_CACERT", self.folder.path().join("tls.crt"));
        let output = command.stdin(Stdio::null()).output()?;
        stdout_of(&command, output)
    }

    fn file(&self, name: &str, text: &str) -> Result<String> {
        let file = self.folder.path().join(name);
        fs::write(&file, text)?;
        Ok(file.display().to_string())
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let script = r#"umask 077; cat > "$0""#;
        self.machine.pipe(&["sh", "-c", script, &format!("{FOLDER}/private/{name}")], text.as_bytes()).map(drop)
    }

    fn sh(&self, script: &str) -> Result<()> {
        self.machine.pipe(&["sh", "-c", script], b"").map(drop)
    }
}

/// An address of the loopback network that no other controller of these has, in whatever process.
struct Address {
    ip: Ipv4Addr,
    _taken: TcpListener,
}

impl Address {
    /// Whoever listens on it has the address.
    const PORT: u16 = 38_900;
    const FIRST: u8 = 10;
    const LAST: u8 = 250;

    fn take() -> Result<Address> {
        let mut all: Vec<u8> = (Self::FIRST..=Self::LAST).collect();
        let start = usize::from_str_radix(&crate::random_hex(1)?, 16)? % all.len();
        all.rotate_left(start);
        for last in all {
            let ip = Ipv4Addr::new(127, 0, 0, last);
            if let Ok(taken) = TcpListener::bind((ip, Self::PORT)) {
                return Ok(Address { ip, _taken: taken });
            }
        }
        bail!("no address is free for another domain controller")
    }
}

/// A certificate for the address, and for a way there over 127.0.0.1, that is its own authority, and its key, in PEM.
fn certify(folder: &TempDir, ip: Ipv4Addr) -> Result<(String, String)> {
    let config = "[req]\ndistinguished_name=name\nprompt=no\nx509_extensions=ext\n[name]\nCN=dc1.corp.example\n";
    let folder = folder.path();
    fs::write(folder.join("openssl.cnf"), format!("{config}[ext]\nsubjectAltName=IP:{ip},IP:127.0.0.1\n"))?;
    let mut openssl = tools::openssl()?;
    openssl.current_dir(folder).args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    openssl.args(["-nodes", "-days", "30", "-config", "openssl.cnf", "-keyout", "tls.key", "-out", "tls.crt"]);
    output_of(&mut openssl)?;
    Ok((fs::read_to_string(folder.join("tls.crt"))?, fs::read_to_string(folder.join("tls.key"))?))
}

/// A script that turns what provisioning wrote into a controller that serves LDAP at `ip` and nothing else.
fn configure(ip: Ipv4Addr) -> String {
    let settings = [
        format!("interfaces = {ip}/8"),
        "bind interfaces only = yes".to_owned(),
        "server services = ldap".to_owned(),
        "ldap server require strong auth = allow_sasl_over_tls".to_owned(),
        format!("tls certfile = {FOLDER}/private/tls.crt"),
        format!("tls keyfile = {FOLDER}/private/tls.key"),
        "tls cafile =".to_owned(),
    ];
    let drop = "/interfaces =/d; /bind interfaces only =/d; /server services =/d";
    format!("mkdir -p /run/samba && sed -i -e '{drop}' -e '/^\\[global\\]/a {}' {CONFIG}", settings.join("\\n"))
}
