//! A PKCS#11 token in software: SoftHSM2 of Debian, in a folder of its own. Nothing of Tenure belongs here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use tempfile::TempDir;

use crate::process::output_of;
use crate::tools;

/// The variable that names the token's configuration to whoever loads the library.
pub const CONFIGURATION: &str = "SOFTHSM2_CONF";

pub struct Token {
    label: String,
    pin: String,
    folder: TempDir,
}

impl Token {
    /// A new token without any key.
    pub fn new(label: &str, pin: &str) -> Result<Token> {
        library()?;
        let folder = tempfile::tempdir()?;
        let tokens = folder.path().join("tokens");
        std::fs::create_dir(&tokens)?;
        let text =
            format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
        std::fs::write(folder.path().join("softhsm2.conf"), text)?;
        let token = Token { label: label.to_owned(), pin: pin.to_owned(), folder };
        let mut init = Command::new(tools::find("softhsm2-util")?);
        init.args(["--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "so-pin-of-the-test"]);
        output_of(init.env(CONFIGURATION, token.configuration()))?;
        Ok(token)
    }

    pub fn configuration(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }

    /// What `pkcs11-tool` says of the token's objects, after log-in.
    pub fn objects(&self) -> Result<String> {
        let mut list = Command::new(tools::find("pkcs11-tool")?);
        list.arg("--module").arg(library()?).args(["--token-label", &self.label, "--login", "--pin", &self.pin]);
        output_of(list.arg("--list-objects").env(CONFIGURATION, self.configuration()))
    }

    /// Takes the token away, as if it was pulled out; [`Self::put_back`] undoes it.
    pub fn take_away(&self) -> Result<()> {
        Ok(std::fs::rename(self.tokens(), self.folder.path().join("away"))?)
    }

    pub fn put_back(&self) -> Result<()> {
        Ok(std::fs::rename(self.folder.path().join("away"), self.tokens())?)
    }

    fn tokens(&self) -> PathBuf {
        self.folder.path().join("tokens")
    }
}

/// The library that programs load.
pub fn library() -> Result<PathBuf> {
    let places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
    let found = places.iter().map(Path::new).find(|place| place.is_file());
    found.map(Path::to_owned).ok_or_else(|| crate::missing("SoftHSM2"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_token_is_empty_and_another_ones_pin_does_not_open_it() {
        let token = Token::new("one", "123456").unwrap();
        assert!(!token.objects().unwrap().contains("Secret Key"));
        let wrong = Token { label: token.label.clone(), pin: "654321".to_owned(), folder: token.folder };
        assert!(wrong.objects().is_err());
    }
}
