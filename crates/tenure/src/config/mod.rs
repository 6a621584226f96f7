//! The configuration: `tenure.toml`, each setting also from the environment, and a wrong one refused by its name.

mod settings;

use settings::{SETTINGS, Setting};

use anyhow::{Context, Result, bail};
use privilege::recordings::Limits;
use seal::pkcs11::Token;
use seal::transit::Transit;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use types::Secret;

/// Everything that `serve` needs to know.
#[derive(Clone)]
pub struct Config {
    pub node: String,
    pub data_dir: PathBuf,
    pub database: db::Location,
    pub connections: u32,
    pub seal: Means,
    pub witness_file: PathBuf,
    pub ledger_origin: String,
    pub https_listen: SocketAddr,
    pub https_url: Option<String>,
    pub tls: Option<TlsFiles>,
    pub ssh_listen: SocketAddr,
    pub ssh_source_address: Option<IpAddr>,
    pub recordings_dir: PathBuf,
    pub recording_limits: Limits,
    pub csv_folder: PathBuf,
    pub log_format: LogFormat,
    pub log_level: String,
}

/// By what the seal may be opened. Which of them does, the database says.
#[derive(Clone)]
pub struct Means {
    pub key_file: PathBuf,
    /// Read whenever the seal is opened, and not kept.
    pub passphrase_file: Option<PathBuf>,
    pub passphrase: Option<Secret<String>>,
    pub transit: Option<Transit>,
    pub pkcs11: Option<Token>,
}

impl Means {
    pub fn key_file(key_file: PathBuf) -> Self {
        Self { key_file, passphrase_file: None, passphrase: None, transit: None, pkcs11: None }
    }
}

/// A certificate chain and its key, in PEM.
#[derive(Clone)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub private_key: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Reads the file, then the environment, which wins.
    ///
    /// # Errors
    /// Names the setting, what is wrong with it, and where it was given.
    pub fn load(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read `{}`: make one with `tenure init`", file.display()))?;
        let table = text.parse::<toml::Table>().with_context(|| format!("`{}` is not TOML", file.display()))?;
        Self::from_values(&Values::new(&table, &file.display().to_string(), std::env::vars())?)
    }

    fn from_values(values: &Values) -> Result<Self> {
        let data_dir: PathBuf = values.parse("data_dir", "a folder")?;
        let below =
            |setting, name: &str| values.get(setting).map_or_else(|| data_dir.join(name), |v| PathBuf::from(&v.text));
        let database = match values.get("database.url") {
            Some(_) => values.parse("database.url", "`sqlite:FILE` or a PostgreSQL URL")?,
            None => db::Location::Sqlite(data_dir.join("tenure.db")),
        };
        let seal = Means {
            key_file: below("seal.key_file", "root.key"),
            passphrase_file: values.path("seal.passphrase_file"),
            passphrase: values.get("seal.passphrase").map(|passphrase| Secret::new(passphrase.text.clone())),
            transit: values.transit()?,
            pkcs11: values.pkcs11()?,
        };
        let tls = match (values.get("https.certificate"), values.get("https.private_key")) {
            (Some(certificate), Some(key)) => {
                Some(TlsFiles { certificate: (&certificate.text).into(), private_key: (&key.text).into() })
            }
            (None, None) => None,
            _ => bail!("`https.certificate` and `https.private_key` belong together: give both or neither"),
        };
        let log_format = match values.text("log.format").as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            other => bail!("setting `log.format`: `{other}` is not `text` or `json`"),
        };
        let recording_limits = Limits {
            max_bytes: mebibytes(values.parse::<NonZeroU64>("recordings.max_mib", "a number of MiB above 0")?.get()),
            reserve_bytes: mebibytes(values.parse("recordings.reserve_mib", "a number of MiB")?),
        };
        Ok(Self {
            node: values.text("node.name"),
            database,
            connections: values.parse("database.connections", "a number of connections")?,
            seal,
            witness_file: below("witness.file", "witness.note"),
            ledger_origin: values.text("ledger.origin"),
            https_listen: values.parse("https.listen", "an address such as 127.0.0.1:8443")?,
            https_url: values.get("https.url").map(|value| value.text.trim_end_matches('/').to_owned()),
            tls,
            ssh_listen: values.parse("ssh.listen", "an address such as 127.0.0.1:2222")?,
            ssh_source_address: values.parse_optional("ssh.source_address", "an IP address")?,
            recordings_dir: below("recordings.dir", "recordings"),
            recording_limits,
            csv_folder: below("csv.folder", "csv"),
            log_format,
            log_level: values.text("log.level"),
            data_dir,
        })
    }
}

