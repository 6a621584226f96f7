//! Who answers for what a leaver owned, and what is to be done about each thing. Pure.

use super::{Kind, Ownership, State, Thing};
use crate::identities::Identity;
use types::{IdentityId, Timestamp};

/// Who takes over, and why it is them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heir {
    pub(super) id: IdentityId,
    pub(super) because: String,
}

/// The first manager upwards who works here; where there is none, an administrator. `managers` are those above the
/// leaver, the nearest first.
pub(super) fn heir(managers: &[Identity], administrators: &[Identity], now: Timestamp) -> Option<Heir> {
    let able = |person: &&Identity| person.is_working(now);
    let took_over = |person: &Identity, because: &str| Heir { id: person.id.clone(), because: because.to_owned() };
    let manager = managers.iter().enumerate().find(|(_, person)| able(person)).map(|(above, person)| match above {
        0 => took_over(person, "is the manager of the person who left"),
        _ => took_over(person, "is the nearest manager above the person who left who works here"),
    });
    let administrator = || {
        let because = "is an administrator, since no manager above the person who left works here";
        administrators.iter().find(able).map(|person| took_over(person, because))
    };
    manager.or_else(administrator)
}

/// What of a leaver's is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) thing: Thing,
    /// A machine identity without an owner ends then.
    pub(super) dies_at: Option<Timestamp>,
}

/// What is to be done about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// It ends by itself, and that is written down.
    LetDie {
        thing: Thing,
        deadline: Timestamp,
    },
    HandOver {
        thing: Thing,
        heir: Heir,
    },
    /// Nobody is there to take it: a person must say who.
    Ask {
        thing: Thing,
    },
    /// Somebody settled it elsewhere.
    Settled {
        ownership: Ownership,
    },
}

/// What is to be done, where `known` is what the case knows already. Nothing, when all of that is settled or is as it was.
pub(super) fn plan(found: &[Found], known: &[Ownership], heir: Option<&Heir>) -> Vec<Act> {
    let mut acts = Vec::new();
    for Found { thing, dies_at } in found {
        let before = known.iter().find(|one| is_same(&one.thing, thing)).map(|one| &one.state);
        let thing = thing.clone();
        match (before, dies_at, heir) {
            (Some(State::DiesAt { .. }), Some(_), _) | (Some(State::Unowned), None, None) => {}
            (_, Some(deadline), _) => acts.push(Act::LetDie { thing, deadline: *deadline }),
            (_, None, Some(heir)) => acts.push(Act::HandOver { thing, heir: heir.clone() }),
            (_, None, None) => acts.push(Act::Ask { thing }),
        }
    }
    let unowned = known.iter().filter(|one| one.state == State::Unowned);
    let elsewhere = unowned.filter(|one| found.iter().all(|found| !is_same(&found.thing, &one.thing)));
    acts.extend(elsewhere.cloned().map(|ownership| Act::Settled { ownership }));
    acts
}

pub(super) fn is_same(one: &Thing, other: &Thing) -> bool {
    one.kind == other.kind && one.subject == other.subject
}

/// What a person reads when nobody is there to take it over.
pub(super) fn asking(ownership: &Ownership) -> String {
    let Ownership { id, thing: Thing { kind, name, .. }, .. } = ownership;
    let what = match kind {
        Kind::Machine => "machine identity",
        Kind::System => "system",
        Kind::Entitlement => "entitlement",
        Kind::Source => "source",
        Kind::Account => "account under management",
        Kind::Secret => "secret",
        Kind::SharedAccount => "shared account",
    };
    format!(
        "the owner of the {what} `{name}` left, and neither a manager of theirs nor an administrator works here: say who \
         owns it with `tenure ownerships hand-over {id} --to WHO`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identities::Status;
    use crate::test_company::{as_recorded, at, bob, carol, id, person};

    fn system(name: &str) -> Found {
        let thing = Thing { kind: Kind::System, subject: name.to_owned(), name: name.to_owned() };
        Found { thing, dies_at: None }
    }

    fn known(found: &Found, state: State) -> Ownership {
        let (case, own) = ("cas_00000000000000000000000000000001", "own_00000000000000000000000000000001");
        Ownership {
            id: own.parse().unwrap(),
            case: case.parse().unwrap(),
            owner: id(1),
            thing: found.thing.clone(),
            found_at: at("2026-11-21"),
            state,
        }
    }

    #[test]
    fn the_nearest_manager_who_works_takes_over_and_an_administrator_where_there_is_none() {
        let now = at("2026-11-21");
        let left = as_recorded(Identity { status: Status::Terminated, ..bob() });
        let ada = person(4, "Ada", None);
        let takes = |managers: &[Identity], administrators: &[Identity]| {
            heir(managers, administrators, now).map(|heir| (heir.id, heir.because))
        };
        let told = |id, because: &str| Some((id, because.to_owned()));
        assert_eq!(takes(&[bob(), carol()], &[]), told(id(2), "is the manager of the person who left"));
        let above = "is the nearest manager above the person who left who works here";
        assert_eq!(takes(&[left.clone(), carol()], std::slice::from_ref(&ada)), told(id(3), above));
        let administers = "is an administrator, since no manager above the person who left works here";
        assert_eq!(takes(std::slice::from_ref(&left), &[left.clone(), ada]), told(id(4), administers));
        assert_eq!(takes(&[], std::slice::from_ref(&left)), None);
    }

    #[test]
    fn everything_is_handed_over_once_asked_about_once_and_seen_when_it_was_settled_elsewhere() {
        let heir = Heir { id: id(2), because: "is the manager of the person who left".into() };
        let web = system("web-1");
        let hand_over = Act::HandOver { thing: web.thing.clone(), heir: heir.clone() };
        let ask = Act::Ask { thing: web.thing.clone() };
        let unowned = known(&web, State::Unowned);
        let given = State::HandedOver { to: id(2), at: at("2026-11-21"), by: None, because: "x".into() };
        let given = known(&web, given);
        for (found, known, heir, expected) in [
            (vec![web.clone()], vec![], Some(&heir), vec![hand_over.clone()]),
            (vec![web.clone()], vec![], None, vec![ask]),
            (vec![web.clone()], vec![unowned.clone()], None, vec![]),
            (vec![web.clone()], vec![unowned.clone()], Some(&heir), vec![hand_over.clone()]),
            (vec![], vec![unowned.clone()], None, vec![Act::Settled { ownership: unowned.clone() }]),
            (vec![], vec![given.clone()], Some(&heir), vec![]),
            // Somebody gave it back to who left.
            (vec![web.clone()], vec![given], Some(&heir), vec![hand_over]),
        ] {
            assert_eq!(plan(&found, &known, heir), expected, "{found:?} {known:?}");
        }
        let deadline = at("2026-12-05");
        let thing = Thing { kind: Kind::Machine, subject: "idn_1".into(), name: "nightly".into() };
        let machine = Found { thing: thing.clone(), dies_at: Some(deadline) };
        assert_eq!(plan(std::slice::from_ref(&machine), &[], Some(&heir)), [Act::LetDie { thing, deadline }]);
        let dying = known(&machine, State::DiesAt { deadline, at: at("2026-11-21") });
        assert_eq!(plan(&[machine], &[dying], Some(&heir)), []);
    }
}
