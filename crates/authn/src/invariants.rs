//! What must hold of whoever can prove an identity, derived again from the tables and the ledger: a role, key or token
//! that somebody slipped into a table has no entry. Changes nothing.

use crate::{accounts, ssh_keys, tokens};
use ledger::timeline::{self, Line};
use ledger::{Ctx, Invariant, LedgerError};
use serde_json::{Value, json};

/// Checks every rule of this crate.
pub async fn verify(ctx: &Ctx) -> Result<Vec<Invariant>, LedgerError> {
    Ok(vec![roles_were_given(ctx).await?, keys_were_registered(ctx).await?, tokens_were_made(ctx).await?])
}

async fn roles_were_given(ctx: &Ctx) -> Result<Invariant, LedgerError> {
    let mut invariant = Invariant::new("every role in Tenure was given on record");
    for account in accounts::store::with_more_than_membership(&mut ctx.read().await?).await? {
        let lines = timeline::about(ctx, &account.identity).await?;
        let given =
            lines.iter().rev().find_map(|line| line.body.get("after").filter(|_| is(line, "account.roles_set")));
        let same = given == Some(&json!(account.roles));
        invariant.check((!same).then(|| format!("`{}` has roles that nobody gave", account.identity)));
    }
    Ok(invariant)
}

async fn keys_were_registered(ctx: &Ctx) -> Result<Invariant, LedgerError> {
    let mut invariant = Invariant::new("every SSH key was registered on record");
    for key in ssh_keys::store::all(&mut ctx.read().await?).await? {
        let lines = timeline::about(ctx, &key.id).await?;
        let same = |line: &Line| {
            let about = line.about.iter().any(|subject| subject == key.identity.as_str());
            is(line, "ssh_key.registered") && about && line.body.get("fingerprint") == Some(&json!(key.fingerprint))
        };
        invariant.check((!lines.iter().any(same)).then(|| format!("`{}` was never registered", key.id)));
    }
    Ok(invariant)
}

async fn tokens_were_made(ctx: &Ctx) -> Result<Invariant, LedgerError> {
    let mut invariant = Invariant::new("every API token was made on record");
    for token in tokens::store::all_live(&mut ctx.read().await?, ctx.now()).await? {
        let lines = timeline::about(ctx, &token.id).await?;
        let facts: [(&str, Value); 2] = [("scopes", json!(token.scopes)), ("expires_at", json!(token.expires_at))];
        let same = |line: &Line| {
            let about = line.about.iter().any(|subject| subject == token.identity.as_str());
            is(line, "token.created") && about && facts.iter().all(|(name, fact)| line.body.get(*name) == Some(fact))
        };
        invariant.check((!lines.iter().any(same)).then(|| format!("`{}` was never made", token.id)));
    }
    Ok(invariant)
}

fn is(line: &Line, kind: &str) -> bool {
    line.kind == kind
}
