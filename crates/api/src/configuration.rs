//! Configuration as code: `/configuration`.

use crate::problem::Problem;
use crate::session::SignedIn;
use crate::simulations::{self, Simulation};
use axum::Json;
use axum::extract::Path;
use governance::configuration::{self, Act, Kind, Prune, Terms};
use ledger::Ctx;
use serde_json::Value;
use types::{SimulationId, Timestamp};

#[derive(serde::Deserialize, serde::Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigurationFile {
    pub(crate) name: String,
    /// YAML, any number of documents, each with `kind`, `name` and `spec`.
    pub(crate) text: String,
}

impl From<ConfigurationFile> for configuration::File {
    fn from(file: ConfigurationFile) -> Self {
        Self { name: file.name, text: file.text }
    }
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigurationFiles {
    pub(crate) files: Vec<ConfigurationFile>,
    /// Remove what no file names.
    #[serde(default)]
    pub(crate) prune: bool,
    /// Needed when something would let more through than before.
    #[serde(default)]
    pub(crate) reason: Option<String>,
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigurationOrder {
    files: Vec<ConfigurationFile>,
    /// Remove what no file names.
    #[serde(default)]
    prune: bool,
    /// Needed when something would let more through than before.
    #[serde(default)]
    reason: Option<String>,
    /// The `state` of the plan that is to be applied.
    state: String,
    /// The simulation that the plan carried: what it says must still be what would come of it. It stands for the state, too.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    simulation: Option<SimulationId>,
}

pub(crate) fn read(files: Vec<ConfigurationFile>) -> Vec<configuration::File> {
    files.into_iter().map(configuration::File::from).collect()
}

pub(crate) fn terms(prune: bool, reason: Option<String>) -> Terms {
    Terms { prune: if prune { Prune::Yes } else { Prune::No }, reason }
}

/// What is wrong with a file, and what to do about it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConfigurationFault {
    /// Empty where no file is to blame.
    pub(crate) file: String,
    /// From 1; 0 where no line is to blame.
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) problem: String,
    pub(crate) remedy: String,
}

