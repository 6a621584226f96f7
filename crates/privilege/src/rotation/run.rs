//! One run of a rotation: asks the machine, does what it says, and keeps what was learned. A run that follows a crash is
//! like any other.
//!
//! Each run takes the next number of its account, and writes nothing once another has taken one (`fence`). So of two runs
//! that work at the same time, as after a paused process, one alone says which credential is the current one. What a
//! stale run still does at the target is harmless for another reason: it can only set a candidate that was kept before,
//! and everything that was ever sent is kept until something newer has logged in, and thirty days longer. If it comes
//! last, the next verification notices, and the target is asked which of those kept it has.

mod behind;

use super::machine::{Action, Dependents, Event, Facts, Machine, Outcome, Then, Wants, Why};
use super::{Cause, Changed, Ended, Ending, Rotation, events, order_exactly, store};
use crate::accounts::credential::{self, Fresh, Kept};
use crate::accounts::system::{self, By, System};
use crate::accounts::{self, AccountError, ChangeAs, Managed, Reconcile, State, TOPIC, VersionState, verify};
use crate::dependents;
use crate::passwords::PasswordError;
use crate::sessions::Node;
use crate::targets::{SignIn, Target};
use crate::visits::{self, Vaulted, Visit, VisitError};
use connectors::{ConnectorError, Credential, LogIn};
use db::jobs::JobError;
use ledger::{Ctx, Write, finding};
use std::collections::BTreeMap;
use std::time::Duration;
use types::{Failure, Kind, ManagedAccountId, Timestamp};

pub(crate) const KIND: &str = "privilege.rotate";

const REFUSED: &str = "rotation_refused";
const FAILING: &str = "rotation_failing";
const LOST: &str = "account_unknown";
const NOT_READY: &str = "dependents_not_ready";
const BEHIND: &str = "dependents_behind";
const ROLLED_BACK: &str = "rotation_rolled_back";

const FIRST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(3600);
/// A lock after too many log-ins passes in this time at most, and what was on its way to the target has arrived.
const LOCKED: Duration = Duration::from_secs(15 * 60);
/// What was on its way to the target has arrived.
const ON_ITS_WAY: Duration = Duration::from_secs(30);
/// From this run on, what goes wrong needs a person's attention.
const TROUBLING: u32 = 5;

/// The job of an account: one run of its open rotation. It may stop at any point and be run again.
pub async fn run(ctx: &Ctx, node: &Node, id: &ManagedAccountId) -> Result<(), JobError> {
    match once(ctx, node, id).await {
        Ok(Some(at)) => Err(JobError::RetryAt(at)),
        Ok(None) => Ok(()),
        Err(error) if error.kind() == Kind::NotFound => Ok(()),
        Err(error) => Err(JobError::Retry(error.to_string())),
    }
}

/// Says when to try again, where the rotation is still open.
async fn once(ctx: &Ctx, node: &Node, id: &ManagedAccountId) -> Result<Option<Timestamp>, AccountError> {
    let mut run = match begin(ctx, node, id).await? {
        Begun::Nothing => return Ok(None),
        Begun::NotBefore(at) => return Ok(Some(at)),
        Begun::Run(run) => run,
    };
    let mut machine = Machine::new(run.facts());
    loop {
        match machine.next() {
            Action::End(Outcome::Settled) => return run.say_settled().await,
            Action::End(Outcome::Later(Why::DependentsBehind)) => return run.behind().await,
            Action::End(Outcome::Later(why)) => return run.later(why).await,
            Action::End(Outcome::Lost) => return run.lose().await.map(|()| None),
            action => match run.perform(action).await {
                Ok(Some(event)) => machine.on(event),
                // Another run has taken over, or somebody gave a new credential: what is still open goes on.
                Ok(None) => return Ok(Some(ctx.now())),
                Err(AccountError::Password(error @ PasswordError::NoneFor { .. })) => {
                    run.said = Some(error.to_string());
                    return run.later(Why::PolicyRefuses).await;
                }
                Err(error) => return Err(error),
            },
        }
    }
}

enum Begun<'a> {
    Nothing,
    NotBefore(Timestamp),
    Run(Box<Run<'a>>),
}

struct Run<'a> {
    ctx: &'a Ctx,
    node: &'a Node,
    rotation: Rotation,
    /// As this run has left it.
    account: Managed,
    system: System,
    kept: BTreeMap<u32, Kept>,
    /// What the machine was told to bring about.
    wants: Wants,
    /// Something more was ordered meanwhile.
    goes_on: bool,
    has_dependents: bool,
    /// What a system said that was not a yes.
    said: Option<String>,
}

