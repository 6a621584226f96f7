//! Sends orders, and says what each answer means.

use crate::passwords::{self, Policy};
use connectors::connector::{AccountRef, Can, Connector, NativeId, NewAccount, Status};
use connectors::{Class, ConnectorError};
use futures::StreamExt;
use ledger::Ctx;
use provisioning::fulfil::{self, Task};
use provisioning::machine::Answer;
use provisioning::{Act, Order, ProvisioningError};
use std::sync::{Mutex, PoisonError};
use types::Timestamp;

/// What came of sending many.
pub(super) struct Sent {
    pub(super) answers: Vec<(Order, Answer)>,
    pub(super) stopped: Option<Stopped>,
}

/// Why no more is sent for now.
#[derive(Debug, Clone)]
pub(super) enum Stopped {
    Away(ConnectorError),
    /// The system asks to wait.
    Busy(Timestamp),
}

impl Stopped {
    fn answer(&self) -> Answer {
        match self {
            Self::Away(error) => Answer::Later { not_before: None, trouble: error.to_string() },
            Self::Busy(until) => {
                Answer::Later { not_before: Some(*until), trouble: "the system asks to wait".to_owned() }
            }
        }
    }
}

/// As many at once as the system bears. When it is away, or asks to wait, nothing more is sent.
pub(super) async fn all(ctx: &Ctx, connector: &dyn Connector, tasks: Vec<Task>) -> Sent {
    let stopped: Mutex<Option<Stopped>> = Mutex::new(None);
    let so_far = || stopped.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let send = |mut task: Task| {
        let (stopped, so_far) = (&stopped, &so_far);
        async move {
            if let Some(stopped) = so_far() {
                return (task.order, stopped.answer());
            }
            let answer = match one(ctx, connector, &mut task).await {
                Ok(()) => Answer::Yes,
                Err(error) => {
                    let (answer, stop) = meaning(task.order.act, error, ctx.now());
                    if stop.is_some() {
                        *stopped.lock().unwrap_or_else(PoisonError::into_inner) = stop;
                    }
                    answer
                }
            };
            (task.order, answer)
        }
    };
    let at_once = usize::from(connector.capabilities().parallel.get());
    let answers = futures::stream::iter(tasks).map(send).buffer_unordered(at_once).collect().await;
    Sent { answers, stopped: so_far() }
}

async fn one(ctx: &Ctx, connector: &dyn Connector, task: &mut Task) -> Result<(), ConnectorError> {
    if task.order.act == Act::Create {
        return create(ctx, connector, task).await;
    }
    let login = task.order.login.clone().unwrap_or_default();
    let Some(account) = &task.account else { return Err(ConnectorError::NoSuchAccount { login }) };
    if account.protection.is_some() {
        let detail = "the account is protected".to_owned();
        return Err(ConnectorError::NotPermitted { login: account.login.clone(), detail });
    }
    let to = AccountRef { id: Some(NativeId(account.native_id.clone())), login: account.login.clone() };
    let entitlement = || {
        let none = || ConnectorError::NoSuchEntitlement { name: "which was read before".to_owned() };
        task.entitlement.as_ref().map(|entitlement| NativeId(entitlement.native_id.clone())).ok_or_else(none)
    };
    match task.order.act {
        Act::Create => Ok(()),
        Act::Change => connector.change(&to, &task.body.attributes).await.map(drop),
        Act::Enable => connector.set_status(&to, Status::Enabled).await,
        Act::Disable => connector.set_status(&to, Status::Disabled).await,
        Act::Delete => connector.delete(&to).await,
        Act::Grant => connector.grant(&to, &entitlement()?).await,
        Act::Revoke => connector.revoke(&to, &entitlement()?).await,
    }
}

/// The first password is kept before it is sent, so that another try sends the same one.
async fn create(ctx: &Ctx, connector: &dyn Connector, task: &mut Task) -> Result<(), ConnectorError> {
    let login = task.order.login.clone().unwrap_or_default();
    if connector.capabilities().set_password == Can::Yes && task.body.password.is_none() {
        let password = passwords::generate(&Policy::built_in(), &login, ctx.chance());
        let password = password.expect("the policy that is built in has passwords");
        let kept = fulfil::keep_password(ctx, task, password).await;
        let busy = |error: ProvisioningError| ConnectorError::Busy {
            address: task.order.system.clone(),
            detail: error.to_string(),
        };
        kept.map_err(busy)?;
    }
    let new = NewAccount {
        login,
        attributes: task.body.attributes.clone(),
        password: task.body.password.clone(),
        mark: task.order.id.to_string(),
    };
    connector.create(&new).await.map(drop)
}

/// What an error says about the order, and whether the next ones need not be tried.
fn meaning(act: Act, error: ConnectorError, now: Timestamp) -> (Answer, Option<Stopped>) {
    let gone = matches!(error, ConnectorError::NoSuchAccount { .. } | ConnectorError::NoSuchEntitlement { .. });
    if act.removes() && gone {
        return (Answer::Yes, None);
    }
    if let ConnectorError::AlreadyThere { .. } = error {
        return (Answer::AlreadyThere { native_id: None, trouble: error.to_string() }, None);
    }
    match error.class() {
        Class::Retry => (Answer::Unclear(error.to_string()), None),
        Class::Permanent => (Answer::Never(error.to_string()), None),
        Class::Outage => {
            let stopped = Stopped::Away(error);
            (stopped.answer(), Some(stopped))
        }
        Class::RateLimited { after } => {
            let stopped = Stopped::Busy(now.plus(after.unwrap_or(super::LOOK_AGAIN)));
            (stopped.answer(), Some(stopped))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_of_a_system_means_one_thing_for_its_order() {
        let (address, login, detail) = (|| "there".to_owned(), || "alice".to_owned(), || "why".to_owned());
        let now = Timestamp::from_micros(0);
        for (act, error, expected, stops) in [
            (Act::Grant, ConnectorError::AnswerLost { address: address(), act: "it" }, "unclear", false),
            (Act::Grant, ConnectorError::Busy { address: address(), detail: detail() }, "unclear", false),
            (Act::Grant, ConnectorError::Unreachable { address: address(), detail: detail() }, "later", true),
            (Act::Revoke, ConnectorError::LogInRefused { address: address(), login: login() }, "later", true),
            (Act::Grant, ConnectorError::RateLimited { address: address(), after_seconds: Some(9) }, "later", true),
            (Act::Grant, ConnectorError::NotSupported { act: "grant" }, "never", false),
            (Act::Grant, ConnectorError::NoSuchAccount { login: login() }, "never", false),
            (Act::Revoke, ConnectorError::NoSuchAccount { login: login() }, "yes", false),
            (Act::Delete, ConnectorError::NoSuchAccount { login: login() }, "yes", false),
            (Act::Create, ConnectorError::AlreadyThere { login: login() }, "already there", false),
        ] {
            let (answer, stopped) = meaning(act, error, now);
            let word = match &answer {
                Answer::Yes => "yes",
                Answer::Unclear(_) => "unclear",
                Answer::Later { .. } => "later",
                Answer::Never(_) => "never",
                Answer::AlreadyThere { .. } => "already there",
            };
            assert_eq!((word, stopped.is_some()), (expected, stops), "{act:?} {answer:?}");
        }
    }
}