struct Value {
    text: String,
    /// The file or the environment variable.
    origin: String,
}

struct Values(BTreeMap<&'static str, Value>);

impl Values {
    fn new(table: &toml::Table, file: &str, environment: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            if let Some(default) = setting.default {
                values.insert(setting.key, Value { text: default.to_owned(), origin: "the default".to_owned() });
            }
        }
        for (key, text) in flatten(table) {
            let setting = find(&key).with_context(|| format!("`{file}` has {}", unknown(&key)))?;
            if setting.environment_only {
                bail!(
                    "setting `{key}` must not stand in a file: give it as the environment variable {}",
                    setting.variable()
                );
            }
            values.insert(setting.key, Value { text, origin: format!("`{file}`") });
        }
        for (variable, text) in environment {
            if let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == variable) {
                values.insert(setting.key, Value { text, origin: variable });
            }
        }
        Ok(Self(values))
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    fn text(&self, key: &str) -> String {
        self.get(key).map(|value| value.text.clone()).unwrap_or_default()
    }

    fn parse<T: FromStr>(&self, key: &str, what: &str) -> Result<T> {
        let Some(value) = self.get(key) else { bail!("setting `{key}` is missing: give {what}") };
        one(key, value, what)
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.get(key).map(|value| PathBuf::from(&value.text))
    }

    fn transit(&self) -> Result<Option<Transit>> {
        match (self.get("seal.transit.address"), self.path("seal.transit.token_file")) {
            (Some(address), Some(token_file)) => Ok(Some(Transit {
                address: address.text.clone(),
                mount: self.text("seal.transit.mount"),
                key: self.text("seal.transit.key"),
                token_file,
                ca_file: self.path("seal.transit.ca_file"),
            })),
            (None, None) => Ok(None),
            _ => bail!("`seal.transit.address` and `seal.transit.token_file` belong together: give both or neither"),
        }
    }

    fn pkcs11(&self) -> Result<Option<Token>> {
        let given = ["seal.pkcs11.module", "seal.pkcs11.token", "seal.pkcs11.pin_file"].map(|key| self.get(key));
        match given {
            [Some(module), Some(token), Some(pin_file)] => Ok(Some(Token {
                program: std::env::current_exe().context("cannot find the program that this is")?,
                module: (&module.text).into(),
                token_label: token.text.clone(),
                key_label: self.text("seal.pkcs11.key"),
                pin_file: (&pin_file.text).into(),
            })),
            [None, None, None] => Ok(None),
            _ => bail!(
                "`seal.pkcs11.module`, `seal.pkcs11.token` and `seal.pkcs11.pin_file` belong together: give all or none"
            ),
        }
    }

    fn parse_optional<T: FromStr>(&self, key: &str, what: &str) -> Result<Option<T>> {
        self.get(key).map(|value| one(key, value, what)).transpose()
    }
}

fn mebibytes(count: u64) -> u64 {
    count.saturating_mul(1024 * 1024)
}

fn one<T: FromStr>(key: &str, value: &Value, what: &str) -> Result<T> {
    let shown = if key == "database.url" { "the value" } else { &format!("`{}`", value.text) };
    value.text.parse().map_err(|_| anyhow::anyhow!("setting `{key}` ({}): {shown} is not {what}", value.origin))
}

