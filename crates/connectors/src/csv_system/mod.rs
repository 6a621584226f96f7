//! A system that is a folder of tables: `accounts.csv` (id, login, status, and any attributes), `entitlements.csv` (id, name,
//! and why it gives power) and `memberships.csv` (account, entitlement). Each is replaced as a whole, so whoever reads
//! never sees half of one; a lock keeps two writers apart.

mod files;
mod table;
#[cfg(test)]
mod tests;

use crate::connector::{
    AccountRef, Answer, Attributes, Can, Capabilities, Connector, Health, Held, Member, NativeId, NewAccount,
    PAGE_OBJECTS, Page, Pages, Part, Status,
};
use crate::{Confined, ConnectorError};
use files::{Change, Files};
use futures::{FutureExt, StreamExt};
use std::num::NonZeroU8;
use std::sync::Arc;
use types::Secret;

#[derive(Debug, Clone)]
pub struct CsvSystem {
    folder: Confined,
}

impl CsvSystem {
    pub const fn new(folder: Confined) -> Self {
        Self { folder }
    }

    fn address(&self) -> String {
        self.folder.address()
    }

    async fn files(&self) -> Result<Files, ConnectorError> {
        let folder = self.folder.clone();
        blocking(self.address(), move || Files::read(&folder.real()?)).await
    }

    async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Files) -> Result<Change<T>, ConnectorError> + Send + 'static,
    ) -> Result<T, ConnectorError> {
        let folder = self.folder.clone();
        blocking(self.address(), move || files::change(&folder.real()?, change)).await
    }
}

/// Files are read where waiting for them holds up nobody.
async fn blocking<T: Send + 'static>(
    address: String,
    work: impl FnOnce() -> Result<T, ConnectorError> + Send + 'static,
) -> Result<T, ConnectorError> {
    let stopped = |error: tokio::task::JoinError| ConnectorError::Unreachable { address, detail: error.to_string() };
    tokio::task::spawn_blocking(work).await.map_err(stopped)?
}

impl Connector for CsvSystem {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            create: Can::Yes,
            disable: Can::Yes,
            delete: Can::Yes,
            grant: Can::Yes,
            set_password: Can::No,
            nested: Can::No,
            last_use: Can::No,
            marks: Can::Yes,
            parallel: NonZeroU8::MIN,
        }
    }

    fn test(&self) -> Answer<'_, Health> {
        async {
            let files = self.files().await?;
            Ok(Health { says: format!("a folder of tables with {} accounts", files.rows()[0]) })
        }
        .boxed()
    }

    fn list(&self) -> Pages<'_> {
        let pages = self.files().map(|files| match files {
            Ok(files) => futures::stream::iter(pages(files)).boxed(),
            Err(error) => futures::stream::iter([Err(error)]).boxed(),
        });
        pages.into_stream().flatten().boxed()
    }

    fn read<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, Option<Held>> {
        async { Ok(self.files().await?.held(account)) }.boxed()
    }

    fn members<'a>(&'a self, entitlement: &'a NativeId) -> Answer<'a, Option<Vec<Member>>> {
        async {
            let files = self.files().await?;
            if !files.has_entitlement(entitlement) {
                return Ok(None);
            }
            let of = files.all_memberships().into_iter().filter(|membership| membership.entitlement == *entitlement);
            Ok(Some(of.map(|membership| membership.member).collect()))
        }
        .boxed()
    }

    fn create<'a>(&'a self, new: &'a NewAccount) -> Answer<'a, AccountRef> {
        let new = new.clone();
        self.write(move |files| files.create(&new)).boxed()
    }

    fn change<'a>(&'a self, account: &'a AccountRef, attributes: &'a Attributes) -> Answer<'a, AccountRef> {
        let (account, attributes) = (account.clone(), attributes.clone());
        self.write(move |files| files.set(&account, &attributes)).boxed()
    }

    fn set_status<'a>(&'a self, account: &'a AccountRef, to: Status) -> Answer<'a, ()> {
        let account = account.clone();
        self.write(move |files| files.set_status(&account, to)).boxed()
    }

    fn delete<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, ()> {
        let account = account.clone();
        self.write(move |files| Ok(files.delete(&account))).boxed()
    }

    fn grant<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        let (account, entitlement) = (account.clone(), entitlement.clone());
        self.write(move |files| files.grant(&account, &entitlement)).boxed()
    }

    fn revoke<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        let (account, entitlement) = (account.clone(), entitlement.clone());
        self.write(move |files| files.revoke(&account, &entitlement)).boxed()
    }

    fn set_password<'a>(&'a self, _account: &'a AccountRef, _password: &'a Secret<String>) -> Answer<'a, ()> {
        async { Err(ConnectorError::NotSupported { act: "set a password" }) }.boxed()
    }
}

/// Made one after another: the tables are in memory already.
fn pages(files: Files) -> impl Iterator<Item = Result<Page, ConnectorError>> {
    let chunks = |rows: usize| (0..rows).step_by(PAGE_OBJECTS).map(move |from| from..rows.min(from + PAGE_OBJECTS));
    let [accounts, entitlements, memberships] = files.rows().map(chunks);
    let files = Arc::new(files);
    let (first, second, third) = (files.clone(), files.clone(), files);
    let entitlements = entitlements.map(move |rows| Part { entitlements: first.entitlements(rows), ..Part::default() });
    let accounts = accounts.map(move |rows| Part { accounts: second.accounts(rows), ..Part::default() });
    let memberships = memberships.map(move |rows| Part { memberships: third.memberships(rows), ..Part::default() });
    let parts = entitlements.chain(accounts).chain(memberships).map(Page::Part);
    parts.chain(std::iter::once(Page::End)).map(Ok)
}
