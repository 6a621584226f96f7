//! Reads back what was sent: an order is over when its system was seen as it wants it, and not before.

use super::{FulfilmentError, Reach, open};
use crate::sessions::Node;
use connectors::Class;
use connectors::connector::{AccountRef, NativeId};
use ledger::Ctx;
use provisioning::fulfil::{self, Task};
use provisioning::observe;
use std::collections::BTreeMap;

const AT_ONCE: u32 = 200;

/// What came of looking.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Whether the system said something of an account.
    pub(super) was_reached: bool,
    /// The last trouble, if an account could not be read, or says nothing.
    pub(super) trouble: Option<String>,
}

/// What an account has not, seen otherwise than before, it may have all the same.
const OTHER_VIEW: &str = "its declaration changed: what is not seen there counts when it was read to its end";

/// Looks at every account with something sent and not seen, through a connection that sent nothing.
///
/// # Errors
/// When the system is away.
pub(super) async fn all(ctx: &Ctx, node: &Node, system: &str, kind: &str) -> Result<Looked, FulfilmentError> {
    let (mut after, mut looked, mut eyes) = (None, Looked::default(), None);
    loop {
        let tasks = fulfil::unseen(ctx, system, after.as_ref(), AT_ONCE).await?;
        let Some(last) = tasks.last() else { return Ok(looked) };
        let connector = match eyes.take() {
            Some(connector) => connector,
            None => {
                let opened = open(ctx, node, system).await?;
                if !observe::says_what_is_not(ctx, system, &opened.view).await? {
                    return Ok(Looked { trouble: Some(OTHER_VIEW.to_owned()), ..looked });
                }
                match opened.reach {
                    Reach::System(connector) => connector,
                    Reach::Person { .. } => return Ok(looked),
                }
            }
        };
        after = Some(last.order.id.clone());
        let asked: BTreeMap<_, _> = tasks.iter().map(reference).map(|asked| (key(&asked), asked)).collect();
        for asked in asked.into_values() {
            match connector.read(&asked).await {
                Ok(held) => {
                    observe::account(ctx, system, kind, &asked, held.as_ref()).await?;
                    looked.was_reached = true;
                }
                Err(error) if error.class() == Class::Outage => return Err(error.into()),
                Err(error) => looked.trouble = Some(error.to_string()),
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
