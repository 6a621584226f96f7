//! People in answers: id and name, so that a page needs no second call. The names of a page are asked for at once.

use crate::problem::Problem;
use governance::identities::{self, Name};
use ledger::Ctx;
use std::collections::HashMap;
use types::{Actor, IdentityId};

#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    /// `machine` for a machine identity, left out for everybody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
}

impl Person {
    pub(crate) fn new(id: String, name: String, is_machine: bool) -> Self {
        Self { id, name, kind: is_machine.then(|| "machine".to_owned()) }
    }
}

/// Somebody who works here, by id or mail address.
pub(crate) async fn working(ctx: &Ctx, text: &str) -> Result<IdentityId, Problem> {
    let found = match text.parse() {
        Ok(id) => identities::get(ctx, &id).await?,
        Err(_) => identities::by_email(ctx, text).await?,
    };
    if !found.is_working(ctx.now()) {
        let detail = format!("`{}` {}: name somebody who works here", found.email, found.standing(ctx.now()));
        return Err(Problem::invalid(detail));
    }
    Ok(found.id)
}

/// The people that one answer names.
pub(crate) struct People(HashMap<IdentityId, Name>);

impl People {
    pub(crate) async fn of(ctx: &Ctx, ids: impl IntoIterator<Item = &IdentityId>) -> Result<Self, Problem> {
        Ok(Self(identities::names(ctx, ids).await?))
    }

    pub(crate) fn person(&self, id: &IdentityId) -> Person {
        match self.0.get(id) {
            Some(known) => Person::new(id.to_string(), known.name.clone(), known.is_machine),
            None => Person::new(id.to_string(), id.to_string(), false),
        }
    }

    /// Who acted: a person, or one of Tenure's own duties by its name.
    pub(crate) fn actor(&self, actor: &Actor) -> Person {
        match actor.identity() {
            Some(id) => self.person(id),
            None => Person::new(actor.to_string(), duty_name(&actor.to_string()), false),
        }
    }

    /// The same for an actor as the ledger spells it.
    pub(crate) fn recorded_actor(&self, text: &str) -> Person {
        match Actor::try_from(text.to_owned()) {
            Ok(known) => self.actor(&known),
            Err(_) => Person::new(text.to_owned(), text.to_owned(), false),
        }
    }
}

fn duty_name(text: &str) -> String {
    match text {
        "server-console" => "Server console".to_owned(),
        "nobody" => "Not signed in".to_owned(),
        duty => format!("Tenure ({})", duty.trim_start_matches("duty:")),
    }
}