fn flatten(table: &toml::Table) -> Vec<(String, String)> {
    let mut flat = Vec::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => {
                flat.extend(flatten(inner).into_iter().map(|(k, v)| (format!("{key}.{k}"), v)))
            }
            toml::Value::Array(items) => {
                let items: Vec<String> = items.iter().map(plain).collect();
                flat.push((key.clone(), items.join(",")));
            }
            value => flat.push((key.clone(), plain(value))),
        }
    }
    flat
}

fn plain(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

fn unknown(key: &str) -> String {
    let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
    format!("the unknown setting `{key}`; known are {}", known.join(", "))
}

/// `docs/config.md`, generated.
pub(crate) fn document() -> String {
    let mut text = String::from(
        "# Configuration\n\nGenerated by `cargo xtask docs`. A setting stands in `tenure.toml` (`tenure init` makes one) or in the environment,\n\
         which wins. A wrong or unknown setting is refused at start with a message that names it.\n",
    );
    for setting in SETTINGS {
        let default = setting.default.map_or_else(|| setting.otherwise.to_owned(), |default| format!("`{default}`"));
        let place = if setting.environment_only { " Only from the environment." } else { "" };
        text += &format!(
            "\n## `{}`\n\n{}{place}\n\n- environment: `{}`\n- default: {default}\n- example: `{}`\n",
            setting.key,
            setting.doc,
            setting.variable(),
            setting.example
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config> {
        let table = text.parse::<toml::Table>().unwrap();
        let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::from_values(&Values::new(&table, "tenure.toml", environment)?)
    }

    #[test]
    fn a_file_with_one_line_is_enough_and_the_environment_wins() {
        let config = load("data_dir = \"/var/lib/tenure\"", &[("TENURE_HTTPS_LISTEN", "0.0.0.0:443")]).ok().unwrap();
        assert_eq!(config.https_listen, "0.0.0.0:443".parse().unwrap());
        assert_eq!(config.recordings_dir, Path::new("/var/lib/tenure/recordings"));
        assert_eq!(config.csv_folder, Path::new("/var/lib/tenure/csv"));
        let Limits { max_bytes, reserve_bytes } = config.recording_limits;
        assert_eq!((max_bytes, reserve_bytes), (256 << 20, 512 << 20));
    }

    #[test]
    fn a_wrong_setting_is_refused_with_its_name_and_its_place() {
        for (text, environment, words) in [
            (
                "[ssh]\nlisten = \"nowhere\"",
                &[][..],
                &["`ssh.listen`", "`nowhere`", "tenure.toml", "127.0.0.1:2222"][..],
            ),
            ("[ssh]\nlissen = \"x\"", &[], &["`ssh.lissen`", "ssh.listen"]),
            ("", &[("TENURE_HTTPS_LISTEN", "x")], &["`https.listen`", "TENURE_HTTPS_LISTEN"]),
            ("[seal]\npassphrase = \"hunter2\"", &[], &["`seal.passphrase`", "TENURE_SEAL_PASSPHRASE"]),
            ("[seal.transit]\naddress = \"https://vault\"", &[], &["`seal.transit.token_file`"]),
            ("[seal.pkcs11]\nmodule = \"x.so\"", &[], &["`seal.pkcs11.pin_file`"]),
            ("[log]\nformat = \"xml\"", &[], &["`log.format`", "`xml`"]),
            ("[https]\ncertificate = \"a.pem\"", &[], &["`https.private_key`"]),
            ("[recordings]\nmax_mib = 0", &[], &["`recordings.max_mib`", "`0`"]),
            ("[recordings]\nreserve_mib = \"much\"", &[], &["`recordings.reserve_mib`", "`much`"]),
            ("[ssh]\nsource_address = \"home\"", &[], &["`ssh.source_address`", "`home`"]),
        ] {
            let error = load(text, environment).err().expect(text).to_string();
            assert!(words.iter().all(|word| error.contains(word)), "{error}");
            assert!(!error.contains("hunter2"));
        }
    }

    #[test]
    fn a_database_password_is_not_repeated_in_the_error() {
        let error = load("[database]\nurl = \"mysql://u:hunter2@h/d\"", &[]).err().unwrap().to_string();
        assert!(error.contains("`database.url`") && !error.contains("hunter2"), "{error}");
    }
}
