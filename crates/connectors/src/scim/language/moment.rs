//! A `dateTime` of RFC 7643 section 2.3.5, which may have an offset.

use types::Timestamp;

/// Microseconds since 1970 in UTC; `None` where it is no moment.
pub(super) fn micros(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let at = time.find(['Z', '+', '-'])?;
    let (clock, offset) = time.split_at(at);
    let utc: Timestamp = format!("{date}T{}Z", micros_only(clock)).parse().ok()?;
    utc.micros().checked_sub(offset_micros(offset)?)
}

/// The time of day without decimals beyond the sixth.
fn micros_only(clock: &str) -> &str {
    match clock.split_once('.') {
        Some((whole, decimals)) if decimals.len() > 6 && decimals.is_ascii() => &clock[..whole.len() + 7],
        _ => clock,
    }
}

fn offset_micros(offset: &str) -> Option<i64> {
    if offset == "Z" {
        return Some(0);
    }
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let number = |text: &str| text.parse::<i64>().ok().filter(|_| text.len() == 2 && !text.starts_with(['+', '-']));
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let span = (hours < 24 && minutes < 60).then_some((hours * 60 + minutes) * 60_000_000)?;
    Some(if offset.starts_with('-') { -span } else { span })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_same_by_every_clock() {
        let noon = micros("2011-05-13T12:00:00Z");
        assert!(noon.is_some());
        for same in ["2011-05-13T14:00:00+02:00", "2011-05-13T06:30:00-05:30", "2011-05-13T12:00:00.000000000Z"] {
            assert_eq!(micros(same), noon, "{same}");
        }
        for wrong in ["2011-05-13", "2011-05-13T12:00:00", "2011-05-13T12:00:00+2", "noon", "2011-05-13T12:00:00+24:00"]
        {
            assert_eq!(micros(wrong), None, "{wrong}");
        }
    }
}
