//! What a page of a reading says otherwise than what is on record. Reads, and writes nothing.

use crate::past_store::{self, PastAccount};
use crate::reading::{self, Bits, Known};
use crate::{ProvisioningError, reading_store as store};
use connectors::connector::{Account, Entitlement, Member, Membership, Part, Status};
use db::{ReadTx, Value};
use std::collections::BTreeMap;
use types::Timestamp;

/// What was seen by a whole reading.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) accounts: Bits,
    pub(crate) entitlements: Bits,
    pub(crate) memberships: Bits,
    /// Of accounts that are on record as enabled, and were listed as disabled through another view.
    pub(crate) withheld: Bits,
}

#[derive(Default)]
pub(crate) struct Difference<'a> {
    pub(crate) new_accounts: Vec<(&'a Account, Option<PastAccount>)>,
    pub(crate) changed_accounts: Vec<(Known, &'a Account)>,
    pub(crate) new_entitlements: Vec<&'a Entitlement>,
    pub(crate) changed_entitlements: Vec<(Known, &'a Entitlement)>,
    pub(crate) new_memberships: Vec<([u8; 32], &'a Membership)>,
    pub(crate) gone_accounts: Vec<(String, u64)>,
    pub(crate) gone_entitlements: Vec<(String, u64)>,
    /// Numbers of what is there as it was.
    pub(crate) same: Same,
}

#[derive(Default)]
pub(crate) struct Same {
    accounts: Vec<u64>,
    entitlements: Vec<u64>,
    memberships: Vec<u64>,
    withheld: Vec<u64>,
}

impl Same {
    pub(crate) fn note(&self, seen: &mut Seen) {
        self.accounts.iter().for_each(|ordinal| seen.accounts.set(*ordinal));
        self.entitlements.iter().for_each(|ordinal| seen.entitlements.set(*ordinal));
        self.memberships.iter().for_each(|ordinal| seen.memberships.set(*ordinal));
        self.withheld.iter().for_each(|ordinal| seen.withheld.set(*ordinal));
    }
}

impl<'a> Difference<'a> {
    pub(crate) fn is_none(&self) -> bool {
        self.new_accounts.is_empty()
            && self.changed_accounts.is_empty()
            && self.new_entitlements.is_empty()
            && self.changed_entitlements.is_empty()
            && self.new_memberships.is_empty()
            && self.gone_accounts.is_empty()
            && self.gone_entitlements.is_empty()
    }

    /// Leaves accounts enabled that are on record so, and notes which.
    pub(crate) fn withhold_disabled(&mut self) {
        let is_taken_away =
            |(known, account): &mut (Known, &Account)| known.is_enabled && account.status == Status::Disabled;
        let withheld: Vec<u64> =
            self.changed_accounts.extract_if(.., is_taken_away).map(|(known, _)| known.ordinal).collect();
        self.same.accounts.extend(&withheld);
        self.same.withheld.extend(withheld);
    }

    /// `began`: what was looked at since by itself is known better than the page says.
    pub(crate) async fn of(
        tx: &mut ReadTx,
        system: &str,
        part: &'a Part,
        began: Timestamp,
    ) -> Result<Self, ProvisioningError> {
        let mut difference = Self::default();
        difference.accounts(tx, system, part, began).await?;
        difference.entitlements(tx, system, part).await?;
        difference.memberships(tx, system, part, began).await?;
        difference.gone(tx, system, part, began).await?;
        Ok(difference)
    }

    async fn accounts(
        &mut self,
        tx: &mut ReadTx,
        system: &str,
        part: &'a Part,
        began: Timestamp,
    ) -> Result<(), ProvisioningError> {
        let natives = part.accounts.iter().map(|account| Value::from(&account.id.0)).collect();
        let mut known = store::known_accounts(tx, system, natives).await?;
        let mut new = Vec::new();
        for account in &part.accounts {
            let Some(known) = known.remove(&account.id.0) else {
                new.push(account);
                continue;
            };
            let same = known.digest == reading::digest_of(account) && !known.was_used_since(account);
            if same || known.is_newer_than(began) {
                self.same.accounts.push(known.ordinal);
            } else {
                self.changed_accounts.push((known, account));
            }
        }
        let natives = new.iter().map(|account| Value::from(&account.id.0)).collect();
        let mut past = past_store::accounts(tx, system, natives).await?;
        for account in new {
            let past = past.remove(&account.id.0);
            // It was seen gone after the page was read.
            if past.as_ref().is_none_or(|past| past.went.at < began) {
                self.new_accounts.push((account, past));
            }
        }
        Ok(())
    }

    async fn entitlements(&mut self, tx: &mut ReadTx, system: &str, part: &'a Part) -> Result<(), ProvisioningError> {
        let natives = part.entitlements.iter().map(|entitlement| Value::from(&entitlement.id.0)).collect();
        let mut known = store::known_entitlements(tx, system, natives).await?;
        for entitlement in &part.entitlements {
            match known.remove(&entitlement.id.0) {
                None => self.new_entitlements.push(entitlement),
                Some(known) if known.digest == reading::digest_of_entitlement(entitlement) => {
                    self.same.entitlements.push(known.ordinal);
                }
                Some(known) => self.changed_entitlements.push((known, entitlement)),
            }
        }
        Ok(())
    }

    async fn memberships(
        &mut self,
        tx: &mut ReadTx,
        system: &str,
        part: &'a Part,
        began: Timestamp,
    ) -> Result<(), ProvisioningError> {
        let told: BTreeMap<[u8; 32], &Membership> =
            part.memberships.iter().map(|membership| (reading::subject_of(system, membership), membership)).collect();
        let subjects = told.keys().map(Value::from).collect();
        let known = store::known_memberships(tx, subjects).await?;
        let mut new = Vec::new();
        for (subject, membership) in told {
            match known.get(&subject) {
                Some(ordinal) => self.same.memberships.push(*ordinal),
                None => new.push((subject, membership)),
            }
        }
        let members = new.iter().filter_map(|(_, membership)| match &membership.member {
            Member::Account(id) => Some(Value::from(&id.0)),
            Member::Entitlement(_) => None,
        });
        let accounts = store::known_accounts(tx, system, members.collect()).await?;
        new.retain(|(_, membership)| match &membership.member {
            Member::Account(id) => accounts.get(&id.0).is_none_or(|known| !known.is_newer_than(began)),
            Member::Entitlement(_) => true,
        });
        self.new_memberships = new;
        Ok(())
    }

    async fn gone(
        &mut self,
        tx: &mut ReadTx,
        system: &str,
        part: &'a Part,
        began: Timestamp,
    ) -> Result<(), ProvisioningError> {
        let natives: Vec<Value> = part.gone.iter().map(|id| Value::from(&id.0)).collect();
        let accounts = store::known_accounts(tx, system, natives.clone()).await?;
        let settled = accounts.into_iter().filter(|(_, known)| !known.is_newer_than(began));
        self.gone_accounts = settled.map(|(native, known)| (native, known.ordinal)).collect();
        let entitlements = store::known_entitlements(tx, system, natives).await?;
        self.gone_entitlements = entitlements.into_iter().map(|(native, known)| (native, known.ordinal)).collect();
        Ok(())
    }
}
