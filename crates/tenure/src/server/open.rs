//! The open part of a server: all that needs keys. It begins when the seal opens and ends when it closes.

use super::published::Published;
use super::sealed_file::SealedFile;
use super::witness::{self, WitnessFile};
use super::{SSH, TLS, facade::Facade, host_key, observe, supervise, tls, upkeep, worker};
use crate::config::Config;
use anyhow::{Context, Result};
use api::{Api, SealControl};
use axum::Router;
use ledger::{Ctx, rekey};
use privilege::leases::RevocationList;
use privilege::sessions::{self, Node};
use privilege::{credentials, duties};
use proxy::ssh::Gateway;
use seal::SealKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use types::{Actor, Clock};

/// Jobs of one lane that run at once.
const WORKERS: usize = 4;
const SSH_CONNECTIONS: usize = 4096;
const SSH_CONNECTIONS_PER_ADDRESS: usize = 1024;

/// A server that is open, as others see it.
pub struct Live {
    /// Acts as the server's console.
    pub ctx: Ctx,
    pub node: Node,
    pub ssh: SocketAddr,
    /// The gateway's public host key, as one OpenSSH line.
    pub host_key: String,
    /// The SSH listener, and the watch of live sessions.
    #[cfg(test)]
    pub(crate) vital: [tokio::task::AbortHandle; 2],
}

/// What opened the seal.
pub(crate) struct Unsealed {
    pub(crate) kind: SealKind,
    /// How many, where it was shares.
    pub(crate) shares: Option<u8>,
}

/// Whether a server of this kind may have to listen before its seal opens.
pub(crate) fn starts_sealed(kind: SealKind) -> bool {
    matches!(kind, SealKind::Shamir | SealKind::Transit | SealKind::Pkcs11)
}

/// Owns the tasks of a server that is open.
pub(crate) struct Open {
    pub(crate) live: Arc<Live>,
    witness: WitnessFile,
    stop: watch::Sender<bool>,
    carried: JoinHandle<()>,
    tasks: Vec<JoinHandle<()>>,
}

/// What does not change when a server opens and closes.
pub(crate) struct Ground {
    pub(crate) config: Config,
    pub(crate) facade: Facade,
    /// Where the HTTPS listener is.
    pub(crate) address: SocketAddr,
    pub(crate) url: String,
    pub(crate) seal: SealControl,
    pub(crate) published: Arc<Published>,
    pub(crate) lost: mpsc::Sender<anyhow::Error>,
}

impl Open {
    /// Begins everything, or nothing.
    pub(crate) async fn start(ground: &Ground, ctx: Ctx, by: Unsealed) -> Result<Self> {
        let config = &ground.config;
        let witness = WitnessFile::of(config);
        witness.check(&ctx).await?;
        rekey::unsealed(&ctx, &config.node, by.kind, by.shares).await?;
        authn::authority::initialise(&ctx).await?;
        let tls = certificate(config, &ctx, by.kind, ground.address, &ground.url)?;
        rekey::resume(&ctx).await?;
        let node = super::node(config)?;
        let crashed = sessions::recover(&ctx, &node).await?;
        if crashed > 0 {
            tracing::warn!(crashed, "sessions that a crash had left open were closed");
        }
        db::jobs::release_of(ctx.db(), &node.name).await?;
        let host_key = host_key::load_or_create(&config.data_dir.join(SSH), ctx.seal(), ctx.chance())?;
        let host_key_line = host_key.public_key().to_openssh()?;
        let gateway = proxy::ssh::Config {
            listen: config.ssh_listen,
            host_keys: vec![host_key],
            node: node.clone(),
            max_connections: SSH_CONNECTIONS,
            max_connections_per_address: SSH_CONNECTIONS_PER_ADDRESS,
        };
        let gateway = Gateway::start(ctx.acting_as(Actor::Nobody), gateway).await;
        #[cfg_attr(not(test), expect(unused_mut))]
        let mut gateway =
            gateway.with_context(|| format!("cannot listen on {} (setting `ssh.listen`)", config.ssh_listen))?;
        let broken = Arc::new(AtomicI64::new(-1));
        let router = api::router(Api {
            ctx: ctx.acting_as(Actor::Nobody),
            node: node.clone(),
            origin: ground.url.clone(),
            gateway: gateway.local_addr(),
            prometheus: observe::prometheus(),
            seal: ground.seal.clone(),
            revocations: RevocationList::default(),
            broken_invariants: broken.clone(),
        });
        let ssh = gateway.local_addr();
        #[cfg(test)]
        let vital = [gateway.vital().0.abort_handle(), gateway.vital().1.abort_handle()];
        let (stop, stopping) = watch::channel(false);
        let carried = tokio::spawn(carry(gateway, ctx.clone(), stopping, ground.lost.clone()));
        let tasks = tasks(ground, &ctx, &node, (broken, router.clone()), &witness);
        ground.facade.present(tls.config);
        ground.facade.show(router);
        let live = Arc::new(Live {
            ctx,
            node,
            ssh,
            host_key: host_key_line,
            #[cfg(test)]
            vital,
        });
        Ok(Self { live, witness, stop, carried, tasks })
    }

