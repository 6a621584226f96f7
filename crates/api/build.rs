//! Builds the web console when its sources are newer than what was built, so that one `cargo run` is enough.
//! With `TENURE_CONSOLE_PREBUILT` set, `console/dist` is taken as it is: for packagers, and while both are edited.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=TENURE_CONSOLE_PREBUILT");
    let console = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../console");
    if std::env::var_os("TENURE_CONSOLE_PREBUILT").is_some() {
        let page = console.join("dist/index.html");
        assert!(
            page.exists(),
            "TENURE_CONSOLE_PREBUILT is set, but {} is missing: build the console first",
            page.display()
        );
        println!("cargo::rerun-if-changed={}", page.display());
        return;
    }
    for watched in ["src", "index.html", "package-lock.json", "vite.config.ts"] {
        println!("cargo::rerun-if-changed={}", console.join(watched).display());
    }
    if !installed_since(&console) {
        run(&console, &["ci", "--no-audit", "--no-fund"]);
    }
    run(&console, &["run", "build"]);
}

/// Whether the packages of the lock file are there; npm leaves its own copy of the lock beside them.
fn installed_since(console: &Path) -> bool {
    let changed = |file: &str| console.join(file).metadata().and_then(|data| data.modified());
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

fn run(console: &Path, arguments: &[&str]) {
    let output = Command::new("npm").args(arguments).current_dir(console).output();
    let output = output.expect("npm starts: building the console needs Node 20 or newer");
    assert!(
        output.status.success(),
        "`npm {}` in console/ failed:\n{}{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
