//! Accounts and entitlements of systems in answers: what they are called there, so that a page needs no second call. The
//! names of a page are asked for at once.

use crate::problem::Problem;
use ledger::Ctx;
use provisioning::inventory;
use types::{EntitlementId, ObservedAccountId};

/// What one answer names.
pub(crate) struct Named(inventory::Names);

impl Named {
    pub(crate) async fn of<'a>(
        ctx: &Ctx,
        accounts: impl IntoIterator<Item = &'a ObservedAccountId>,
        entitlements: impl IntoIterator<Item = &'a EntitlementId>,
    ) -> Result<Self, Problem> {
        Ok(Self(inventory::names(&mut ctx.read().await?, accounts, entitlements).await?))
    }

    /// Of an account that is not there yet it is the one that was given.
    pub(crate) fn login(&self, account: Option<&ObservedAccountId>, given: Option<String>) -> Option<String> {
        account.and_then(|account| self.0.logins.get(account)).cloned().or(given)
    }

    pub(crate) fn entitlement(&self, id: Option<&EntitlementId>) -> Option<String> {
        id.and_then(|id| self.0.entitlements.get(id)).cloned()
    }
}
