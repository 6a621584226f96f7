//! Puts accounts into roles and takes them out again, and gives and takes rights on everything. A role that is no default
//! is not active when its holder logs in, so an account without a default role gets the one that it was put into.

use super::accounts::changeable;
use super::inventory::{ask, is_role};
use super::role::{Meant, Named, meant};
use super::session::{Fault, Session, text};
use crate::ConnectorError;
use crate::account::cut;
use crate::connector::{AccountRef, NativeId};

/// What the server says of taking what is not held.
const NOT_GRANTED: u16 = 1141;
const CANNOT_REVOKE_ROLE: u16 = 1962;

/// # Errors
/// `NoSuchAccount`, `NoSuchEntitlement`, `NotSupported` for grants on databases, `AnswerLost`, `NotPermitted`, `Busy`,
/// `Rejected`.
pub(super) async fn grant(
    session: &mut Session,
    account: &AccountRef,
    entitlement: &NativeId,
) -> Result<(), ConnectorError> {
    let user = changeable(session, account).await?;
    let name = user.named.quoted()?;
    match given(session, entitlement).await? {
        Given::Power(right) => act(session, format!("grant {right} on *.* to {name}")).await,
        Given::Role(role) => {
            let quoted = Named::role(&role).quoted()?;
            act(session, format!("grant {quoted} to {name}")).await?;
            if user.default_role.is_empty() {
                act(session, format!("set default role {quoted} for {name}")).await?;
            }
            Ok(())
        }
    }
}

/// # Errors
/// As of [`grant`].
pub(super) async fn revoke(
    session: &mut Session,
    account: &AccountRef,
    entitlement: &NativeId,
) -> Result<(), ConnectorError> {
    let user = changeable(session, account).await?;
    let name = user.named.quoted()?;
    match given(session, entitlement).await? {
        Given::Power(right) => taken(session, format!("revoke {right} on *.* from {name}")).await,
        Given::Role(role) => {
            let quoted = Named::role(&role).quoted()?;
            taken(session, format!("revoke {quoted} from {name}")).await?;
            if user.default_role == role {
                let next = match another(session, &user.named).await? {
                    Some(role) => Named::role(&role).quoted()?,
                    None => "none".to_owned(),
                };
                act(session, format!("set default role {next} for {name}")).await?;
            }
            Ok(())
        }
    }
}

enum Given {
    Power(&'static str),
    Role(String),
}

async fn given(session: &mut Session, entitlement: &NativeId) -> Result<Given, ConnectorError> {
    match meant(entitlement) {
        Meant::Power(right) => Ok(Given::Power(right)),
        Meant::Role(name) if is_role(session, name).await? => Ok(Given::Role(name.to_owned())),
        Meant::Grant => Err(ConnectorError::NotSupported { act: "give or take grants on databases" }),
        Meant::Role(_) | Meant::Nothing => Err(ConnectorError::NoSuchEntitlement { name: cut(&entitlement.0) }),
    }
}

/// A role that the account is in.
async fn another(session: &mut Session, named: &Named) -> Result<Option<String>, ConnectorError> {
    let question = "select convert(Role using utf8mb4) from mysql.roles_mapping \
        where cast(User as binary) = cast(? as binary) and cast(Host as binary) = cast(? as binary) order by 1 limit 1";
    let rows = ask(session, question, &[&named.user, &named.host]).await?;
    rows.first().map(|row| text(row, 0)).transpose()
}

async fn act(session: &mut Session, statement: String) -> Result<(), ConnectorError> {
    session.run(statement).await.map_err(|fault| session.acted("grant", fault))
}

async fn taken(session: &mut Session, statement: String) -> Result<(), ConnectorError> {
    match session.run(statement).await {
        Err(Fault::Refused { number: NOT_GRANTED | CANNOT_REVOKE_ROLE, .. }) => Ok(()),
        answer => answer.map_err(|fault| session.acted("revoke", fault)),
    }
}
