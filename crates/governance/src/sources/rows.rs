//! Rows of named texts, as a database or a directory has them, as the records that a source states. Pure.

use super::asks::{EMPLOYMENT, END, KEY, Reads, START, STATUS, TIME_ZONE};
use super::model::{AttributeKind, Authority, Source};
use super::refusal::Refusal;
use super::rules::EVERYBODYS;
use connectors::hr_csv::{Day, EmploymentStatus};
use connectors::sources::{Asserted, Employment, Record};
use std::collections::BTreeMap;

/// A row by column; a column without a value has none.
pub(super) type Row = BTreeMap<String, Vec<String>>;

/// `before`: how many came on earlier pages, so that a fault names the record by its number.
pub(super) fn records(source: &Source, rows: &[Row], before: usize) -> Result<Vec<Record>, Refusal> {
    let reads = source.settings.read.clone().unwrap_or_default();
    (before + 1..).zip(rows).map(|(number, row)| Reader { source, reads: &reads, number, row }.record()).collect()
}

struct Reader<'a> {
    source: &'a Source,
    reads: &'a Reads,
    number: usize,
    row: &'a Row,
}

impl Reader<'_> {
    fn record(&self) -> Result<Record, Refusal> {
        let Some(key) = self.text(KEY) else { return Err(self.bad(KEY, "", "what the source calls the person")) };
        let mut attributes = BTreeMap::new();
        for name in EVERYBODYS {
            self.assert(&mut attributes, name, AttributeKind::Text);
        }
        let own = self.source.settings.attributes.iter();
        for attribute in own.filter(|attribute| ![TIME_ZONE, EMPLOYMENT].contains(&attribute.name.as_str())) {
            self.assert(&mut attributes, &attribute.name, attribute.kind);
        }
        let employment = match self.source.settings.authority {
            Authority::Attributes => None,
            Authority::People => Some(Employment {
                status: self.status()?,
                start: self.day(START)?,
                end: self.day(END)?,
                time_zone: self.text(TIME_ZONE).map(str::to_owned),
                kind: self.text(EMPLOYMENT).map(str::to_owned),
            }),
        };
        Ok(Record { key: key.to_owned(), attributes, employment })
    }

    /// A column that is not there says nothing, one without a value says that there is none.
    fn assert(&self, attributes: &mut BTreeMap<String, Asserted>, name: &str, kind: AttributeKind) {
        let Some(values) = self.values(name) else { return };
        let value = match kind {
            AttributeKind::List => Asserted::List(values.iter().cloned().collect()),
            AttributeKind::Text | AttributeKind::Number => {
                values.first().map_or(Asserted::Cleared, |value| Asserted::text(value.trim()))
            }
        };
        attributes.insert(name.to_owned(), value);
    }

    /// Who stands in the source works here, unless it says otherwise.
    fn status(&self) -> Result<EmploymentStatus, Refusal> {
        let Some(text) = self.values(STATUS).map(|_| self.text(STATUS).unwrap_or_default()) else {
            return Ok(EmploymentStatus::Active);
        };
        let usual = [EmploymentStatus::Active, EmploymentStatus::Leave, EmploymentStatus::Terminated];
        let found = match self.reads.statuses.is_empty() {
            true => usual.into_iter().find(|status| status.as_str() == text),
            false => self.reads.statuses.get(text).copied(),
        };
        found.ok_or_else(|| {
            self.bad(STATUS, text, "a value to which `statuses` gives a meaning, or active, leave, terminated")
        })
    }

    /// `2026-11-22`, a time that begins so, or a time as directories write it, `20261122…Z`.
    fn day(&self, name: &str) -> Result<Option<Day>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let day = match (text.get(..10), text.get(..8)) {
            (Some(day), _) if text.len() == 10 || matches!(text.as_bytes()[10], b' ' | b'T') => day.to_owned(),
            (_, Some(day)) if digits(day) && (text.len() == 8 || text.ends_with('Z')) => {
                format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])
            }
            _ => text.to_owned(),
        };
        match day.parse() {
            Ok(day) => Ok(Some(day)),
            Err(_) => Err(self.bad(name, text, "a day such as 2026-11-22")),
        }
    }

    fn values(&self, name: &str) -> Option<&[String]> {
        self.row.get(self.reads.column(name)).map(Vec::as_slice)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.values(name)?.first().map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn bad(&self, attribute: &str, value: &str, wanted: &'static str) -> Refusal {
        let value = value.chars().take(60).collect();
        Refusal::BadValue { record: self.number, attribute: attribute.to_owned(), value, wanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::{Settings, SourceKind};
    use serde_json::{Value, json};

    fn source(settings: Value) -> Source {
        let settings: Settings = serde_json::from_value(settings).unwrap();
        Source { name: "ad".into(), kind: SourceKind::Sql, description: String::new(), owner: None, settings }
    }

    fn read(settings: Value, row: Value) -> Result<Record, String> {
        let row: Row = serde_json::from_value(row).unwrap();
        let records = records(&source(settings), &[row], 4).map_err(|refusal| refusal.to_string())?;
        Ok(records.into_iter().next().unwrap())
    }

    #[test]
    fn a_row_is_a_record_in_the_names_that_are_declared() {
        let settings = json!({"attributes": [{"name": "groups", "kind": "list"}, {"name": "floor", "kind": "number"}],
            "read": {"columns": {"key": "guid", "email": "mail", "groups": "memberOf", "status": "enabled"},
                "statuses": {"true": "active", "false": "terminated"}}});
        let row = json!({"guid": ["g-1"], "mail": [" a@x.example ", "b@x.example"], "memberOf": ["p", "q"], "floor": [],
            "enabled": ["false"], "start_date": ["20260131080000.0Z"], "end_date": [], "given_name": ["Zoë"], "other": ["x"]});
        let record = read(settings, row).unwrap();
        assert_eq!((record.key.as_str(), record.text("email")), ("g-1", Some("a@x.example")));
        assert_eq!(record.attributes["groups"], Asserted::List(["p", "q"].map(str::to_owned).into()));
        assert_eq!(record.attributes["floor"], Asserted::Cleared);
        assert!(!record.attributes.contains_key("department") && !record.attributes.contains_key("other"));
        let employment = record.employment.unwrap();
        assert_eq!(employment.status, EmploymentStatus::Terminated);
        assert_eq!((employment.start.unwrap().as_str(), employment.end), ("2026-01-31", None));
    }

    #[test]
    fn days_are_read_as_databases_and_directories_write_them() {
        for (text, day) in [
            ("2026-01-31", Some("2026-01-31")),
            ("2026-01-31 00:00:00", Some("2026-01-31")),
            ("2026-01-31T00:00:00+00:00", Some("2026-01-31")),
            ("20260131", Some("2026-01-31")),
            ("20260131235959Z", Some("2026-01-31")),
            ("2026-02-31", None),
            ("31.01.2026", None),
            ("20260131235959", None),
            ("é026-01-31", None),
            ("133485408000000000", None),
        ] {
            let found = read(json!({}), json!({"employee_id": ["E1"], "start_date": [text]}));
            match day {
                Some(day) => assert_eq!(found.unwrap().employment.unwrap().start.unwrap().as_str(), day),
                None => assert_eq!(
                    found.unwrap_err(),
                    format!("record 5: start_date `{text}` should be a day such as 2026-11-22")
                ),
            }
        }
    }

    #[test]
    fn a_row_without_a_key_or_with_a_status_that_means_nothing_is_refused() {
        for (row, fault) in [
            (json!({"email": ["a@x"]}), "record 5: key `` should be"),
            (json!({"employee_id": [" "]}), "record 5: key `` should be"),
            (json!({"employee_id": ["E1"], "status": ["fired"]}), "record 5: status `fired` should be"),
            (json!({"employee_id": ["E1"], "status": []}), "record 5: status `` should be"),
        ] {
            let refused = read(json!({}), row).unwrap_err();
            assert!(refused.starts_with(fault), "{refused}");
        }
        let works = read(json!({}), json!({"employee_id": ["E1"]})).unwrap();
        assert_eq!(works.employment.unwrap().status, EmploymentStatus::Active);
        let adds = read(json!({"authority": "attributes"}), json!({"employee_id": ["E1"], "status": ["x"]})).unwrap();
        assert_eq!(adds.employment, None);
    }
}
