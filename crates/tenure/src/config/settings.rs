//! Every setting, once: its name, what it does, and what holds when it is not given.

/// One setting of `tenure.toml`.
pub(super) struct Setting {
    pub(super) key: &'static str,
    pub(super) default: Option<&'static str>,
    /// What holds without a default, in words.
    pub(super) otherwise: &'static str,
    pub(super) example: &'static str,
    pub(super) doc: &'static str,
    /// Secrets never stand in a file that is copied around.
    pub(super) environment_only: bool,
}

impl Setting {
    /// The environment variable: `https.listen` is `TENURE_HTTPS_LISTEN`.
    pub(super) fn variable(&self) -> String {
        format!("TENURE_{}", self.key.replace('.', "_").to_uppercase())
    }
}

const fn plain(key: &'static str, default: &'static str, doc: &'static str) -> Setting {
    Setting { key, default: Some(default), otherwise: "", example: default, doc, environment_only: false }
}

const fn optional(key: &'static str, otherwise: &'static str, example: &'static str, doc: &'static str) -> Setting {
    Setting { key, default: None, otherwise, example, doc, environment_only: false }
}

pub(super) const SETTINGS: &[Setting] = &[
    plain("data_dir", "tenure-data", "Folder for the database, keys and recordings, unless they are placed elsewhere."),
    plain(
        "node.name",
        "node-1",
        "Name of this server. In a cluster each has its own: what a crash left open is closed when a server of this name starts again.",
    ),
    optional(
        "database.url",
        "SQLite in `data_dir`",
        "postgres://tenure@db.example/tenure",
        "`sqlite:FILE`, or a PostgreSQL URL for a cluster. Give a URL with a password through the environment.",
    ),
    plain("database.connections", "8", "Connections kept open to PostgreSQL, or readers of SQLite."),
    optional(
        "seal.key_file",
        "`root.key` in `data_dir`",
        "/etc/tenure/root.key",
        "File with the unseal key (64 hex digits, mode 0600), for a database that is sealed by a key file. Keep a copy elsewhere: without it nothing sealed opens.",
    ),
    optional(
        "seal.passphrase_file",
        "none",
        "/run/credentials/tenure.service/passphrase",
        "File with the passphrase that the unseal key is derived from (Argon2id), mode 0600, for a database that is sealed by a passphrase. Read whenever the seal is opened, and not kept in memory. Systemd hands one over by `LoadCredentialEncrypted`.",
    ),
    Setting {
        key: "seal.passphrase",
        default: None,
        otherwise: "none",
        example: "",
        doc: "The same passphrase, where no file can be given: it stays in the environment of the process, and in its memory, for as long as that runs. The file wins.",
        environment_only: true,
    },
    optional(
        "seal.transit.address",
        "none",
        "https://vault.example:8200",
        "Another Vault or OpenBao whose transit engine wraps the root key, for a database that is sealed by `transit`.",
    ),
    plain("seal.transit.mount", "transit", "Where that engine is mounted."),
    plain("seal.transit.key", "tenure", "Its key, of the type `aes256-gcm96` or `chacha20-poly1305`."),
    optional(
        "seal.transit.token_file",
        "none",
        "/etc/tenure/transit.token",
        "File with the token that may encrypt and decrypt with that key, mode 0600. Read for each call, so that it can be renewed.",
    ),
    optional(
        "seal.transit.ca_file",
        "the system's authorities",
        "/etc/tenure/vault-ca.pem",
        "Whom to trust about that server, in PEM.",
    ),
    optional(
        "seal.pkcs11.module",
        "none",
        "/usr/lib/softhsm/libsofthsm2.so",
        "Library of the PKCS#11 token that wraps the root key, for a database that is sealed by `pkcs11`.",
    ),
    optional("seal.pkcs11.token", "none", "tenure", "Label of the token."),
    plain("seal.pkcs11.key", "tenure", "Label of its AES-256 key, which `tenure init` makes where it is missing."),
    optional("seal.pkcs11.pin_file", "none", "/etc/tenure/pkcs11.pin", "File with the token's PIN, mode 0600."),
    optional(
        "witness.file",
        "`witness.note` in `data_dir`",
        "/var/lib/tenure-witness/witness.note",
        "The latest signed checkpoint of the ledger, outside of the database: with it a database that was rolled back is refused. Best on another disk, and kept when the database is restored.",
    ),
    plain(
        "ledger.origin",
        "tenure.example/log",
        "Name of the evidence log in its signed checkpoints. Fixed when the database is made.",
    ),
    plain("https.listen", "127.0.0.1:8443", "Address of the API and the console."),
    optional(
        "https.url",
        "`https://` and the listening address",
        "https://tenure.example",
        "Address under which people reach the console; used in links and to check the origin of writes.",
    ),
    optional(
        "https.certificate",
        "a certificate from an own CA in `data_dir/tls`",
        "/etc/tenure/tls.pem",
        "Certificate chain in PEM.",
    ),
    optional("https.private_key", "made with the certificate", "/etc/tenure/tls.key", "Key of the certificate in PEM."),
    plain("ssh.listen", "127.0.0.1:2222", "Address of the SSH gateway."),
    optional(
        "ssh.source_address",
        "the address that the gateway's connection to a target comes from",
        "192.0.2.10",
        "Address that targets see the gateway come from, to which session certificates are bound. Needed behind NAT.",
    ),
    optional(
        "recordings.dir",
        "`recordings` in `data_dir`",
        "/var/lib/tenure/recordings",
        "Folder for encrypted recordings. In a cluster all nodes share it: a node gives out what is in its own folder only.",
    ),
    plain(
        "recordings.max_mib",
        "256",
        "MiB of a recording at which its session ends, and says why. What is under way then is still recorded.",
    ),
    plain(
        "recordings.reserve_mib",
        "512",
        "MiB that must be free for recordings before a session begins. With less none does, and a finding says so.",
    ),
    optional(
        "csv.folder",
        "`csv` in `data_dir`",
        "/srv/tenure",
        "Folder below which the folders of `csv` services are, wherever symbolic links lead: whoever declares services has nothing else of this server read or written.",
    ),
    plain("log.format", "text", "`text` for people, `json` for machines."),
    plain("log.level", "info", "`error`, `warn`, `info`, `debug` or `trace`, also by part: `info,proxy=debug`."),
];
