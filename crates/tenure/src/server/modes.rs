//! Sealed or open: one task owns the open part of the server, opens it by what people give or a device unwraps, and closes it
//! when it is told to.

use super::open::{Ground, Open, Unsealed};
use super::refusal::{Refusal, is_away, is_wrong_pin, no_shares, problem, seal_error};
use super::unsealing::unseal_key;
use crate::write::{Readers, atomically};
use anyhow::Result;
use api::{Problem, SealOrder, UnsealGiven};
use data_encoding::HEXLOWER;
use db::Db;
use ledger::{Ctx, Ledger};
use seal::shamir::{Collecting, Given, ShareError};
use seal::{SealError, State, UnsealKey};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};
use types::secret::same_bytes;
use types::{Actor, Chance, Clock, Kind, Secret};

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const GIVE_SHARES: &str = "give the shares with `tenure seal unseal` or in the console";
const WRONG_PIN: &str = "its token refused the PIN, which is not tried again by itself: give the right one (setting \
    `seal.pkcs11.pin_file`), then run `tenure seal unseal --local` on the server's machine";
/// In the data folder, for whoever is on the machine.
pub(crate) const LOCAL_FILE: &str = "unseal.local";

pub(crate) struct Modes {
    pub(crate) ground: Ground,
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) chance: Chance,
    open: Option<Open>,
    collecting: Option<Collecting>,
    /// What lies in [`LOCAL_FILE`] while a seal without shares is closed.
    local: Option<Secret<String>>,
    /// When a device is asked again.
    again: Option<(Instant, Duration)>,
}

impl Modes {
    pub(crate) fn new(ground: Ground, db: Db, clock: Clock, chance: Chance) -> Self {
        Self { ground, db, clock, chance, open: None, collecting: None, local: None, again: None }
    }

    /// The mode that the server starts in. A device that is away is waited for, and people where it refused its PIN;
    /// everything else that is wrong is an error.
    pub(crate) async fn begin(&mut self) -> Result<()> {
        match self.key().await? {
            None => self.stay_sealed(GIVE_SHARES, None).await,
            Some(key) => match self.open_by(key, None).await {
                Err(error) if is_away(&error) || is_wrong_pin(&error) => self.wait(&error, FIRST_PAUSE).await,
                opened => opened,
            },
        }
    }

    /// Follows orders until `stop` changes, and ends the open part then.
    pub(crate) async fn run(mut self, mut orders: mpsc::Receiver<SealOrder>, mut stop: watch::Receiver<bool>) {
        loop {
            let again = self.again;
            tokio::select! {
                _ = stop.changed() => break,
                order = orders.recv() => match order {
                    Some(order) => self.follow(order).await,
                    None => break,
                },
                () = async { sleep_until(again.expect("a time").0).await }, if again.is_some() => self.try_again().await,
            }
        }
        if let Some(open) = self.open.take() {
            open.stop().await;
        }
        self.ground.published.live.send_replace(None);
    }

    async fn follow(&mut self, order: SealOrder) {
        match order {
            SealOrder::Unseal { given, answer } => self.unseal(given, answer).await,
            SealOrder::Close => self.close().await,
        }
    }

    async fn unseal(&mut self, given: UnsealGiven, answer: oneshot::Sender<Result<(), Problem>>) {
        let result = match self.open {
            Some(_) => Err(Refusal::new(Kind::Conflict, "already_unsealed", "the server is unsealed already").into()),
            None => match given {
                UnsealGiven::Share { share, nonce } => self.take_share(&share, nonce.as_deref()).await,
                UnsealGiven::Local(proof) => self.take_proof(&proof).await,
            },
        };
        // Whoever hung up learns the end from the status.
        let _ = answer.send(result);
    }

    async fn take_share(&mut self, share: &Secret<String>, nonce: Option<&str>) -> Result<(), Problem> {
        let now = self.clock.now();
        let collecting = self.collecting.as_mut().ok_or_else(no_shares)?;
        let given = collecting.give(share, nonce, &self.chance, now);
        let threshold = collecting.sharing().threshold;
        let result = match given {
            Ok(Given::More) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(Given::Enough(key)) => match self.open_by(*key, Some(threshold)).await {
                Err(error) if matches!(seal_error(&error), Some(SealError::WrongKey)) => {
                    Err(ShareError::DoNotOpen.into())
                }
                opened => opened.map_err(problem),
            },
        };
        self.publish_progress();
        result
    }

    async fn take_proof(&mut self, proof: &Secret<String>) -> Result<(), Problem> {
        let right = self
            .local
            .as_ref()
            .is_some_and(|local| same_bytes(local.expose().as_bytes(), proof.expose().trim().as_bytes()));
        if !right {
            let detail =
                "this is not the proof of being on the server's machine: use `tenure seal unseal --local` there";
            return Err(Refusal::new(Kind::Forbidden, "wrong_local_proof", detail).into());
        }
        let key = self.key().await.map_err(problem)?.ok_or_else(no_shares)?;
        self.open_by(key, None).await.map_err(problem)
    }

