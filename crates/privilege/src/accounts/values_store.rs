//! All SQL of looking at every credential.

use super::values::Versioned;
use super::{VersionState, word_of};
use db::{DbError, ReadTx, Row, args};
use types::ManagedAccountId;

/// By account and version, after one.
pub(super) async fn sealed_versions(
    tx: &mut ReadTx,
    after: Option<&(ManagedAccountId, u32)>,
    limit: u32,
) -> Result<Vec<(Versioned, Vec<u8>)>, DbError> {
    let sql = "select c.account, a.login || '@' || a.target as name, c.version, c.state, c.sealed,
                 case when a.unmanaged_at is null then 1 else 0 end as is_managed
               from account_credentials c join managed_accounts a on a.id = c.account
               where c.destroyed_at is null and c.account >= $1 and (c.account > $1 or c.version > $2)
               order by c.account, c.version limit $3";
    let (id, version) = after.map_or(("", 0), |(id, version)| (id.as_str(), *version));
    tx.all(sql, args![id, version, limit]).await?.into_iter().map(sealed).collect()
}

fn sealed(mut row: Row) -> Result<(Versioned, Vec<u8>), DbError> {
    let id: ManagedAccountId = row.take("account")?;
    let state = word_of(&mut row, "account_credentials", "state", &id, VersionState::read)?;
    let is_managed = row.take::<i64>("is_managed")? != 0;
    let is_live = is_managed && matches!(state, VersionState::Current | VersionState::Candidate);
    let of = Versioned { name: row.take("name")?, version: row.take("version")?, state, is_live, id };
    Ok((of, row.take("sealed")?))
}

/// The versions that may open something still.
pub(crate) async fn live_versions(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Vec<u32>, DbError> {
    let sql = "select c.version from account_credentials c join managed_accounts a on a.id = c.account
               where c.account = $1 and c.destroyed_at is null and c.state in ('current', 'candidate')
                 and a.unmanaged_at is null";
    tx.all(sql, args![id]).await?.into_iter().map(|mut row| row.take("version")).collect()
}
