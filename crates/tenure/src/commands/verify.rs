//! `tenure verify` and `tenure findings`: is every promise kept, and what needs a person.

use super::Desk;
use crate::exit::{Ended, Exit};
use crate::output::{Column, fill, items, plain, table};
use serde_json::Value;
use std::time::Duration;

const PROBLEMS: &[Column] = &[("PROMISE", "{invariant}"), ("BROKEN BY", "{detail}")];

const FINDINGS: &[Column] = &[
    ("ID", "{id}"),
    ("KIND", "{kind}"),
    ("ABOUT", "{subject}"),
    ("DETAIL", "{detail}"),
    ("RAISED", "{raised_at}"),
    ("CLEARED", "{cleared_at}"),
];

/// Every session, grant and ledger entry is read again for it.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) async fn verify(desk: &Desk<'_>) -> Ended {
    let answer = desk.client()?.get(&["invariants"]).patience(PATIENCE).send().await?;
    desk.out.show(&answer, told)?;
    let kept = answer.value()?.get("broken").and_then(Value::as_u64) == Some(0);
    Ok(if kept { Exit::Ok } else { Exit::No })
}

fn told(answer: &Value) -> String {
    let checked = answer.get("checked").and_then(Value::as_object);
    let mut text = String::new();
    for (name, count) in checked.into_iter().flatten() {
        text.push_str(&format!("{:>8}  {}\n", count.to_string(), plain(name)));
    }
    let problems = answer.get("problems").map_or(&[][..], items);
    if !problems.is_empty() {
        text = text + "\n" + &table(problems, PROBLEMS, "") + "\n";
    }
    text + &fill("\n{broken} broken", answer)
}

pub(super) async fn findings(desk: &Desk<'_>) -> Ended {
    let answer = desk.client()?.get(&["findings"]).send().await?;
    desk.out.list(&answer, FINDINGS, "nothing needs attention")?;
    Ok(Exit::Ok)
}
