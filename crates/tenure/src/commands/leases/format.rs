//! How a credential is printed: for people, for a shell to evaluate, or as the URL that clients take. Pure.

use crate::output::{Column, fields};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Lines for people
    Table,
    /// Variables that the database's own clients read, quoted for a POSIX shell
    Env,
    /// One URL
    Url,
}

const DATABASE_USER: &[Column] = &[
    ("user", "{user}"),
    ("password", "{password}"),
    ("host", "{host}"),
    ("port", "{port}"),
    ("database", "{database}"),
];

/// `None` for a kind that is not known here.
pub(super) fn text(issued: &Value, format: Format) -> Option<String> {
    let user = issued.get("database_user").filter(|user| user.is_object())?;
    match format {
        Format::Table => Some(fields(user, DATABASE_USER)),
        Format::Env => Some(env(user)),
        Format::Url => Some(url(user)),
    }
}

fn env(user: &Value) -> String {
    let variables: &[(&str, &str)] = match user["engine"].as_str() {
        Some("mariadb") => &[
            ("MYSQL_HOST", "host"),
            ("MYSQL_TCP_PORT", "port"),
            ("MYSQL_USER", "user"),
            ("MYSQL_PWD", "password"),
            ("MYSQL_DATABASE", "database"),
        ],
        _ => &[
            ("PGHOST", "host"),
            ("PGPORT", "port"),
            ("PGUSER", "user"),
            ("PGPASSWORD", "password"),
            ("PGDATABASE", "database"),
        ],
    };
    let given = variables.iter().filter(|(_, field)| !user[*field].is_null());
    let lines = given.map(|(name, field)| format!("export {name}={}", quoted(&word(&user[*field]))));
    lines.collect::<Vec<_>>().join("\n")
}

fn url(user: &Value) -> String {
    let scheme = if user["engine"] == "mariadb" { "mysql" } else { "postgresql" };
    let [name, password, database] = ["user", "password", "database"].map(|field| encoded(&word(&user[field])));
    let host = word(&user["host"]);
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("{scheme}://{name}:{password}@{host}:{}/{database}", word(&user["port"]))
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// One word for a POSIX shell (XCU, section 2.2.2), whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Everything but unreserved characters percent-encoded (RFC 3986, section 2.3).
fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn issued(engine: &str, password: &str, database: Option<&str>) -> Value {
        json!({"lease": {}, "database_user": {"engine": engine, "host": "db.example.org", "port": 5432,
            "database": database, "user": "app_abc_def", "password": password}})
    }

    #[test]
    fn a_shell_and_a_client_read_what_was_meant_whatever_the_password_holds() {
        let hard = issued("postgres", "a'b$(c)/@:#\\", Some("orders"));
        assert_eq!(
            text(&hard, Format::Env).unwrap(),
            "export PGHOST='db.example.org'\nexport PGPORT='5432'\nexport PGUSER='app_abc_def'\n\
             export PGPASSWORD='a'\\''b$(c)/@:#\\'\nexport PGDATABASE='orders'"
        );
        assert_eq!(
            text(&hard, Format::Url).unwrap(),
            "postgresql://app_abc_def:a%27b%24%28c%29%2F%40%3A%23%5C@db.example.org:5432/orders"
        );
        let plain = issued("mariadb", "secret", None);
        assert_eq!(text(&plain, Format::Url).unwrap(), "mysql://app_abc_def:secret@db.example.org:5432/");
        assert!(text(&plain, Format::Env).unwrap().ends_with("export MYSQL_PWD='secret'"));
        assert!(text(&plain, Format::Table).unwrap().contains("secret"));
        assert_eq!(text(&json!({"lease": {}}), Format::Table), None);
    }
}
