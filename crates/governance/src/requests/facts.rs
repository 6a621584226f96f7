//! What the rules look at, read before they decide. For many requests at once where many are shown.

use super::model::{Beneficiary, DecideFacts, SubmitFacts};
use super::{AccessRequest, New, Refusal, RequestError, store};
use crate::identities::Identity;
use crate::{identities, machines, policy, roles, systems};
use db::{DbError, ReadTx};
use std::collections::HashMap;
use types::{IdentityId, Timestamp};

pub(super) async fn of_submission(
    tx: &mut ReadTx,
    who: &IdentityId,
    new: &New,
    now: Timestamp,
) -> Result<SubmitFacts, RequestError> {
    let requester = identities::store::get(tx, who).await?.ok_or(Refusal::NotAPerson)?;
    let beneficiary = match &new.beneficiary {
        Some(id) => {
            let known = beneficiaries(tx, &[id]).await?.remove(id);
            known.ok_or_else(|| Refusal::NoSuchBeneficiary(id.clone()))?
        }
        None => Beneficiary::Person(requester.clone()),
    };
    Ok(SubmitFacts {
        system: systems::store::get(tx, &new.system).await?,
        eligibility: beneficiary.eligibility(&roles::catalogue(tx, [&beneficiary.person().id]).await?, now),
        policy: policy::store::get(tx).await?.requests,
        already: store::pending_for_login(tx, beneficiary.id(), &new.system, &new.login, now).await?,
        requester,
        beneficiary,
        now,
    })
}

pub(super) async fn of_decision(
    tx: &mut ReadTx,
    request: &AccessRequest,
    now: Timestamp,
) -> Result<DecideFacts, RequestError> {
    Ok(of_decisions(tx, std::slice::from_ref(request), now).await?.remove(0))
}

/// In the order of the requests.
pub(super) async fn of_decisions(
    tx: &mut ReadTx,
    requests: &[AccessRequest],
    now: Timestamp,
) -> Result<Vec<DecideFacts>, RequestError> {
    let asked_for: Vec<&IdentityId> = requests.iter().map(|request| &request.beneficiary).collect();
    let known = beneficiaries(tx, &asked_for).await?;
    let catalogue = roles::catalogue(tx, known.values().map(|beneficiary| &beneficiary.person().id)).await?;
    let mut chains: HashMap<IdentityId, Vec<Identity>> = HashMap::new();
    let mut facts = Vec::with_capacity(requests.len());
    for request in requests {
        let missing = |column| DbError::impossible("requests", column, &request.id, "points to nothing");
        let system = catalogue.system(&request.system).ok_or_else(|| missing("system"))?.clone();
        let beneficiary = known.get(&request.beneficiary).ok_or_else(|| missing("beneficiary"))?.clone();
        if !chains.contains_key(&system.owner) {
            chains.insert(system.owner.clone(), chain(tx, &system.owner).await?);
        }
        facts.push(DecideFacts {
            chain: chains[&system.owner].clone(),
            eligibility: beneficiary.eligibility(&catalogue, now),
            system,
            beneficiary,
            now,
        });
    }
    Ok(facts)
}

/// Those of the list that there are, people and machine identities, by id.
async fn beneficiaries(tx: &mut ReadTx, ids: &[&IdentityId]) -> Result<HashMap<IdentityId, Beneficiary>, DbError> {
    let people = identities::store::of_ids(tx, ids.iter().copied()).await?;
    let machines = machines::store::of_ids(tx, ids.iter().copied().filter(|id| !people.contains_key(id))).await?;
    let owners = identities::store::of_ids(tx, machines.values().map(|machine| &machine.owner)).await?;
    let mut known: HashMap<_, _> = people.into_iter().map(|(id, person)| (id, Beneficiary::Person(person))).collect();
    for (id, machine) in machines {
        let missing = || DbError::impossible("machines", "owner", &id, "points to nothing");
        let owner = owners.get(&machine.owner).ok_or_else(missing)?.clone();
        known.insert(id.clone(), Beneficiary::Machine { machine, owner });
    }
    Ok(known)
}

/// The owner and their managers upwards. Ends where managers go in a circle.
async fn chain(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<Identity>, DbError> {
    let mut chain: Vec<Identity> = Vec::new();
    let mut next = Some(owner.clone());
    while let Some(id) = next.take() {
        if chain.iter().any(|person| person.id == id) {
            break;
        }
        if let Some(person) = identities::store::get(tx, &id).await? {
            next = person.manager.clone();
            chain.push(person);
        }
    }
    Ok(chain)
}
