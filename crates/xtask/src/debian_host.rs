//! Makes the root of the Debian hosts that tests log in to. What such a host is and does belongs to `peers`.

use std::fs;
use std::path::Path;

use anyhow::Result;
use peers::process::as_root;
use peers::sshd::{PACKAGES, root_folder};

use crate::setup::require_root;
use crate::stage::show;

const SUITE: &str = "bookworm";

/// Makes the root unless one with the same packages is there.
pub(crate) fn make() -> Result<()> {
    let root = root_folder();
    let packages = PACKAGES.join(",");
    let made_of = root.with_extension("packages");
    if fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == packages) && root.exists() {
        return Ok(());
    }
    require_root("debootstrap, which makes the Debian host")?;
    let unfinished = root.with_extension("unfinished");
    remove(&unfinished)?;
    // Namespaces of its own: whatever ends debootstrap early also ends its mounts.
    let mut debootstrap = as_root("unshare");
    debootstrap.args(["--mount", "--pid", "--fork", "--kill-child", "--", "debootstrap", "--variant=minbase"]);
    show(debootstrap.arg(format!("--include={packages}")).arg(SUITE).arg(&unfinished))?;
    show(as_root("sh").args(["-c", r#"rm -f "$0"/var/cache/apt/archives/*.deb"#]).arg(&unfinished))?;
    remove(&root)?;
    show(as_root("mv").arg("--").args([&unfinished, &root]))?;
    fs::write(made_of, packages)?;
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    show(as_root("rm").args(["-rf", "--one-file-system", "--"]).arg(folder))
}
