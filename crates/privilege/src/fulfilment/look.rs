//! Reads back what was sent: an order is over when its system was seen as it wants it, and not before.

use super::{FulfilmentError, Reach, open};
use connectors::connector::{AccountRef, NativeId};
use connectors::{Class, ConnectorError};
use ledger::Ctx;
use provisioning::fulfil::{self, Task};
use provisioning::observe;
use std::collections::BTreeMap;

const AT_ONCE: u32 = 200;

/// Looks at every account with something sent and not seen, through a connection that sent nothing. Answers with the last
/// trouble, if one could not be read.
///
/// # Errors
/// When the system is away.
pub(super) async fn all(ctx: &Ctx, system: &str, kind: &str) -> Result<Option<ConnectorError>, FulfilmentError> {
    let (mut after, mut trouble, mut eyes) = (None, None, None);
    loop {
        let tasks = fulfil::unseen(ctx, system, after.as_ref(), AT_ONCE).await?;
        let Some(last) = tasks.last() else { return Ok(trouble) };
        let connector = match eyes.take() {
            Some(connector) => connector,
            None => match open(ctx, system).await?.reach {
                Reach::System(connector) => connector,
                Reach::Person => return Ok(trouble),
            },
        };
        after = Some(last.order.id.clone());
        let asked: BTreeMap<_, _> = tasks.iter().map(reference).map(|asked| (key(&asked), asked)).collect();
        for asked in asked.into_values() {
            match connector.read(&asked).await {
                Ok(held) => drop(observe::account(ctx, system, kind, &asked, held.as_ref()).await?),
                Err(error) if error.class() == Class::Outage => return Err(error.into()),
                Err(error) => trouble = Some(error),
            }
        }
        eyes = Some(connector);
    }
}

fn reference(task: &Task) -> AccountRef {
    match &task.account {
        Some(account) => AccountRef { id: Some(NativeId(account.native_id.clone())), login: account.login.clone() },
        None => AccountRef { id: None, login: task.order.login.clone().unwrap_or_default() },
    }
}

fn key(asked: &AccountRef) -> (Option<String>, String) {
    (asked.id.as_ref().map(|id| id.0.clone()), asked.login.clone())
}
