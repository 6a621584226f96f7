//! Reads what `lastlog`, `lastlog2` and `last -w --time-format iso` print in the C locale. Pure.

use std::collections::HashMap;
use types::Timestamp;

/// `lastlog` and `lastlog2`: the line's first word is the login, its last six the time. Who never logged in is absent.
pub(super) fn from_lastlog(text: &str) -> HashMap<String, Timestamp> {
    text.lines().skip(1).filter_map(lastlog_line).collect()
}

fn lastlog_line(line: &str) -> Option<(String, Timestamp)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [login, .., _weekday, month, day, clock, zone, year] = words[..] else { return None };
    let month = 1 + ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        .iter()
        .position(|name| *name == month)?;
    let day: u8 = day.parse().ok()?;
    let local: Timestamp = format!("{year}-{month:02}-{day:02}T{clock}Z").parse().ok()?;
    Some((login.to_owned(), in_utc(local, zone)?))
}

/// `last -w --time-format iso`: newest first; the first time on a line is the log-in.
pub(super) fn from_last(text: &str) -> HashMap<String, Timestamp> {
    let mut seen = HashMap::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(login), Some(at)) = (words.next(), words.find_map(iso)) {
            let latest = seen.entry(login.to_owned()).or_insert(at);
            *latest = at.max(*latest);
        }
    }
    seen.remove("reboot");
    seen.remove("wtmp");
    seen
}

/// `2026-11-21T09:30:00+01:00`
fn iso(word: &str) -> Option<Timestamp> {
    let (local, zone) = word.split_at_checked("2026-11-21T09:30:00".len())?;
    in_utc(format!("{local}Z").parse().ok()?, &zone.replace(':', ""))
}

/// `zone` is `+hhmm` or `-hhmm`.
fn in_utc(local: Timestamp, zone: &str) -> Option<Timestamp> {
    let (sign, digits) = zone.split_at_checked(1)?;
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    let offset = std::time::Duration::from_secs((number / 100 * 60 + number % 100) * 60);
    match sign {
        "+" => Some(local.minus(offset)),
        "-" => Some(local.plus(offset)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lastlog_tells_when_and_leaves_out_who_never_came() {
        let text = "Username         Port     From                                       Latest\n\
            root             pts/0    10.0.2.2                                  Sat Nov 21 21:58:11 +0000 2026\n\
            averylongloginname pts/1    ::1                                       Sun Mar  1 00:30:00 +0100 2026\n\
            console          tty1                                               Thu Jan  1 09:00:00 -0530 2026\n\
            daemon                                                              **Never logged in**\n";
        let seen = from_lastlog(text);
        assert_eq!(seen["root"].to_string(), "2026-11-21T21:58:11.000000Z");
        assert_eq!(seen["averylongloginname"].to_string(), "2026-02-28T23:30:00.000000Z");
        assert_eq!(seen["console"].to_string(), "2026-01-01T14:30:00.000000Z");
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn last_tells_the_newest_session_of_each_login() {
        let text = "ann      pts/0        10.0.0.7         2026-11-21T09:30:00+01:00   still logged in\n\
            ann      pts/0        10.0.0.7         2026-11-01T09:30:00+01:00 - 2026-11-01T10:00:00+01:00  (00:30)\n\
            reboot   system boot  6.1.0            2026-10-01T09:30:00+00:00   still running\n\
            \nwtmp begins 2025-05-20T00:00:00+00:00\n";
        let seen = from_last(text);
        assert_eq!(seen["ann"].to_string(), "2026-11-21T08:30:00.000000Z");
        assert_eq!(seen.len(), 1);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(?s).{0,200}", line in "\n[a-z]{1,3} (Sat )?[A-Z][a-z]{2} [0-9é]{1,3} [0-9:]{1,9} [+-]?[0-9é]{0,6} [0-9]{1,9}") {
            let _ = (from_lastlog(&text), from_last(&text), from_lastlog(&line), from_last(&line));
        }
    }
}
