//! What may be declared as a service. Pure.

use super::{Declaration, Service, ServiceError, ServiceKind};
use crate::targets::one_spelling;
use types::is_target;

const LONGEST_TEXT: usize = 1024;

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
    let wrong = |problem| Err(ServiceError::Wrong { service: new.name.clone(), problem });
    let plain = |text: &str| !text.is_empty() && text.len() <= LONGEST_TEXT && !text.chars().any(char::is_control);
    if !plain(&new.admin_login) {
        return wrong("`admin_login` must be one line of text");
    }
    if new.description.len() > LONGEST_TEXT || new.description.contains('\0') {
        return wrong("`description` is longer than 1,024 bytes, or holds U+0000");
    }
    if new.port == Some(0) {
        return wrong("`port` must be from 1 to 65535");
    }
    match (new.kind, &new.base_dn, &new.database) {
        (ServiceKind::Openldap, Some(base), None) if plain(base) => {}
        (ServiceKind::Openldap, ..) => return wrong("a directory has a `base_dn` and no `database`"),
        (_, None, Some(database)) if !plain(database) => return wrong("`database` must be one line of text"),
        (_, None, _) => {}
        (_, Some(_), _) => return wrong("only a directory has a `base_dn`"),
    }
    Ok(new.service(types::Timestamp::from_micros(0)).server.check()?)
}

/// Whether no other service has its address. The owner of a service decides who gets its accounts; a second name for the
/// server would have a second owner, also under another base or database: its accounts are the same.
pub(super) fn is_alone(service: &Service, all: &[&Service]) -> Result<(), ServiceError> {
    let place = |service: &Service| (host(&service.server.host), service.server.port);
    match all.iter().find(|other| other.name != service.name && place(other) == place(service)) {
        Some(other) => Err(ServiceError::AddressTaken { address: service.server.address(), other: other.name.clone() }),
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
    fn declarations_that_make_no_sense_are_refused_with_what_to_do() {
        let refused = [
            ("service_name", declaration(|it| it["name"] = json!("DB 1"))),
            ("service_invalid", declaration(|it| it["port"] = json!(0))),
            ("service_invalid", declaration(|it| it["admin_login"] = json!(""))),
            ("service_invalid", declaration(|it| it["admin_login"] = json!("a\nb"))),
            ("service_invalid", declaration(|it| it["base_dn"] = json!("dc=example"))),
            ("service_invalid", declaration(|it| it["kind"] = json!("openldap"))),
            ("service_invalid", declaration(|it| it["description"] = json!("x".repeat(2000)))),
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
