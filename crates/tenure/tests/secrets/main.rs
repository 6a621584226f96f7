//! The first day of a new installation through public doors only, and then the question whether any secret of it lies
//! open: in the data folder, in the logs, in a recording's metadata or on a command line.

mod canaries;

use peers::process::Group;
use peers::sshd::{HostOptions, LinuxHost};
use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use totp_rs::Totp;

const PASSWORD: &str = "Canary-Passw0rd-7f3a9c51e2";
const TYPED: &str = "canary-typed-into-the-session-51d0";
const PHRASE: &str = "Canary-Passphrase-90be1f44";

struct Installation {
    folder: tempfile::TempDir,
    url: String,
    ssh: String,
    http: Client,
    log: PathBuf,
    serving: Group,
    first_link: String,
}

fn tenure() -> Command {
    let mut tenure = Command::new(env!("CARGO_BIN_EXE_tenure"));
    tenure.env("TENURE_SEAL_PASSPHRASE", PHRASE).stdin(Stdio::null());
    tenure
}

fn install() -> Installation {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let feed = "employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date\n\
        E1,Ada,Nowak,ada@example.com,IT,Administrator,,active,2020-01-01,\n\
        E2,Alice,Moreau,alice@example.com,Platform,Engineer,E3,active,2020-01-01,\n\
        E3,Bob,Lindqvist,bob@example.com,Platform,Head,,active,2020-01-01,\n#end,3\n";
    std::fs::write(at("hr.csv"), feed).unwrap();
    let mut init = tenure();
    init.arg("init").arg("--config").arg(at("tenure.toml")).arg("--data-dir").arg(at("data"));
    init.arg("--hr").arg(at("hr.csv")).args(["--admin", "ada@example.com", "--seal", "passphrase"]);
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
    Installation { url: format!("https://{https}"), ssh, http, log, serving, first_link, folder }
}

/// Somebody signed in at the console.
struct Signed {
    cookie: String,
    totp_secret: String,
}

