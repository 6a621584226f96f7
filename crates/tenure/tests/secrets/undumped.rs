//! Nobody but root reads the memory of a process of Tenure, and it leaves no core dump when it dies.

use peers::process::{is_root, output_of, wait_until};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const NOBODY: u32 = 65534;

/// For an ordinary user, also where the tests run as root.
fn as_user(program: &str) -> Command {
    let mut command = Command::new(program);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    command
}

/// With core dumps as large as the system allows.
fn started(program: &Path, argument: &str) -> Child {
    let script = r#"ulimit -S -c "$(ulimit -H -c)"; exec "$0" "$1""#;
    as_user("sh").args(["-c", script]).arg(program).arg(argument).spawn().unwrap()
}

/// Whether a process of the same user reads the memory of this one, and what lies beside it.
fn is_read(child: &Child) -> bool {
    let environment = format!("/proc/{}/environ", child.id());
    as_user("cat").arg(environment).status().unwrap().success()
}

#[test]
fn no_process_of_its_own_user_reads_its_memory_and_a_crash_leaves_no_dump() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("tenure");
    std::fs::copy(env!("CARGO_BIN_EXE_tenure"), &program).unwrap();
    let mut other = started(Path::new("sleep"), "1000");
    let mut tenure = started(&program, "pkcs11-child");
    wait_until("its memory is closed", Duration::from_secs(20), || !is_read(&tenure)).unwrap();
    assert!(is_read(&other), "any other process of this user is open to it");
    assert!(tenure.try_wait().unwrap().is_none(), "it waits for its order");

    let limits = std::fs::read_to_string(format!("/proc/{}/limits", tenure.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    output_of(Command::new("kill").args(["-s", "ABRT"]).arg(tenure.id().to_string())).unwrap();
    let ended = tenure.wait().unwrap();
    assert!(ended.signal() == Some(6) && !ended.core_dumped(), "{ended}");
    other.kill().unwrap();
    other.wait().unwrap();
}
