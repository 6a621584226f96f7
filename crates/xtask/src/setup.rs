//! `cargo xtask setup`: installs what the tests need and is not there yet: Debian packages, cargo-nextest,
//! a Python environment, the console's packages, a Debian host, a directory of Samba. It starts nothing itself, needs
//! no service that Debian starts on installing, and is harmless when run twice.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use peers::process::as_root;

use crate::stage::{show, stage};
use crate::{debian_host, directory_host, repository};

const DEBIAN_PACKAGES: [&str; 24] = [
    "chromium",
    "debian-archive-keyring",
    "debootstrap",
    "dropbear-bin",
    "faketime",
    "fiu-utils",
    "gdb",
    "git",
    "iproute2",
    "ldap-utils",
    "mariadb-server",
    "openssh-client",
    "opensc",
    "openssh-server",
    "openssl",
    "postgresql",
    "procps",
    "python3-venv",
    "rsync",
    "softhsm2",
    "slapd",
    "sudo",
    "util-linux",
    "ca-certificates",
];

pub(crate) fn run() -> Result<()> {
    for_build()?;
    for_tests()
}

/// What compiling needs.
pub(crate) fn for_build() -> Result<()> {
    let _lock = lock("build")?;
    stage("console packages", console_packages)
}

/// What running the tests needs, too.
pub(crate) fn for_tests() -> Result<()> {
    let _lock = lock("tests")?;
    stage("Debian packages", debian_packages)?;
    stage("cargo-nextest", nextest)?;
    stage("Python environment", || python_environment(&peers::folder().join("venv")))?;
    stage("Debian host", debian_host::make)?;
    stage("directory of Samba", directory_host::make)
}

/// Two of these at once would undo each other's work.
fn lock(what: &str) -> Result<File> {
    let folder = peers::folder();
    fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join(format!("setup-{what}.lock")))?;
    lock.lock()?;
    Ok(lock)
}

fn debian_packages() -> Result<()> {
    let missing: Vec<&str> = DEBIAN_PACKAGES.into_iter().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let wanted = missing.join(" ");
    if !succeeds(Command::new("apt-get").arg("--version")) {
        bail!("`apt-get` is missing, so install by your system's own means: {wanted}");
    }
    require_root(&wanted)?;
    if apt_get(&["install", "--no-install-recommends"], &missing).is_err() {
        apt_get(&["update"], &[])?;
        apt_get(&["install", "--no-install-recommends"], &missing)?;
    }
    Ok(())
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    let output = query.args(["-W", "-f", "${db:Status-Status}", package]).stderr(Stdio::null()).output();
    output.is_ok_and(|output| output.stdout == b"installed")
}

fn apt_get(order: &[&str], packages: &[&str]) -> Result<()> {
    let mut command = as_root("env");
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=600"]);
    show(command.args(order).args(packages))
}

/// Says what needs root before a command fails for the lack of it.
pub(crate) fn require_root(purpose: &str) -> Result<()> {
    if succeeds(&mut as_root("true")) {
        return Ok(());
    }
    bail!("root is needed for: {purpose}; run as root, or give this user `sudo` without a password");
}

fn nextest() -> Result<()> {
    if succeeds(Command::new("cargo").args(["nextest", "--version"])) {
        return Ok(());
    }
    show(Command::new("cargo").args(["install", "cargo-nextest", "--locked"]))
}

fn python_environment(venv: &Path) -> Result<()> {
    let wanted = repository().join("crates/xtask/requirements.txt");
    let installed = venv.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| fs::read(&wanted).is_ok_and(|wanted| wanted == installed)) {
        return Ok(());
    }
    show(Command::new("/usr/bin/python3").args(["-m", "venv", "--clear"]).arg(venv))?;
    let mut pip = Command::new(venv.join("bin/pip"));
    show(pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&wanted))?;
    fs::copy(wanted, installed)?;
    Ok(())
}

fn console_packages() -> Result<()> {
    let console = repository().join("console");
    if !console.join("package.json").exists() || is_newer(&console, "node_modules/.package-lock.json") {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    show(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(console)).context("the console needs Node.js with npm")
}

/// Whether npm wrote its own copy of the lock file after the lock file last changed.
fn is_newer(console: &Path, installed: &str) -> bool {
    let written = |file: &str| fs::metadata(console.join(file)).and_then(|metadata| metadata.modified()).ok();
    written(installed).is_some_and(|installed| written("package-lock.json").is_some_and(|lock| installed >= lock))
}

fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
