//! The machine web-1: the demo's own SSH host, declared as a target like any other.

use super::console;
use super::host::{DemoHost, Passwords, RunningHost, Trust, load_or_create_host_key};
use anyhow::{Context, Result};
use authn::authority::{self, Purpose};
use ledger::Ctx;
use privilege::leases;
use privilege::targets::{self, TargetError};
use russh::keys::PublicKey;
use russh::keys::ssh_key::public::KeyData;
use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::net::TcpListener;

const NAME: &str = "web-1";
const POLL: Duration = Duration::from_secs(1);

pub(super) async fn start(ctx: &Ctx, folder: &Path) -> Result<RunningHost> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let host_key = load_or_create_host_key(&folder.join("host_key"), ctx.chance())?;
    let host_key_line = host_key.public_key().to_openssh()?;
    let authority = PublicKey::from_openssh(&authority::public_key(ctx, Purpose::Targets).await?)?;
    let revoked = Arc::new(RwLock::new(Revoked::fetch(ctx).await?));
    tokio::spawn(follow_revocations(ctx.clone(), revoked.clone()));
    let keys = revoked.clone();
    let host = DemoHost {
        name: NAME.to_owned(),
        logins: vec!["root".to_owned(), "deploy".to_owned()],
        home: folder.join("home"),
        host_key,
        passwords: Passwords::open(folder.join("passwords"), ctx.chance().clone())?,
        trust: Trust {
            authority,
            is_revoked: Box::new(move |serial| revoked.read().is_ok_and(|list| list.serials.contains(&serial))),
            is_revoked_key: Box::new(move |key| keys.read().is_ok_and(|list| list.keys.contains(key))),
            clock: ctx.clock().clone(),
        },
    };
    let last_port = last_port(ctx).await?;
    let listener = listen(last_port).await.context("cannot start web-1")?;
    let running = host.start(listener).await.context("cannot start web-1")?;
    let declaration = targets::Declaration {
        name: NAME.to_owned(),
        host: running.local_addr().ip().to_string(),
        port: running.local_addr().port(),
        host_key: host_key_line,
        reads_krl: true,
        description: "the demo's own machine: commands run as whoever started the demo".to_owned(),
        discovery_login: "root".to_owned(),
        sign_in: targets::SignIn::Certificate,
        sudo: Default::default(),
    };
    targets::declare(&console(ctx), &[declaration]).await.with_context(|| {
        format!(
            "web-1 needs its port {last_port} of the last start: end what listens there, or take another --data-dir"
        )
    })?;
    Ok(running)
}

/// 0 at the first start.
async fn last_port(ctx: &Ctx) -> Result<u16> {
    match targets::get(ctx, NAME).await {
        Ok(target) => Ok(target.port),
        Err(TargetError::NotFound(_)) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// At the address of the last start, which grants are for. Without such grants it may be another.
async fn listen(last_port: u16) -> std::io::Result<TcpListener> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match TcpListener::bind(at(last_port)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(at(0)).await,
    }
}

/// The revocation list, by serial and by key.
#[derive(Default)]
struct Revoked {
    serials: HashSet<u64>,
    keys: HashSet<KeyData>,
}

impl Revoked {
    async fn fetch(ctx: &Ctx) -> Result<Self> {
        let list = leases::revoked(ctx).await?;
        Ok(Self {
            serials: list.iter().map(|credential| credential.serial).collect(),
            keys: list.iter().map(|credential| credential.certificate.public_key().clone()).collect(),
        })
    }
}

/// What a real host does by reading the KRL.
async fn follow_revocations(ctx: Ctx, revoked: Arc<RwLock<Revoked>>) {
    let mut wakes = ctx.db().wakes();
    loop {
        wakes.next(leases::TOPIC, POLL).await;
        if let Ok(list) = Revoked::fetch(&ctx).await
            && let Ok(mut revoked) = revoked.write()
        {
            *revoked = list;
        }
    }
}
