//! Reading asciicast v2, the form of recordings, and how long to wait before each event. Pure: shows nothing, waits
//! for nothing.

use serde::Deserialize;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Line {
    /// `at` is in seconds since the start.
    Output { at: f64, text: String },
    /// What happened without being seen, such as a file that was copied.
    Marker { at: f64, text: String },
    /// The header, input, resizes and whatever later versions add.
    Other,
}

/// # Errors
/// A line that says what is wrong.
pub(crate) fn parse(line: &str) -> Result<Line, String> {
    #[derive(Deserialize)]
    struct Header {
        version: u32,
    }
    if line.starts_with('{') {
        let header: Header =
            serde_json::from_str(line).map_err(|e| format!("the recording's header is malformed: {e}"))?;
        return match header.version {
            2 => Ok(Line::Other),
            other => Err(format!("the recording is asciicast version {other}: a newer `tenure` may play it")),
        };
    }
    let (at, kind, text): (f64, String, String) =
        serde_json::from_str(line).map_err(|e| format!("a line of the recording is malformed: {e}"))?;
    Ok(match kind.as_str() {
        "o" => Line::Output { at, text },
        "m" => Line::Marker { at, text },
        _ => Line::Other,
    })
}

/// How fast a recording is played.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    speed: f64,
    idle_limit: f64,
    last: f64,
}

impl Pace {
    /// `speed` 2.0 plays twice as fast. A pause of the recording is cut to `idle_limit` seconds before that.
    pub(crate) fn new(speed: f64, idle_limit: Option<f64>) -> Self {
        Self { speed, idle_limit: idle_limit.unwrap_or(f64::INFINITY), last: 0.0 }
    }

    /// How long to wait for the event at `at`, after the one before it.
    pub(crate) fn wait(&mut self, at: f64) -> Duration {
        let pause = (at - self.last).clamp(0.0, self.idle_limit);
        self.last = self.last.max(at);
        Duration::try_from_secs_f64(pause / self.speed).unwrap_or(Duration::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(mut pace: Pace, times: &[f64]) -> Vec<u128> {
        times.iter().map(|at| pace.wait(*at).as_millis()).collect()
    }

    #[test]
    fn a_recording_plays_at_its_own_time_or_faster() {
        let times = [0.5, 1.0, 11.0, 11.25];
        assert_eq!(waits(Pace::new(1.0, None), &times), [500, 500, 10_000, 250]);
        assert_eq!(waits(Pace::new(2.0, None), &times), [250, 250, 5_000, 125]);
        assert_eq!(waits(Pace::new(1.0, Some(2.0)), &times), [500, 500, 2_000, 250]);
        assert_eq!(waits(Pace::new(4.0, Some(2.0)), &times), [125, 125, 500, 62]);
    }

    #[test]
    fn time_that_runs_backwards_is_not_waited_for() {
        assert_eq!(waits(Pace::new(1.0, None), &[3.0, 1.0, 3.5]), [3_000, 0, 500]);
        assert_eq!(Pace::new(1.0, None).wait(f64::MAX), Duration::MAX);
    }

    #[test]
    fn lines_are_read_and_a_foreign_version_is_refused() {
        assert_eq!(parse(r#"{"version":2,"width":80,"height":24,"timestamp":1}"#).unwrap(), Line::Other);
        assert_eq!(parse(r#"[1.5,"o","hi\r\n"]"#).unwrap(), Line::Output { at: 1.5, text: "hi\r\n".into() });
        assert_eq!(
            parse(r#"[2,"m","put /etc/motd"]"#).unwrap(),
            Line::Marker { at: 2.0, text: "put /etc/motd".into() }
        );
        assert_eq!(parse(r#"[2,"r","100x30"]"#).unwrap(), Line::Other);
        assert!(parse(r#"{"version":3,"term":{}}"#).is_err());
        assert!(parse(r#"{"version":1,"width":80,"height":24}"#).unwrap_err().contains("version 1"));
        assert!(parse("[1,2]").is_err());
    }
}
