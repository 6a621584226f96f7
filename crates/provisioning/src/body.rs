//! What an order sets, sealed for that order: attributes of a person, and the first password of a new account.

use crate::ProvisioningError;
use connectors::connector::Attributes;
use ledger::Ctx;
use seal::{Record, SealError};
use types::{OrderId, Secret};

#[derive(Debug, Clone, Default)]
pub struct Body {
    pub attributes: Attributes,
    pub password: Option<Secret<String>>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    attributes: Attributes,
    password: Option<String>,
}

fn record(id: &OrderId) -> Record<'_> {
    Record { table: "orders", column: "body_sealed", row: id.as_str() }
}

/// Empty where there is nothing to set.
pub(crate) fn sealed(ctx: &Ctx, id: &OrderId, body: &Body) -> Result<Vec<u8>, ProvisioningError> {
    if body.attributes.is_empty() && body.password.is_none() {
        return Ok(Vec::new());
    }
    let password = body.password.as_ref().map(|password| password.expose().clone());
    let stored = Stored { attributes: body.attributes.clone(), password };
    let text = Secret::new(serde_json::to_vec(&stored).expect("a body is plain data"));
    drop(stored.password.map(Secret::new));
    Ok(ctx.seal().seal(record(id), text.expose())?)
}

pub(crate) fn unsealed(ctx: &Ctx, id: &OrderId, sealed: &[u8]) -> Result<Body, ProvisioningError> {
    if sealed.is_empty() {
        return Ok(Body::default());
    }
    let text = ctx.seal().unseal(record(id), sealed)?;
    let stored: Stored = serde_json::from_slice(text.expose()).map_err(|_| SealError::Unreadable)?;
    Ok(Body { attributes: stored.attributes, password: stored.password.map(Secret::new) })
}
