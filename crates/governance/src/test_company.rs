//! People for the tests of pure rules: Alice asks, Bob approves, Carol is above Bob.

use crate::identities::{Identity, Status};
use crate::policy::LifecyclePolicy;
use crate::states::days::Zone;
use crate::states::rules::outlook_of;
use crate::states::{Outlook, Phase, State};
use types::{IdentityId, Timestamp};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Employee `E<number>` with the id that ends in that number.
pub(crate) fn person(number: u32, name: &str, manager: Option<u32>) -> Identity {
    Identity {
        id: id(number),
        employee_id: format!("E{number}"),
        given_name: name.to_owned(),
        family_name: "Test".to_owned(),
        email: format!("{}@example.com", name.to_lowercase()),
        department: "Platform".to_owned(),
        job_title: "Engineer".to_owned(),
        manager: manager.map(id),
        manager_employee_id: manager.map(|manager| format!("E{manager}")),
        status: Status::Active,
        start_date: "2024-01-01".parse().unwrap(),
        end_date: None,
        time_zone: Zone::UTC,
        status_since: at("2024-01-01"),
        outlook: Outlook::try_from(vec![Phase { from: at("2024-01-01"), state: State::Active }]).unwrap(),
        attributes: Default::default(),
    }
}

/// The person with the outlook that their record gives, without orders.
pub(crate) fn as_recorded(person: Identity) -> Identity {
    let employment = person.employment();
    let outlook = outlook_of(&[employment], &[], LifecyclePolicy::default(), None, person.status_since);
    Identity { outlook, ..person }
}

pub(crate) fn id(number: u32) -> IdentityId {
    format!("idn_{number:032x}").parse().unwrap()
}

pub(crate) fn alice() -> Identity {
    person(1, "Alice", Some(2))
}

pub(crate) fn bob() -> Identity {
    person(2, "Bob", Some(3))
}

pub(crate) fn carol() -> Identity {
    person(3, "Carol", None)
}
