//! The tables of a folder: read together, and each replaced as a whole by a rename after its bytes are on the disk.

use super::table::Table;
use crate::ConnectorError;
use crate::confined::{open, unreachable};
use crate::connector::{
    Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, Held, Member, Membership, NativeId,
    NewAccount, Status,
};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::ops::Range;
use std::path::Path;

const ACCOUNTS: &str = "accounts.csv";
const ENTITLEMENTS: &str = "entitlements.csv";
const MEMBERSHIPS: &str = "memberships.csv";
/// Columns of accounts that are no attributes.
const OWN: [&str; 5] = ["id", "login", "status", "mark", "protected"];
/// Between several values of one attribute.
const AND: char = ';';

#[derive(Debug)]
pub(super) struct Files {
    accounts: Table,
    entitlements: Table,
    memberships: Table,
}

/// What came of a change, and what has to be written.
pub(super) struct Change<T> {
    answer: T,
    accounts: bool,
    memberships: bool,
}

impl<T> Change<T> {
    fn none(answer: T) -> Self {
        Self { answer, accounts: false, memberships: false }
    }
}

/// One writer at a time.
pub(super) fn change<T>(
    folder: &Path,
    change: impl FnOnce(&mut Files) -> Result<Change<T>, ConnectorError>,
) -> Result<T, ConnectorError> {
    let away = |error| unreachable(folder, &error);
    let lock = open(&folder.join(".lock"), File::options().create(true).truncate(false).write(true)).map_err(away)?;
    lock.lock().map_err(away)?;
    let mut files = Files::read(folder)?;
    let change = change(&mut files)?;
    // Memberships first: an account that is gone leaves none behind.
    if change.memberships {
        replace(folder, MEMBERSHIPS, &files.memberships).map_err(away)?;
    }
    if change.accounts {
        replace(folder, ACCOUNTS, &files.accounts).map_err(away)?;
    }
    Ok(change.answer)
}

fn replace(folder: &Path, name: &str, table: &Table) -> std::io::Result<()> {
    let beside = folder.join(format!(".{name}.new"));
    // Whatever stands in its place is not written to.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::create_new(&beside)?;
    file.write_all(table.write().as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, folder.join(name))?;
    File::open(folder)?.sync_all()
}

fn read(folder: &Path, name: &str, columns: &[&str]) -> Result<Table, ConnectorError> {
    let broken = |detail: String| ConnectorError::BrokenListing {
        address: folder.display().to_string(),
        detail: format!("`{name}`: {detail}"),
    };
    let opened = open(&folder.join(name), File::options().read(true));
    let text = match opened.and_then(std::io::read_to_string) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::InvalidData => return Err(broken("it is not UTF-8".to_owned())),
        Err(error) => return Err(unreachable(folder, &error)),
    };
    let table = Table::read(&text).map_err(broken)?;
    for column in columns {
        table.require(column).map_err(broken)?;
    }
    Ok(table)
}

impl Files {
    pub(super) fn read(folder: &Path) -> Result<Self, ConnectorError> {
        Ok(Self {
            accounts: read(folder, ACCOUNTS, &["id", "login", "status"])?,
            entitlements: read(folder, ENTITLEMENTS, &["id", "name"])?,
            memberships: read(folder, MEMBERSHIPS, &["account", "entitlement"])?,
        })
    }

    /// Of accounts, entitlements and memberships.
    pub(super) fn rows(&self) -> [usize; 3] {
        [&self.accounts, &self.entitlements, &self.memberships].map(|table| table.rows.len())
    }

    pub(super) fn accounts(&self, rows: Range<usize>) -> Vec<Account> {
        self.accounts.rows[rows].iter().map(|row| self.account(row)).collect()
    }

    fn account(&self, row: &[String]) -> Account {
        let field = |name: &str| self.accounts.column(name).map_or("", |at| row[at].as_str());
        let own = |column: &&String| !OWN.contains(&column.as_str());
        let columns = self.accounts.columns.iter().zip(row).filter(|(column, _)| own(column));
        let values = columns.filter(|(_, value)| !value.is_empty());
        Account {
            id: NativeId(field("id").to_owned()),
            login: field("login").to_owned(),
            status: if field("status") == "disabled" { Status::Disabled } else { Status::Enabled },
            attributes: values.map(|(column, value)| (column.clone(), split(value))).collect(),
            privileged: Vec::new(),
            last_used_at: None,
            kind: if field("protected").is_empty() { AccountKind::Ordinary } else { AccountKind::BuiltIn },
        }
    }

    pub(super) fn has_entitlement(&self, id: &NativeId) -> bool {
        let column = self.entitlements.column("id").expect("it was required when the table was read");
        self.entitlements.rows.iter().any(|row| row[column] == id.0)
    }

    pub(super) fn entitlements(&self, rows: Range<usize>) -> Vec<Entitlement> {
        let table = &self.entitlements;
        let field = |row: &Vec<String>, name: &str| table.column(name).map_or(String::new(), |at| row[at].clone());
        let entitlement = |row: &Vec<String>| Entitlement {
            id: NativeId(field(row, "id")),
            kind: EntitlementKind::Group,
            name: field(row, "name"),
            privileged: Some(field(row, "privileged")).filter(|why| !why.is_empty()),
        };
        table.rows[rows].iter().map(entitlement).collect()
    }

    pub(super) fn all_memberships(&self) -> Vec<Membership> {
        self.memberships(0..self.memberships.rows.len())
    }

    pub(super) fn memberships(&self, rows: Range<usize>) -> Vec<Membership> {
        let (account, entitlement) = self.membership_columns();
        let membership = |row: &Vec<String>| Membership {
            member: Member::Account(NativeId(row[account].clone())),
            entitlement: NativeId(row[entitlement].clone()),
        };
        self.memberships.rows[rows].iter().map(membership).collect()
    }

