//! The files that HR sends: good ones as `connectors::hr_csv` takes them, and those that must be refused.

use super::events::FeedFault;
use super::people::{Employment, Source};
use super::places::Date;
use super::tables::Tables;
use super::{Event, Story};

const TEN: &str = "employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date";

/// Which columns a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// Those that every feed has.
    Ten,
    /// And `time_zone`, `employment` and `worker`, for a source that declares them. The last says the same as the one
    /// before, as an attribute of the person.
    Thirteen,
}

/// Goes through a story day by day and writes the feeds of each.
pub struct Feeds<'a> {
    story: &'a Story,
    columns: Columns,
    day: usize,
    now: Moment,
    earlier: Vec<Moment>,
}

/// What the records are on a day. Each file says of which day it is true.
#[derive(Clone)]
struct Moment {
    tables: Tables,
    date: Date,
}

impl<'a> Feeds<'a> {
    /// Before the first day.
    pub fn new(story: &'a Story, columns: Columns) -> Self {
        let now = Moment { tables: Tables(story.company.employments.clone()), date: story.company.first_day.plus(-1) };
        Self { story, columns, day: 0, now, earlier: Vec::new() }
    }

    /// What the feeds said before the story began.
    pub fn first(&self, source: Source) -> String {
        good(&self.now, source, self.columns)
    }

    /// Takes the next day's events. `None` after the last day.
    pub fn next_day(&mut self) -> Option<&'a super::StoryDay> {
        let day = self.story.days.get(self.day)?;
        if self.earlier.len() == 5 {
            self.earlier.remove(0);
        }
        self.earlier.push(self.now.clone());
        for told in &day.events {
            self.now.tables.apply(&told.event);
        }
        self.now.date = day.date;
        self.day += 1;
        Some(day)
    }

    /// Every feed of this day of the source, in the order in which they arrive, with what is wrong with it. The last one
    /// is good.
    pub fn of(&self, source: Source) -> Vec<(Option<FeedFault>, String)> {
        let faults = self.day.checked_sub(1).into_iter().flat_map(|day| &self.story.days[day].events);
        let faults = faults.filter_map(|told| match told.event {
            Event::FeedFault { source: of, fault } if of == source => Some(fault),
            _ => None,
        });
        let good = (None, good(&self.now, source, self.columns));
        faults.map(|fault| (Some(fault), self.faulty(source, fault))).chain([good]).collect()
    }

    /// The records of the source as they stand.
    pub fn records(&self, source: Source) -> impl Iterator<Item = &Employment> {
        of(&self.now, source)
    }

    fn faulty(&self, source: Source, fault: FeedFault) -> String {
        let lines = |moment: &Moment| of(moment, source).map(|one| line(one, self.columns)).collect::<Vec<_>>();
        let file = |lines: &[String]| file(lines, self.columns, self.now.date);
        let now = lines(&self.now);
        match fault {
            FeedFault::Truncated => {
                let whole = file(&now);
                whole.chars().take(whole.chars().count() * 3 / 5).collect()
            }
            FeedFault::Empty => file(&[]),
            FeedFault::Doubled => file(&[now.clone(), now].concat()),
            FeedFault::HalfLoaded => file(&now.chunks(20).step_by(2).flatten().cloned().collect::<Vec<_>>()),
            FeedFault::Rekeyed => {
                let rekeyed = of(&self.now, source).map(|one| {
                    let mut one = one.clone();
                    one.key = format!("9{}", &one.key[1..]);
                    one.written.manager = one.written.manager.map(|manager| format!("9{}", &manager[1..]));
                    line(&one, self.columns)
                });
                file(&rekeyed.collect::<Vec<_>>())
            }
            FeedFault::Stale => good(self.earlier.first().unwrap_or(&self.now), source, self.columns),
            FeedFault::Shifted => {
                let shifted = of(&self.now, source).map(|one| {
                    let mut one = one.clone();
                    std::mem::swap(&mut one.written.department, &mut one.written.job_title);
                    line(&one, self.columns)
                });
                file(&shifted.collect::<Vec<_>>())
            }
        }
    }
}

fn good(moment: &Moment, source: Source, columns: Columns) -> String {
    file(&of(moment, source).map(|one| line(one, columns)).collect::<Vec<_>>(), columns, moment.date)
}

fn of(moment: &Moment, source: Source) -> impl Iterator<Item = &Employment> {
    moment.tables.0.values().filter(move |one| one.source == source)
}

fn file(lines: &[String], columns: Columns, date: Date) -> String {
    let more = match columns {
        Columns::Ten => "",
        Columns::Thirteen => ",time_zone,employment,worker",
    };
    let records: String = lines.iter().map(|line| format!("{line}\n")).collect();
    format!("{TEN}{more}\n{records}#end,{},{date}\n", lines.len())
}

fn line(one: &Employment, columns: Columns) -> String {
    let written = &one.written;
    let (start, end) = (one.start.to_string(), one.end.map(|end| end.to_string()).unwrap_or_default());
    let mut fields = vec![
        one.key.as_str(),
        &written.given_name,
        &written.family_name,
        &written.email,
        &written.department,
        &written.job_title,
        written.manager.as_deref().unwrap_or_default(),
        one.status.as_str(),
        &start,
        &end,
    ];
    if columns == Columns::Thirteen {
        fields.extend([one.place.zone, one.kind().as_str(), one.kind().as_str()]);
    }
    fields.into_iter().map(quoted).collect::<Vec<_>>().join(",")
}

/// RFC 4180, section 2, rules 6 and 7.
fn quoted(field: &str) -> String {
    if field.contains([',', '"']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}
