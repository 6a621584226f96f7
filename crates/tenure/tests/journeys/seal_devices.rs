//! The root key wrapped by a device: the transit engine of a real OpenBao, and a PKCS#11 token in SoftHSM2. Each opens the
//! seal by itself, is waited for while it is away, and is refused when it is another one.

use crate::installed::{Installed, code, json, told};
use peers::softhsm::{self, Token};
use peers::{openbao, process};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use testbed::blocking;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_secs(40);
const POLICY: &str = "path \"transit/encrypt/tenure\" { capabilities = [\"update\"] }\n\
    path \"transit/decrypt/tenure\" { capabilities = [\"update\"] }\n";

fn private(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    file
}

fn status(installed: &Installed) -> serde_json::Value {
    json(&installed.tenure(&["seal", "status", "--json"]))
}

fn opens(installed: &Installed) {
    let opened = process::wait_until("the seal opens", PATIENCE, || status(installed)["sealed"] == false);
    opened.unwrap_or_else(|error| panic!("{error}: {} {}", status(installed), installed.log()));
}

/// Nothing secret of this text lies in the configuration, the data folder or the log.
fn nowhere(installed: &Installed, secret: &str) {
    for file in installed.files() {
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{}", file.display());
    }
}

/// A way to a port that can be cut.
async fn forwarding(from: u16, to: u16) -> JoinHandle<()> {
    let listener = TcpListener::bind(("127.0.0.1", from)).await.unwrap();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            tokio::spawn(async move {
                if let Ok(mut far) = TcpStream::connect(("127.0.0.1", to)).await {
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                }
            });
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_transit_engine_of_openbao_opens_the_seal_and_is_waited_for_while_it_is_away() {
    let (bao, token) = blocking(|| {
        let bao = openbao::Server::start().unwrap();
        bao.run(&["secrets", "enable", "transit"]).unwrap();
        bao.run(&["write", "-f", "transit/keys/tenure"]).unwrap();
        let token = bao.token("tenure", POLICY).unwrap();
        (bao, token)
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let token_file = private(folder.path(), "token", &token);
    let way = process::free_port().unwrap();
    let open = forwarding(way, bao.port()).await;
    let settings = [
        format!("seal.transit.address=https://127.0.0.1:{way}"),
        format!("seal.transit.token_file={}", token_file.display()),
        format!("seal.transit.ca_file={}", bao.ca_file().display()),
    ];
    let [address, token_setting, ca] = settings.each_ref().map(String::as_str);
    let arguments = ["--seal", "transit", "--set", address, "--set", token_setting, "--set", ca];
    let installed = blocking({
        let arguments = arguments.map(str::to_owned);
        move || Installed::init(&arguments.each_ref().map(String::as_str), &[])
    })
    .await;
    let installed = std::sync::Arc::new(installed);
    let here = installed.clone();
    blocking(move || {
        let mut serving = here.serve(&[]);
        let seen = status(&here);
        assert_eq!((&seen["sealed"], &seen["kind"]), (&json!(false), &json!("transit")), "{seen}");
        serving.end();
    })
    .await;

    open.abort();
    let _ = open.await;
    let here = installed.clone();
    let serving = blocking(move || {
        let serving = here.serve(&[]);
        let seen = status(&here);
        assert_eq!(seen["sealed"], true, "{seen}");
        assert!(seen["because"].as_str().unwrap().contains("tries again by itself"), "{seen}");
        assert!(told(&here.tenure(&["whoami"])).contains("the server is sealed"));
        serving
    })
    .await;
    let _open = forwarding(way, bao.port()).await;
    let here = installed.clone();
    blocking(move || {
        opens(&here);
        drop(serving);
        nowhere(&here, token.trim());
        // A key file of which others know is no secret any more.
        std::fs::set_permissions(&token_file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(here.refuses_to_serve().contains("chmod 600"));
        private(folder.path(), "token", "another-token");
        let serving = here.serve(&[]);
        assert_eq!(status(&here)["sealed"], true, "a token that may not decrypt opens nothing");
        assert!(here.log().contains("403"), "{}", here.log());
        drop(serving);
        drop(bao);
    })
    .await;
}

#[test]
fn a_pkcs11_token_opens_the_seal_by_a_key_that_never_leaves_it_and_is_waited_for_while_it_is_away() {
    let (token, folder) = (Token::new("vault", "123456-the-pin").unwrap(), tempfile::tempdir().unwrap());
    let pin_file = private(folder.path(), "pin", "123456-the-pin\n");
    let configuration = token.configuration();
    let settings = [
        format!("seal.pkcs11.module={}", softhsm::library().unwrap().display()),
        "seal.pkcs11.token=vault".to_owned(),
        format!("seal.pkcs11.pin_file={}", pin_file.display()),
    ];
    let [module, label, pin] = settings.each_ref().map(String::as_str);
    let arguments = ["--seal", "pkcs11", "--set", module, "--set", label, "--set", pin];
    let environment = [(softhsm::CONFIGURATION, configuration.to_str().unwrap())];
    let installed = Installed::init(&arguments, &environment);
    let objects = token.objects().unwrap();
    for words in ["Secret Key Object; AES", "label:      tenure", "never extractable"] {
        assert!(objects.contains(words), "{objects}");
    }
    let mut serving = installed.serve(&[]);
    assert_eq!(status(&installed)["sealed"], false, "{}", installed.log());
    let local = ["seal", "unseal", "--local", "--config", installed.config().to_str().unwrap()].map(str::to_owned);
    let local = || installed.tenure(&local.each_ref().map(String::as_str));
    assert!(told(&local()).contains("not sealed"), "{}", told(&local()));
    serving.end();

    token.take_away().unwrap();
    let mut serving = installed.serve(&[]);
    assert_eq!(status(&installed)["sealed"], true);
    assert_eq!(code(&local()), 6, "{}", told(&local()));
    token.put_back().unwrap();
    opens(&installed);
    serving.end();

    private(folder.path(), "pin", "a-wrong-pin");
    let serving = installed.serve(&[]);
    let because = status(&installed)["because"].as_str().unwrap().to_owned();
    assert!(
        because.contains("not tried again by itself"),
        "a wrong PIN opens nothing, and the next may lock it: {because}"
    );
    let refused = local();
    assert!(code(&refused) != 0 && told(&refused).contains("refused its PIN"), "{}", told(&refused));
    assert_eq!(installed.log().matches("refused its PIN").count(), 1, "{}", installed.log());
    private(folder.path(), "pin", "123456-the-pin");
    assert_eq!(code(&local()), 0, "{}", told(&local()));
    assert_eq!(status(&installed)["sealed"], false);
    drop(serving);
    nowhere(&installed, "123456-the-pin");
}
