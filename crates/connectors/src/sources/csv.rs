//! A CSV feed as records: the ten columns that every HR feed has, and those that its source declares besides.

use super::{Asserted, Employment, Extent, Feed, Record};
use crate::hr_csv::{self, Extra, FeedError, HrRecord};
use data_encoding::HEXLOWER;
use std::collections::BTreeMap;
use std::io::Read;

/// The column for the time zone in which a person's days count, if the source declares it.
pub const TIME_ZONE: &str = "time_zone";
/// The column for the kind of employment, if the source declares it.
pub const EMPLOYMENT: &str = "employment";

/// Reads a whole feed that may have the columns of `extra` besides its ten.
///
/// # Errors
/// Those of [`hr_csv::read`].
pub fn read(input: impl Read, extra: &[String]) -> Result<Feed, FeedError> {
    let (feed, values) = hr_csv::read_with(input, extra)?;
    Ok(from_hr(feed, values))
}

/// The same feed with its records as any source states them. `extra` has a place for each record, or none at all.
pub fn from_hr(feed: hr_csv::Feed, extra: Vec<Extra>) -> Feed {
    let mut extra = extra.into_iter();
    let records = feed.records.into_iter().map(|record| from_line(record, extra.next().unwrap_or_default())).collect();
    Feed { records, extent: Extent::Whole, sha256: HEXLOWER.encode(&feed.sha256), as_of: feed.as_of }
}

fn from_line(record: HrRecord, mut extra: Extra) -> Record {
    let mut own = |column: &str| extra.remove(column).filter(|value| !value.is_empty());
    let employment = Employment {
        status: record.status,
        start: Some(record.start_date),
        end: record.end_date,
        time_zone: own(TIME_ZONE),
        kind: own(EMPLOYMENT),
    };
    let columns = [
        ("employee_id", record.employee_id.clone()),
        ("given_name", record.given_name),
        ("family_name", record.family_name),
        ("email", record.email),
        ("department", record.department),
        ("job_title", record.job_title),
        ("manager", record.manager_id.unwrap_or_default()),
    ];
    let mut attributes: BTreeMap<String, Asserted> =
        columns.into_iter().map(|(name, value)| (name.to_owned(), Asserted::text(value))).collect();
    attributes.extend(extra.into_iter().map(|(name, value)| (name, Asserted::text(value))));
    Record { key: record.employee_id, attributes, employment: Some(employment) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Failure;

    const HEADER: &str =
        "employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date";

    fn read_text(text: &str, extra: &[&str]) -> Result<Feed, FeedError> {
        read(text.as_bytes(), &extra.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_declared_column_is_an_attribute_and_an_empty_one_says_that_there_is_none() {
        let feed = read_text(
            &format!(
                "{HEADER},cost_center,time_zone,employment\n\
                 E1,Alice,Moreau,alice@example.com,Platform,Engineer,E2,active,2021-09-06,,4711,Europe/Paris,employee\n\
                 E2,Bob,Lindqvist,bob@example.com,,,,leave,2016-02-01,,,,\n"
            ),
            &["cost_center", "time_zone", "employment"],
        )
        .unwrap();
        let [alice, bob] = &feed.records[..] else { panic!("{feed:?}") };
        assert_eq!(
            (alice.key.as_str(), alice.text("cost_center"), alice.text("manager")),
            ("E1", Some("4711"), Some("E2"))
        );
        let employment = alice.employment.as_ref().unwrap();
        assert_eq!(employment.time_zone.as_deref(), Some("Europe/Paris"));
        assert_eq!(employment.kind.as_deref(), Some("employee"));
        assert!(!alice.attributes.contains_key("time_zone"), "it is no attribute of the person");
        for cleared in ["cost_center", "department", "manager"] {
            assert_eq!(bob.attributes[cleared], Asserted::Cleared, "{cleared}");
        }
        assert_eq!(bob.employment.as_ref().unwrap().time_zone, None);
    }

    #[test]
    fn a_column_that_the_source_does_not_declare_is_refused_and_a_declared_one_may_not_be_missing() {
        let line = "E1,Alice,Moreau,alice@example.com,Platform,Engineer,,active,2021-09-06,";
        let undeclared = read_text(&format!("{HEADER},cost_center\n{line},4711\n"), &[]);
        assert_eq!(undeclared.unwrap_err().code(), "feed_unknown_column");
        let missing = read_text(&format!("{HEADER}\n{line}\n"), &["cost_center"]);
        assert_eq!(
            missing.unwrap_err().to_string(),
            "column `cost_center` is missing from the header; the source declares it"
        );
        let twice = read_text(&format!("{HEADER},cost_center,cost_center\n{line},1,2\n"), &["cost_center"]);
        assert_eq!(twice.unwrap_err().code(), "feed_repeated_column");
    }

    #[test]
    fn a_trailer_may_say_of_when_the_feed_is_true() {
        let line = "E1,Alice,Moreau,alice@example.com,Platform,Engineer,,active,2021-09-06,";
        for (trailer, as_of) in [
            ("", None),
            ("#end,1\n", None),
            ("#end,1,2026-11-21T05:00:00Z\n", Some("2026-11-21T05:00:00Z")),
            ("#end,1,2026-11-21\n", Some("2026-11-21")),
        ] {
            let feed = read_text(&format!("{HEADER}\n{line}\n{trailer}"), &[]).unwrap();
            assert_eq!(feed.as_of, as_of.map(|text| text.parse().unwrap()), "{trailer}");
        }
        for (trailer, code) in [("#end,1,yesterday\n", "feed_bad_trailer"), ("#end,2,2026-11-21\n", "feed_truncated")] {
            let refused = read_text(&format!("{HEADER}\n{line}\n{trailer}"), &[]);
            assert_eq!(refused.unwrap_err().code(), code, "{trailer}");
        }
    }

    #[test]
    fn a_record_survives_being_written_and_read() {
        let line = "E1,Alice,Moreau,alice@example.com,,Engineer,,terminated,2021-09-06,2026-01-31";
        let mut feed = read_text(&format!("{HEADER}\n{line}\n#end,1,2026-11-21\n"), &[]).unwrap();
        let groups = ["b", "a"].map(str::to_owned).into();
        feed.records[0].attributes.insert("groups".to_owned(), Asserted::List(groups));
        for extent in [Extent::Whole, Extent::Changes { gone: vec!["E9".to_owned()] }] {
            let feed = Feed { extent, ..feed.clone() };
            let text = serde_json::to_string(&feed).unwrap();
            assert_eq!(serde_json::from_str::<Feed>(&text).unwrap(), feed, "{text}");
        }
    }
}
