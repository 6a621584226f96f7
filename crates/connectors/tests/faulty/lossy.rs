//! Faults of a system that has no wire: acts that are done and not answered, acts that never reach it, and its folder away.

use connectors::connector::{
    AccountRef, Answer, Attributes, Capabilities, Connector, Health, Held, Member, NativeId, NewAccount, Pages, Status,
};
use connectors::{ConnectorError, connector};
use futures::{FutureExt, StreamExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use types::Secret;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    LoseAnswer,
    LoseRequest,
    /// While one act is tried.
    FolderAway,
    /// A table is missing while one act is tried.
    TableAway,
}

impl Fault {
    pub(super) const ALL: [Self; 4] = [Self::LoseAnswer, Self::LoseRequest, Self::FolderAway, Self::TableAway];
}

#[derive(Clone)]
pub(crate) struct Losses(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    fault: Mutex<Option<Fault>>,
    struck: AtomicUsize,
}

impl Losses {
    pub(super) fn of(folder: &Path) -> Self {
        let (folder, fault, struck) = (folder.to_owned(), Mutex::new(None), AtomicUsize::new(0));
        Self(Arc::new(Inner { folder, fault, struck }))
    }

    /// Takes the place of one that has not struck yet.
    pub(super) fn arm(&self, fault: Fault) {
        *self.0.fault.lock().unwrap() = Some(fault);
    }

    pub(super) fn struck(&self) -> usize {
        self.0.struck.load(Ordering::Acquire)
    }

    pub(super) fn between(&self, system: Box<dyn Connector>) -> Box<dyn Connector> {
        Box::new(Lossy { system, losses: self.clone() })
    }

    fn strikes(&self) -> Option<Fault> {
        let fault = self.0.fault.lock().unwrap().take();
        self.0.struck.fetch_add(usize::from(fault.is_some()), Ordering::AcqRel);
        fault
    }

    fn lost(&self, act: &'static str) -> ConnectorError {
        ConnectorError::AnswerLost { address: self.0.folder.display().to_string(), act }
    }

    /// One act, with whatever goes wrong now.
    async fn carry<T>(&self, act: impl Future<Output = Result<T, ConnectorError>>) -> Result<T, ConnectorError> {
        match self.strikes() {
            None => act.await,
            Some(Fault::LoseRequest) => Err(self.lost("an act")),
            Some(Fault::LoseAnswer) => {
                act.await?;
                Err(self.lost("an act"))
            }
            Some(Fault::FolderAway) => without(&self.0.folder, act).await,
            Some(Fault::TableAway) => without(&self.0.folder.join("accounts.csv"), act).await,
        }
    }
}

async fn without<T>(path: &Path, act: impl Future<Output = T>) -> T {
    let away = path.with_extension("away");
    std::fs::rename(path, &away).unwrap();
    let answer = act.await;
    std::fs::rename(&away, path).unwrap();
    answer
}

/// A system of which the answers to some acts are lost.
struct Lossy {
    system: Box<dyn Connector>,
    losses: Losses,
}

impl Lossy {
    fn carry<'a, T: Send + 'a>(&'a self, act: Answer<'a, T>) -> Answer<'a, T> {
        self.losses.carry(act).boxed()
    }
}

impl Connector for Lossy {
    fn capabilities(&self) -> Capabilities {
        self.system.capabilities()
    }

    fn test(&self) -> Answer<'_, Health> {
        self.carry(self.system.test())
    }

    /// All of it, or the error of it.
    fn list(&self) -> Pages<'_> {
        let all = self.losses.carry(async move {
            let pages: Vec<Result<connector::Page, ConnectorError>> = self.system.list().collect().await;
            pages.into_iter().collect::<Result<Vec<_>, _>>()
        });
        let pages = all.map(|all| match all {
            Ok(pages) => futures::stream::iter(pages.into_iter().map(Ok)).boxed(),
            Err(error) => futures::stream::iter([Err(error)]).boxed(),
        });
        pages.into_stream().flatten().boxed()
    }

    fn read<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, Option<Held>> {
        self.carry(self.system.read(account))
    }

    fn members<'a>(&'a self, entitlement: &'a NativeId) -> Answer<'a, Option<Vec<Member>>> {
        self.carry(self.system.members(entitlement))
    }

    fn create<'a>(&'a self, new: &'a NewAccount) -> Answer<'a, AccountRef> {
        self.carry(self.system.create(new))
    }

    fn change<'a>(&'a self, account: &'a AccountRef, attributes: &'a Attributes) -> Answer<'a, AccountRef> {
        self.carry(self.system.change(account, attributes))
    }

    fn set_status<'a>(&'a self, account: &'a AccountRef, to: Status) -> Answer<'a, ()> {
        self.carry(self.system.set_status(account, to))
    }

    fn delete<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, ()> {
        self.carry(self.system.delete(account))
    }

    fn grant<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        self.carry(self.system.grant(account, entitlement))
    }

    fn revoke<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        self.carry(self.system.revoke(account, entitlement))
    }

    fn set_password<'a>(&'a self, account: &'a AccountRef, password: &'a Secret<String>) -> Answer<'a, ()> {
        self.carry(self.system.set_password(account, password))
    }
}
