//! Terms as people write them: `10m`, `2h`, `1d`, `1h30m`. Pure.

/// A whole number of minutes, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Term {
    minutes: u32,
}

impl Term {
    pub(crate) fn minutes(self) -> u32 {
        self.minutes
    }

    pub(crate) fn whole_hours(self) -> Option<u32> {
        self.minutes.is_multiple_of(60).then_some(self.minutes / 60)
    }

    pub(crate) fn whole_days(self) -> Option<u32> {
        self.minutes.is_multiple_of(24 * 60).then_some(self.minutes / (24 * 60))
    }
}

impl std::str::FromStr for Term {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match parse(text) {
            Some(0) => Err("a term is at least one minute: `1m`".into()),
            Some(minutes) => Ok(Self { minutes }),
            None => Err("write a term in days, hours and minutes, such as `10m`, `2h`, `1d` or `1h30m`".into()),
        }
    }
}

/// Parts come largest first and each unit once.
fn parse(text: &str) -> Option<u32> {
    let (mut rest, mut total) = (text, 0_u32);
    for (unit, minutes) in [('d', 24 * 60), ('h', 60), ('m', 1)] {
        if let Some((count, after)) = rest.split_once(unit) {
            if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            total = total.checked_add(count.parse::<u32>().ok()?.checked_mul(minutes)?)?;
            rest = after;
        }
    }
    (rest.is_empty() && !text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_read_as_people_write_it() {
        for (text, minutes) in
            [("1m", 1), ("10m", 10), ("2h", 120), ("1d", 1440), ("1h30m", 90), ("1d2h3m", 1563), ("090m", 90)]
        {
            assert_eq!(text.parse::<Term>().unwrap().minutes(), minutes, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in
            ["", "10", "m", "10s", "-5m", "1.5h", "5m1h", "10 m", "1h1h", "9999999d", "4294967295h", "ten minutes"]
        {
            assert!(text.parse::<Term>().unwrap_err().contains("`10m`"), "{text}");
        }
        assert!("0m".parse::<Term>().unwrap_err().contains("at least one minute"));
    }

    #[test]
    fn only_whole_hours_and_days_become_such() {
        assert_eq!("2h".parse::<Term>().unwrap().whole_hours(), Some(2));
        assert_eq!("90m".parse::<Term>().unwrap().whole_hours(), None);
        assert_eq!("30d".parse::<Term>().unwrap().whole_days(), Some(30));
        assert_eq!("36h".parse::<Term>().unwrap().whole_days(), None);
    }
}
