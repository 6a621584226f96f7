//! All SQL of walking the accounts of people.

use db::{DbError, ReadTx, Row, Value, args};
use types::{EntitlementId, IdentityId, ObservedAccountId, Timestamp};

pub(crate) struct Linked {
    pub(crate) ordinal: u64,
    pub(crate) id: ObservedAccountId,
    pub(crate) native_id: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) identity: IdentityId,
    pub(crate) protection: Option<String>,
}

pub(crate) struct OfMember {
    pub(crate) member: String,
    pub(crate) entitlement: String,
    /// `None` where the entitlement itself was never seen.
    pub(crate) id: Option<EntitlementId>,
    pub(crate) from: Timestamp,
}

pub(crate) async fn linked(
    tx: &mut ReadTx,
    system: &str,
    after: Option<u64>,
    limit: u32,
) -> Result<Vec<Linked>, DbError> {
    let sql = "select ordinal, id, native_id, digest, identity, protection from observed_accounts
               where system = $1 and until_at is null and identity is not null and ordinal > $2
               order by ordinal limit $3";
    tx.all(sql, args![system, before_first(after)?, limit]).await?.into_iter().map(row).collect()
}

pub(crate) async fn linked_to(tx: &mut ReadTx, system: &str, people: Vec<Value>) -> Result<Vec<Linked>, DbError> {
    let sql = "select ordinal, id, native_id, digest, identity, protection from observed_accounts
               where system = $1 and until_at is null and identity in ($keys)";
    let mut rows: Vec<Linked> =
        tx.all_behind(sql, args![system], people).await?.into_iter().map(row).collect::<Result<_, _>>()?;
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows.dedup_by(|a, b| a.id == b.id);
    Ok(rows)
}

/// Member and entitlement, of accounts with these numbers.
pub(crate) async fn memberships_between(
    tx: &mut ReadTx,
    system: &str,
    after: Option<u64>,
    last: u64,
) -> Result<Vec<(String, String)>, DbError> {
    let sql = "select m.member, m.entitlement from observed_accounts a
               join observed_memberships m on m.system = a.system and m.member = a.native_id and m.until_at is null
                 and m.member_kind = 'account'
               where a.system = $1 and a.until_at is null and a.identity is not null
                 and a.ordinal > $2 and a.ordinal <= $3";
    let pair = |mut row: Row| Ok((row.take("member")?, row.take("entitlement")?));
    tx.all(sql, args![system, before_first(after)?, last]).await?.into_iter().map(pair).collect()
}

pub(crate) async fn memberships_of(
    tx: &mut ReadTx,
    system: &str,
    members: Vec<Value>,
) -> Result<Vec<OfMember>, DbError> {
    let sql = "select m.member, m.entitlement, e.id, m.from_at from observed_memberships m
               left join observed_entitlements e on e.system = m.system and e.native_id = m.entitlement
                 and e.until_at is null
               where m.system = $1 and m.until_at is null and m.member_kind = 'account' and m.member in ($keys)";
    let of = |mut row: Row| {
        Ok(OfMember {
            member: row.take("member")?,
            entitlement: row.take("entitlement")?,
            id: row.take("id")?,
            from: row.take("from_at")?,
        })
    };
    tx.all_behind(sql, args![system], members).await?.into_iter().map(of).collect()
}

/// Numbers begin at 0.
fn before_first(after: Option<u64>) -> Result<i64, DbError> {
    let after = after.map(i64::try_from).transpose();
    after.map(|after| after.unwrap_or(-1)).map_err(|e| DbError::impossible("observed_accounts", "ordinal", "any", e))
}

fn row(mut row: Row) -> Result<Linked, DbError> {
    Ok(Linked {
        ordinal: row.take("ordinal")?,
        id: row.take("id")?,
        native_id: row.take("native_id")?,
        digest: row.take("digest")?,
        identity: row.take("identity")?,
        protection: row.take("protection")?,
    })
}
