//! What happens at the company, day after day. Chance decides how often; what must not be missing is in `scenes.rs`.

use super::names::NAMINGS;
use super::people::{Company, Employment, Human, Source, Status, Who, naming, pick};
use super::places::Date;
use super::roles::Grant;
use super::scenes::{self, Scene};
use super::tables::Tables;
use std::collections::BTreeMap;
use types::Chance;

/// Something that HR writes down, that goes wrong with a feed, or that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A new record. Its first day may be to come, or long past.
    Hired(Employment),
    /// HR deletes a record: somebody who never came, or who is simply not in the feed any more.
    Removed {
        key: String,
    },
    StartMoved {
        key: String,
        to: Date,
    },
    Transferred {
        key: String,
        department: String,
        job_title: String,
        manager: Option<String>,
    },
    ManagerChanged {
        key: String,
        to: Option<String>,
    },
    Renamed {
        key: String,
        family_name: String,
        email: String,
    },
    LeaveBegan {
        key: String,
    },
    LeaveEnded {
        key: String,
    },
    /// The record is active and has an end.
    LeavingAnnounced {
        key: String,
        last_day: Date,
    },
    LeavingWithdrawn {
        key: String,
    },
    /// The record is terminated. The last day may be long past.
    Left {
        key: String,
        last_day: Date,
    },
    /// Under the number of before.
    Rehired {
        key: String,
        start: Date,
    },
    /// A feed is sent that must be refused. The good one follows on the same day.
    FeedFault {
        source: Source,
        fault: FeedFault,
    },
    Act(Act),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedFault {
    /// The end of the file is missing.
    Truncated,
    /// A header and nobody.
    Empty,
    /// Everybody twice.
    Doubled,
    /// Every other page of the export is missing, and the trailer agrees.
    HalfLoaded,
    /// Everybody has a new number.
    Rekeyed,
    /// The file of an earlier day.
    Stale,
    /// Two columns have changed places under their headings.
    Shifted,
}

