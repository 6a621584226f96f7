//! An installation of its own: the binary, its folder, its database, and people who signed in at its public doors.

use peers::postgres::Database;
use peers::process::Group;
use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use testbed::{Engine, blocking};
use totp_rs::Totp;

pub(crate) const PASSWORD: &str = "Canary-Passw0rd-7f3a9c51e2";
pub(crate) const PHRASE: &str = "Canary-Passphrase-90be1f44";

pub(crate) struct Installation {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) url: String,
    pub(crate) ssh: String,
    pub(crate) http: Client,
    pub(crate) log: PathBuf,
    pub(crate) serving: Group,
    pub(crate) first_link: String,
    pub(crate) database: Option<Database>,
}

/// The passphrase comes by a file beside the data folder, so that it stands in no environment.
pub(crate) async fn install(engine: Engine) -> Installation {
    blocking(move || {
        let database = (engine == Engine::Postgres).then(|| peers::postgres::shared().unwrap());
        installed(tempfile::tempdir().unwrap(), database)
    })
    .await
}

fn installed(folder: tempfile::TempDir, database: Option<Database>) -> Installation {
    let at = |name: &str| folder.path().join(name);
    let tenure = || {
        let mut tenure = Command::new(env!("CARGO_BIN_EXE_tenure"));
        tenure.envs(database.iter().map(|database| ("TENURE_DATABASE_URL", database.url())));
        tenure.stdin(Stdio::null());
        tenure
    };
    let feed = "employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date\n\
        E1,Ada,Nowak,ada@example.com,IT,Administrator,,active,2020-01-01,\n\
        E2,Alice,Moreau,alice@example.com,Platform,Engineer,E3,active,2020-01-01,\n\
        E3,Bob,Lindqvist,bob@example.com,Platform,Head,,active,2020-01-01,\n#end,3\n";
    std::fs::write(at("hr.csv"), feed).unwrap();
    std::fs::write(at("phrase"), format!("{PHRASE}\n")).unwrap();
    std::fs::set_permissions(at("phrase"), Permissions::from_mode(0o600)).unwrap();
    let mut init = tenure();
    init.arg("init").arg("--config").arg(at("tenure.toml")).arg("--data-dir").arg(at("data"));
    init.arg("--hr").arg(at("hr.csv")).args(["--admin", "ada@example.com", "--seal", "passphrase"]);
    init.arg("--set").arg(format!("seal.passphrase_file={}", at("phrase").display()));
    let made = init.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = String::from_utf8(made.stdout).unwrap();
    let first_link = said.split_whitespace().find(|word| word.contains("/setup#")).unwrap().to_owned();
    let [https, ssh] = [0, 1].map(|_| format!("127.0.0.1:{}", peers::process::free_port().unwrap()));
    let log = at("server.log");
    let mut serve = tenure();
    serve.arg("serve").arg("--config").arg(at("tenure.toml")).stdout(Stdio::null());
    serve.env("TENURE_HTTPS_LISTEN", &https).env("TENURE_SSH_LISTEN", &ssh).env("TENURE_LOG_LEVEL", "trace");
    serve.stderr(std::fs::File::create(&log).unwrap());
    let serving = Group::spawn(&mut serve, folder.path()).unwrap();
    let ca = at("data/tls/ca.pem");
    peers::process::wait_until("the server listens", Duration::from_secs(60), || {
        ca.exists() && std::net::TcpStream::connect(&https).is_ok()
    })
    .unwrap();
    let ca = Certificate::from_pem(&std::fs::read(ca).unwrap()).unwrap();
    let http = Client::builder().tls_certs_only([ca]).build().unwrap();
    Installation { url: format!("https://{https}"), ssh, http, log, serving, first_link, database, folder }
}

/// Somebody signed in at the console.
pub(crate) struct Signed {
    pub(crate) cookie: String,
    pub(crate) totp_secret: String,
}