async fn begin<'a>(ctx: &'a Ctx, node: &'a Node, id: &ManagedAccountId) -> Result<Begun<'a>, AccountError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let Some(mut rotation) = store::open_of(&mut tx, id).await? else { return Ok(Begun::Nothing) };
    let mut account = accounts::find(&mut tx, id).await?;
    if !account.is_managed() {
        let ended = Ended { at: now, how: Ending::Unmanaged, version: None };
        tx.also(events::ended(&rotation, ended.how));
        store::end(&mut tx, &rotation.id, &ended).await?;
        tx.commit().await?;
        return Ok(Begun::Nothing);
    }
    let turn = if rotation.cause.skips_grace() { None } else { its_turn(&account) };
    if let Some(at) = rotation.retry_at.max(turn).filter(|at| *at > now) {
        return Ok(Begun::NotBefore(at));
    }
    account.fence = accounts::take_fence(&mut tx, id).await?;
    rotation.attempts += 1;
    store::update_attempts(&mut tx, &rotation.id, rotation.attempts).await?;
    let kept = credential::in_question(ctx, &mut tx, id).await?;
    let system = system::find(&mut tx, &account.target).await?;
    let has_dependents = !dependents::kept_of(&mut tx, id).await?.is_empty();
    tx.also(events::attempted(&rotation));
    tx.commit().await?;
    let kept = kept.into_iter().map(|kept| (kept.version, kept)).collect();
    let wants = rotation.wants();
    let goes_on = false;
    let run = Run { ctx, node, rotation, account, system, kept, wants, goes_on, has_dependents, said: None };
    Ok(Begun::Run(Box::new(run)))
}

/// Of a pair, the account that was handed out before stays valid for its grace.
fn its_turn(account: &Managed) -> Option<Timestamp> {
    let pair = account.pair.as_ref().filter(|pair| !pair.handed_out)?;
    pair.flipped_at.map(|flipped_at| flipped_at.plus(account.settings.grace()))
}

