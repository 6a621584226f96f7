//! How a source is asked that Tenure reads itself: what may be declared of it, and the question that follows. Pure.

use super::model::{Declaration, Settings, Source, SourceKind};
use super::rules::EVERYBODYS;
use connectors::hr_csv::EmploymentStatus;
use connectors::sources::{ENABLED, ENTRY_NAME};
use provisioning::feed::{Asks, Question};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Bytes of a query.
const LONGEST_QUERY: usize = 64 * 1024;
const LONGEST_TEXT: usize = 1024;
/// Minutes of a week.
const LONGEST_PAUSE: u32 = 7 * 24 * 60;
/// Hours of thirty days.
const LONGEST_WHOLE_PAUSE: u32 = 30 * 24;

/// What a column may stand for besides an attribute.
pub(super) const KEY: &str = "key";
pub(super) const STATUS: &str = "status";
pub(super) const START: &str = "start_date";
pub(super) const END: &str = "end_date";
pub(super) const TIME_ZONE: &str = "time_zone";
pub(super) const EMPLOYMENT: &str = "employment";
const OF_EMPLOYMENT: [&str; 5] = [STATUS, START, END, TIME_ZONE, EMPLOYMENT];

/// What is asked of a source's service, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reads {
    /// By which login of the service; the one that administers it where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Of a database: one query. In PostgreSQL it names tables with their schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Of a directory: below which entry; the one of the service where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Of a directory: which entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Of a folder: the file; the one that comes last in the alphabet where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// By attribute the column or the directory's attribute that it is in; of a query the one of the same name where
    /// nothing is said. `key` is what the source calls somebody.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// What the values of the column for `status` mean.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<String, EmploymentStatus>,
    /// The column that grows with every change: with it only what changed is read, and everything now and then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes_by: Option<String>,
    /// How often it is read by itself; not at all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_minutes: Option<u32>,
    /// How often all of it is read. By default every 24 hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole_every_hours: Option<u32>,
}

impl Reads {
    pub(crate) fn every(&self) -> Option<Duration> {
        self.every_minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60))
    }

    pub(super) fn whole_every(&self) -> Duration {
        Duration::from_secs(u64::from(self.whole_every_hours.unwrap_or(24)) * 60 * 60)
    }

    /// The column that something is in.
    pub(super) fn column<'a>(&'a self, name: &'a str) -> &'a str {
        match self.columns.get(name) {
            Some(column) => column,
            None if name == KEY => self.column("employee_id"),
            None => name,
        }
    }
}

/// What is asked of a source, all of it; `None`: it is not one that Tenure reads.
pub(super) fn question(source: &Source) -> Option<Question> {
    let (service, reads) = (source.settings.service.clone()?, source.settings.read.clone().unwrap_or_default());
    let asks = match source.kind {
        SourceKind::Scim => return None,
        SourceKind::Csv => Asks::File { name: reads.file.clone() },
        SourceKind::Sql => Asks::Query { text: reads.query.clone()? },
        SourceKind::Ldap | SourceKind::ActiveDirectory => {
            let made_up = [ENTRY_NAME, ENABLED];
            let columns = reads.columns.values().filter(|column| !made_up.contains(&column.as_str()));
            Asks::Directory {
                base: reads.base.clone(),
                filter: reads.filter.clone()?,
                attributes: columns.cloned().collect(),
                key: reads.columns.get(KEY)?.clone(),
                reference: reads.columns.get("manager").cloned(),
                active_directory: source.kind == SourceKind::ActiveDirectory,
            }
        }
    };
    Some(Question { service, login: reads.login.clone(), asks, changes: None })
}

