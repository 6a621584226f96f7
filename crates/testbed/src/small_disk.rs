//! A file system that is full when a test wants it. It lives in memory and ends on drop.

use peers::process::{as_root, output_of};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts one of `mebibytes`.
    pub fn mount(mebibytes: u32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let size = format!("size={mebibytes}m,mode=0777");
        output_of(as_root("mount").args(["-t", "tmpfs", "-o", &size, "tenure-test"]).arg(folder.path()))
            .expect("a small file system: run as root or allow `sudo -n`");
        Self { folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves no byte free.
    pub fn fill(&self) {
        let mut ballast = File::create(self.folder().join("ballast")).expect("a file");
        for size in [64 * 1024, 1024, 1] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// Gives the room back.
    pub fn free(&self) {
        std::fs::remove_file(self.folder().join("ballast")).expect("the ballast goes");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if let Err(error) = output_of(as_root("umount").arg("--lazy").arg(self.folder())) {
            eprintln!("{} stays mounted: {error:#}", self.folder().display());
        }
    }
}
