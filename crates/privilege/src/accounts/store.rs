//! All SQL of accounts under management and of the versions of their credentials.

use super::{Managed, Pair, State, Version, VersionState};
use db::{DbError, ReadTx, Row, WriteTx, args};
use provisioning::ownership::{self, Kind};
use seal::Column;
use types::{IdentityId, ManagedAccountId, Timestamp};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select a.id, a.target, a.login, a.credential, a.owner, a.settings, a.state, a.current_version, a.fence, a.pair, ",
            "a.handed_out, a.flipped_at, a.managed_at, a.changed_at, a.verified_at, a.verify_at, a.rotate_at, ",
            "a.unmanaged_at, (select max(c.version) from account_credentials c where c.account = a.id ",
            "and c.state = 'candidate') as candidate from managed_accounts a ",
            $rest
        )
    };
}

/// Which accounts to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub target: Option<String>,
    pub login: Option<String>,
    pub owner: Option<IdentityId>,
    /// `settled`, `changing` or `unknown`.
    pub state: Option<String>,
    /// Also those that are not managed any more.
    pub all: bool,
    /// Continue after this one (newest first).
    pub after: Option<ManagedAccountId>,
    pub limit: u32,
}

pub(super) async fn get(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Option<Managed>, DbError> {
    tx.one(columns!("where a.id = $1"), args![id]).await?.map(managed).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Managed>, DbError> {
    let sql = columns!(
        "where (cast($1 as text) is null or a.target = $1) and (cast($2 as text) is null or a.login = $2)
         and (cast($3 as text) is null or a.owner = $3) and (cast($4 as text) is null or a.state = $4)
         and ($5 = 1 or a.unmanaged_at is null) and (cast($6 as text) is null or a.id < $6)
         order by a.id desc limit $7"
    );
    let args = args![
        filter.target.as_deref(),
        filter.login.as_deref(),
        filter.owner.as_ref(),
        filter.state.as_deref(),
        i64::from(filter.all),
        filter.after.as_ref(),
        filter.limit
    ];
    tx.all(sql, args).await?.into_iter().map(managed).collect()
}

/// The managed ones with this login there, whatever they prove themselves with.
pub(super) async fn of_login(tx: &mut ReadTx, target: &str, login: &str) -> Result<Vec<Managed>, DbError> {
    let sql = columns!("where a.target = $1 and a.login = $2 and a.unmanaged_at is null order by a.id");
    tx.all(sql, args![target, login]).await?.into_iter().map(managed).collect()
}

/// Accounts that name this one: as the one that reconciles them, or as their other half.
pub(super) async fn needed_by(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<u64, DbError> {
    let sql = "select count(*) as n from managed_accounts
               where unmanaged_at is null and (pair = $1 or settings like $2) and id <> $1";
    tx.count(sql, args![id, format!("%\"reconcile_by\":\"{id}\"%")]).await
}

/// Those whose verification or rotation is due, by id.
pub(super) async fn due(tx: &mut ReadTx, what: Due, now: Timestamp) -> Result<Vec<ManagedAccountId>, DbError> {
    let sql = match what {
        Due::Verify => {
            "select id from managed_accounts where unmanaged_at is null and verify_at <= $1 order by id limit 500"
        }
        Due::Rotate => {
            "select id from managed_accounts where unmanaged_at is null and rotate_at <= $1 order by id limit 500"
        }
    };
    tx.all(sql, args![now]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    Verify,
    Rotate,
}

pub(super) async fn insert(tx: &mut WriteTx, account: &Managed) -> Result<(), DbError> {
    tx.run_one(
        "insert into managed_accounts (id, target, login, credential, owner, settings, state, current_version, fence,
           handed_out, managed_at, changed_at, verify_at, rotate_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, $10, $11, $12)",
        args![
            &account.id,
            &account.target,
            &account.login,
            account.credential.as_str(),
            &account.owner,
            settings(account),
            account.state.word(),
            account.state.current().map(i64::from),
            account.managed_at,
            account.changed_at,
            account.verify_at,
            account.rotate_at,
        ],
    )
    .await?;
    tell_owner(tx, account).await
}

async fn tell_owner(tx: &mut WriteTx, account: &Managed) -> Result<(), DbError> {
    ownership::keep(tx, Kind::Account, &account.id, Some(&account.name()), &account.owner).await
}

/// What people may change.
pub(super) async fn update_settings(tx: &mut WriteTx, account: &Managed) -> Result<(), DbError> {
    tx.run_one(
        "update managed_accounts set owner = $2, settings = $3, verify_at = $4, rotate_at = $5 where id = $1",
        args![&account.id, &account.owner, settings(account), account.verify_at, account.rotate_at],
    )
    .await?;
    tell_owner(tx, account).await
}

pub(super) async fn update_pair(tx: &mut WriteTx, id: &ManagedAccountId, pair: Option<&Pair>) -> Result<(), DbError> {
    let handed_out = pair.is_some_and(|pair| pair.handed_out);
    tx.run_one(
        "update managed_accounts set pair = $2, handed_out = $3, flipped_at = $4 where id = $1",
        args![id, pair.map(|pair| &pair.other), i64::from(handed_out), pair.and_then(|pair| pair.flipped_at)],
    )
    .await
}

pub(super) async fn update_unmanaged(tx: &mut WriteTx, id: &ManagedAccountId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update managed_accounts set unmanaged_at = $2, fence = fence + 1 where id = $1 and unmanaged_at is null";
    tx.run_one(sql, args![id, now]).await?;
    ownership::forget(tx, Kind::Account, id).await
}

/// Takes the next number: what runs with an earlier one can write nothing from now on.
pub(crate) async fn take_fence(tx: &mut WriteTx, id: &ManagedAccountId) -> Result<u64, DbError> {
    tx.run_one("update managed_accounts set fence = fence + 1 where id = $1", args![id]).await?;
    tx.count("select fence as n from managed_accounts where id = $1", args![id]).await
}

/// Where the credential stands, and when it is looked at again. Says whether the run's number still counts.
pub(crate) async fn settle(tx: &mut WriteTx, account: &Managed) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update managed_accounts set state = $3, current_version = $4, changed_at = $5, verified_at = $6,
               verify_at = $7, rotate_at = $8
             where id = $1 and fence = $2 and unmanaged_at is null",
            args![
                &account.id,
                account.fence,
                account.state.word(),
                account.state.current().map(i64::from),
                account.changed_at,
                account.verified_at,
                account.verify_at,
                account.rotate_at,
            ],
        )
        .await?;
    Ok(changed == 1)
}

fn settings(account: &Managed) -> String {
    serde_json::to_string(&account.settings).expect("settings are plain data")
}

fn managed(mut row: Row) -> Result<Managed, DbError> {
    const TABLE: &str = "managed_accounts";
    let id: ManagedAccountId = row.take("id")?;
    let settings = serde_json::from_str(&row.take::<String>("settings")?);
    let (word, current): (String, Option<u32>) = (row.take("state")?, row.take("current_version")?);
    let state = match (word.as_str(), current, row.take::<Option<u32>>("candidate")?) {
        ("settled", Some(current), None) => State::Settled { current },
        ("changing", current, Some(candidate)) => State::Changing { current, candidate },
        ("unknown", current, _) => State::Unknown { current },
        (state, current, candidate) => {
            let problem = format!("`{state}` with current {current:?} and candidate {candidate:?}");
            return Err(DbError::impossible(TABLE, "state", id, problem));
        }
    };
    let (handed_out, flipped_at) = (row.take::<i64>("handed_out")? != 0, row.take("flipped_at")?);
    let pair = row.take::<Option<ManagedAccountId>>("pair")?.map(|other| Pair { other, handed_out, flipped_at });
    Ok(Managed {
        target: row.take("target")?,
        login: row.take("login")?,
        credential: word_of(&mut row, TABLE, "credential", &id, super::CredentialKind::read)?,
        owner: row.take("owner")?,
        settings: settings.map_err(|e| DbError::impossible(TABLE, "settings", &id, e))?,
        state,
        pair,
        managed_at: row.take("managed_at")?,
        changed_at: row.take("changed_at")?,
        verified_at: row.take("verified_at")?,
        verify_at: row.take("verify_at")?,
        rotate_at: row.take("rotate_at")?,
        unmanaged_at: row.take("unmanaged_at")?,
        fence: row.take("fence")?,
        id,
    })
}

pub(crate) fn word_of<T>(
    row: &mut Row,
    table: &'static str,
    column: &'static str,
    id: &impl std::fmt::Display,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, DbError> {
    let word: String = row.take(column)?;
    read(&word).ok_or_else(|| DbError::impossible(table, column, id, format!("`{word}` is none of the known words")))
}

/// A version as it is kept, sealed.
pub(super) struct Sealed {
    pub(super) version: u32,
    pub(super) state: VersionState,
    pub(super) sealed: Vec<u8>,
    pub(super) public_key: Option<String>,
}

pub(super) async fn insert_version(
    tx: &mut WriteTx,
    id: &ManagedAccountId,
    new: Sealed,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into account_credentials (account, version, state, sealed, public_key, made_at) values ($1, $2, $3, $4, $5, $6)",
        args![id, new.version, new.state.as_str(), new.sealed, new.public_key, now],
    )
    .await
}

/// One more than ever was.
pub(super) async fn next_version(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<u32, DbError> {
    let n = tx.count("select max(version) as n from account_credentials where account = $1", args![id]).await?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX).saturating_add(1))
}