/// What is wrong with what a declaration says about reading.
pub(super) fn problem(declaration: &Declaration, known: &BTreeSet<&str>) -> Option<String> {
    let Settings { service, read, .. } = &declaration.settings;
    let (kind, reads) = (declaration.kind, read.clone().unwrap_or_default());
    let is_directory = matches!(kind, SourceKind::Ldap | SourceKind::ActiveDirectory);
    let has_columns = is_directory || kind == SourceKind::Sql;
    let misplaced = [
        ("service", service.is_some() && kind == SourceKind::Scim),
        ("read", read.is_some() && service.is_none()),
        ("query", reads.query.is_some() && kind != SourceKind::Sql),
        ("base", reads.base.is_some() && !is_directory),
        ("filter", reads.filter.is_some() && !is_directory),
        ("file", reads.file.is_some() && kind != SourceKind::Csv),
        ("login", reads.login.is_some() && !has_columns),
        ("columns", !reads.columns.is_empty() && !has_columns),
        ("statuses", !reads.statuses.is_empty() && !has_columns),
        ("changes_by", reads.changes_by.is_some() && !has_columns),
        ("whole_every_hours", reads.whole_every_hours.is_some() && reads.changes_by.is_none()),
    ];
    if let Some((name, _)) = misplaced.into_iter().find(|(_, is)| *is) {
        return Some(format!("`{name}` says nothing here: leave it out"));
    }
    let texts =
        [service.as_ref(), reads.login.as_ref(), reads.base.as_ref(), reads.filter.as_ref(), reads.file.as_ref()];
    let names = texts.into_iter().flatten().chain(reads.changes_by.as_ref());
    let values = reads.columns.values().chain(reads.statuses.keys());
    if let Some(bad) = names.chain(values).find(|text| !is_plain(text, LONGEST_TEXT)) {
        return Some(format!("`{}` must be text of at most 1,024 bytes in one line", shown(bad)));
    }
    if reads.query.as_ref().is_some_and(|query| query.len() > LONGEST_QUERY || query.contains('\0')) {
        return Some("`query` is longer than 64 KiB, or holds U+0000".to_owned());
    }
    if service.as_ref().is_some_and(|service| !types::is_target(service)) {
        return Some("`service` is not the name of a service".to_owned());
    }
    if let Some(file) = reads.file.as_ref().filter(|file| connectors::sources::folder::checked(file).is_err()) {
        return Some(format!("`file`: `{}` is not the name of a file in a folder", shown(file)));
    }
    let stands_for = |name: &&String| {
        let name = name.as_str();
        name == KEY || OF_EMPLOYMENT.contains(&name) || EVERYBODYS.contains(&name) || known.contains(name)
    };
    if let Some(unknown) = reads.columns.keys().find(|name| !stands_for(name)) {
        return Some(format!("`columns` names `{}`, which the source does not declare", shown(unknown)));
    }
    if reads.every_minutes.is_some_and(|minutes| !(1..=LONGEST_PAUSE).contains(&minutes)) {
        return Some("`every_minutes` must be from 1 to 10080".to_owned());
    }
    if reads.whole_every_hours.is_some_and(|hours| !(1..=LONGEST_WHOLE_PAUSE).contains(&hours)) {
        return Some("`whole_every_hours` must be from 1 to 720".to_owned());
    }
    match kind {
        SourceKind::Sql if service.is_some() && reads.query.is_none() => {
            Some("nothing is asked of the `service`: say what in `read.query`".to_owned())
        }
        SourceKind::Ldap | SourceKind::ActiveDirectory if service.is_some() => {
            let missing = "nobody could tell who is meant: say in `read.filter` which entries are people, and in \
                           `read.columns` which attribute is the `key`";
            (reads.filter.is_none() || !reads.columns.contains_key(KEY)).then(|| missing.to_owned())
        }
        SourceKind::Sql | SourceKind::Ldap | SourceKind::ActiveDirectory if service.is_none() => {
            Some("nobody is asked: name in `service` the service that is read".to_owned())
        }
        SourceKind::Sql | SourceKind::Ldap | SourceKind::ActiveDirectory | SourceKind::Csv | SourceKind::Scim => None,
    }
}

