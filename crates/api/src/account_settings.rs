//! How an account under management is to be managed, as a caller of `PUT /accounts/{id}` says it. Every setting by its name:
//! one that is misspelt is refused, because it would be one that does not hold.

use crate::person;
use crate::problem::Problem;
use ledger::Ctx;
use privilege::accounts::{AccountKind, Behind, Change, ChangeAs, Reconcile};
use serde::{Deserialize, Deserializer};
use types::ManagedAccountId;

/// What is not named stays, and `null` takes a schedule or limit away.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Mail address or id of somebody who works here.
    owner: Option<String>,
    /// `person`, `shared` or `service`.
    #[schema(value_type = Option<String>)]
    kind: Option<AccountKind>,
    purpose: Option<String>,
    /// The name of a password policy.
    policy: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    rotate_every_seconds: Option<Option<u64>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    verify_every_seconds: Option<Option<u64>>,
    /// `itself` or `administrator`.
    #[schema(value_type = Option<String>)]
    change_as: Option<ChangeAs>,
    /// Another account of the same service.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    reconcile_by: Option<Option<ManagedAccountId>>,
    /// `automatic` or `ask`.
    #[schema(value_type = Option<String>)]
    reconcile: Option<Reconcile>,
    rotate_on_leak: Option<bool>,
    dual_control: Option<bool>,
    exclusive: Option<bool>,
    one_time: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    max_checkout_seconds: Option<Option<u64>>,
    grace_seconds: Option<u64>,
    /// `retry` or `roll_back`: what to do when files that hold the credential cannot be updated.
    #[schema(value_type = Option<String>)]
    dependents_behind: Option<Behind>,
}

/// Tells `null` from what is not named.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Settings {
    pub(crate) async fn change(self, ctx: &Ctx) -> Result<Change, Problem> {
        let owner = match &self.owner {
            Some(owner) => Some(person::working(ctx, owner).await?),
            None => None,
        };
        Ok(Change {
            owner,
            kind: self.kind,
            purpose: self.purpose,
            policy: self.policy,
            rotate_every_seconds: self.rotate_every_seconds,
            verify_every_seconds: self.verify_every_seconds,
            change_as: self.change_as,
            reconcile_by: self.reconcile_by,
            reconcile: self.reconcile,
            rotate_on_leak: self.rotate_on_leak,
            dual_control: self.dual_control,
            exclusive: self.exclusive,
            one_time: self.one_time,
            max_checkout_seconds: self.max_checkout_seconds,
            grace_seconds: self.grace_seconds,
            dependents_behind: self.dependents_behind,
        })
    }
}