impl Installation {
    async fn send(
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

    async fn done(&self, signed: &Signed, method: Method, path: &str, body: Value) -> Value {
        let (status, answer, _) = self.send(Some(signed), method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    async fn set_up(&self, link: &str) -> Signed {
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

    async fn invite(&self, admin: &Signed, mail: &str) -> (String, String) {
        let found = self.done(admin, Method::GET, &format!("/api/v1/identities?q={mail}"), Value::Null).await;
        let id = found["items"][0]["id"].as_str().unwrap().to_owned();
        let made = self.done(admin, Method::POST, &format!("/api/v1/identities/{id}/setup-link"), json!({})).await;
        (id, made["link"].as_str().unwrap().to_owned())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_a_whole_first_day_lies_open_anywhere() {
    let mut place = tokio::task::spawn_blocking(install).await.unwrap();
    let admin = place.set_up(&place.first_link).await;
    let (_, alice_link) = place.invite(&admin, "alice@example.com").await;
    let (_, bob_link) = place.invite(&admin, "bob@example.com").await;
    let (alice, bob) = (place.set_up(&alice_link).await, place.set_up(&bob_link).await);

    let ca = place.http.get(format!("{}/ssh/ca.pub", place.url)).send().await.unwrap().text().await.unwrap();
    let options = HostOptions { trusted_ca: Some(ca.trim().to_owned()), ..Default::default() };
    let host = tokio::task::spawn_blocking(move || LinuxHost::start(options).unwrap()).await.unwrap();
    declare(&place, &admin, &host).await;

    let key_file = place.folder.path().join("alice_key");
    let mut keygen = peers::tools::ssh_keygen().unwrap();
    keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key_file);
    assert!(keygen.status().unwrap().success());
    let public_key = std::fs::read_to_string(key_file.with_extension("pub")).unwrap();
    place.done(&alice, Method::POST, "/api/v1/me/ssh-keys", json!({"name": "laptop", "public_key": public_key})).await;
    let body = json!({"name": "script", "scopes": ["self.read"], "days": 3});
    let token =
        place.done(&alice, Method::POST, "/api/v1/me/tokens", body).await["secret"].as_str().unwrap().to_owned();
    let body = json!({"target": "web-1", "login": "root", "minutes": 10, "reason": "the first day"});
    let request = place.done(&alice, Method::POST, "/api/v1/requests", body).await;
    let path = format!("/api/v1/requests/{}/approve", request["id"].as_str().unwrap());
    place.done(&bob, Method::POST, &path, json!({"reason": "welcome"})).await;
    let typed = type_into_session(&place, &key_file).await;
    assert!(typed.contains(TYPED), "{typed}");
    place.done(&admin, Method::POST, "/api/v1/seal/rekey", json!({})).await;

    let command_line = std::fs::read_to_string(format!("/proc/{}/cmdline", place.serving.pid())).unwrap();
    drop(host);
    place.serving.end("TERM", Duration::from_secs(15)).unwrap();
    let tokens = [&place.first_link, &alice_link, &bob_link].map(|link| link.split('#').nth(1).unwrap().to_owned());
    let mut canaries = vec![PASSWORD.to_owned(), PHRASE.to_owned(), TYPED.to_owned(), token];
    canaries.extend(tokens);
    for signed in [&admin, &alice, &bob] {
        canaries.push(signed.cookie.split_once('=').unwrap().1.to_owned());
        canaries.push(signed.totp_secret.clone());
    }
    let mut places = files_below(&place.folder.path().join("data"));
    places.push(place.log.clone());
    assert!(std::fs::metadata(&place.log).unwrap().len() > 1000, "the log was written");
    assert!(places.iter().any(|file| file.ends_with("tenure.db")) && places.len() > 4, "{places:?}");
    for file in places {
        let bytes = std::fs::read(&file).unwrap();
        for canary in &canaries {
            for form in forms(canary) {
                assert!(!contains(&bytes, &form), "{} holds a canary: {canary}", file.display());
            }
        }
    }
    assert!(canaries.iter().all(|canary| !command_line.contains(canary.as_str())));
}

async fn declare(place: &Installation, admin: &Signed, host: &LinuxHost) {
    let system = json!({"system": [{"name": "web-1", "owner": "bob@example.com", "logins": ["root"]}]});
    place.done(admin, Method::PUT, "/api/v1/systems", system).await;
    let role = json!({"role": [{
        "name": "platform-root",
        "when": [{"attribute": "department", "equals": "Platform"}],
        "makes_eligible": [{"system": "web-1", "login": "root", "max_minutes": 60}],
    }]});
    place.done(admin, Method::PUT, "/api/v1/roles", role).await;
    let target = json!({"target": [{
        "name": "web-1",
        "host": host.addr().ip().to_string(),
        "port": host.addr().port(),
        "host_key": host.host_key_line(),
        "reads_krl": false,
        "description": "",
        "discovery_login": "root",
    }]});
    place.done(admin, Method::PUT, "/api/v1/targets", target).await;
}

async fn type_into_session(place: &Installation, key_file: &Path) -> String {
    let (host, port) = place.ssh.split_once(':').unwrap();
    let mut ssh = peers::tools::ssh().unwrap();
    ssh.args(["-F", "/dev/null", "-tt", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]);
    ssh.args(["-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR", "-i"]).arg(key_file);
    ssh.args(["-p", port, "-l", "root@web-1", host, &format!("echo {TYPED}")]).stdin(Stdio::null());
    let run = tokio::task::spawn_blocking(move || ssh.output().unwrap()).await.unwrap();
    String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files.extend(files_below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

/// As it is, in hex, in base64, and in UTF-16.
fn forms(canary: &str) -> Vec<Vec<u8>> {
    let bytes = canary.as_bytes();
    let base64 = data_encoding::BASE64.encode(bytes);
    vec![
        bytes.to_vec(),
        data_encoding::HEXLOWER.encode(bytes).into_bytes(),
        base64.as_bytes()[..base64.len() - 4].to_vec(),
        canary.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ]
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
