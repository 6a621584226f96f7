//! What must hold of whoever can prove an identity, derived again from the tables and the ledger: a role, key or token
//! that somebody slipped into a table has no entry. Changes nothing.

use crate::accounts::{self, Account};
use crate::ssh_keys::{self, SshKey};
use crate::tokens::{self, Token};
use ledger::timeline::{self, Line};
use ledger::{Ctx, Invariant, LedgerError};
use serde_json::{Value, json};

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
        drop(tx);
        let Some(last) = accounts.last() else { return Ok(invariant) };
        after = Some(last.identity.clone());
        for account in accounts {
            invariant.check(with_roles_that_nobody_gave(ctx, &account).await?);
        }
    }
}

async fn with_roles_that_nobody_gave(ctx: &Ctx, account: &Account) -> Result<Option<String>, LedgerError> {
    let lines = timeline::about(ctx, &account.identity).await?;
    let given = lines.iter().rev().find_map(|line| line.body.get("after").filter(|_| is(line, "account.roles_set")));
    let same = given == Some(&json!(account.roles));
    Ok((!same).then(|| format!("`{}` has roles that nobody gave", account.identity)))
}

async fn keys_were_registered(ctx: &Ctx, page: u32) -> Result<Invariant, LedgerError> {
    let mut invariant = Invariant::new("every SSH key was registered on record");
    let mut after = None;
    loop {
        let keys = ssh_keys::store::page(&mut ctx.read().await?, after.as_ref(), page).await?;
        let Some(last) = keys.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        for key in keys {
            invariant.check(never_registered(ctx, &key).await?);
        }
    }
}

async fn never_registered(ctx: &Ctx, key: &SshKey) -> Result<Option<String>, LedgerError> {
    let lines = timeline::about(ctx, &key.id).await?;
    let same = |line: &Line| {
        let about = line.about.iter().any(|subject| subject == key.identity.as_str());
        is(line, "ssh_key.registered") && about && line.body.get("fingerprint") == Some(&json!(key.fingerprint))
    };
    Ok((!lines.iter().any(same)).then(|| format!("`{}` was never registered", key.id)))
}

async fn tokens_were_made(ctx: &Ctx, page: u32) -> Result<Invariant, LedgerError> {
    let mut invariant = Invariant::new("every API token was made on record");
    let mut after = None;
    loop {
        let tokens = tokens::store::live_page(&mut ctx.read().await?, ctx.now(), after.as_ref(), page).await?;
        let Some(last) = tokens.last() else { return Ok(invariant) };
        after = Some(last.id.clone());
        for token in tokens {
            invariant.check(never_made(ctx, &token).await?);
        }
    }
}

async fn never_made(ctx: &Ctx, token: &Token) -> Result<Option<String>, LedgerError> {
    let lines = timeline::about(ctx, &token.id).await?;
    let facts: [(&str, Value); 2] = [("scopes", json!(token.scopes)), ("expires_at", json!(token.expires_at))];
    let same = |line: &Line| {
        let about = line.about.iter().any(|subject| subject == token.identity.as_str());
        is(line, "token.created") && about && facts.iter().all(|(name, fact)| line.body.get(*name) == Some(fact))
    };
    Ok((!lines.iter().any(same)).then(|| format!("`{}` was never made", token.id)))
}

fn is(line: &Line, kind: &str) -> bool {
    line.kind == kind
}
