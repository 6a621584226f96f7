//! What may be declared as a service. Pure.

use super::{Declaration, Scope, Service, ServiceError, ServiceKind, TlsMode};
use crate::targets::one_spelling;
use connectors::http_api::HttpApi;
use connectors::{ConnectorError, confined, mariadb, openldap, postgres};
use std::collections::BTreeSet;
use std::path::Path;
use types::{Secret, is_target};

const LONGEST_TEXT: usize = 1024;
const MOST_ENTITLEMENTS: usize = 10_000;

/// Whether every word of the declarations is fit to be used.
pub(super) fn check(declarations: &[Declaration]) -> Result<(), ServiceError> {
    for (at, new) in declarations.iter().enumerate() {
        check_one(new)?;
        if declarations[..at].iter().any(|earlier| earlier.name == new.name) {
            return Err(ServiceError::Twice(new.name.clone()));
        }
    }
    Ok(())
}

fn check_one(new: &Declaration) -> Result<(), ServiceError> {
    if !is_target(&new.name) {
        return Err(ServiceError::BadName(new.name.chars().take(70).collect()));
    }
    let wrong = |problem: &str| Err(ServiceError::Wrong { service: new.name.clone(), problem: problem.to_owned() });
    if new.description.len() > LONGEST_TEXT || new.description.contains('\0') {
        return wrong("`description` is longer than 1,024 bytes, or holds U+0000");
    }
    if !new.scope.fits(new.kind) {
        return wrong(&format!("its `scope` says something that a `{}` service has not", new.kind));
    }
    if !new.kind.is_server() {
        return check_without_server(new).or_else(|problem| wrong(&problem));
    }
    if !plain(&new.admin_login) {
        return wrong("`admin_login` must be one line of text");
    }
    if new.port == Some(0) {
        return wrong("`port` must be from 1 to 65535");
    }
    match (new.kind, &new.base_dn, &new.database) {
        (ServiceKind::Openldap | ServiceKind::ActiveDirectory, Some(base), None) if plain(base) => {}
        (ServiceKind::Openldap | ServiceKind::ActiveDirectory, ..) => {
            return wrong("a directory has a `base_dn` and no `database`");
        }
        (_, None, Some(database)) if !plain(database) => return wrong("`database` must be one line of text"),
        (_, None, _) => {}
        (_, Some(_), _) => return wrong("only a directory has a `base_dn`"),
    }
    if let Err(problem) = check_names(new) {
        return wrong(&problem);
    }
    let service = new.service(types::Timestamp::from_micros(0));
    let scope = match new.kind {
        ServiceKind::Openldap => Scope::of_openldap(&service).check(),
        ServiceKind::ActiveDirectory => Scope::of_active_directory(&service).check(),
        _ => Ok(()),
    };
    if let Err(error) = scope {
        return wrong(&format!("`scope`: {error}"));
    }
    if let Err(problem) = check_api(&service) {
        return wrong(&problem);
    }
    if new.tls == TlsMode::LoopbackPlain && new.ca_pem.is_some() {
        return wrong("without TLS nobody looks at `ca_pem`: leave it out");
    }
    match service.server.check() {
        Err(ConnectorError::BadServer { reason, .. }) if reason.starts_with("`ca_pem`") => wrong(reason),
        answer => Ok(answer?),
    }
}

/// A described API, and whether its server may be met at all.
fn check_api(service: &Service) -> Result<(), String> {
    if service.kind != ServiceKind::HttpApi {
        return Ok(());
    }
    if service.scope.api.is_none() {
        return Err("say in `scope.api` what the API is like, in YAML: see docs/http-api.md".to_owned());
    }
    let api = service.scope.of_http_api().map_err(|fault| format!("`scope.api`, {fault}"))?;
    let placeholder = Secret::new("the secret is in the vault".to_owned());
    HttpApi::new(&service.server, &service.admin_login, placeholder, api).map(drop).map_err(|error| error.to_string())
}

fn plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_TEXT && !text.chars().any(char::is_control)
}

