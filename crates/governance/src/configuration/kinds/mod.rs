//! The kinds of things that files declare, in the order in which one names another. A kind is a file beside this one, and
//! a line in each list here.

mod breaker;
mod entitlement;
mod mapping;
mod policy;
mod role;
mod schema;
mod source;
mod system;

use super::error::ConfigurationError;
use super::model::Object;
use super::tree::Step;
use db::ReadTx;
use ledger::Write;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use types::{Failure, IdentityId, Reason};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Policy,
    Breaker,
    Source,
    System,
    Entitlement,
    Mapping,
    Role,
}

/// What is not as its kind has it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Misfit {
    pub(super) part: Part,
    /// As the reader of declarations says it: behind `, expected` what belongs there.
    pub(super) problem: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Name,
    /// The way into the `spec`.
    Spec(Vec<Step>),
}

/// Why the present state does not let something be, in the words of the slice that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) message: String,
}

macro_rules! each {
    ($kind:expr, $module:ident => $call:expr) => {
        match $kind {
            Kind::Policy => {
                use policy as $module;
                $call
            }
            Kind::Breaker => {
                use breaker as $module;
                $call
            }
            Kind::Source => {
                use source as $module;
                $call
            }
            Kind::System => {
                use system as $module;
                $call
            }
            Kind::Entitlement => {
                use entitlement as $module;
                $call
            }
            Kind::Mapping => {
                use mapping as $module;
                $call
            }
            Kind::Role => {
                use role as $module;
                $call
            }
        }
    };
}

impl Kind {
    /// In the order in which they are declared.
    pub const ALL: [Self; 7] =
        [Self::Policy, Self::Breaker, Self::Source, Self::System, Self::Entitlement, Self::Mapping, Self::Role];

    /// As files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policy => "Policy",
            Self::Breaker => "Breaker",
            Self::Source => "Source",
            Self::System => "System",
            Self::Entitlement => "Entitlement",
            Self::Mapping => "Mapping",
            Self::Role => "Role",
        }
    }

    /// # Errors
    /// `NoSuchKind`.
    pub fn of(name: &str) -> Result<Self, ConfigurationError> {
        let shown = || ConfigurationError::NoSuchKind(name.chars().take(60).collect());
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(shown)
    }

    /// What an export calls the file of this kind.
    pub(super) fn file(self) -> String {
        format!("{}.yaml", self.name().to_lowercase())
    }

    /// There is always a policy.
    pub(super) fn may_be_removed(self) -> bool {
        self != Self::Policy
    }

    /// JSON Schema (2020-12) of a document of this kind.
    pub fn schema(self) -> Value {
        each!(self, kind => schema::document(self, kind::schema()))
    }

    /// What a document declares, in the form in which it is compared.
    pub(super) fn canonical(self, name: &str, spec: Value) -> Result<Value, Misfit> {
        each!(self, kind => kind::declaration(name, spec).map(|declaration| kind::canonical(&declaration)))
    }

    /// What is declared, by name, in the form in which it is compared.
    pub(super) async fn state(self, tx: &mut ReadTx) -> Result<Vec<(String, Value)>, ConfigurationError> {
        each!(self, kind => kind::state(tx).await)
    }

    /// Declares objects of this kind, all or none. What lets more through than before is declared for a reason only.
    pub(super) async fn declare(
        self,
        reason: Option<&Reason>,
        tx: &mut Write,
        objects: &[&Object],
    ) -> Result<Result<(), Refusal>, ConfigurationError> {
        each!(self, kind => match all(objects, kind::declaration) {
            Ok(all) => judged(kind::declare(tx, &all, reason).await),
            Err(refusal) => Ok(Err(refusal)),
        })
    }

    pub(super) async fn remove(
        self,
        reason: Option<&Reason>,
        tx: &mut Write,
        name: &str,
    ) -> Result<Result<(), Refusal>, ConfigurationError> {
        each!(self, kind => judged(kind::remove(tx, name, reason).await))
    }
}

fn all<T>(objects: &[&Object], declaration: impl Fn(&str, Value) -> Result<T, Misfit>) -> Result<Vec<T>, Refusal> {
    let all = objects.iter().map(|object| declaration(&object.name, object.spec.clone()));
    all.collect::<Result<_, Misfit>>().map_err(|misfit| Refusal { message: misfit.problem })
}

/// A refusal that the author of a file can do something about; anything else is an error of its own.
pub(super) fn refusal(error: impl Failure + std::fmt::Display) -> Result<Refusal, ConfigurationError> {
    match error.kind() {
        types::Kind::Internal | types::Kind::Unavailable => {
            Err(ConfigurationError::Db(db::DbError::Statement(error.to_string())))
        }
        _ => Ok(Refusal { message: error.to_string() }),
    }
}

fn judged<T, E: Failure + std::fmt::Display>(answer: Result<T, E>) -> Result<Result<(), Refusal>, ConfigurationError> {
    match answer {
        Ok(_) => Ok(Ok(())),
        Err(error) => refusal(error).map(Err),
    }
}

/// A declaration out of the fields of a `spec` and those that its name stands for.
fn typed<T: DeserializeOwned>(spec: Value, named: &[(&str, &str)]) -> Result<T, Misfit> {
    let Value::Object(mut fields) = spec else {
        return Err(Misfit { part: Part::Spec(Vec::new()), problem: "`spec` is no mapping".to_owned() });
    };
    for (field, value) in named {
        if fields.insert((*field).to_owned(), Value::String((*value).to_owned())).is_some() {
            let problem = format!("unknown field `{field}`, expected it above `spec`, as the name");
            return Err(Misfit { part: Part::Spec(Vec::new()), problem });
        }
    }
    serde_path_to_error::deserialize(Value::Object(fields))
        .map_err(|error| Misfit { part: Part::Spec(way(error.path())), problem: error.inner().to_string() })
}

fn way(path: &Path) -> Vec<Step> {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { variant } => Some(Step::Key(variant.clone())),
        Segment::Unknown => None,
    };
    path.iter().map_while(step).collect()
}

/// The fields of a declaration without those that its name stands for, and without what says nothing.
fn fields(declaration: &impl Serialize, named: &[&str]) -> Value {
    let value = serde_json::to_value(declaration).expect("a declaration is plain data");
    let Value::Object(mut fields) = value else { return value };
    fields.retain(|name, _| !named.contains(&name.as_str()));
    if let Some(Value::String(owner)) = fields.get_mut("owner") {
        *owner = owner.to_lowercase();
    }
    sorted(Value::Object(fields))
}

/// The same with its fields in the order of the alphabet, and without nulls, empty texts, lists and mappings.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .filter(|(_, value)| says(value))
                .collect();
            fields.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(fields.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The mail address by which files name an owner.
async fn address(tx: &mut ReadTx, owner: &IdentityId) -> Result<String, ConfigurationError> {
    let found = crate::identities::store::get(tx, owner).await?;
    Ok(found.map(|identity| identity.email.to_lowercase()).unwrap_or_default())
}