    /// Ends live sessions with a line for their people, and everything that runs by itself. The keys are forgotten by
    /// whoever holds the seal.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.carried.await;
        for task in self.tasks {
            task.abort();
        }
        if let Err(error) = self.witness.see(&self.live.ctx, 0).await {
            tracing::warn!(error = format!("{error:#}"), "the witness did not see the end of the log");
        }
    }
}

/// The certificate, which is kept where the server will have to listen before its seal opens.
pub(crate) fn certificate(
    config: &Config,
    ctx: &Ctx,
    kind: SealKind,
    address: SocketAddr,
    url: &str,
) -> Result<tls::Tls> {
    if let Some(files) = &config.tls {
        return tls::given(files);
    }
    let folder = config.data_dir.join(TLS);
    // Clients judge the certificate by the time that it is for them.
    let tls = tls::own(&folder, ctx.seal(), &tls::names(address.ip(), url)?, Clock::system().now())?;
    if starts_sealed(kind) {
        tls.keep(&folder)?
    } else {
        tls::forget_kept(&folder)?
    }
    Ok(tls)
}

/// Holds the gateway until it is told to stop, or something is lost that the server cannot be without.
async fn carry(mut gateway: Gateway, ctx: Ctx, mut stopping: watch::Receiver<bool>, lost: mpsc::Sender<anyhow::Error>) {
    let (ssh, watching) = gateway.vital();
    let error = tokio::select! {
        _ = stopping.changed() => None,
        error = supervise::lost("SSH listener", ssh) => Some(error),
        error = supervise::lost("watch of live sessions", watching) => Some(error),
        () = ctx.stopped() => Some(supervise::cannot_go_on("ledger's writer", "stopped")),
    };
    if let Some(error) = error {
        let _ = lost.send(error).await;
        let _ = stopping.changed().await;
    }
    gateway.stop().await;
}

fn tasks(
    ground: &Ground,
    ctx: &Ctx,
    node: &Node,
    (broken, router): (Arc<AtomicI64>, Router),
    witness: &WitnessFile,
) -> Vec<JoinHandle<()>> {
    let folder = &ground.config.data_dir;
    let files = vec![tls::ca_key_file(&folder.join(TLS)), host_key::file(&folder.join(SSH))];
    let mut tasks = vec![
        supervise::always("duties", again(ctx, upkeep::duties)),
        supervise::always("probe", again(ctx, credentials::probe::run)),
        supervise::always("orphans", again(ctx, credentials::sweep::run)),
        supervise::always("data_keys", {
            let (ctx, config, published) = (ctx.clone(), ground.config.clone(), ground.published.clone());
            move || keys(ctx.clone(), config.clone(), files.clone(), published.clone())
        }),
        supervise::always("room", {
            let (ctx, node) = (ctx.clone(), node.clone());
            move || upkeep::room(ctx.clone(), node.clone())
        }),
        supervise::always("publications", {
            let ctx = ctx.clone();
            move || upkeep::publications(ctx.clone(), router.clone())
        }),
        supervise::always("invariants", {
            let (ctx, node) = (ctx.clone(), node.clone());
            move || upkeep::invariants(ctx.clone(), node.clone(), broken.clone())
        }),
        supervise::always("witness", {
            let (ctx, witness, seal) = (ctx.clone(), witness.clone(), ground.seal.clone());
            move || witness::follow(ctx.clone(), witness.clone(), seal.clone())
        }),
    ];
    tasks.extend(workers(ctx, node));
    tasks
}

/// Some for each lane, so that what waits for a dead host holds up no leaver, no revocation and no rotation elsewhere.
fn workers(ctx: &Ctx, node: &Node) -> impl Iterator<Item = JoinHandle<()>> {
    let long = duties::Lane { kinds: governance::duties::LONG, at_once: 4 };
    let lanes = duties::LANES.into_iter().chain([long]);
    let of_lanes = lanes.flat_map(|lane| [lane; WORKERS]).map(Some);
    of_lanes.chain([None, None]).map(move |lane| {
        let (ctx, node) = (ctx.clone(), node.clone());
        supervise::always("worker", move || {
            let worker = worker(&ctx, &node);
            match lane {
                Some(lane) => worker.only(lane.kinds).at_once(lane.at_once).run(),
                None => worker.without(&[&duties::visits(), governance::duties::LONG].concat()).run(),
            }
        })
    })
}

async fn keys(ctx: Ctx, config: Config, files: Vec<SealedFile>, published: Arc<Published>) {
    upkeep::data_keys(ctx, config, files, move |seen| published.keys(seen)).await;
}

fn again<F>(ctx: &Ctx, task: fn(Ctx) -> F) -> impl Fn() -> F + use<F> {
    let ctx = ctx.clone();
    move || task(ctx.clone())
}
