//! The wiki: a system that is governed. Its tables lie in a folder of the demo, with what grows anywhere: somebody who left
//! and has power still, an administrator whom nobody made one, an account of nobody knows whom.

use super::console;
use crate::write::{Readers, atomically, private_folder};
use anyhow::{Context, Result};
use ledger::Ctx;
use privilege::{inventory, services};
use serde_json::json;
use std::path::Path;

pub(super) const NAME: &str = "wiki";

const TABLES: [(&str, &str); 3] = [
    ("accounts.csv", include_str!("company/wiki/accounts.csv")),
    ("entitlements.csv", include_str!("company/wiki/entitlements.csv")),
    ("memberships.csv", include_str!("company/wiki/memberships.csv")),
];

/// A second start finds the tables as the first one and its people left them.
pub(super) async fn connect(ctx: &Ctx, folder: &Path) -> Result<()> {
    let ctx = &console(ctx);
    for part in [folder.parent().unwrap_or(folder), folder] {
        private_folder(part)?;
    }
    for (name, text) in TABLES {
        let file = folder.join(name);
        if !file.exists() {
            atomically(&file, text.as_bytes(), Readers::Owner)?;
        }
    }
    let declaration = json!({"name": NAME, "kind": "csv", "scope": {"folder": folder},
        "description": "the company's wiki, a folder of tables"});
    services::declare(ctx, &[serde_json::from_value(declaration)?]).await?;
    let known = provisioning::inventory::system(&mut ctx.read().await?, NAME).await?;
    if known.is_none() {
        inventory::read(ctx, NAME).await.context("cannot have the wiki read")?;
    }
    Ok(())
}
