//! People in answers: id and name, so that a page needs no second call. The names of a page are asked for at once.

use crate::problem::Problem;
use governance::identities::{self, Name};
use ledger::Ctx;
use privilege::secrets::Named;
use std::collections::HashMap;
use types::{Actor, Failure, IdentityId, Kind};

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

/// The same for acts that need a permit: whether there is such a person is told after that, and by the act.
pub(crate) async fn named(ctx: &Ctx, text: Option<&str>) -> Result<Option<Named>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let found = match text.parse() {
        Ok(id) => identities::get(ctx, &id).await,
        Err(_) => identities::by_email(ctx, text).await,
    };
    match found {
        Ok(found) if found.is_working(ctx.now()) => Ok(Some(Named::Known(found.id))),
        Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::Internal) => Err(error.into()),
        Ok(_) | Err(_) => Ok(Some(Named::Unknown)),
    }
}

/// The people that one answer names.
pub(crate) struct People(HashMap<IdentityId, Name>);

impl People {
    pub(crate) async fn of(ctx: &Ctx, ids: impl IntoIterator<Item = &IdentityId>) -> Result<Self, Problem> {
        Ok(Self(identities::names(ctx, ids).await?))
    }

    /// The same for an act that was done already: where names cannot be read, the ids stand for them.
    pub(crate) async fn of_done(ctx: &Ctx, ids: impl IntoIterator<Item = &IdentityId>) -> Self {
        Self::of(ctx, ids).await.unwrap_or_else(|problem| {
            tracing::warn!(detail = problem.detail, "an answer shows ids in place of names");
            Self(HashMap::new())
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Ledger;
    use seal::RootKey;
    use types::{Chance, Clock, Secret};

    #[tokio::test]
    async fn an_answer_about_what_was_done_is_given_also_where_names_cannot_be_read() {
        let fixture = db::fixture::sqlite(&[seal::MIGRATIONS, ledger::MIGRATIONS].concat()).await;
        let (clock, chance, root) = (Clock::system(), Chance::system(), RootKey::File(Secret::new([7; 32])));
        Ledger::initialise(&fixture.db, &root, &clock, &chance, "tenure.test/log").await.unwrap();
        let ledger = Ledger::open(fixture.db.clone(), &root, clock.clone(), chance.clone()).await.unwrap();
        let ctx = Ctx::new(ledger, Actor::Console);
        let alice = IdentityId::new(&clock, &chance);
        assert!(People::of(&ctx, [&alice]).await.is_err(), "there is no table of people here");
        let people = People::of_done(&ctx, [&alice]).await;
        assert_eq!(people.person(&alice).name, alice.as_str());
    }
}
