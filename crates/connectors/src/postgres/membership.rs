//! Puts accounts into roles and takes them out again, and gives and takes the powers that an account has by itself.

use super::inventory::{find, is_grant, is_oid};
use super::role::as_power;
use super::roles::{changeable, grantors};
use super::session::Session;
use crate::ConnectorError;
use crate::account::cut;
use crate::connector::{AccountRef, NativeId};
use crate::quote_sql::postgres_identifier;

/// # Errors
/// `NoSuchAccount`, `NoSuchEntitlement`, `NotSupported` for grants on objects, `AnswerLost`, `NotPermitted`, `Busy`,
/// `Rejected` for a circle.
pub(super) async fn grant(
    session: &mut Session,
    our_login: &str,
    account: &AccountRef,
    entitlement: &NativeId,
) -> Result<(), ConnectorError> {
    let member = changeable(session, our_login, account).await?;
    let name = postgres_identifier(&member.name)?;
    let statement = match as_power(entitlement) {
        Some(power) => format!("alter role {name} {power}"),
        None => format!("grant {} to {name}", role(session, entitlement).await?.1),
    };
    session.run(statement).await.map_err(|fault| session.acted("grant", fault))
}

/// # Errors
/// As of [`grant`]; `NotPermitted` also where somebody else gave it and it stays.
pub(super) async fn revoke(
    session: &mut Session,
    our_login: &str,
    account: &AccountRef,
    entitlement: &NativeId,
) -> Result<(), ConnectorError> {
    let member = changeable(session, our_login, account).await?;
    let name = postgres_identifier(&member.name)?;
    if let Some(power) = as_power(entitlement) {
        let statement = format!("alter role {name} no{power}");
        return session.run(statement).await.map_err(|fault| session.acted("revoke", fault));
    }
    let (oid, role) = role(session, entitlement).await?;
    session.run(format!("revoke {role} from {name}")).await.map_err(|fault| session.acted("revoke", fault))?;
    // From PostgreSQL 16 on each grantor's grant is one of its own, and a plain revoke takes only ours.
    for grantor in grantors(session, &member.oid, &oid).await? {
        let statement = format!("revoke {role} from {name} granted by {}", postgres_identifier(&grantor)?);
        session.run(statement).await.map_err(|fault| session.acted("revoke", fault))?;
    }
    if grantors(session, &member.oid, &oid).await?.is_empty() {
        return Ok(());
    }
    let detail = format!("somebody else gave `{}` to `{}`, and it stays", cut(&entitlement.0), cut(&member.name));
    Err(ConnectorError::NotPermitted { login: cut(our_login), detail })
}

/// The role's OID, and its name as statements have it.
async fn role(session: &mut Session, entitlement: &NativeId) -> Result<(String, String), ConnectorError> {
    if is_grant(entitlement) {
        return Err(ConnectorError::NotSupported { act: "give or take grants on objects" });
    }
    let missing = || ConnectorError::NoSuchEntitlement { name: cut(&entitlement.0) };
    if !is_oid(&entitlement.0) {
        return Err(missing());
    }
    let by_id = AccountRef { id: Some(entitlement.clone()), login: String::new() };
    let role = find(session, &by_id).await?.ok_or_else(missing)?;
    Ok((role.oid, postgres_identifier(&role.name)?))
}
