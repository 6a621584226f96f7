//! A set of conditions and who meets them. People who are alike in what the conditions look at share one evaluation.

use crate::error::{ConditionError, POLICY, Place};
use crate::schema::{Kind, Schema, Value, Values};
use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Expression, Policy, PolicyId,
    PolicySet, Request, ValidationError, ValidationMode, ValidationWarning, Validator,
};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a condition's text.
const LONGEST: usize = 8 * 1024;

/// Brackets and choices in one condition: Cedar's parser calls itself for each that stands inside another.
const MOST_BRACKETS: usize = 100;

/// Bytes of stack that parsing and checking may use: they call themselves for every part of a condition.
const STACK: usize = 64 << 20;

/// Answers that one group keeps before it begins anew.
const KEPT: usize = 16_384;

const BEFORE: &str = "permit(principal,action,resource)when{\n";
const BEHIND: &str = "\n};";

const SHORTER: &str = "give a part of what it says to another role";
const SYNTAX: &str = "write an expression such as principal.department == \"Platform\"";
const TYPES: &str = "compare a text with a text, a number with a number, and ask a list by .contains(…)";
const ONLY_ATTRIBUTES: &str = "look at attributes of the principal only, such as principal.department";

/// Conditions that were parsed and checked, each under the name of what it gives.
#[derive(Debug)]
pub struct Conditions {
    names: Vec<String>,
    looks_at: Vec<BTreeSet<String>>,
    groups: Vec<Group>,
}

/// Conditions that look at the same attributes: the answer depends on these alone.
#[derive(Debug)]
struct Group {
    attributes: Vec<(String, Kind)>,
    policies: PolicySet,
    answers: Mutex<HashMap<Projection, Arc<[usize]>>>,
}

/// A person's values of a group's attributes, in their order.
type Projection = Vec<Option<Value>>;

