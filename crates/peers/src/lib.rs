//! Real peers for tests and benches: PostgreSQL, MariaDB, OpenLDAP, Samba as an Active Directory, a SCIM
//! service, an HTTP service of records (Kinto), OpenBao, SoftHSM2, a Debian host with its sshd, and the ordinary client programs.
//! No mock, no rule of Tenure and no crate of Tenure belongs here. Every call blocks: it starts, asks or stops
//! a process. A peer that is missing is an error that names `cargo xtask setup`, never a skipped test.

pub mod faults;
mod http;
pub mod kinto;
mod machine;
pub mod mariadb;
pub mod openbao;
pub mod postgres;
pub mod process;
pub mod relay;
pub mod samba;
pub mod scim;
pub mod slapd;
pub mod softhsm;
pub mod sshd;
pub mod tools;

use std::io::Read;
use std::path::{Path, PathBuf};

/// Where `cargo xtask setup` keeps what it made: the Debian host, the directory and the Python environment.
pub fn folder() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().and_then(Path::parent);
    crates.expect("this crate lives two folders below the repository").join("target/peers")
}

fn missing(what: &str) -> anyhow::Error {
    anyhow::anyhow!("{what} is missing: run `cargo xtask setup`")
}

fn random_hex(bytes: usize) -> anyhow::Result<String> {
    let mut random = vec![0; bytes];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
