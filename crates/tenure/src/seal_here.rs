//! What is done to the seal and the ledger on the server's own machine, with its configuration, and by nobody over the
//! network: another unseal key, and accepting a database that was rolled back.

use crate::cli::SharingArgs;
use crate::config::Config;
use crate::init::{new_unseal_key, tell};
use crate::prompt;
use crate::server::unsealing::unseal_key;
use crate::server::{self, WitnessFile};
use anyhow::{Context, Result, bail};
use ledger::{Ctx, Ledger, rekey};
use seal::shamir::{Collecting, Given};
use seal::{SealError, SealKind, Sharing, State, UnsealKey};
use std::io::{BufRead, IsTerminal};
use std::path::Path;
use types::{Actor, Chance, Clock, Secret};

/// Wraps a new root key by another unseal key, or one of another kind.
pub(crate) async fn migrate(config: &Path, to: SealKind, sharing: SharingArgs) -> Result<()> {
    let config = Config::load(config)?;
    let ctx = open(&config).await?;
    WitnessFile::of(&config).check(&ctx).await?;
    let (key, shares) = successor(&config, &ctx, to, sharing).await?;
    server::keep_certificate(&config, &ctx, to)?;
    rekey::migrate(&ctx, &key).await?;
    println!("The seal is now of the kind `{to}`. What opened it before opens nothing any more.");
    tell(&config, &key, &shares);
    if to == SealKind::Shamir {
        println!(
            "A server that runs goes on, but cannot change its keys until it is closed and unsealed by the shares."
        );
    }
    ctx.db().close().await;
    Ok(())
}

async fn successor(
    config: &Config,
    ctx: &Ctx,
    to: SealKind,
    sharing: SharingArgs,
) -> Result<(UnsealKey, Vec<Secret<String>>)> {
    let from = State::read(&mut ctx.read().await?).await?.ok_or(SealError::NotInitialised)?.kind();
    if from == to && to == SealKind::File {
        bail!(
            "a key file is not replaced by itself: name another file as `seal.key_file` after you migrated to another \
             kind, such as `--to shamir`, and back"
        );
    }
    if to == SealKind::Passphrase && from == SealKind::Passphrase {
        let new = std::env::var(NEW_PASSPHRASE);
        let new = new.with_context(|| format!("give the new passphrase as {NEW_PASSPHRASE}"))?;
        return Ok((UnsealKey::Passphrase(Secret::new(new)), Vec::new()));
    }
    new_unseal_key(config, to, sharing, ctx.chance()).await
}

const NEW_PASSPHRASE: &str = "TENURE_SEAL_NEW_PASSPHRASE";

/// Accepts a database that is older than its witness, or has another history.
pub(crate) async fn accept_rollback(config: &Path, reason: &str) -> Result<()> {
    let config = Config::load(config)?;
    let ctx = open(&config).await?;
    let witness = WitnessFile::of(&config);
    if witness.check(&ctx).await.is_ok() {
        bail!("there is nothing to accept: the ledger contains all that its witness saw");
    }
    witness.accept(&ctx, reason).await?;
    println!("The database was accepted as it is; the ledger says so and why.");
    ctx.db().close().await;
    Ok(())
}

/// Opens the ledger by the configuration, or by shares from standard input.
async fn open(config: &Config) -> Result<Ctx> {
    let db = server::open_database(config).await?;
    let state = State::read(&mut db.read().await?).await?.ok_or(SealError::NotInitialised)?;
    let key = match (unseal_key(config, state.kind())?, state.sharing()) {
        (Some(key), _) => key,
        (None, Some(sharing)) => from_shares(sharing)?,
        (None, None) => bail!("the database says neither what opens its seal nor by how many shares"),
    };
    Ok(Ctx::new(Ledger::open(db, &key, Clock::system(), Chance::system()).await?, Actor::Console))
}

fn from_shares(sharing: &Sharing) -> Result<UnsealKey> {
    let (mut collecting, clock, chance) = (Collecting::new(sharing.clone()), Clock::system(), Chance::system());
    for given in 1..=sharing.threshold {
        let share = line(&format!("Share {given} of {}", sharing.threshold))?;
        if let Given::Enough(key) = collecting.give(&share, None, &chance, clock.now())? {
            return Ok(*key);
        }
    }
    bail!("{} shares are needed, one a line", sharing.threshold)
}

/// One line of standard input, asked for and not shown where a person sits there.
pub(crate) fn line(prompt: &str) -> Result<Secret<String>> {
    if std::io::stdin().is_terminal() {
        return Ok(prompt::ask(prompt, "")?);
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    let line = Secret::new(line);
    if read.context("cannot read standard input")? == 0 {
        bail!("standard input ended: give one share a line");
    }
    Ok(line)
}