    fn membership_columns(&self) -> (usize, usize) {
        let at = |name| self.memberships.column(name).expect("it was required when the table was read");
        (at("account"), at("entitlement"))
    }

    pub(super) fn held(&self, asked: &AccountRef) -> Option<Held> {
        let account = self.account(&self.accounts.rows[self.find(asked)?]);
        let member = Member::Account(account.id.clone());
        let of: Vec<NativeId> = self
            .all_memberships()
            .into_iter()
            .filter(|membership| membership.member == member)
            .map(|membership| membership.entitlement)
            .collect();
        let all = self.entitlements(0..self.entitlements.rows.len()).into_iter();
        let entitlements = all.filter(|known| of.contains(&known.id)).collect();
        Some(Held { account, entitlements })
    }

    fn at(&self, name: &str) -> usize {
        self.accounts.column(name).expect("it was required when the table was read")
    }

    /// The row of an account: by its id, where that is known.
    fn find(&self, asked: &AccountRef) -> Option<usize> {
        let (column, value) = match &asked.id {
            Some(id) => (self.at("id"), &id.0),
            None => (self.at("login"), &asked.login),
        };
        self.accounts.rows.iter().position(|row| row[column] == *value)
    }

    fn row(&self, asked: &AccountRef) -> Result<usize, ConnectorError> {
        self.find(asked).ok_or_else(|| ConnectorError::NoSuchAccount { login: asked.login.clone() })
    }

    fn reference(&self, row: usize) -> AccountRef {
        let fields = &self.accounts.rows[row];
        AccountRef { id: Some(NativeId(fields[self.at("id")].clone())), login: fields[self.at("login")].clone() }
    }

    pub(super) fn create(&mut self, new: &NewAccount) -> Result<Change<AccountRef>, ConnectorError> {
        let mark = self.accounts.ensure("mark");
        let asked = AccountRef { id: None, login: new.login.clone() };
        if let Some(row) = self.find(&asked) {
            return match self.accounts.rows[row][mark] == new.mark {
                true => Ok(Change::none(self.reference(row))),
                false => Err(ConnectorError::AlreadyThere { login: new.login.clone() }),
            };
        }
        let (id, login, status) = (self.at("id"), self.at("login"), self.at("status"));
        self.accounts.push(&[(id, &new.mark), (login, &new.login), (status, "enabled"), (mark, &new.mark)]);
        let row = self.accounts.rows.len() - 1;
        self.write_attributes(row, &new.attributes)?;
        Ok(Change { answer: self.reference(row), accounts: true, memberships: false })
    }

    pub(super) fn set(
        &mut self,
        asked: &AccountRef,
        attributes: &Attributes,
    ) -> Result<Change<AccountRef>, ConnectorError> {
        let row = self.row(asked)?;
        self.write_attributes(row, attributes)?;
        Ok(Change { answer: self.reference(row), accounts: true, memberships: false })
    }

    fn write_attributes(&mut self, row: usize, attributes: &Attributes) -> Result<(), ConnectorError> {
        for (name, values) in attributes {
            let refused = |reason| ConnectorError::BadName { name: name.clone(), reason };
            if OWN.contains(&name.as_str()) && name != "login" {
                return Err(refused("it is no attribute here"));
            }
            if name.is_empty() || values.iter().any(|value| value.contains(AND)) {
                return Err(refused("an attribute has a name, and no value of it a `;`"));
            }
            let column = self.accounts.ensure(name);
            self.accounts.rows[row][column] = values.join(&AND.to_string());
        }
        Ok(())
    }

    pub(super) fn set_status(&mut self, asked: &AccountRef, to: Status) -> Result<Change<()>, ConnectorError> {
        let (row, status) = (self.row(asked)?, self.at("status"));
        let word = if to == Status::Enabled { "enabled" } else { "disabled" };
        word.clone_into(&mut self.accounts.rows[row][status]);
        Ok(Change { answer: (), accounts: true, memberships: false })
    }

    pub(super) fn delete(&mut self, asked: &AccountRef) -> Change<()> {
        let Some(row) = self.find(asked) else { return Change::none(()) };
        let id = self.accounts.rows.remove(row)[self.at("id")].clone();
        let (account, _) = self.membership_columns();
        self.memberships.rows.retain(|row| row[account] != id);
        Change { answer: (), accounts: true, memberships: true }
    }

    pub(super) fn grant(&mut self, asked: &AccountRef, to: &NativeId) -> Result<Change<()>, ConnectorError> {
        let member = self.reference(self.row(asked)?).id.expect("an account of a table has its id");
        if !self.has_entitlement(to) {
            return Err(ConnectorError::NoSuchEntitlement { name: to.0.clone() });
        }
        let (account, entitlement) = self.membership_columns();
        if self.memberships.rows.iter().any(|row| row[account] == member.0 && row[entitlement] == to.0) {
            return Ok(Change::none(()));
        }
        self.memberships.push(&[(account, &member.0), (entitlement, &to.0)]);
        Ok(Change { answer: (), accounts: false, memberships: true })
    }

    pub(super) fn revoke(&mut self, asked: &AccountRef, of: &NativeId) -> Result<Change<()>, ConnectorError> {
        let member = self.reference(self.row(asked)?).id.expect("an account of a table has its id");
        let (account, entitlement) = self.membership_columns();
        self.memberships.rows.retain(|row| row[account] != member.0 || row[entitlement] != of.0);
        Ok(Change { answer: (), accounts: false, memberships: true })
    }
}

fn split(value: &str) -> Vec<String> {
    value.split(AND).map(str::to_owned).collect()
}