fn is_plain(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.len() <= longest && !text.chars().any(char::is_control)
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn declaration(kind: SourceKind, settings: Value) -> Declaration {
        let settings = serde_json::from_value(settings).unwrap();
        let (name, owner) = ("people".to_owned(), "bob@example.com".to_owned());
        Declaration { name, kind, description: String::new(), owner, settings }
    }

    fn source(kind: SourceKind, settings: Value) -> Source {
        let Declaration { name, kind, description, settings, .. } = declaration(kind, settings);
        Source { name, kind, description, owner: None, settings }
    }

    fn directory() -> Value {
        json!({"service": "ldap-1", "read": {"filter": "(uid=*)", "columns":
            {"key": "entryUUID", "email": "mail", "manager": "manager", "status": "enabled"}}})
    }

    #[test]
    fn a_question_asks_for_what_the_columns_name_and_nothing_that_the_reader_makes_up() {
        let asked = question(&source(SourceKind::ActiveDirectory, directory())).unwrap();
        let Asks::Directory { attributes, key, reference, active_directory, .. } = asked.asks else { panic!() };
        assert_eq!(attributes.iter().map(String::as_str).collect::<Vec<_>>(), ["entryUUID", "mail", "manager"]);
        assert_eq!((key.as_str(), reference.as_deref(), active_directory), ("entryUUID", Some("manager"), true));
        let sql = json!({"service": "db-1", "read": {"query": "select 1"}});
        assert_eq!(question(&source(SourceKind::Sql, sql)).unwrap().asks, Asks::Query { text: "select 1".into() });
        let folder = question(&source(SourceKind::Csv, json!({"service": "drop"}))).unwrap();
        assert_eq!(folder.asks, Asks::File { name: None });
        assert_eq!(question(&source(SourceKind::Csv, json!({}))), None, "somebody sends it");
    }

    #[test]
    fn what_a_source_says_about_reading_fits_its_kind() {
        use SourceKind::{ActiveDirectory, Csv, Ldap, Scim, Sql};
        let sql = |read: Value| json!({"service": "db-1", "read": read});
        for (kind, settings, wrong) in [
            (Csv, json!({}), None),
            (Csv, json!({"service": "drop", "read": {"file": "hr.csv", "every_minutes": 5}}), None),
            (Ldap, directory(), None),
            (Sql, sql(json!({"query": "select 1", "changes_by": "at", "whole_every_hours": 12})), None),
            (Scim, json!({"service": "x"}), Some("`service` says nothing here")),
            (Csv, json!({"read": {"every_minutes": 5}}), Some("`read` says nothing here")),
            (Csv, sql(json!({"query": "select 1"})), Some("`query` says nothing here")),
            (Csv, sql(json!({"columns": {"email": "mail"}})), Some("`columns` says nothing here")),
            (Sql, sql(json!({"query": "x", "filter": "(a=b)"})), Some("`filter` says nothing here")),
            (Sql, sql(json!({"query": "x", "whole_every_hours": 1})), Some("`whole_every_hours` says nothing here")),
            (Sql, sql(json!({"query": "x", "columns": {"shoe": "x"}})), Some("`columns` names `shoe`")),
            (Sql, sql(json!({"query": "x", "every_minutes": 0})), Some("`every_minutes` must be")),
            (Sql, sql(json!({"query": "x", "login": "a\nb"})), Some("must be text of at most")),
            (Sql, sql(json!({"query": "x\u{0}"})), Some("`query` is longer")),
            (Sql, sql(json!({})), Some("in `read.query`")),
            (Sql, json!({}), Some("name in `service`")),
            (Sql, json!({"service": "No Name", "read": {"query": "x"}}), Some("`service` is not the name")),
            (Ldap, sql(json!({"filter": "(a=b)"})), Some("say in `read.filter`")),
            (ActiveDirectory, json!({}), Some("name in `service`")),
            (Csv, sql(json!({"file": "../hr.csv"})), Some("is not the name of a file")),
        ] {
            let found = problem(&declaration(kind, settings.clone()), &BTreeSet::new());
            match wrong {
                None => assert_eq!(found, None, "{settings}"),
                Some(wrong) => {
                    assert!(found.as_ref().is_some_and(|found| found.contains(wrong)), "{settings}: {found:?}")
                }
            }
        }
    }
}