    /// The unseal key by the configuration, for the kind that the database has now; `None` where people have it.
    async fn key(&mut self) -> Result<Option<UnsealKey>> {
        let state = State::read(&mut self.db.read().await?).await?.ok_or(SealError::NotInitialised)?;
        self.collecting = state.sharing().cloned().map(Collecting::new);
        self.ground.published.sealed_by(&state);
        unseal_key(&self.ground.config, state.kind())
    }

    async fn open_by(&mut self, key: UnsealKey, shares: Option<u8>) -> Result<()> {
        let ledger = Ledger::open(self.db.clone(), &key, self.clock.clone(), self.chance.clone()).await?;
        let ctx = Ctx::new(ledger, Actor::Console);
        let opened = Open::start(&self.ground, ctx.clone(), Unsealed { kind: key.kind(), shares }).await;
        let open = opened.inspect_err(|_| ctx.seal().close())?;
        (self.again, self.local) = (None, None);
        let _ = std::fs::remove_file(self.local_file());
        self.ground.published.live.send_replace(Some(open.live.clone()));
        self.ground.published.status.send_modify(|status| {
            (status.sealed, status.because, status.progress, status.nonce) = (false, None, 0, None);
            status.data_key = ctx.seal().version();
        });
        tracing::info!(ssh = %open.live.ssh, kind = key.kind().as_str(), "the seal is open");
        self.open = Some(open);
        Ok(())
    }

    /// Nothing is answered any more; then sessions end; then the keys are forgotten.
    async fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let shown = match self.key().await {
            Ok(None) => self.stay_sealed("it was closed: give the shares to open it", None).await,
            _ => {
                self.stay_sealed("it was closed: on the server's machine, run `tenure seal unseal --local`", None).await
            }
        };
        if let Err(error) = shown {
            tracing::error!(error = format!("{error:#}"), "the file for `tenure seal unseal --local` is missing");
        }
        let seal = open.live.ctx.seal().clone();
        self.ground.published.live.send_replace(None);
        open.stop().await;
        seal.close();
        self.ground.facade.close_connections();
        tracing::warn!("the seal was closed");
    }

    async fn try_again(&mut self) {
        let pause = self.again.take().map_or(FIRST_PAUSE, |(_, pause)| pause);
        let opened = match self.key().await {
            Ok(Some(key)) => self.open_by(key, None).await,
            Ok(None) => self.stay_sealed(GIVE_SHARES, None).await,
            Err(error) => Err(error),
        };
        if let Err(error) = opened
            && let Err(error) = self.wait(&error, (pause * 2).min(LONGEST_PAUSE)).await
        {
            tracing::error!(error = format!("{error:#}"), "the file for `tenure seal unseal --local` is missing");
        }
    }

    async fn wait(&mut self, error: &anyhow::Error, pause: Duration) -> Result<()> {
        if is_wrong_pin(error) {
            tracing::error!(error = format!("{error:#}"), "the server stays sealed until it is told to try again");
            return self.stay_sealed(WRONG_PIN, None).await;
        }
        tracing::warn!(error = format!("{error:#}"), ?pause, "the server stays sealed and tries again");
        self.stay_sealed("what unwraps its root key cannot be reached; it tries again by itself", Some(pause)).await
    }

    async fn stay_sealed(&mut self, because: &str, again: Option<Duration>) -> Result<()> {
        self.again = again.map(|pause| (Instant::now() + pause, pause));
        let status = &self.ground.published.status;
        status.send_modify(|status| {
            (status.sealed, status.because, status.data_key) = (true, Some(because.to_owned()), 0);
        });
        self.publish_progress();
        self.ground.facade.show(api::sealed_router(self.ground.seal.clone()));
        if self.collecting.is_none() && self.local.is_none() {
            let proof = Secret::new(HEXLOWER.encode(&self.chance.bytes::<32>()));
            atomically(&self.local_file(), proof.expose().as_bytes(), Readers::Owner)?;
            self.local = Some(proof);
        }
        Ok(())
    }

    fn publish_progress(&self) {
        let progress = self.collecting.as_ref().and_then(|collecting| collecting.progress(self.clock.now()));
        let progress = progress.map(|(given, nonce)| (u8::try_from(given).unwrap_or(u8::MAX), nonce.to_owned()));
        self.ground.published.status.send_modify(|status| {
            status.progress = progress.as_ref().map_or(0, |(given, _)| *given);
            status.nonce = progress.map(|(_, nonce)| nonce);
        });
    }

    fn local_file(&self) -> PathBuf {
        self.ground.config.data_dir.join(LOCAL_FILE)
    }
}
