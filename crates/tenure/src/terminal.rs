//! Recorded output on a watcher's terminal: what draws passes, what would make the terminal answer, reach its
//! clipboard or change how its keys work does not. The recorded person may be the attacker. Pure.

/// Leaves what a recording may have switched on: alternate screen, hidden cursor, colours, scroll region.
pub(crate) const RESTORE: &str = "\u{1b}[?1049l\u{1b}[?25h\u{1b}[?7h\u{1b}[?6l\u{1b}[4l\u{1b}[r\u{1b}[0m\u{1b}(B\r\n";

/// A sequence longer than this is nothing that draws.
const MAX_SEQUENCE: usize = 128;

/// Keeps its place between pieces of output, because a sequence may be cut anywhere.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    state: State,
    sequence: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    Escape,
    Designation,
    Control,
    /// Inside OSC, DCS, APC, PM or SOS: titles, clipboard, queries, images. Nothing of it passes.
    Swallowed,
    SwallowedEscape,
}

impl Filter {
    pub(crate) fn pass(&mut self, output: &str) -> String {
        let mut passed = String::with_capacity(output.len());
        for c in output.chars() {
            self.take(c, &mut passed);
        }
        passed
    }

    fn take(&mut self, c: char, passed: &mut String) {
        match (self.state, c) {
            (State::Swallowed, '\u{1b}') => self.state = State::SwallowedEscape,
            (State::Swallowed, '\u{7}' | '\u{9c}' | '\u{18}' | '\u{1a}') => self.state = State::Text,
            (State::SwallowedEscape, '\\') => self.state = State::Text,
            (State::Swallowed, _) => {}
            (_, '\u{1b}') => self.begin(State::Escape),
            (_, '\u{18}' | '\u{1a}') => self.state = State::Text,
            (_, '\u{9b}') => self.begin(State::Control),
            (_, '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}') => self.state = State::Swallowed,
            (_, '\u{7}'..='\u{f}') => passed.push(c),
            (_, c) if c.is_control() => {}
            (State::Text, _) => passed.push(c),
            (State::Escape | State::SwallowedEscape, _) => self.escape(c, passed),
            (State::Designation, _) => self.end(c, matches!(c, '0' | 'A' | 'B' | '8'), passed),
            (State::Control, '\u{20}'..='\u{3f}') if self.sequence.len() < MAX_SEQUENCE => self.sequence.push(c),
            (State::Control, _) => self.end(c, draws(&self.sequence[1..], c), passed),
        }
    }

    fn begin(&mut self, state: State) {
        self.state = state;
        self.sequence.clear();
        if state == State::Control {
            self.sequence.push('[');
        }
    }

    fn escape(&mut self, c: char, passed: &mut String) {
        match c {
            '[' => self.begin(State::Control),
            ']' | 'P' | 'X' | '^' | '_' => self.state = State::Swallowed,
            '(' | ')' | '#' => {
                self.sequence.clear();
                self.sequence.push(c);
                self.state = State::Designation;
            }
            _ => {
                self.sequence.clear();
                self.end(c, matches!(c, '7' | '8' | 'D' | 'E' | 'H' | 'M' | 'c'), passed);
            }
        }
    }

    fn end(&mut self, last: char, allowed: bool, passed: &mut String) {
        if allowed {
            passed.push('\u{1b}');
            passed.push_str(&self.sequence);
            passed.push(last);
        }
        self.state = State::Text;
    }
}

/// Whether a control sequence only draws. Queries (`c`, `n`, `t`, `q` …) and input modes such as mouse reporting and
/// bracketed paste are not among them.
fn draws(parameters: &str, last: char) -> bool {
    let plain = parameters.bytes().all(|b| matches!(b, b'0'..=b'9' | b';' | b':'));
    match last {
        '@' | 'A'..='M' | 'P' | 'S' | 'T' | 'X' | 'Z' | '`' | 'a' | 'b' | 'd'..='g' | 'm' | 'r' | 's' | 'u' => plain,
        'h' | 'l' => match parameters.strip_prefix('?') {
            Some(modes) => {
                modes.split(';').all(|mode| matches!(mode, "6" | "7" | "12" | "25" | "47" | "1047" | "1049"))
            }
            None => parameters == "4",
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(output: &str) -> String {
        Filter::default().pass(output)
    }

    #[test]
    fn what_draws_is_shown_as_it_was() {
        for output in [
            "plain text, ünïcödé and 漢字\r\n\ttabs\u{8}",
            "\u{1b}[1;31mred\u{1b}[0m \u{1b}[38;2;1;2;3mtrue colour\u{1b}[48:5:200m",
            "\u{1b}[?1049h\u{1b}[2J\u{1b}[H\u{1b}[?25l\u{1b}[5;10Hx\u{1b}[K\u{1b}[?1049l",
            "\u{1b}7\u{1b}[1;24r\u{1b}M\u{1b}8\u{1b}(0lqk\u{1b}(B",
        ] {
            assert_eq!(passed(output), output);
        }
    }

    #[test]
    fn what_makes_a_terminal_answer_or_touches_its_owner_is_dropped() {
        for output in [
            "\u{1b}]52;c;cm0gLXJmIC8=\u{7}",
            "\u{1b}]0;title\u{1b}\\",
            "\u{1b}]8;;https://mallory.example\u{7}",
            "\u{1b}P+q544e\u{1b}\\",
            "\u{1b}_Gi=31,a=q;AAAA\u{1b}\\",
            "\u{1b}[c",
            "\u{1b}[>c",
            "\u{1b}[6n",
            "\u{1b}[?6n",
            "\u{1b}[21t",
            "\u{1b}[>q",
            "\u{1b}[?1000h",
            "\u{1b}[?25;1000h",
            "\u{1b}[?2004h",
            "\u{1b}[>1u",
            "\u{1b}=",
            "\u{9d}52;c;AAAA\u{9c}",
            "\u{9b}6n",
            "\u{5}",
        ] {
            assert_eq!(passed(&format!("a{output}b")), "ab", "{output:?}");
        }
    }

    #[test]
    fn a_sequence_cut_anywhere_is_judged_as_a_whole() {
        let output = "x\u{1b}[1;31mred\u{1b}]52;c;AAAA\u{1b}\\y\u{1b}[6nz";
        for at in (0..output.len()).filter(|at| output.is_char_boundary(*at)) {
            let mut filter = Filter::default();
            let both = filter.pass(&output[..at]) + &filter.pass(&output[at..]);
            assert_eq!(both, "x\u{1b}[1;31mredyz", "cut at {at}");
        }
    }

    #[test]
    fn an_escape_inside_a_swallowed_string_cannot_smuggle_a_query() {
        assert_eq!(passed("\u{1b}]0;a\u{1b}[6nb\u{7}c"), "b\u{7}c");
        assert_eq!(passed(&format!("a\u{1b}[{}mb", "1;".repeat(200))).find('\u{1b}'), None);
    }
}