impl Conditions {
    /// Checks every condition against the schema. All faults of all conditions, or none.
    pub fn parse<'a>(
        schema: &Schema,
        all: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<(String, ConditionError)>> {
        let all: Vec<(&str, &str)> = all.into_iter().collect();
        std::thread::scope(|scope| {
            let parser = std::thread::Builder::new().name("conditions".to_owned()).stack_size(STACK);
            let parsing = parser.spawn_scoped(scope, || Self::parse_all(schema, &all)).expect("a thread can be had");
            parsing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn parse_all(schema: &Schema, all: &[(&str, &str)]) -> Result<Self, Vec<(String, ConditionError)>> {
        let validator = Validator::new(schema.cedar.clone());
        let (mut names, mut looks_at, mut policies, mut faults) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (name, text) in all {
            match checked(schema, &validator, text) {
                Ok(policy) => {
                    looks_at.push(attributes_of(&policy));
                    policies.push(policy);
                    names.push((*name).to_owned());
                }
                Err(found) => faults.extend(found.into_iter().map(|fault| ((*name).to_owned(), fault))),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let groups = groups(schema, &looks_at, policies);
        Ok(Self { names, looks_at, groups })
    }

    /// The names whose condition a person meets, in the order in which they were given. A value that is not of the
    /// declared kind counts as absent; a condition that cannot be computed (a number too large) is not met.
    pub fn holding(&self, person: &Values) -> Vec<&str> {
        let mut held: Vec<usize> = self.groups.iter().flat_map(|group| group.holding(person).to_vec()).collect();
        held.sort_unstable();
        held.into_iter().map(|at| self.names[at].as_str()).collect()
    }

    /// The attributes that the conditions of this name look at.
    pub fn looks_at(&self, name: &str) -> BTreeSet<&str> {
        let of_name = self.names.iter().zip(&self.looks_at).filter(|(known, _)| *known == name);
        of_name.flat_map(|(_, attributes)| attributes.iter().map(String::as_str)).collect()
    }

    #[cfg(test)]
    pub(crate) fn evaluations(&self) -> usize {
        self.groups.iter().map(|group| group.answers.lock().unwrap().len()).sum()
    }
}

impl Group {
    fn holding(&self, person: &Values) -> Arc<[usize]> {
        let projection = self.project(person);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers.get(&projection) {
            return known.clone();
        }
        let answer = self.evaluate(&projection);
        if answers.len() >= KEPT {
            answers.clear();
        }
        answers.insert(projection, answer.clone());
        answer
    }

    fn project(&self, person: &Values) -> Projection {
        let of_kind = |kind: Kind| move |value: &&Value| value.kind() == kind;
        self.attributes.iter().map(|(name, kind)| person.get(name).filter(of_kind(*kind)).cloned()).collect()
    }

    fn evaluate(&self, projection: &Projection) -> Arc<[usize]> {
        let named = self.attributes.iter().map(|(name, _)| name).zip(projection);
        let values = named.filter_map(|(name, value)| Some((name.clone(), value.as_ref()?.expression()))).collect();
        let person = uid("Person", "person");
        let entity = Entity::new(person.clone(), values, HashSet::new()).expect("plain values evaluate to themselves");
        let entities = Entities::from_entities([entity], None).expect("one entity has no cycle");
        let request = Request::new(person, uid("Action", "hold"), uid("Role", "role"), Context::empty(), None);
        let request = request.expect("a request that no schema judges");
        let response = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        let held = response.diagnostics().reason().map(|id| id.to_string().parse().expect("a policy named by number"));
        held.collect()
    }
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind = EntityTypeName::from_str(kind).expect("a name");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

fn groups(schema: &Schema, looks_at: &[BTreeSet<String>], policies: Vec<Policy>) -> Vec<Group> {
    let mut sets: BTreeMap<&BTreeSet<String>, PolicySet> = BTreeMap::new();
    for (at, (attributes, policy)) in looks_at.iter().zip(policies).enumerate() {
        let policy = policy.new_id(PolicyId::new(at.to_string()));
        sets.entry(attributes).or_default().add(policy).expect("every policy has a number of its own");
    }
    let kind = |name: &String| Some((name.clone(), *schema.kinds().get(name)?));
    let group = |(attributes, policies): (&BTreeSet<String>, PolicySet)| Group {
        attributes: attributes.iter().filter_map(kind).collect(),
        policies,
        answers: Mutex::default(),
    };
    sets.into_iter().map(group).collect()
}

/// The condition as a policy. It is parsed alone first, so that it can close nothing of what stands around it.
fn checked(schema: &Schema, validator: &Validator, text: &str) -> Result<Policy, Vec<ConditionError>> {
    let place = Place { text, before: 0 };
    if text.len() > LONGEST {
        let problem = format!("the condition has {} bytes, more than {LONGEST}", text.len());
        return Err(vec![place.at(0, problem, SHORTER.to_owned())]);
    }
    if let Some(offset) = too_deep(text) {
        let problem = format!("the condition has more than {MOST_BRACKETS} brackets and choices");
        return Err(vec![place.at(offset, problem, SHORTER.to_owned())]);
    }
    if let Err(errors) = Expression::from_str(text) {
        return Err(errors.iter().map(|error| place.error(error, SYNTAX)).collect());
    }
    let place = Place { text, before: BEFORE.len() };
    let policy = Policy::parse(Some(PolicyId::new(POLICY)), format!("{BEFORE}{text}{BEHIND}"))
        .map_err(|errors| errors.iter().map(|error| place.error(error, SYNTAX)).collect::<Vec<_>>())?;
    if let Some(word) = foreign(&policy) {
        let problem = format!("a condition cannot look at `{word}`");
        return Err(vec![place.at(text.find(&word).unwrap_or(0), problem, ONLY_ATTRIBUTES.to_owned())]);
    }
    let set = PolicySet::from_policies([policy.clone()]).expect("one policy");
    let result = validator.validate(&set, ValidationMode::default());
    let declared = format!("declared attributes: {}", schema.names().collect::<Vec<_>>().join(", "));
    let told = |error: &ValidationError| {
        let fault = place.error(error, TYPES);
        match error {
            ValidationError::UnsafeAttributeAccess(_) => {
                ConditionError { remedy: format!("{}; {declared}", fault.remedy), ..fault }
            }
            _ => fault,
        }
    };
    let mut faults: Vec<ConditionError> = result.validation_errors().map(told).collect();
    if faults.is_empty() {
        faults.extend(result.validation_warnings().filter_map(|warning| refused(&place, warning)));
    }
    if faults.is_empty() { Ok(policy) } else { Err(faults) }
}

/// Where a condition has one bracket or choice too many. Those inside of texts count too: it must never count too few.
fn too_deep(text: &str) -> Option<usize> {
    let opens = text.match_indices(['(', '[', '{']).chain(text.match_indices("if")).map(|(at, _)| at);
    let mut opens: Vec<usize> = opens.collect();
    opens.sort_unstable();
    opens.get(MOST_BRACKETS).copied()
}

/// What Cedar only warns of, and nobody can have meant.
fn refused(place: &Place<'_>, warning: &ValidationWarning) -> Option<ConditionError> {
    match warning {
        ValidationWarning::ImpossiblePolicy(_) => {
            let problem = "nobody can ever meet the condition".to_owned();
            Some(place.at(0, problem, "say what a person can have".to_owned()))
        }
        ValidationWarning::BidiCharsInString(_) | ValidationWarning::BidiCharsInIdentifier(_) => {
            Some(place.error(warning, "leave out the characters that change the direction of writing"))
        }
        _ => None,
    }
}

/// A variable or an entity that no condition over attributes needs.
fn foreign(policy: &Policy) -> Option<String> {
    if let Some(entity) = policy.entity_literals().first() {
        return Some(entity.to_string());
    }
    let mut found = None;
    each_object(&body(policy), &mut |name, value| {
        let other = (name == "Var").then(|| value.as_str()).flatten().filter(|var| *var != "principal");
        found = found.take().or(other.map(str::to_owned));
    });
    found
}

fn attributes_of(policy: &Policy) -> BTreeSet<String> {
    let mut attributes = BTreeSet::new();
    each_object(&body(policy), &mut |name, value| {
        if matches!(name, "." | "has") {
            match &value["attr"] {
                Json::String(attribute) => drop(attributes.insert(attribute.clone())),
                Json::Array(path) => attributes.extend(path.iter().filter_map(Json::as_str).map(str::to_owned)),
                _ => {}
            }
        }
    });
    attributes
}

/// The conditions of a policy, in Cedar's JSON.
fn body(policy: &Policy) -> Json {
    let mut whole = policy.to_json().expect("a policy that was parsed from text");
    whole["conditions"].take()
}

fn each_object(json: &Json, visit: &mut impl FnMut(&str, &Json)) {
    match json {
        Json::Object(members) => members.iter().for_each(|(name, value)| {
            visit(name, value);
            each_object(value, visit);
        }),
        Json::Array(items) => items.iter().for_each(|item| each_object(item, visit)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
