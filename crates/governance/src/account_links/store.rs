//! All SQL of what is said of accounts, and of the cases about them.

use super::model::{AccountCase, Answer, Said};
use crate::correlation::store::{self as correlation, Settled};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use provisioning::ObservedAccount;
use std::collections::HashMap;
use types::{IdentityId, MatchCaseId, ObservedAccountId, Timestamp};

macro_rules! cases {
    ($rest:literal) => {
        concat!(
            "select id, system, account, candidates, opened_at, state, decided_by, decided_at, identity ",
            "from account_cases ",
            $rest
        )
    };
}

pub(super) async fn case(tx: &mut ReadTx, id: &MatchCaseId) -> Result<Option<AccountCase>, DbError> {
    tx.one(cases!("where id = $1"), args![id]).await?.map(row_of_case).transpose()
}

/// Newest first; `after` continues behind one.
pub(super) async fn cases(
    tx: &mut ReadTx,
    state: Option<&str>,
    after: Option<&MatchCaseId>,
    limit: u32,
) -> Result<Vec<AccountCase>, DbError> {
    let sql = cases!(
        "where (cast($1 as text) is null or state = $1) and (cast($2 as text) is null or id < $2)
           order by id desc limit $3"
    );
    tx.all(sql, args![state, after, limit]).await?.into_iter().map(row_of_case).collect()
}

pub(super) async fn open_of(
    tx: &mut ReadTx,
    accounts: impl IntoIterator<Item = &ObservedAccountId>,
) -> Result<HashMap<ObservedAccountId, AccountCase>, DbError> {
    let sql = cases!("where state = 'open' and account in ($keys)");
    let found = tx.all_in(sql, accounts.into_iter().map(Value::from).collect()).await?;
    found.into_iter().map(|row| row_of_case(row).map(|case| (case.account.clone(), case))).collect()
}

pub(super) async fn open_on(tx: &mut ReadTx, system: &str) -> Result<Vec<AccountCase>, DbError> {
    let sql = cases!("where system = $1 and state = 'open' order by id");
    tx.all(sql, args![system]).await?.into_iter().map(row_of_case).collect()
}

pub(super) async fn count_open(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from account_cases where state = 'open'", args![]).await
}

pub(super) async fn insert_case(tx: &mut WriteTx, case: &AccountCase) -> Result<(), DbError> {
    let candidates = serde_json::to_string(&case.candidates).expect("candidates are plain data");
    tx.run_one(
        "insert into account_cases (id, system, account, candidates, opened_at, state) values ($1, $2, $3, $4, $5, 'open')",
        args![&case.id, &case.system, &case.account, candidates, case.opened_at],
    )
    .await
}

/// Writes what became of an open case.
pub(super) async fn settle(tx: &mut WriteTx, case: &AccountCase) -> Result<(), DbError> {
    let Some(Settled { state, by, at, identity }) = Settled::of(&case.state) else { return Ok(()) };
    tx.run_one(
        "update account_cases set state = $2, decided_by = $3, decided_at = $4, identity = $5
         where id = $1 and state = 'open'",
        args![&case.id, state, by, at, identity],
    )
    .await
}

fn row_of_case(mut row: Row) -> Result<AccountCase, DbError> {
    let id: MatchCaseId = row.take("id")?;
    Ok(AccountCase {
        candidates: correlation::candidates(&mut row, "account_cases", &id)?,
        state: correlation::state(&mut row, "account_cases", &id)?,
        system: row.take("system")?,
        account: row.take("account")?,
        opened_at: row.take("opened_at")?,
        id,
    })
}

/// An account as it keeps its name: a system may give the number of one that is gone to another.
fn key(account: &ObservedAccount) -> [String; 2] {
    [account.native_id.clone(), account.login.to_lowercase()]
}

/// What persons said about accounts of one system.
pub(super) async fn answers(
    tx: &mut ReadTx,
    system: &str,
    accounts: &[&ObservedAccount],
) -> Result<HashMap<ObservedAccountId, Answer>, DbError> {
    let sql = "select native_id, login, identity, owner, decided_by, decided_at from account_answers
               where system = $1 and native_id in ($keys)";
    let natives = accounts.iter().map(|account| Value::from(&account.native_id)).collect();
    let mut known: HashMap<[String; 2], Answer> = HashMap::new();
    for mut row in tx.all_behind(sql, args![system], natives).await? {
        let said = match row.take::<Option<IdentityId>>("identity")? {
            Some(person) => Said::Person(person),
            None => Said::NonPersonal { owner: row.take("owner")? },
        };
        let answer = Answer { said, by: row.take("decided_by")?, at: row.take("decided_at")? };
        known.insert([row.take("native_id")?, row.take("login")?], answer);
    }
    let of = |account: &&ObservedAccount| {
        let answer = known.get(&key(account)).filter(|answer| answer.is_about(account))?;
        Some((account.id.clone(), answer.clone()))
    };
    Ok(accounts.iter().filter_map(of).collect())
}

pub(super) async fn save_answer(tx: &mut WriteTx, account: &ObservedAccount, answer: &Answer) -> Result<(), DbError> {
    let [native_id, login] = key(account);
    tx.run_one(
        "insert into account_answers (system, native_id, login, identity, owner, decided_by, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (system, native_id, login) do update set identity = excluded.identity, owner = excluded.owner,
           decided_by = excluded.decided_by, decided_at = excluded.decided_at",
        args![&account.system, native_id, login, answer.said.person(), answer.said.owner(), &answer.by, answer.at],
    )
    .await
}

/// Systems and names of accounts that are nobody's own and that somebody answers for.
pub(super) async fn owned_by(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<(String, String)>, DbError> {
    let sql = "select system, native_id from account_answers where owner = $1 order by system, native_id";
    let row = |mut row: Row| Ok((row.take("system")?, row.take("native_id")?));
    tx.all(sql, args![owner]).await?.into_iter().map(row).collect()
}

/// Who left and may know an account's credential; of an account of which a person said whose it is.
pub(super) async fn set_known_to(
    tx: &mut WriteTx,
    account: &ObservedAccount,
    left: Option<&IdentityId>,
) -> Result<(), DbError> {
    let [native_id, login] = key(account);
    let sql = "update account_answers set known_to = $4 where system = $1 and native_id = $2 and login = $3";
    tx.run_one(sql, args![&account.system, native_id, login, left]).await
}

/// System, name there and login of accounts whose credential somebody who left may know, and who that is.
pub(super) async fn known(tx: &mut ReadTx) -> Result<Vec<([String; 3], IdentityId)>, DbError> {
    let sql = "select system, native_id, login, known_to from account_answers where known_to is not null
               order by system, native_id, login";
    let row =
        |mut row: Row| Ok(([row.take("system")?, row.take("native_id")?, row.take("login")?], row.take("known_to")?));
    tx.all(sql, args![]).await?.into_iter().map(row).collect()
}

/// As of which reading the accounts of each system were compared with people.
pub(super) async fn matched(tx: &mut ReadTx) -> Result<HashMap<String, Timestamp>, DbError> {
    let sql = "select system, read_at from account_matchings";
    let row = |mut row: Row| Ok((row.take("system")?, row.take("read_at")?));
    tx.all(sql, args![]).await?.into_iter().map(row).collect()
}

pub(super) async fn set_matched(
    tx: &mut WriteTx,
    system: &str,
    read_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into account_matchings (system, read_at, matched_at) values ($1, $2, $3)
         on conflict (system) do update set read_at = excluded.read_at, matched_at = excluded.matched_at",
        args![system, read_at, now],
    )
    .await
}