impl From<configuration::Fault> for ConfigurationFault {
    fn from(fault: configuration::Fault) -> Self {
        let configuration::Fault { file, line, column, problem, remedy } = fault;
        Self { file, line, column, problem, remedy }
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConfigurationChange {
    /// Such as `Role`.
    pub(crate) kind: String,
    pub(crate) name: String,
    /// `create`, `change` or `delete`.
    pub(crate) act: String,
    #[schema(value_type = Option<Object>)]
    pub(crate) before: Option<Value>,
    #[schema(value_type = Option<Object>)]
    pub(crate) after: Option<Value>,
}

impl From<configuration::Change> for ConfigurationChange {
    fn from(change: configuration::Change) -> Self {
        let act = match change.act {
            Act::Create => "create",
            Act::Change => "change",
            Act::Delete => "delete",
        };
        Self {
            kind: change.kind.name().to_owned(),
            name: change.name,
            act: act.to_owned(),
            before: change.before,
            after: change.after,
        }
    }
}

/// What files would change.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConfigurationPlan {
    /// What the plan was made of, to be named when it is applied; `null` when the files could not be read.
    pub(crate) state: Option<String>,
    pub(crate) changes: Vec<ConfigurationChange>,
    /// Objects of the files that are so already.
    pub(crate) unchanged: u64,
    /// Nothing is applied while there are any.
    pub(crate) faults: Vec<ConfigurationFault>,
    /// What it would do to people; `null` while there are faults, and when it changes nothing.
    pub(crate) simulation: Option<Simulation>,
}

/// Say what files would change, and everything that is wrong with them; nothing is changed.
#[utoipa::path(post, path = "/api/v1/configuration/plan", tag = "configuration", request_body = ConfigurationFiles, responses((status = 200, body = ConfigurationPlan)))]
pub(crate) async fn plan(
    signed_in: SignedIn,
    Json(given): Json<ConfigurationFiles>,
) -> Result<Json<ConfigurationPlan>, Problem> {
    let terms = terms(given.prune, given.reason);
    let plan = configuration::plan(&signed_in.ctx, &read(given.files), &terms).await?;
    Ok(Json(described(&signed_in.ctx, plan).await?))
}

pub(crate) async fn described(ctx: &Ctx, plan: configuration::Plan) -> Result<ConfigurationPlan, Problem> {
    let simulation = simulations::describe_all(ctx, plan.simulation.into_iter().collect()).await?.pop();
    Ok(ConfigurationPlan {
        simulation,
        state: plan.state,
        changes: plan.changes.into_iter().map(ConfigurationChange::from).collect(),
        unchanged: plan.unchanged as u64,
        faults: plan.faults.into_iter().map(ConfigurationFault::from).collect(),
    })
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConfigurationChanges {
    pub(crate) changes: Vec<ConfigurationChange>,
}

/// Make true what files say, in one transaction, if nothing was declared since the plan.
#[utoipa::path(post, path = "/api/v1/configuration/apply", tag = "configuration", request_body = ConfigurationOrder, responses((status = 200, body = ConfigurationChanges), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn apply(
    signed_in: SignedIn,
    Json(order): Json<ConfigurationOrder>,
) -> Result<Json<ConfigurationChanges>, Problem> {
    let (files, terms) = (read(order.files), terms(order.prune, order.reason));
    let ctx = &signed_in.ctx;
    let changes = match &order.simulation {
        Some(simulation) => governance::simulations::apply_files(ctx, simulation, &files, &terms).await?,
        None => configuration::apply(ctx, &files, &terms, &order.state).await?,
    };
    Ok(Json(ConfigurationChanges { changes: changes.into_iter().map(ConfigurationChange::from).collect() }))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConfigurationExport {
    pub(crate) files: Vec<ConfigurationFile>,
}

/// Everything that is declared, as files. Applied at once they change nothing.
#[utoipa::path(get, path = "/api/v1/configuration/export", tag = "configuration", responses((status = 200, body = ConfigurationExport)))]
pub(crate) async fn export(signed_in: SignedIn) -> Result<Json<ConfigurationExport>, Problem> {
    let files = configuration::export(&signed_in.ctx).await?;
    let file = |file: configuration::File| ConfigurationFile { name: file.name, text: file.text };
    Ok(Json(ConfigurationExport { files: files.into_iter().map(file).collect() }))
}

/// What was declared otherwise since files were applied last.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ConfigurationDrift {
    /// `null`: no files were ever applied.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) applied_at: Option<Timestamp>,
    pub(crate) changes: Vec<ConfigurationChange>,
}

/// What was declared otherwise since files were applied last.
#[utoipa::path(get, path = "/api/v1/configuration/drift", tag = "configuration", responses((status = 200, body = ConfigurationDrift)))]
pub(crate) async fn drift(signed_in: SignedIn) -> Result<Json<ConfigurationDrift>, Problem> {
    let drift = configuration::drift(&signed_in.ctx).await?;
    let applied_at = drift.as_ref().map(|drift| drift.applied_at);
    let changes = drift.into_iter().flat_map(|drift| drift.changes).map(ConfigurationChange::from);
    Ok(Json(ConfigurationDrift { applied_at, changes: changes.collect() }))
}

/// JSON Schema (2020-12) of the documents of a kind, such as `Role`.
#[utoipa::path(get, path = "/api/v1/configuration/schemas/{kind}", tag = "configuration", params(("kind" = String, Path)), responses((status = 200, body = Object), (status = 404, body = Problem)))]
pub(crate) async fn schema(_: SignedIn, Path(kind): Path<String>) -> Result<Json<Value>, Problem> {
    Ok(Json(Kind::of(&kind)?.schema()))
}