/// Every version that is not destroyed, newest first.
pub(super) async fn kept(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Vec<Sealed>, DbError> {
    let sql = "select version, state, sealed, public_key from account_credentials
               where account = $1 and destroyed_at is null order by version desc";
    tx.all(sql, args![id]).await?.into_iter().map(|row| sealed(row, id)).collect()
}

/// The current one, every candidate, and of those before and of refused ones the newest; newest first.
pub(super) async fn in_question(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Vec<Sealed>, DbError> {
    let sql = "select version, state, sealed, public_key from account_credentials
               where account = $1 and version in (
                 select version from account_credentials
                   where account = $1 and destroyed_at is null and state in ('current', 'candidate')
                 union all select version from (select version from account_credentials
                   where account = $1 and destroyed_at is null and state = 'previous' order by version desc limit 16) p
                 union all select version from (select version from account_credentials
                   where account = $1 and destroyed_at is null and state = 'refused' order by version desc limit 8) r)
               order by version desc";
    tx.all(sql, args![id]).await?.into_iter().map(|row| sealed(row, id)).collect()
}

pub(super) async fn one_kept(tx: &mut ReadTx, id: &ManagedAccountId, version: u32) -> Result<Option<Sealed>, DbError> {
    let sql = "select version, state, sealed, public_key from account_credentials
               where account = $1 and version = $2 and destroyed_at is null";
    tx.one(sql, args![id, version]).await?.map(|row| sealed(row, id)).transpose()
}

fn sealed(mut row: Row, id: &ManagedAccountId) -> Result<Sealed, DbError> {
    Ok(Sealed {
        version: row.take("version")?,
        state: word_of(&mut row, "account_credentials", "state", id, VersionState::read)?,
        sealed: row.take("sealed")?,
        public_key: row.take("public_key")?,
    })
}

/// All versions, newest first.
pub(super) async fn versions(tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Vec<Version>, DbError> {
    let sql = "select version, state, public_key, made_at, verified_at, ended_at, destroyed_at
               from account_credentials where account = $1 order by version desc";
    let version = |mut row: Row| {
        Ok(Version {
            version: row.take("version")?,
            state: word_of(&mut row, "account_credentials", "state", id, VersionState::read)?,
            public_key: row.take("public_key")?,
            made_at: row.take("made_at")?,
            verified_at: row.take("verified_at")?,
            ended_at: row.take("ended_at")?,
            destroyed_at: row.take("destroyed_at")?,
        })
    };
    tx.all(sql, args![id]).await?.into_iter().map(version).collect()
}

/// This version logged in: it is the current one, and whatever else was current or a candidate is previous.
pub(super) async fn make_current(
    tx: &mut WriteTx,
    id: &ManagedAccountId,
    version: u32,
    verified_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run(
        "update account_credentials set state = 'previous', ended_at = $3
         where account = $1 and version <> $2 and state in ('current', 'candidate')",
        args![id, version, now],
    )
    .await?;
    tx.run_one(
        "update account_credentials set state = 'current', ended_at = null, verified_at = coalesce($3, verified_at)
         where account = $1 and version = $2 and destroyed_at is null",
        args![id, version, verified_at],
    )
    .await
}

pub(super) async fn update_refused(
    tx: &mut WriteTx,
    id: &ManagedAccountId,
    version: u32,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "update account_credentials set state = 'refused', ended_at = $3
         where account = $1 and version = $2 and state = 'candidate'",
        args![id, version, now],
    )
    .await
}

/// Versions that are kept for nothing: those that ended before the moment and are not among the last two that logged in,
/// and those that were refused before `refused_before`, but for the newest eight.
pub(super) async fn outlived(
    tx: &mut ReadTx,
    before: Timestamp,
    refused_before: Timestamp,
) -> Result<Vec<(ManagedAccountId, u32)>, DbError> {
    let sql = "select c.account, c.version from account_credentials c
               join managed_accounts a on a.id = c.account
               where c.destroyed_at is null and c.ended_at is not null
                 and (a.state = 'settled' or a.unmanaged_at is not null)
                 and (c.ended_at <= $1 and (select count(*) from account_credentials g
                        where g.account = c.account and g.destroyed_at is null and g.verified_at is not null
                          and g.version > c.version) >= 2
                   or c.state = 'refused' and c.ended_at <= $2 and (select count(*) from account_credentials g
                        where g.account = c.account and g.destroyed_at is null and g.state = 'refused'
                          and g.version > c.version) >= 8)
               order by c.account, c.version limit 500";
    tx.all(sql, args![before, refused_before])
        .await?
        .into_iter()
        .map(|mut row| Ok((row.take("account")?, row.take("version")?)))
        .collect()
}

pub(super) async fn destroy(
    tx: &mut WriteTx,
    id: &ManagedAccountId,
    version: u32,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "update account_credentials set sealed = null, destroyed_at = $3
         where account = $1 and version = $2 and destroyed_at is null",
        args![id, version, now],
    )
    .await
}

pub(crate) const SEALED: &Column = &seal::column!(
    "account_credentials",
    "sealed",
    "account_credentials",
    "account || '/' || cast(version as text)",
    "sealed",
    "account = substr($1, 1, 36) and version = cast(substr($1, 38) as bigint)"
);
