//! The seal: its status and unsealing, which anybody may ask for because nobody can sign in while it is closed; and what
//! changes it, which needs permissions. What unsealing means is decided by whoever takes the orders.

use crate::Api;
use crate::problem::Problem;
use crate::sensitive::Sensitive;
use crate::session::SignedIn;
use axum::Json;
use axum::extract::{ConnectInfo, FromRef, State};
use axum::http::StatusCode;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use types::{Reason, Secret};

/// Attempts in [`WINDOW`]: of one address, and of all. Shares of the set that opens are counted apart, so that whoever has
/// none cannot use up what those need who have one.
const PER_ADDRESS: u32 = 30;
const OF_ALL: u32 = 300;
const WINDOW: Duration = Duration::from_secs(60);

/// Whether the seal is open, and what is missing while it is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct SealStatus {
    /// `file`, `passphrase`, `shamir`, `transit` or `pkcs11`.
    pub kind: String,
    pub sealed: bool,
    /// One line for people: why it is sealed, and what to do.
    pub because: Option<String>,
    /// Shares that open it; only of the kind `shamir`.
    pub threshold: Option<u8>,
    /// Shares that there are.
    pub shares: Option<u8>,
    /// Which set of shares opens it: for whoever judges what was given, and told to nobody.
    #[serde(skip)]
    pub share_set: Option<String>,
    /// Shares given in the attempt that is under way.
    pub progress: u8,
    /// Names that attempt, so that shares of two attempts are not mixed.
    pub nonce: Option<String>,
    /// Of the root key: 1 is the first.
    pub root_generation: u32,
    /// Of the data key that seals now; 0 while sealed.
    pub data_key: u32,
    /// How far sealing everything again under that key has come; `null` before the first time.
    pub resealing: Option<Resealing>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Resealing {
    pub data_key: u32,
    pub total: u64,
    pub done: u64,
    pub finished: bool,
    /// Whether older data keys still exist.
    pub older_keys: bool,
}

/// What the seal is told to do.
pub enum SealOrder {
    Unseal { given: UnsealGiven, answer: oneshot::Sender<Result<(), Problem>> },
    Close,
}

/// What was given to open it.
pub enum UnsealGiven {
    Share {
        share: Secret<String>,
        nonce: Option<String>,
    },
    /// The text of the file that lies in the data folder while a seal without shares is closed.
    Local(Secret<String>),
}

/// How handlers see the seal and reach whoever opens and closes it.
#[derive(Clone)]
pub struct SealControl {
    pub status: watch::Receiver<SealStatus>,
    orders: mpsc::Sender<SealOrder>,
    attempts: Arc<Mutex<ByWorth>>,
}

impl SealControl {
    pub fn new(status: watch::Receiver<SealStatus>, orders: mpsc::Sender<SealOrder>) -> Self {
        Self { status, orders, attempts: Arc::default() }
    }

    fn may_try(&self, given: &UnsealGiven, address: IpAddr) -> bool {
        let set = self.status.borrow().share_set.clone();
        let mut attempts = self.attempts.lock().expect("no holder panics");
        attempts.take(given, set.as_deref(), address, Instant::now())
    }

    async fn unseal(&self, given: UnsealGiven) -> Result<(), Problem> {
        let (answer, answered) = oneshot::channel();
        self.order(SealOrder::Unseal { given, answer }).await?;
        answered.await.map_err(|_| stopping())?
    }

    /// Closes the seal; whoever asks for it has left the evidence.
    pub async fn close(&self) {
        // A server that stops closes it anyway.
        let _ = self.order(SealOrder::Close).await;
    }

    async fn order(&self, order: SealOrder) -> Result<(), Problem> {
        self.orders.send(order).await.map_err(|_| stopping())
    }
}

impl FromRef<Api> for SealControl {
    fn from_ref(api: &Api) -> Self {
        api.seal.clone()
    }
}

fn stopping() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "the server is stopping: try again when it is back")
}

#[derive(Default)]
struct ByWorth {
    shares: Attempts,
    others: Attempts,
}

/// Of the last [`WINDOW`], by address.
#[derive(Default)]
struct Attempts {
    since: Option<Instant>,
    by: HashMap<IpAddr, u32>,
    all: u32,
}

impl Attempts {
    fn take(&mut self, address: IpAddr, now: Instant) -> bool {
        if self.since.is_none_or(|since| now.duration_since(since) >= WINDOW) {
            *self = Self { since: Some(now), ..Self::default() };
        }
        let of_this = self.by.get(&address).copied().unwrap_or_default();
        // On the server's machine nobody else can be in the way.
        if of_this >= PER_ADDRESS || (self.all >= OF_ALL && !address.is_loopback()) {
            return false;
        }
        self.by.insert(address, of_this + 1);
        self.all += 1;
        true
    }
}

impl ByWorth {
    fn take(&mut self, given: &UnsealGiven, set: Option<&str>, address: IpAddr, now: Instant) -> bool {
        let of_the_set = |share: &Secret<String>| set.is_some_and(|set| seal::shamir::is_of(share, set));
        match given {
            UnsealGiven::Share { share, .. } if of_the_set(share) => self.shares.take(address, now),
            _ => self.others.take(address, now),
        }
    }
}

/// Whether the server is sealed, and what opens it.
#[utoipa::path(get, path = "/api/v1/seal", tag = "seal", responses((status = 200, body = SealStatus)))]
pub(crate) async fn show(State(seal): State<SealControl>) -> Json<SealStatus> {
    let status = seal.status.borrow().clone();
    Json(status)
}

