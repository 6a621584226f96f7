//! What goes wrong between here and the server, as one line and one exit code.

use crate::exit::{Exit, Failed};
use crate::output::plain;
use reqwest::StatusCode;
use serde_json::Value;

/// Says that the server cannot be reached, and why.
pub(super) struct Unreachable {
    pub(super) server: String,
}

impl Unreachable {
    pub(super) fn because(&self, error: &reqwest::Error) -> Failed {
        let why = cause(error);
        let next = match () {
            () if why.contains("certificate") || why.contains("UnknownIssuer") => {
                "give the server's CA with TENURE_CA_FILE"
            }
            () if error.is_connect() => "is it running, and is TENURE_URL right?",
            () => "try again",
        };
        let server = &self.server;
        Failed::new(Exit::Unavailable, format!("cannot reach {server}: {why}: {next}"))
    }
}

/// The innermost reason, which is the one that people can act on.
pub(super) fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// What the server's problem (RFC 9457) means to the caller.
pub(super) fn refusal(status: StatusCode, body: &str, request_id: &str) -> Failed {
    let exit = match status.as_u16() {
        401 | 403 => Exit::Forbidden,
        404 => Exit::NotFound,
        408 | 429 | 500.. => Exit::Unavailable,
        400..500 => Exit::Refused,
        _ => Exit::Unavailable,
    };
    let problem: Value = serde_json::from_str(body).unwrap_or_default();
    let told = ["detail", "title"].into_iter().find_map(|name| problem.get(name).and_then(Value::as_str));
    let told = told.filter(|text| !text.is_empty()).map(plain);
    let message = match (told, exit) {
        (Some(detail), Exit::Unavailable) => format!("{detail} (request {request_id})"),
        (Some(detail), _) => detail,
        (None, _) if status.is_redirection() => {
            format!("the server answered {status}, which leads elsewhere: does TENURE_URL lead to Tenure?")
        }
        (None, _) => format!("the server answered {status} (request {request_id})"),
    };
    Failed::new(exit, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_becomes_its_exit_code_and_one_line() {
        for (status, exit) in [
            (400, Exit::Refused),
            (401, Exit::Forbidden),
            (403, Exit::Forbidden),
            (404, Exit::NotFound),
            (409, Exit::Refused),
            (413, Exit::Refused),
            (422, Exit::Refused),
            (429, Exit::Unavailable),
            (500, Exit::Unavailable),
            (503, Exit::Unavailable),
            (302, Exit::Unavailable),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let told = refusal(status, r#"{"title":"No","detail":"ask\u001b[2J again","code":"x"}"#, "r1");
            assert_eq!(told.exit, exit, "{status}");
            assert!(told.message.starts_with(r"ask\u{1b}[2J again"), "{}", told.message);
            assert_eq!(refusal(status, "<html>", "r1").exit, exit);
        }
        assert!(refusal(StatusCode::BAD_GATEWAY, "", "r1").message.contains("request r1"));
    }
}
