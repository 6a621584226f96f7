//! People in answers: id and name, so that a page needs no second call.

use crate::problem::Problem;
use governance::identities;
use ledger::Ctx;
use types::{Actor, IdentityId};

#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
}

pub(crate) async fn person(ctx: &Ctx, id: &IdentityId) -> Result<Person, Problem> {
    let identity = identities::get(ctx, id).await?;
    Ok(Person { id: id.to_string(), name: identity.name() })
}

/// Who acted: a person, or one of Tenure's own duties by its name.
pub(crate) async fn actor(ctx: &Ctx, actor: &Actor) -> Result<Person, Problem> {
    match actor.identity() {
        Some(id) => person(ctx, id).await,
        None => Ok(Person { id: actor.to_string(), name: duty_name(&actor.to_string()) }),
    }
}

/// The same for an actor as the ledger spells it.
pub(crate) async fn recorded_actor(ctx: &Ctx, text: &str) -> Result<Person, Problem> {
    match Actor::try_from(text.to_owned()) {
        Ok(known) => actor(ctx, &known).await,
        Err(_) => Ok(Person { id: text.to_owned(), name: text.to_owned() }),
    }
}

fn duty_name(text: &str) -> String {
    match text {
        "server-console" => "Server console".to_owned(),
        "nobody" => "Not signed in".to_owned(),
        duty => format!("Tenure ({})", duty.trim_start_matches("duty:")),
    }
}
