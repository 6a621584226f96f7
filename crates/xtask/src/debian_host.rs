//! Makes roots of Debian machines, and the one of the hosts that tests log in to. What such a host is and does belongs
//! to `peers`.

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
    make_root(&root_folder(), &PACKAGES, "", |_| Ok(()))
}

/// Makes a Debian root with `packages`, and does with it what `finish` does and `how` says, unless that was done before.
pub(crate) fn make_root(
    root: &Path,
    packages: &[&str],
    how: &str,
    finish: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let packages = packages.join(",");
    let made_of = root.with_extension("packages");
    let wanted = format!("{packages}{how}");
    if fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == wanted) && root.exists() {
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
    finish(&unfinished)?;
    remove(root)?;
    show(as_root("mv").arg("--").args([&unfinished, root]))?;
    fs::write(made_of, wanted)?;
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    show(as_root("rm").args(["-rf", "--one-file-system", "--"]).arg(folder))
}