/// What no feed tells. Whoever drives the story does it in Tenure or on a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A person with the right to do so ends the employment at once, whatever the feeds say.
    TerminatedForCause {
        human: Human,
    },
    Suspended {
        human: Human,
    },
    Resumed {
        human: Human,
    },
    GivenByHand {
        human: Human,
        grant: Grant,
    },
    /// Becomes the one who decides on requests for it, or answers for it.
    Owns {
        human: Human,
        what: Owned,
    },
    /// Stays open until somebody decides.
    Requested {
        by: Human,
        beneficiary: Human,
        system: &'static str,
    },
    /// What may be asked for on the system becomes less.
    PolicyEdited {
        system: &'static str,
    },
    /// An account that nobody of Tenure made.
    OrphanMade {
        system: &'static str,
        login: String,
    },
    OrphanClaimed {
        system: &'static str,
        login: String,
        by: Human,
    },
    SystemAway {
        system: &'static str,
    },
    SystemBack {
        system: &'static str,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owned {
    System(&'static str),
    SharedAccount { system: &'static str, login: String },
}

/// An event, and the scene that it belongs to, when it is one that must not be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub scene: Option<Scene>,
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryDay {
    pub date: Date,
    pub events: Vec<Told>,
}

/// All that happens at a company.
#[derive(Debug, Clone)]
pub struct Story {
    pub company: Company,
    pub days: Vec<StoryDay>,
}

impl Story {
    /// # Panics
    /// With fewer than [`scenes::SHORTEST`] days, in which not everything can happen.
    pub fn write(company: Company, days: usize) -> Self {
        assert!(days >= scenes::SHORTEST, "{days} days are too few for all that has to happen");
        let mut stage = Stage::new(&company);
        let mut due = scenes::schedule(days);
        let told = (0..days)
            .map(|day| {
                stage.date = company.first_day.plus(i64::try_from(day).expect("few days"));
                stage.play(&mut due, day);
                stage.happen();
                StoryDay { date: stage.date, events: stage.end_day() }
            })
            .collect();
        assert!(due.is_empty(), "no chance was found for {due:?}");
        Self { company, days: told }
    }
}

/// The company on one day, and what is decided already of the days to come.
pub(super) struct Stage {
    pub(super) date: Date,
    pub(super) tables: Tables,
    pub(super) chance: Chance,
    registry: super::people::Registry,
    humans: usize,
    /// Who is in something that is not over yet, until when: nothing else happens to them meanwhile.
    busy: BTreeMap<Human, Date>,
    coming: BTreeMap<Date, Vec<Told>>,
}

impl Stage {
    fn new(company: &Company) -> Self {
        Self {
            date: company.first_day,
            tables: Tables(company.employments.clone()),
            chance: Chance::seeded(company.seed.wrapping_add(1)),
            registry: company.registry.clone(),
            humans: company.humans,
            busy: BTreeMap::new(),
            coming: BTreeMap::new(),
        }
    }

    /// Begins the scenes that are due. One for which nobody is free waits for another day.
    fn play(&mut self, due: &mut Vec<(usize, Scene)>, day: usize) {
        let (now, later) = due.drain(..).partition(|(at, _)| *at <= day);
        *due = later;
        for (at, scene) in now {
            match scene.script(self) {
                Some(script) => self.tell(Some(scene), script),
                None => due.push((at, scene)),
            }
        }
    }

    /// Puts `script` into the days to come, by offsets from today.
    fn tell(&mut self, scene: Option<Scene>, script: Vec<(i64, Event)>) {
        for (offset, event) in script {
            self.coming.entry(self.date.plus(offset)).or_default().push(Told { scene, event });
        }
    }

    fn end_day(&mut self) -> Vec<Told> {
        let mut events = Vec::new();
        for told in self.coming.remove(&self.date).unwrap_or_default() {
            let left = match &told.event {
                Event::Left { key, .. } => Some(key.clone()),
                _ => None,
            };
            self.tables.apply(&told.event);
            events.push(told);
            for event in left.into_iter().flat_map(|key| self.hand_on_reports(&key)).collect::<Vec<_>>() {
                self.tables.apply(&event);
                events.push(Told { scene: None, event });
            }
        }
        self.busy.retain(|_, until| *until >= self.date);
        events
    }

    /// Whoever reported to somebody who left reports to the next above.
    fn hand_on_reports(&self, left: &str) -> Vec<Event> {
        let above = self.tables.0[left].written.manager.clone();
        let reports = self.tables.0.values().filter(|one| one.written.manager.as_deref() == Some(left));
        let working = reports.filter(|one| one.status != Status::Terminated);
        working
            .map(|one| {
                let to = above.clone().filter(|above| *above != one.key);
                Event::ManagerChanged { key: one.key.clone(), to }
            })
            .collect()
    }

    /// What chance brings today. The rates are events of one person in one year, in thousandths.
    fn happen(&mut self) {
        type Happening = fn(&mut Stage) -> Option<Vec<(i64, Event)>>;
        const RATES: [(u32, Happening); 10] = [
            (140, joins),
            (110, leaves),
            (120, moves),
            (40, is_away),
            (20, is_renamed),
            (30, gets_another_manager),
            (8, comes_back),
            (10, moves_the_start),
            (5, is_gone_without_a_word),
            (6, left_long_ago),
        ];
        let people = u32::try_from(self.tables.0.len()).expect("fewer than four thousand million");
        for (rate, happening) in RATES {
            let expected = u64::from(people) * u64::from(rate);
            let whole = u32::try_from(expected / 365_000).expect("few a day");
            let more = u64::from(self.chance.below(365_000)) < expected % 365_000;
            for _ in 0..whole + u32::from(more) {
                if let Some(script) = happening(self) {
                    self.tell(None, script);
                }
            }
        }
    }

    /// Somebody at work to whom nothing else happens, for `days` from now. Heads of departments are left alone.
    pub(super) fn cast(&mut self, days: i64, fits: impl Fn(&Employment) -> bool) -> Option<Employment> {
        let free = |one: &&Employment| {
            one.status == Status::Active
                && one.end.is_none()
                && one.start < self.date.plus(-5)
                && !one.written.job_title.starts_with("Head of")
                && !["General Counsel", "Chief Executive"].contains(&one.written.job_title.as_str())
                && !self.busy.contains_key(&one.human)
        };
        let candidates: Vec<&Employment> = self.tables.0.values().filter(free).filter(|one| fits(one)).collect();
        if candidates.is_empty() {
            return None;
        }
        let chosen = pick(&candidates, &self.chance).clone();
        self.hold(chosen.human, days);
        Some(chosen)
    }

    /// Nothing else happens to them for `days` from now.
    pub(super) fn hold(&mut self, human: Human, days: i64) {
        self.busy.insert(human, self.date.plus(days));
    }

    pub(super) fn new_human(&mut self) -> Human {
        self.humans += 1;
        self.humans - 1
    }

    /// Somebody who was never seen before; held from everything else for 30 days.
    pub(super) fn newcomer(&mut self, source: Source, who: &Who, start: Date) -> Employment {
        let human = self.new_human();
        let model = self.model();
        self.hold(human, 30);
        let written = self.registry.written(who, &model.0, &model.1, Some(model.2));
        Employment {
            key: self.registry.number(source),
            human,
            source,
            written,
            status: Status::Active,
            start,
            end: None,
            place: who.place,
        }
    }

    /// Another record of somebody who has one, with the same name and address.
    pub(super) fn another(&mut self, of: &Employment, source: Source, start: Date) -> Employment {
        Employment { key: self.registry.number(source), source, status: Status::Active, start, end: None, ..of.clone() }
    }

    pub(super) fn someone(&self) -> Who {
        Who::draw(naming(&self.chance), &self.chance)
    }

    pub(super) fn address(&mut self, who: &Who) -> String {
        self.registry.address(who)
    }

    /// Department, title and manager of somebody ordinary.
    fn model(&self) -> (String, String, String) {
        let ordinary = |one: &&Employment| {
            one.source == Source::Hr
                && one.status == Status::Active
                && one.end.is_none()
                && one.written.manager.is_some()
        };
        let all: Vec<&Employment> = self.tables.0.values().filter(ordinary).collect();
        loop {
            let one = &pick(&all, &self.chance).written;
            if let Some(manager) = &one.manager
                && !one.job_title.starts_with("Head of")
                && one.job_title != "General Counsel"
            {
                return (one.department.clone(), one.job_title.clone(), manager.clone());
            }
        }
    }

    /// A transfer to where somebody ordinary of another department works.
    pub(super) fn transfer(&self, one: &Employment, fits: impl Fn(&str) -> bool) -> Option<Event> {
        for _ in 0..200 {
            let (department, job_title, manager) = self.model();
            if department != one.written.department && fits(&department) && manager != one.key {
                return Some(Event::Transferred {
                    key: one.key.clone(),
                    department,
                    job_title,
                    manager: Some(manager),
                });
            }
        }
        None
    }
}

fn joins(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let source = if stage.chance.below(100) < 15 { Source::Contractors } else { Source::Hr };
    let notice = i64::from(stage.chance.below(30));
    let who = stage.someone();
    let start = stage.date.plus(notice);
    let one = stage.newcomer(source, &who, start);
    stage.hold(one.human, notice + 2);
    Some(vec![(0, Event::Hired(one))])
}

fn leaves(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let notice = i64::from(stage.chance.below(40));
    let one = stage.cast(notice + 1, |_| true)?;
    let last_day = stage.date.plus(notice);
    let mut script = vec![(0, Event::LeavingAnnounced { key: one.key.clone(), last_day })];
    script.push((notice + 1, Event::Left { key: one.key, last_day }));
    Some(script)
}

fn moves(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let one = stage.cast(1, |_| true)?;
    Some(vec![(0, stage.transfer(&one, |_| true)?)])
}

fn is_away(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let days = 5 + i64::from(stage.chance.below(60));
    let key = stage.cast(days, |_| true)?.key;
    Some(vec![(0, Event::LeaveBegan { key: key.clone() }), (days, Event::LeaveEnded { key })])
}

pub(super) fn is_renamed(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let one = stage.cast(1, |one| !one.written.given_name.is_empty())?;
    let naming = NAMINGS.iter().find(|naming| std::ptr::eq(naming.place, one.place))?;
    let family = pick(naming.family, &stage.chance);
    if family.0 == one.written.family_name {
        return None;
    }
    let who = Who::renamed(&one, family);
    let email = stage.address(&who);
    Some(vec![(0, Event::Renamed { key: one.key, family_name: who.family, email })])
}

fn gets_another_manager(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let one = stage.cast(1, |_| true)?;
    let (_, _, to) = stage.model();
    (to != one.key).then(|| vec![(0, Event::ManagerChanged { key: one.key, to: Some(to) })])
}

/// A former colleague, under the number of before.
fn comes_back(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let gone = |one: &&Employment| {
        one.status == Status::Terminated
            && one.end.is_some_and(|end| end < stage.date.plus(-3))
            && !stage.busy.contains_key(&one.human)
            && stage.tables.0.values().filter(|other| other.human == one.human).count() == 1
    };
    let candidates: Vec<&Employment> = stage.tables.0.values().filter(gone).collect();
    if candidates.is_empty() {
        return None;
    }
    let one = pick(&candidates, &stage.chance).clone();
    let start = stage.date.plus(i64::from(stage.chance.below(10)));
    stage.hold(one.human, start.since(stage.date) + 1);
    Some(vec![(0, Event::Rehired { key: one.key, start })])
}

fn moves_the_start(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let who = stage.someone();
    let one = stage.newcomer(Source::Hr, &who, stage.date.plus(20));
    let (key, to) = (one.key.clone(), stage.date.plus(5 + i64::from(stage.chance.below(30))));
    stage.hold(one.human, 40);
    let moved = if stage.chance.below(4) == 0 { Event::Removed { key } } else { Event::StartMoved { key, to } };
    Some(vec![(0, Event::Hired(one)), (3, moved)])
}

fn is_gone_without_a_word(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let key = stage.cast(1, |one| one.source == Source::Contractors)?.key;
    Some(vec![(0, Event::Removed { key })])
}

fn left_long_ago(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let (last_day, before) = (stage.date.plus(-4), stage.date.plus(-30));
    let key = stage.cast(1, |one| one.start < before)?.key;
    Some(vec![(0, Event::Left { key, last_day })])
}