impl Installation {
    pub(crate) async fn send(
        &self,
        signed: Option<&Signed>,
        method: Method,
        path: &str,
        body: Value,
    ) -> (u16, Value, Option<String>) {
        let mut call = self.http.request(method.clone(), format!("{}{path}", self.url)).header("x-tenure-csrf", "1");
        if let Some(signed) = signed {
            call = call.header("cookie", &signed.cookie);
        }
        if method != Method::GET {
            call = call.json(&body);
        }
        let response = call.send().await.unwrap();
        let cookie = response.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
        let (status, text) = (response.status().as_u16(), response.text().await.unwrap());
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)), cookie)
    }

    pub(crate) async fn done(&self, signed: &Signed, method: Method, path: &str, body: Value) -> Value {
        let (status, answer, _) = self.send(Some(signed), method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    pub(crate) async fn set_up(&self, link: &str) -> Signed {
        let token = link.split('#').nth(1).unwrap();
        let (status, begun, _) = self.send(None, Method::POST, "/api/v1/setup/begin", json!({"token": token})).await;
        assert_eq!(status, 200, "{begun}");
        let totp = Totp::from_url(begun["otpauth_uri"].as_str().unwrap()).unwrap();
        let code = totp.generate_current().to_string();
        let body = json!({"token": token, "password": PASSWORD, "code": code});
        let (status, answer, cookie) = self.send(None, Method::POST, "/api/v1/setup/complete", body.clone()).await;
        assert_eq!(status, 204, "{answer}");
        let (again, _, _) = self.send(None, Method::POST, "/api/v1/setup/complete", body).await;
        assert_eq!(again, 403, "a link works once");
        let cookie = cookie.unwrap();
        for attribute in ["__Host-tenure=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        let uri = begun["otpauth_uri"].as_str().unwrap();
        let totp_secret = uri.split("secret=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        Signed { cookie: cookie.split(';').next().unwrap().to_owned(), totp_secret }
    }

    pub(crate) async fn invite(&self, admin: &Signed, mail: &str) -> (String, String) {
        let found = self.done(admin, Method::GET, &format!("/api/v1/identities?q={mail}"), Value::Null).await;
        let id = found["items"][0]["id"].as_str().unwrap().to_owned();
        let made = self.done(admin, Method::POST, &format!("/api/v1/identities/{id}/setup-link"), json!({})).await;
        (id, made["link"].as_str().unwrap().to_owned())
    }

    /// A new key of somebody, registered.
    pub(crate) async fn key_of(&self, signed: &Signed) -> PathBuf {
        let key_file = self.folder.path().join("key");
        let mut keygen = peers::tools::ssh_keygen().unwrap();
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key_file);
        assert!(keygen.status().unwrap().success());
        let public_key = std::fs::read_to_string(key_file.with_extension("pub")).unwrap();
        let key = json!({"name": "laptop", "public_key": public_key});
        self.done(signed, Method::POST, "/api/v1/me/ssh-keys", key).await;
        key_file
    }

    /// Asks for access and has it approved; gives the grant.
    pub(crate) async fn grant(&self, who: &Signed, approver: &Signed, what: Value) -> String {
        let request = self.done(who, Method::POST, "/api/v1/requests", what).await;
        let path = format!("/api/v1/requests/{}/approve", request["id"].as_str().unwrap());
        let approved = self.done(approver, Method::POST, &path, json!({"reason": "as agreed"})).await;
        approved["grant"].as_str().unwrap_or_else(|| panic!("{approved}")).to_owned()
    }

    /// A command in a terminal of a host, through the gateway; gives what it printed.
    pub(crate) async fn run(&self, key_file: &Path, login: &str, command: &str) -> String {
        let (host, port) = self.ssh.split_once(':').unwrap();
        let mut ssh = peers::tools::ssh().unwrap();
        ssh.args(["-F", "/dev/null", "-tt", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]);
        ssh.args(["-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR", "-i"]).arg(key_file);
        ssh.args(["-p", port, "-l", login, host, command]).stdin(Stdio::null());
        let run = blocking(move || ssh.output().unwrap()).await;
        String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
    }
}