fn check_without_server(new: &Declaration) -> Result<(), String> {
    let has_server = !new.host.is_empty() || new.port.is_some() || !new.admin_login.is_empty() || new.ca_pem.is_some();
    if has_server || new.base_dn.is_some() || new.database.is_some() {
        return Err(format!("a `{}` service is no server: it has no address and no `admin_login`", new.kind));
    }
    match (new.kind, new.scope.folder.as_deref()) {
        (ServiceKind::Csv, Some(folder)) if folder.len() <= LONGEST_TEXT && !folder.contains('\0') => {
            confined::check(Path::new(folder)).map_err(|error| error.to_string())
        }
        (ServiceKind::Csv, _) => Err("say in `scope.folder` where its tables are on this server".to_owned()),
        (ServiceKind::Manual, _) => check_entitlements(&new.scope.entitlements),
        _ => Ok(()),
    }
}

fn check_entitlements(names: &BTreeSet<String>) -> Result<(), String> {
    if names.len() > MOST_ENTITLEMENTS {
        return Err(format!("`scope.entitlements` has more than {MOST_ENTITLEMENTS} names: make it several services"));
    }
    match names.iter().find(|name| !plain(name) || name.trim() != *name) {
        Some(name) => Err(format!("`scope.entitlements`: {name:?} is not one line of text without blanks at its ends")),
        None => Ok(()),
    }
}

/// Names that the server itself could not have.
fn check_names(new: &Declaration) -> Result<(), String> {
    let check = match new.kind {
        ServiceKind::Postgres => postgres::check_name,
        ServiceKind::Mariadb => mariadb::check_name,
        ServiceKind::Openldap | ServiceKind::ActiveDirectory => openldap::check_name,
        ServiceKind::Scim | ServiceKind::HttpApi | ServiceKind::Csv | ServiceKind::Manual => return Ok(()),
    };
    let names = [
        ("admin_login", Some(&new.admin_login)),
        ("database", new.database.as_ref()),
        ("base_dn", new.base_dn.as_ref()),
    ];
    for (field, name) in names {
        if let Some(Err(error)) = name.map(|name| check(name)) {
            return Err(format!("`{field}`: {error}"));
        }
    }
    Ok(())
}

/// Whether no other service has its address. The owner of a service decides who gets its accounts; a second name for the
/// server would have a second owner, also under another base or database: its accounts are the same.
pub(super) fn is_alone(service: &Service, all: &[&Service]) -> Result<(), ServiceError> {
    let place = |service: &Service| (host(&service.server.host), service.server.port, service.scope.folder.clone());
    let elsewhere = |other: &&&Service| other.name != service.name && other.kind != ServiceKind::Manual;
    match all.iter().filter(elsewhere).find(|other| place(other) == place(service)) {
        Some(_) if service.kind == ServiceKind::Manual => Ok(()),
        Some(other) => Err(ServiceError::AddressTaken { address: service.address(), other: other.name.clone() }),
        None => Ok(()),
    }
}

