//! The part of a run that is about what depends on the credential: whether it could be updated, giving it the new one, and
//! the way back where that cannot be done. How files on hosts are changed stands in `dependents`.

use super::super::machine::{Event, Why};
use super::super::{Changed, Ended, Ending, Rotation, events, order_exactly, store};
use super::{BEHIND, ROLLED_BACK, Run, delay};
use crate::accounts::credential::{self, Fresh, Kept};
use crate::accounts::{self, AccountError, Behind, State, TOPIC, VersionState};
use crate::dependents::update::{Updated, update};
use crate::dependents::{self, Rehearsal, Values};
use crate::{checkouts, hygiene};
use ledger::{Write, finding};
use types::Timestamp;

/// Named in what is said.
const SHOWN: usize = 3;

impl Run<'_> {
    /// Before the target is touched.
    pub(super) async fn check(&mut self) -> Result<Event, AccountError> {
        let mut tx = self.ctx.read().await?;
        let kept = dependents::kept_of(&mut tx, &self.account.id).await?;
        let characters = dependents::characters(&mut tx, &self.account).await?;
        drop(tx);
        let (ctx, values) = (self.ctx, self.values());
        let rehearsals = dependents::rehearse(ctx, self.node, &self.account, kept, &values, &characters).await?;
        let problems: Vec<String> = rehearsals.iter().filter_map(problem).collect();
        if problems.is_empty() {
            return Ok(Event::Ready);
        }
        self.said = Some(some_of(&problems));
        Ok(Event::NotReady)
    }

    /// `None` when another run has taken over.
    pub(super) async fn update(&mut self, version: u32) -> Result<Option<Event>, AccountError> {
        match update(self.ctx, self.node, &self.account, &self.values(), version).await? {
            Updated::All => self.end_updated(version).await,
            Updated::Overtaken => Ok(None),
            Updated::Not(problems) => {
                self.said = Some(some_of(&problems));
                Ok(Some(Event::NotUpdated))
            }
        }
    }

    async fn end_updated(&mut self, version: u32) -> Result<Option<Event>, AccountError> {
        let Some(mut tx) = self.write().await? else { return Ok(None) };
        // Somebody may have ordered another change meanwhile: then the next run makes it.
        if self.rotation.changed.is_none() {
            return Ok(None);
        }
        let went_back = self.rotation.went_back();
        let how = if went_back { Ending::RolledBack } else { Ending::Settled };
        let ended = Ended { at: tx.now(), how, version: Some(version) };
        store::end(&mut tx, &self.rotation.id, &ended).await?;
        tx.also(events::dependents_updated(&self.rotation, version));
        if self.rotation.rolled_back_to.is_some() && self.rotation.cause.distrusts() {
            let (id, cause) = (&self.rotation.account, self.rotation.cause);
            order_exactly(self.ctx, &mut tx, id, id, cause).await?;
        }
        tx.wake(TOPIC);
        tx.commit().await?;
        Ok(Some(Event::Updated))
    }

    /// The target has the new one and something that depends on it does not: it is tried again, or the old one is set.
    pub(super) async fn behind(&mut self) -> Result<Option<Timestamp>, AccountError> {
        let said = self.said.take().unwrap_or_default();
        let back = self.way_back().await?;
        let again = self.ctx.now();
        let Some(mut tx) = self.write().await? else { return Ok(Some(again)) };
        let Some(mut changed) = self.rotation.changed.clone() else { return Ok(Some(again)) };
        changed.tries += 1;
        let back = back.filter(|_| !self.rotation.cause.distrusts());
        let retry_at = match &back {
            Some(old) => {
                self.go_back(&mut tx, old, &changed).await?;
                tx.now()
            }
            None => {
                store::update_changed(&mut tx, &self.rotation.id, &changed).await?;
                let retry_at = tx.now().plus(delay(changed.tries));
                tx.also(events::postponed(&self.rotation, Why::DependentsBehind, retry_at));
                retry_at
            }
        };
        (self.rotation.retry_at, self.rotation.last_error) = (Some(retry_at), Some(said.clone()));
        store::update_later(&mut tx, &self.rotation).await?;
        tx.wake(TOPIC);
        tx.commit().await?;
        self.say_behind(back.is_some(), &said).await?;
        Ok(Some(retry_at))
    }

    /// The old password is kept as a new version, which the next run sets like any candidate.
    async fn go_back(&mut self, tx: &mut Write, old: &Kept, changed: &Changed) -> Result<(), AccountError> {
        let again = Fresh { value: old.value.clone(), public_key: None };
        let version = credential::keep(self.ctx, tx, &self.account.id, &again, VersionState::Candidate).await?;
        self.account.state = State::Changing { current: Some(changed.to), candidate: version };
        accounts::settle(tx, &self.account).await?;
        store::update_rolled_back(tx, &self.rotation.id, version).await?;
        tx.also(events::rolled_back(&self.rotation, changed.to, version));
        Ok(())
    }

    async fn say_behind(&self, goes_back: bool, said: &str) -> Result<(), AccountError> {
        let (id, name) = (self.account.id.as_str(), self.account.name());
        let (kind, line) = if goes_back {
            (
                ROLLED_BACK,
                format!(
                    "the old password of `{name}` was set again, because what depends on it could not be updated: {said}"
                ),
            )
        } else {
            (BEHIND, format!("`{name}` has a new password, and what depends on it still holds the old one: {said}"))
        };
        Ok(finding::raise(self.ctx, kind, id, &line).await?)
    }

    /// The version to set again: where the account is to be rolled back, nobody else ever knew that password, and every
    /// file that holds the new one could be given it.
    async fn way_back(&self) -> Result<Option<Kept>, AccountError> {
        let mut changed = self.rotation.changed.clone();
        changed.iter_mut().for_each(|changed| changed.tries += 1);
        let tried = Rotation { changed, ..self.rotation.clone() };
        let wanted = self.account.settings.dependents_behind == Behind::RollBack;
        let Some(old) = tried.way_back().filter(|_| wanted) else { return Ok(None) };
        let (values, id) = (self.values(), &self.account.id);
        let Some(kept) = self.kept.get(&old) else { return Ok(None) };
        let mut tx = self.ctx.read().await?;
        if checkouts::was_seen(&mut tx, id, old).await? || hygiene::was_found(&mut tx, id, old).await? {
            return Ok(None);
        }
        let mut updated = dependents::kept_of(&mut tx, id).await?;
        drop(tx);
        updated.retain(|dependent| dependent.holds != old);
        let rehearsals =
            dependents::rehearse(self.ctx, self.node, &self.account, updated, &values, kept.value.expose()).await?;
        Ok(rehearsals.iter().all(|rehearsal| rehearsal.problem.is_none()).then(|| kept.clone()))
    }

    fn values(&self) -> Values {
        self.kept.iter().map(|(version, kept)| (*version, kept.value.clone())).collect()
    }
}

fn problem(rehearsal: &Rehearsal) -> Option<String> {
    rehearsal.problem.as_ref().map(|problem| format!("{}: {problem}", rehearsal.dependent.host))
}

/// One line.
fn some_of(problems: &[String]) -> String {
    let more = problems.len().saturating_sub(SHOWN);
    let shown = problems[..problems.len() - more].join("; ");
    if more > 0 { format!("{shown}; and {more} more") } else { shown }
}
