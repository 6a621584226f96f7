//! What HR's tables hold after each event. Knows nothing of systems.

use super::events::Event;
use super::people::{Employment, Status};
use std::collections::BTreeMap;

/// Every record that a feed would hold, by number.
#[derive(Debug, Clone)]
pub(super) struct Tables(pub(super) BTreeMap<String, Employment>);

impl Tables {
    /// # Panics
    /// When the event is of a record that is not there: the story contradicts itself.
    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Hired(employment) => {
                let before = self.0.insert(employment.key.clone(), employment.clone());
                assert!(before.is_none(), "{} is given out twice", employment.key);
            }
            Event::Removed { key } => {
                self.0.remove(key).unwrap_or_else(|| panic!("{key} is removed and was not there"));
            }
            Event::StartMoved { key, to } => self.of(key).start = *to,
            Event::Transferred { key, department, job_title, manager } => {
                let written = &mut self.of(key).written;
                (written.department, written.job_title) = (department.clone(), job_title.clone());
                written.manager = manager.clone();
            }
            Event::ManagerChanged { key, to } => self.of(key).written.manager = to.clone(),
            Event::Renamed { key, family_name, email } => {
                let written = &mut self.of(key).written;
                (written.family_name, written.email) = (family_name.clone(), email.clone());
            }
            Event::LeaveBegan { key } => self.of(key).status = Status::Leave,
            Event::LeaveEnded { key } => self.of(key).status = Status::Active,
            Event::LeavingAnnounced { key, last_day } => self.of(key).end = Some(*last_day),
            Event::LeavingWithdrawn { key } => self.of(key).end = None,
            Event::Left { key, last_day } => {
                let employment = self.of(key);
                (employment.status, employment.end) = (Status::Terminated, Some(*last_day));
            }
            Event::Rehired { key, start } => {
                let employment = self.of(key);
                (employment.status, employment.start, employment.end) = (Status::Active, *start, None);
            }
            Event::FeedFault { .. } | Event::Act(_) => {}
        }
    }

    fn of(&mut self, key: &str) -> &mut Employment {
        self.0.get_mut(key).unwrap_or_else(|| panic!("{key} is spoken of and is in no table"))
    }
}
