//! What must hold of whoever can prove an identity, derived again from the tables and the ledger: a role, key or token
//! that somebody slipped into a table has no entry. Rows and entries are read as of one moment, so that what changes
//! meanwhile looks like nothing else. Changes nothing.

use crate::accounts::{self, Account};
use crate::ssh_keys::{self, SshKey};
use crate::tokens::{self, Token};
use db::ReadTx;
use ledger::timeline::{self, Line};
use ledger::{Ctx, Invariant, LedgerError};
use serde_json::{Value, json};
use types::IdentityId;

/// Checks every rule of this crate, `page` rows at a time.
pub async fn verify(ctx: &Ctx, page: u32) -> Result<Vec<Invariant>, LedgerError> {
    let roles = roles_were_given(ctx, page).await?;
    Ok(vec![roles, keys_were_registered(ctx, page).await?, tokens_were_made(ctx, page).await?])
}

async fn roles_were_given(ctx: &Ctx, page: u32) -> Result<Invariant, LedgerError> {
    let mut invariant = Invariant::new("every role in Tenure was given on record");
    let mut after = None;
    loop {
        let mut tx = ctx.read().await?;
        let accounts = accounts::store::with_more_than_membership(&mut tx, after.as_ref(), page).await?;
        let Some(last) = accounts.last() else { return Ok(invariant) };
        after = Some(last.identity.clone());
        for account in accounts {
            invariant.check(with_roles_that_nobody_gave(&mut tx, &account).await?);
        }
    }
}

async fn with_roles_that_nobody_gave(tx: &mut ReadTx, account: &Account) -> Result<Option<String>, LedgerError> {
    let given = timeline::last(tx, &account.identity, "account.roles_set").await?;
    let same = given.is_some_and(|line| line.body.get("after") == Some(&json!(account.roles)));
    Ok((!same).then(|| format!("`{}` has roles that nobody gave", account.identity)))
}

async fn keys_were_registered(ctx: &Ctx, page: u32) -> Result<Invariant, LedgerError> {
    let mut invariant = Invariant::new("every SSH key was registered on record");
    let mut after = None;
    loop {
        let mut tx = ctx.read().await?;
        let keys = ssh_keys::store::page(&mut tx, after.as_ref(), page).await?;
        let Some(last) = keys.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        for key in keys {
            invariant.check(never_registered(&mut tx, &key).await?);
        }
    }
}

async fn never_registered(tx: &mut ReadTx, key: &SshKey) -> Result<Option<String>, LedgerError> {
    let registered = timeline::last(tx, &key.id, "ssh_key.registered").await?;
    let same = registered.is_some_and(|line| {
        is_about(&line, &key.identity) && line.body.get("fingerprint") == Some(&json!(key.fingerprint))
    });
    Ok((!same).then(|| format!("`{}` was never registered", key.id)))
}

async fn tokens_were_made(ctx: &Ctx, page: u32) -> Result<Invariant, LedgerError> {
    let mut invariant = Invariant::new("every API token was made on record");
    let mut after = None;
    loop {
        let mut tx = ctx.read().await?;
        let tokens = tokens::store::live_page(&mut tx, ctx.now(), after.as_ref(), page).await?;
        let Some(last) = tokens.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        for token in tokens {
            invariant.check(never_made(&mut tx, &token).await?);
        }
    }
}

async fn never_made(tx: &mut ReadTx, token: &Token) -> Result<Option<String>, LedgerError> {
    let made = timeline::last(tx, &token.id, "token.created").await?;
    let facts: [(&str, Value); 2] = [("scopes", json!(token.scopes)), ("expires_at", json!(token.expires_at))];
    let same = made.is_some_and(|line| {
        is_about(&line, &token.identity) && facts.iter().all(|(name, fact)| line.body.get(*name) == Some(fact))
    });
    Ok((!same).then(|| format!("`{}` was never made", token.id)))
}

fn is_about(line: &Line, identity: &IdentityId) -> bool {
    line.about.iter().any(|subject| subject == identity.as_str())
}
