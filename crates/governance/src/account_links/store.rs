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

/// An answer as it is kept, with the account that it was given about.
struct Kept {
    login: String,
    account: Option<ObservedAccountId>,
    answer: Answer,
}

impl Kept {
    fn of(mut row: Row) -> Result<(String, Self), DbError> {
        let said = match row.take::<Option<IdentityId>>("identity")? {
            Some(person) => Said::Person(person),
            None => Said::NonPersonal { owner: row.take("owner")? },
        };
        let answer = Answer { said, by: row.take("decided_by")?, at: row.take("decided_at")? };
        Ok((row.take("native_id")?, Self { login: row.take("login")?, account: row.take("account")?, answer }))
    }

    /// That an account is nobody's own is said of it whatever it is called since.
    fn is_about(&self, account: &ObservedAccount) -> bool {
        let is_renamed = || self.answer.said.person().is_none() && self.account.as_ref() == Some(&account.id);
        if self.is_called_as(account) { self.answer.is_about(account) } else { is_renamed() }
    }

    fn is_called_as(&self, account: &ObservedAccount) -> bool {
        self.login == account.login.to_lowercase()
    }
}

/// What persons said about accounts of one system; the last of each.
pub(super) async fn answers(
    tx: &mut ReadTx,
    system: &str,
    accounts: &[&ObservedAccount],
) -> Result<HashMap<ObservedAccountId, Answer>, DbError> {
    let sql = "select native_id, login, account, identity, owner, decided_by, decided_at from account_answers
               where system = $1 and native_id in ($keys)";
    let natives = accounts.iter().map(|account| Value::from(&account.native_id)).collect();
    let mut known: HashMap<String, Vec<Kept>> = HashMap::new();
    for row in tx.all_behind(sql, args![system], natives).await? {
        let (native_id, kept) = Kept::of(row)?;
        known.entry(native_id).or_default().push(kept);
    }
    let of = |account: &&ObservedAccount| {
        let about = known.get(&account.native_id)?.iter().filter(|kept| kept.is_about(account));
        let last = about.max_by_key(|kept| (kept.answer.at, kept.is_called_as(account)))?;
        Some((account.id.clone(), last.answer.clone()))
    };
    Ok(accounts.iter().filter_map(of).collect())
}

pub(super) async fn save_answer(tx: &mut WriteTx, account: &ObservedAccount, answer: &Answer) -> Result<(), DbError> {
    let [system, native_id, login] = key(account);
    let (person, owner) = (answer.said.person(), answer.said.owner());
    tx.run_one(
        "insert into account_answers (system, native_id, login, account, identity, owner, decided_by, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (system, native_id, login) do update set account = excluded.account, identity = excluded.identity,
           owner = excluded.owner, decided_by = excluded.decided_by, decided_at = excluded.decided_at",
        args![system, native_id, login, &account.id, person, owner, &answer.by, answer.at],
    )
    .await
}

/// Systems and names of accounts that are nobody's own and that somebody answers for.
pub(super) async fn owned_by(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<(String, String)>, DbError> {
    let sql = "select system, native_id from account_answers where owner = $1 order by system, native_id";
    let row = |mut row: Row| Ok((row.take("system")?, row.take("native_id")?));
    tx.all(sql, args![owner]).await?.into_iter().map(row).collect()
}

/// System, name there and login of an account of which a person said whose it is.
pub(super) type Key = [String; 3];

/// An account as it keeps its name: a system may give the number of one that is gone to another.
pub(super) fn key(account: &ObservedAccount) -> Key {
    [account.system.clone(), account.native_id.clone(), account.login.to_lowercase()]
}

/// Who left and may know its credential.
pub(super) async fn set_known_to(
    tx: &mut WriteTx,
    [system, native_id, login]: &Key,
    left: Option<&IdentityId>,
) -> Result<(), DbError> {
    let sql = "update account_answers set known_to = $4 where system = $1 and native_id = $2 and login = $3";
    tx.run_one(sql, args![system, native_id, login, left]).await
}

/// Which account it is, also when that is called otherwise later.
pub(super) async fn set_account(
    tx: &mut WriteTx,
    [system, native_id, login]: &Key,
    account: &ObservedAccountId,
) -> Result<(), DbError> {
    let sql = "update account_answers set account = $4 where system = $1 and native_id = $2 and login = $3";
    tx.run_one(sql, args![system, native_id, login, account]).await
}

/// An account whose credential somebody who left may know.
pub(super) struct Known {
    pub(super) key: Key,
    pub(super) account: Option<ObservedAccountId>,
    pub(super) left: IdentityId,
}

pub(super) async fn known(tx: &mut ReadTx) -> Result<Vec<Known>, DbError> {
    let sql = "select system, native_id, login, account, known_to from account_answers where known_to is not null
               order by system, native_id, login";
    let known = |mut row: Row| {
        let key = [row.take("system")?, row.take("native_id")?, row.take("login")?];
        Ok(Known { key, account: row.take("account")?, left: row.take("known_to")? })
    };
    tx.all(sql, args![]).await?.into_iter().map(known).collect()
}

/// What an account was called when something was said of it.
pub(super) async fn logins(tx: &mut ReadTx, account: &ObservedAccountId) -> Result<Vec<String>, DbError> {
    let sql = "select login from account_answers where account = $1 order by login";
    tx.all(sql, args![account]).await?.into_iter().map(|mut row| row.take("login")).collect()
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
