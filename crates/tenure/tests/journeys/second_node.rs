//! A second node of a testbed's cluster: `tenure serve` in a process of its own on the same PostgreSQL, with the same
//! root key and the same folder for recordings. It can be killed and started again.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use testbed::Testbed;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

const START: Duration = Duration::from_secs(30);

pub(crate) struct SecondNode {
    folder: PathBuf,
    ssh: u16,
    process: Child,
}

impl SecondNode {
    pub(crate) async fn start(bed: &Testbed) -> Self {
        let (folder, ssh) = (bed.folder().join("node-2"), peers::process::free_port().unwrap());
        std::fs::create_dir(&folder).unwrap();
        let file = |name: &str| format!("{:?}", bed.folder().join(name).display().to_string());
        let config = format!(
            "data_dir = {}\n[node]\nname = \"node-2\"\n[seal]\nkey_file = {}\n[recordings]\ndir = {}\n\
             [https]\nlisten = \"127.0.0.1:0\"\n[ssh]\nlisten = \"127.0.0.1:{ssh}\"\n[log]\nlevel = \"warn\"\n",
            file("node-2"),
            file("root.key"),
            file("recordings"),
        );
        std::fs::write(folder.join("tenure.toml"), config).unwrap();
        let process = spawn(bed, &folder);
        let mut node = Self { folder, ssh, process };
        node.must_serve(bed).await;
        node
    }

    pub(crate) async fn start_again(&mut self, bed: &Testbed) {
        self.process = spawn(bed, &self.folder);
        self.must_serve(bed).await;
    }

    /// SIGKILL: no line of the server's own runs after this.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Alice's own `ssh`, through this node.
    pub(crate) fn ssh(&self, bed: &Testbed, login: &str, command: &str) -> Command {
        let port = self.ssh.to_string();
        let options = ["-p", &port, "-o", "StrictHostKeyChecking=accept-new"];
        bed.ssh_as(&bed.alice, &format!("{login}@web-1"), &options, &[command])
    }

    async fn must_serve(&mut self, bed: &Testbed) {
        let serves = || async { TcpStream::connect(("127.0.0.1", self.ssh)).await.is_ok() };
        let started = bed.eventually(START, serves).await;
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(started, "the second node does not serve: {:?} {log}", self.process.try_wait());
    }
}

fn spawn(bed: &Testbed, folder: &std::path::Path) -> Child {
    let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let mut serve = Command::new(env!("CARGO_BIN_EXE_tenure"));
    serve.arg("serve").arg("--config").arg(folder.join("tenure.toml"));
    serve.env("TENURE_DATABASE_URL", bed.database_url().expect("a cluster has PostgreSQL"));
    serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true).spawn().unwrap()
}