fn host(host: &str) -> String {
    match one_spelling(host).as_str() {
        "localhost" => "127.0.0.1".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use types::Failure;

    fn declaration(change: impl FnOnce(&mut serde_json::Value)) -> Declaration {
        let mut json = json!({"name": "db-1", "kind": "postgres", "host": "db.example.org", "admin_login": "tenure"});
        change(&mut json);
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_service_needs_a_name_a_kind_a_host_and_an_admin_and_uses_tls_unless_it_says_otherwise() {
        let least = declaration(|_| {});
        check(std::slice::from_ref(&least)).unwrap();
        let service = least.service(types::Timestamp::from_micros(0));
        assert_eq!((service.server.port, &service.server.tls), (5432, &connectors::Tls::Required { ca_pem: None }));
    }

    #[test]
    fn a_folder_of_tables_has_a_place_and_what_is_done_by_hand_has_none() {
        let csv = declaration(|it| *it = json!({"name": "hr", "kind": "csv", "scope": {"folder": "/srv/tables"}}));
        let by_hand = declaration(|it| *it = json!({"name": "badge", "kind": "manual"}));
        check(&[csv.clone(), by_hand.clone()]).unwrap();
        let service = |new: &Declaration| new.service(types::Timestamp::from_micros(0));
        let (csv, by_hand) = (service(&csv), service(&by_hand));
        let other = |of: &Service| Service { name: "other".into(), ..of.clone() };
        assert_eq!((csv.address().as_str(), by_hand.address().as_str()), ("/srv/tables", "by hand"));
        assert!(is_alone(&csv, &[&csv, &other(&csv)]).is_err(), "two names for the same tables");
        assert!(is_alone(&by_hand, &[&by_hand, &other(&by_hand)]).is_ok());
    }

    #[test]
    fn a_described_api_is_told_where_its_file_is_wrong_and_meets_a_private_network_only_where_that_is_said() {
        const FILE: &str = "auth: bearer\naccounts: {list: {path: /users, items: /users}, id: /id, login: /name}\n";
        let api = |file: &str, host: &str| {
            let scope = json!({"api": file});
            declaration(|it| {
                *it = json!({"name": "crm", "kind": "http_api", "host": host, "admin_login": "tenure", "scope": scope});
            })
        };
        check(&[api(FILE, "crm.example.org")]).unwrap();
        check(&[api(&format!("private: true\n{FILE}"), "10.1.2.3")]).unwrap();
        for (bad, told) in [
            (api(FILE, "10.1.2.3"), "private network"),
            (api(&FILE.replace("id: /id", "id: id"), "crm.example.org"), "line 2, column"),
            (api(&format!("{FILE}colour: red"), "crm.example.org"), "line 3, column"),
        ] {
            let error = check(std::slice::from_ref(&bad)).unwrap_err();
            assert!(error.to_string().contains(told), "{error}");
        }
    }

    #[test]
    fn declarations_that_make_no_sense_are_refused_with_what_to_do() {
        let refused = [
            ("service_name", declaration(|it| it["name"] = json!("DB 1"))),
            ("service_invalid", declaration(|it| it["port"] = json!(0))),
            ("service_invalid", declaration(|it| it["admin_login"] = json!(""))),
            ("service_invalid", declaration(|it| it["admin_login"] = json!("a\nb"))),
            ("service_invalid", declaration(|it| it["base_dn"] = json!("dc=example"))),
            ("service_invalid", declaration(|it| it["kind"] = json!("openldap"))),
            ("service_invalid", declaration(|it| it["description"] = json!("x".repeat(2000)))),
            ("service_invalid", declaration(|it| it["admin_login"] = json!("a".repeat(64)))),
            ("service_invalid", declaration(|it| it["database"] = json!("a".repeat(64)))),
            ("service_invalid", declaration(|it| it["admin_login"] = json!("a\u{202e}b"))),
            ("service_invalid", declaration(|it| it["ca_pem"] = json!("no certificate"))),
            ("service_invalid", declaration(|it| it["ca_pem"] = json!("x".repeat(70_000)))),
            (
                "service_invalid",
                declaration(|it| {
                    it["host"] = json!("127.0.0.1");
                    it["tls"] = json!("loopback_plain");
                    it["ca_pem"] = json!("looked at by nobody");
                }),
            ),
            ("service_invalid", declaration(|it| it["kind"] = json!("http_api"))),
            (
                "service_invalid",
                declaration(|it| {
                    it["kind"] = json!("http_api");
                    it["scope"] = json!({"api": "auth: magic"});
                }),
            ),
            ("service_invalid", declaration(|it| it["scope"] = json!({"api": "auth: bearer"}))),
            ("service_invalid", declaration(|it| it["scope"] = json!({"folder": "/srv/tables"}))),
            ("service_invalid", declaration(|it| it["scope"] = json!({"new_accounts": "ou=people"}))),
            (
                "service_invalid",
                declaration(|it| {
                    it["kind"] = json!("active_directory");
                    it["base_dn"] = json!("DC=corp,DC=example");
                    it["admin_login"] = json!("CN=tenure,CN=Users,DC=corp,DC=example");
                    it["scope"] = json!({"placeholder": "cn=nobody"});
                }),
            ),
            ("service_invalid", declaration(|it| *it = json!({"name": "hr", "kind": "csv"}))),
            ("service_invalid", declaration(|it| *it = json!({"name": "hr", "kind": "csv", "scope": {"folder": "a"}}))),
            (
                "service_invalid",
                declaration(|it| {
                    it["kind"] = json!("csv");
                    it["scope"] = json!({"folder": "/srv/tables"});
                }),
            ),
            (
                "service_invalid",
                declaration(|it| *it = json!({"name": "m", "kind": "manual", "scope": {"folder": "/a"}})),
            ),
            ("server_invalid", declaration(|it| it["host"] = json!("/run/postgresql"))),
            ("server_invalid", declaration(|it| it["tls"] = json!("loopback_plain"))),
        ];
        for (code, bad) in refused {
            assert_eq!(check(std::slice::from_ref(&bad)).unwrap_err().code(), code, "{bad:?}");
        }
        let twice = [declaration(|_| {}), declaration(|_| {})];
        assert_eq!(check(&twice).unwrap_err().code(), "declared_twice");
    }
}
