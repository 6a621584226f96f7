//! Makes the root of the domain controllers that tests manage accounts in, with the domain inside: provisioning takes
//! longer than starting. What such a controller is and does belongs to `peers`.

use std::path::Path;

use anyhow::Result;
use peers::process::as_root;
use peers::samba::{ADMIN_PASSWORD, FOLDER, PACKAGES, REALM, root_folder};

use crate::debian_host::make_root;
use crate::stage::show;

/// Makes the root unless one with the same packages and domain is there.
pub(crate) fn make() -> Result<()> {
    let order = order();
    make_root(&root_folder(), &PACKAGES, &order.join(" "), |root| provision(root, &order))
}

fn order() -> Vec<String> {
    let (domain, _) = REALM.split_once('.').expect("a realm has a first label");
    let plain = "samba-tool domain provision --server-role=dc --host-name=dc1 --host-ip=127.0.0.1 --dns-backend=NONE";
    let ours = [
        format!("--realm={REALM}"),
        format!("--domain={domain}"),
        format!("--adminpass={ADMIN_PASSWORD}"),
        format!("--targetdir={FOLDER}"),
    ];
    plain.split(' ').map(str::to_owned).chain(ours).collect()
}

fn provision(root: &Path, order: &[String]) -> Result<()> {
    let inside = r#"mount -t proc proc "$0/proc" && hostname dc1 && exec chroot "$0" "$@""#;
    let mut unshare = as_root("unshare");
    unshare.args(["--mount", "--pid", "--uts", "--fork", "--kill-child", "--", "sh", "-c", inside]).arg(root);
    unshare.args(["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]);
    show(unshare.args(order))
}