/// One of the two.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unsealing {
    /// One share of the unseal key.
    #[schema(value_type = Option<String>)]
    share: Option<Secret<String>>,
    /// The attempt that the share is meant for.
    nonce: Option<String>,
    /// What `tenure seal unseal --local` reads on the server's machine.
    #[schema(value_type = Option<String>)]
    local: Option<Secret<String>>,
}

impl Unsealing {
    fn given(self) -> Result<UnsealGiven, Problem> {
        match (self.share, self.local) {
            (Some(share), None) => Ok(UnsealGiven::Share { share, nonce: self.nonce }),
            (None, Some(local)) => Ok(UnsealGiven::Local(local)),
            _ => Err(Problem::invalid("give one of `share` and `local`")),
        }
    }
}

/// Open the seal: by one share after the other, or by the proof of being on the server's machine.
#[utoipa::path(post, path = "/api/v1/seal/unseal", tag = "seal", request_body = Unsealing, responses((status = 200, body = SealStatus), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn unseal(
    State(seal): State<SealControl>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Sensitive(given): Sensitive<Unsealing>,
) -> Result<Json<SealStatus>, Problem> {
    let given = given.given()?;
    if !seal.may_try(&given, peer.ip()) {
        let detail = "too many attempts to unseal: wait a minute";
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail));
    }
    seal.unseal(given).await?;
    Ok(show(State(seal)).await)
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closing {
    reason: String,
}

/// Close the seal: live sessions end, every key is forgotten, and nothing but unsealing is answered until then.
#[utoipa::path(post, path = "/api/v1/seal/seal", tag = "seal", request_body = Closing, responses((status = 202), (status = 422, body = Problem)))]
pub(crate) async fn close(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(closing): Json<Closing>,
) -> Result<StatusCode, Problem> {
    let reason = Reason::new(&closing.reason)?;
    ledger::rekey::sealed(&signed_in.ctx, &api.node.name, reason.as_str()).await?;
    api.seal.order(SealOrder::Close).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Rekeyed {
    /// Of the new data key.
    version: u32,
}

/// Start a new data key. Every secret is sealed again under it in the background: see the status.
#[utoipa::path(post, path = "/api/v1/seal/rekey", tag = "seal", responses((status = 202, body = Rekeyed)))]
pub(crate) async fn rekey(signed_in: SignedIn) -> Result<(StatusCode, Json<Rekeyed>), Problem> {
    let version = ledger::rekey::start(&signed_in.ctx).await?;
    Ok((StatusCode::ACCEPTED, Json(Rekeyed { version })))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forgetting {
    /// The `node.name` that it had.
    node: String,
    reason: String,
}

/// Wait no more for the files of a node that is gone for good before older data keys are destroyed.
#[utoipa::path(post, path = "/api/v1/seal/forget-node", tag = "seal", request_body = Forgetting, responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn forget_node(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(forgetting): Json<Forgetting>,
) -> Result<StatusCode, Problem> {
    let reason = Reason::new(&forgetting.reason)?;
    if forgetting.node == api.node.name {
        let detail = "this is the node that answers: it is not gone";
        return Err(Problem::new(StatusCode::CONFLICT, "node_at_work", detail));
    }
    let nodes = privilege::sessions::nodes(&mut signed_in.ctx.read().await?).await?;
    ledger::rekey::forget_node(&signed_in.ctx, nodes, &forgetting.node, reason.as_str()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RootRotated {
    generation: u32,
}

/// A new root key, which wraps every data key, under the same unseal key.
#[utoipa::path(post, path = "/api/v1/seal/rotate-root", tag = "seal", responses((status = 200, body = RootRotated), (status = 503, body = Problem)))]
pub(crate) async fn rotate_root(signed_in: SignedIn) -> Result<Json<RootRotated>, Problem> {
    let generation = ledger::rekey::rotate_root(&signed_in.ctx).await?;
    Ok(Json(RootRotated { generation }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_bounded_by_address_and_in_all_and_begin_anew_after_a_minute() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        let address = |n: u32| IpAddr::from(n.to_be_bytes());
        for _ in 0..PER_ADDRESS {
            assert!(attempts.take(address(1), now));
        }
        assert!(!attempts.take(address(1), now));
        let others = (2..1000).filter(|n| attempts.take(address(*n), now)).count();
        assert_eq!(others, (OF_ALL - PER_ADDRESS) as usize);
        assert!(attempts.take(address(1), now + WINDOW));
        let here = IpAddr::from([127, 0, 0, 1]);
        assert!((0..PER_ADDRESS).all(|_| attempts.take(here, now + WINDOW)) && !attempts.take(here, now + WINDOW));
    }

    #[test]
    fn who_gives_what_is_no_share_of_the_set_keeps_nobody_from_giving_one() {
        let (mut attempts, now, peer) = (ByWorth::default(), Instant::now(), IpAddr::from([192, 0, 2, 7]));
        let dealt = || seal::shamir::deal(3, 2, &types::Chance::system()).unwrap();
        let ((key, shares), (_, foreign)) = (dealt(), dealt());
        let seal::UnsealKey::Shamir { sharing, .. } = key else { panic!("dealt in shares") };
        let share = |share: &Secret<String>| UnsealGiven::Share { share: share.clone(), nonce: None };
        let garbage =
            [share(&Secret::new("garbage".into())), share(&foreign[0]), UnsealGiven::Local(shares[0].clone())];
        let mut take = |given: &UnsealGiven| attempts.take(given, Some(&sharing.set), peer, now);
        for n in 0..PER_ADDRESS as usize {
            assert!(take(&garbage[n % 3]));
        }
        assert!(garbage.iter().all(|given| !take(given)));
        assert!((0..PER_ADDRESS).all(|_| take(&share(&shares[0]))));
        assert!(!take(&share(&shares[0])), "those are counted, too");
    }
}