impl Run<'_> {
    fn facts(&self) -> Facts {
        let of = |wanted: VersionState| -> Vec<u32> {
            self.kept.values().rev().filter(|kept| kept.state == wanted).map(|kept| kept.version).collect()
        };
        let asked = matches!(self.rotation.cause, Cause::Import | Cause::Reconcile);
        let (current, previous) = (self.account.state.current(), of(VersionState::Previous));
        let locked_no_more = |since: Timestamp| since.plus(LOCKED) <= self.ctx.now();
        Facts {
            current,
            candidates: of(VersionState::Candidate),
            replaced: current < previous.first().copied(),
            earlier: previous.into_iter().chain(of(VersionState::Refused)).collect(),
            settled: matches!(self.account.state, State::Settled { .. }),
            wants: self.wants,
            may_reconcile: asked || self.account.settings.reconcile == Reconcile::Automatic,
            certain: asked || self.kept.is_empty() || self.rotation.none_since.is_some_and(locked_no_more),
            dependents: match (self.has_dependents, self.rotation.cause.distrusts()) {
                (false, _) => Dependents::None,
                (true, false) => Dependents::First,
                (true, true) => Dependents::After,
            },
        }
    }

    /// A transaction in which this run may still write, with what others changed meanwhile.
    async fn write(&mut self) -> Result<Option<Write>, AccountError> {
        let mut tx = self.ctx.decide().await?;
        let now = accounts::find(&mut tx, &self.account.id).await?;
        let open = store::open_of(&mut tx, &self.account.id).await?;
        let Some(rotation) = open.filter(|_| now.fence == self.account.fence && now.is_managed()) else {
            return Ok(None);
        };
        self.rotation = rotation;
        self.account = Managed { state: self.account.state, ..now };
        Ok(Some(tx))
    }

    /// `None` when another run has taken over.
    async fn perform(&mut self, action: Action) -> Result<Option<Event>, AccountError> {
        match action {
            Action::Check => self.check().await.map(Some),
            Action::Make => self.make().await,
            Action::Change { version, with } => self.change(version, Some(with)).await.map(Some),
            Action::Reconcile { version } => self.change(version, None).await.map(Some),
            Action::LogIn { version } => self.log_in(version).await.map(Some),
            Action::Settle { version, then } => self.settle(version, then).await,
            Action::Update { version } => self.update(version).await,
            Action::Refuse { version } => self.refuse(version).await,
            Action::End(_) => unreachable!("the run is over"),
        }
    }

    async fn make(&mut self) -> Result<Option<Event>, AccountError> {
        let Some(mut tx) = self.write().await? else { return Ok(None) };
        let fresh = Fresh::make(self.ctx, &mut tx, &self.account).await?;
        let version = credential::keep(self.ctx, &mut tx, &self.account.id, &fresh, VersionState::Candidate).await?;
        self.account.state = State::Changing { current: self.account.state.current(), candidate: version };
        if !accounts::settle(&mut tx, &self.account).await? {
            return Ok(None);
        }
        tx.also(events::candidate_kept(&self.rotation, version));
        tx.wake(TOPIC);
        tx.commit().await?;
        let (value, public_key) = (fresh.value, fresh.public_key);
        self.kept.insert(version, Kept { version, state: VersionState::Candidate, value, public_key });
        Ok(Some(Event::Made(version)))
    }

    async fn log_in(&mut self, version: u32) -> Result<Event, AccountError> {
        let credential = self.credential(version)?;
        Ok(match self.system.log_in(self.node, &self.account, &credential).await {
            Ok(LogIn::Accepted) => Event::Accepted,
            Ok(LogIn::Refused) => Event::Refused,
            Err(error) => {
                self.said = Some(error.to_string());
                Event::NotJudged
            }
        })
    }

    fn credential(&self, version: u32) -> Result<Credential, AccountError> {
        let kept = self.kept.get(&version).and_then(|kept| kept.credential(self.account.credential));
        kept.ok_or_else(|| AccountError::NotVerifiable(self.account.name()))
    }

    /// `with` is what the account logs in with now; without it only its administrator can change it.
    async fn change(&mut self, version: u32, with: Option<u32>) -> Result<Event, AccountError> {
        let itself = with.filter(|_| self.account.settings.change_as == ChangeAs::Itself);
        let by = match (&self.system, itself) {
            (System::Host(target), _) => self.visit(&target.clone(), with).await?,
            (System::Service(_), Some(with)) => Ok(By::Account(self.account.login.clone(), self.credential(with)?)),
            (System::Service(service), None) => self.administrator(&service.admin_login.clone()).await?,
        };
        let old = with.or(self.account.state.current()).and_then(|version| self.kept.get(&version));
        let new = self.kept.get(&version).expect("a version of this run");
        let answer = match by {
            Ok(by) => self.system.change(&self.account, by, old, new).await,
            Err(error) => Err(error),
        };
        Ok(match answer {
            Ok(()) => Event::Changed,
            Err(error) => {
                let event = judge(&error);
                self.said = Some(error.to_string());
                event
            }
        })
    }

    /// A log-in of Tenure's own on a host, which leaves evidence before it begins.
    /// `with` is what the account itself logs in with now.
    async fn visit(&self, target: &Target, with: Option<u32>) -> Result<Result<By, ConnectorError>, AccountError> {
        let route = match system::route_to(target, self.node).await {
            Ok(route) => route,
            Err(error) => return Ok(Err(error)),
        };
        let login = &target.discovery_login;
        let why = format!("tenure rotation of {}", self.account.name());
        let mut tx = self.ctx.decide().await?;
        let visit = match with.filter(|_| target.sign_in == SignIn::Vaulted && *login == self.account.login) {
            Some(version) => Visit::Vaulted(Vaulted {
                account: self.account.id.clone(),
                version,
                kind: self.account.credential,
                credential: self.credential(version)?,
            }),
            None => match visits::prepare(self.ctx, &mut tx, target, login, why, route.from).await {
                Ok(visit) => visit,
                Err(VisitError::Account(error)) => return Err(error),
                Err(VisitError::Lease(error)) => return Err(error.into()),
                Err(VisitError::Ledger(error)) => return Err(error.into()),
                Err(VisitError::Db(error)) => return Err(error.into()),
                Err(error @ VisitError::NoAccount { .. }) => {
                    let (login, detail) = (login.clone(), error.to_string());
                    return Ok(Err(ConnectorError::NotPermitted { login, detail }));
                }
            },
        };
        tx.also(events::host_visited(&self.account.id, target, route.from, visit.account()));
        tx.commit().await?;
        Ok(Ok(By::Visit(route.to.to_string(), Box::new(visit))))
    }

    /// The reconcile account, or else the service's administrator, with its password.
    async fn administrator(&self, admin_login: &str) -> Result<Result<By, ConnectorError>, AccountError> {
        let (ctx, account) = (self.ctx, &self.account);
        let found = match &account.settings.reconcile_by {
            Some(by) => accounts::current_for_reader(ctx, by).await,
            None if account.login == admin_login => Err(AccountError::NotFound(account.name())),
            None => accounts::administrator(ctx, &account.target, admin_login).await,
        };
        let current = match found {
            Ok(current) => current,
            Err(error @ (AccountError::NotFound(_) | AccountError::Rotating(_) | AccountError::Unknown(_))) => {
                let (login, detail) =
                    (account.login.clone(), format!("no administrator's password is at hand: {error}"));
                return Ok(Err(ConnectorError::NotPermitted { login, detail }));
            }
            Err(error) => return Err(error),
        };
        ctx.append(events::administrator_used(&self.rotation, &current.account.id, current.version)).await?;
        Ok(Ok(By::Account(current.account.login, Credential::Password(current.value))))
    }

    async fn settle(&mut self, version: u32, then: Then) -> Result<Option<Event>, AccountError> {
        let Some(mut tx) = self.write().await? else { return Ok(None) };
        let now = tx.now();
        let before = self.account.state.current();
        self.goes_on = before == Some(version) && self.wants == Wants::Truth && self.rotation.wants() == Wants::Change;
        self.account.state = State::Settled { current: version };
        self.account.verified_at = Some(now);
        accounts::schedule(&mut self.account, (before != Some(version)).then_some(now), now);
        if !accounts::settle(&mut tx, &self.account).await? {
            return Ok(None);
        }
        accounts::make_current(&mut tx, &self.account.id, version, now).await?;
        tx.also(events::settled(&self.rotation, version, before));
        if before != Some(version) {
            self.flip(&mut tx).await?;
        }
        match then {
            _ if self.goes_on => {}
            Then::Done => {
                let ended = Ended { at: now, how: Ending::Settled, version: Some(version) };
                store::end(&mut tx, &self.rotation.id, &ended).await?;
            }
            Then::Update if self.rotation.changed.as_ref().is_none_or(|changed| changed.to != version) => {
                let changed = Changed { from: before, to: version, tries: 0 };
                store::update_changed(&mut tx, &self.rotation.id, &changed).await?;
                self.rotation.changed = Some(changed);
            }
            Then::Update | Then::Change => {}
        }
        tx.wake(TOPIC);
        tx.commit().await?;
        for kept in self.kept.values_mut().filter(|kept| kept.state != VersionState::Refused) {
            kept.state = if kept.version == version { VersionState::Current } else { VersionState::Previous };
        }
        Ok(Some(Event::Kept))
    }

    /// Of a pair, the account with the new credential is handed out from now on, in the commit that says so.
    async fn flip(&mut self, tx: &mut Write) -> Result<(), AccountError> {
        let Some(pair) = self.account.pair.as_mut().filter(|pair| !pair.handed_out) else { return Ok(()) };
        if self.rotation.cause.is_exact() {
            return Ok(());
        }
        (pair.handed_out, pair.flipped_at) = (true, Some(tx.now()));
        accounts::flip(tx, &self.account.id, &pair.other).await?;
        tx.also(events::flipped(&self.rotation, &pair.other));
        if self.rotation.cause.distrusts() && self.rotation.asked_for != self.account.id {
            order_exactly(self.ctx, tx, &pair.other, &pair.other, self.rotation.cause).await?;
        }
        Ok(())
    }

    async fn refuse(&mut self, version: u32) -> Result<Option<Event>, AccountError> {
        let Some(mut tx) = self.write().await? else { return Ok(None) };
        let current = self.account.state.current();
        if let Some(kept) = self.kept.get_mut(&version) {
            kept.state = VersionState::Refused;
        }
        let candidate = self.kept.values().rev().find(|kept| kept.state == VersionState::Candidate);
        self.account.state = match (candidate, current) {
            (Some(candidate), current) => State::Changing { current, candidate: candidate.version },
            (None, Some(current)) => State::Settled { current },
            (None, None) => State::Unknown { current: None },
        };
        if !accounts::settle(&mut tx, &self.account).await? {
            return Ok(None);
        }
        accounts::refuse(&mut tx, &self.account.id, version).await?;
        tx.also(events::candidate_refused(&self.rotation, version));
        tx.wake(TOPIC);
        tx.commit().await?;
        Ok(Some(Event::Kept))
    }

    /// To be tried again: never given up, at growing distances.
    async fn later(&mut self, why: Why) -> Result<Option<Timestamp>, AccountError> {
        let said = self.said.take().unwrap_or_else(|| why.as_str().to_owned());
        let Some(mut tx) = self.write().await? else { return Ok(Some(self.ctx.now())) };
        let retry_at = self.wait(why, tx.now());
        if let (Why::NoneLogsIn, State::Settled { current }) = (why, self.account.state) {
            self.account.state = State::Unknown { current: Some(current) };
        }
        if !accounts::settle(&mut tx, &self.account).await? {
            return Ok(Some(self.ctx.now()));
        }
        (self.rotation.retry_at, self.rotation.last_error) = (Some(retry_at), Some(said.clone()));
        store::update_later(&mut tx, &self.rotation).await?;
        tx.also(events::postponed(&self.rotation, why, retry_at));
        tx.wake(TOPIC);
        tx.commit().await?;
        let (id, name) = (self.account.id.as_str(), self.account.name());
        if why == Why::PolicyRefuses {
            let line = format!("no password that the policy of `{name}` makes is taken: {said}");
            finding::raise(self.ctx, REFUSED, id, &line).await?;
        } else if why == Why::DependentsNotReady {
            let line = format!(
                "the password of `{name}` is not changed, because what depends on it cannot be updated: {said}"
            );
            finding::raise(self.ctx, NOT_READY, id, &line).await?;
        } else if self.rotation.attempts >= TROUBLING {
            let line = format!("the credential of `{name}` could not be changed in {TROUBLING} runs: {said}");
            finding::raise(self.ctx, FAILING, id, &line).await?;
        }
        Ok(Some(retry_at))
    }

    /// Until when; each look that finds none could itself be what locks the account, so there are few.
    fn wait(&mut self, why: Why, now: Timestamp) -> Timestamp {
        let since = self.rotation.none_since.filter(|_| why == Why::NoneLogsIn);
        self.rotation.none_since = since.or((why == Why::NoneLogsIn).then_some(now));
        match (why, since) {
            (Why::NoneLogsIn, None) => now.plus(ON_ITS_WAY),
            (Why::NoneLogsIn, Some(since)) => since.plus(LOCKED).max(now.plus(FIRST_DELAY)),
            _ => now.plus(delay(self.rotation.attempts)),
        }
    }

    /// None of those kept logs in, and nobody may set a new one.
    async fn lose(&mut self) -> Result<(), AccountError> {
        let Some(mut tx) = self.write().await? else { return Ok(()) };
        let now = tx.now();
        self.account.state = State::Unknown { current: self.account.state.current() };
        if !accounts::settle(&mut tx, &self.account).await? {
            return Ok(());
        }
        store::end(&mut tx, &self.rotation.id, &Ended { at: now, how: Ending::Lost, version: None }).await?;
        tx.also(events::ended(&self.rotation, Ending::Lost));
        tx.wake(TOPIC);
        tx.commit().await?;
        let name = self.account.name();
        let line = format!(
            "none of the credentials kept for `{name}` logs in: `tenure accounts reconcile {name}` sets a new one"
        );
        Ok(finding::raise(self.ctx, LOST, self.account.id.as_str(), &line).await?)
    }

    async fn say_settled(&self) -> Result<Option<Timestamp>, AccountError> {
        let over = [verify::DRIFT, LOST, REFUSED, FAILING, NOT_READY, BEHIND];
        let went_back = self.rotation.went_back();
        for kind in over.into_iter().chain((!went_back).then_some(ROLLED_BACK)) {
            finding::clear(self.ctx, kind, self.account.id.as_str()).await?;
        }
        Ok(self.goes_on.then(|| self.ctx.now()))
    }
}

/// What an error of a change says about the target.
fn judge(error: &ConnectorError) -> Event {
    use ConnectorError as E;
    match error {
        E::PasswordRefused { .. } => Event::PolicyRefused,
        E::LogInRefused { .. }
        | E::Refused { .. }
        | E::HostKeyMismatch { .. }
        | E::NotPermitted { .. }
        | E::NoSuchAccount { .. }
        | E::BadArgument { .. }
        | E::BadHostKey { .. }
        | E::BadServer { .. }
        | E::BadName { .. }
        | E::BadPassword { .. } => Event::Impossible,
        _ => Event::Doubtful,
    }
}

fn delay(attempts: u32) -> Duration {
    FIRST_DELAY.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(LONGEST_DELAY)
}
