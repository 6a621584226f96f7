//! From grants and entries to an answer: what was true, what was known, and which chapter an entry belongs to. Pure.

use super::{Chapter, Title};
use crate::imports;
use crate::machines::Machine;
use crate::requests::AccessRequest;
use crate::systems::System;
use authn::Caller;
use grants::{EndCause, Grant};
use ledger::timeline::Line;
use std::collections::{BTreeMap, BTreeSet};
use types::{IdentityId, Permission, Timestamp};

/// Whom a list of grants is narrowed to: oneself, unless one may read everybody's and asks for `holder` or nobody.
pub fn whose(caller: &Caller, holder: Option<IdentityId>) -> Option<IdentityId> {
    if caller.may(Permission::GrantsRead) { holder } else { Some(caller.identity.clone()) }
}

/// `machine` is the holder, when it is one.
pub(super) fn may_see(grant: &Grant, caller: &Caller, system: Option<&System>, machine: Option<&Machine>) -> bool {
    let owns = system.is_some_and(|system| system.is_owned_by(&caller.identity));
    let answers = machine.is_some_and(|machine| machine.owner == caller.identity);
    grant.holder == caller.identity || owns || answers || caller.may(Permission::GrantsRead)
}

/// By all that is known now.
pub(super) fn held(grant: &Grant, at: Timestamp) -> bool {
    grant.issued_at <= at && grant.window.contains(at) && grant.ended().is_none_or(|ended| at < ended.at)
}

/// By what the log said at that moment.
pub(super) fn was_known(grant: &Grant, entries: &[Line], at: Timestamp) -> bool {
    let said = |kind: &str| {
        let thread = grant.id.as_str();
        entries.iter().any(|entry| entry.kind == kind && entry.thread == thread && entry.at <= at)
    };
    said("grant.issued") && !said("grant.ended") && grant.window.contains(at)
}

pub(super) fn because(request: &AccessRequest) -> String {
    match request.decided() {
        Some(decided) => {
            format!("{} (approved by a person who {}: {})", request.reason, decided.because, decided.reason)
        }
        None => request.reason.clone(),
    }
}

/// The chapter of an entry in the story of a grant; `None` when it belongs to another story.
pub(super) fn title(line: &Line, grant: &Grant) -> Option<Title> {
    let (noun, verb) = line.kind.split_once('.').unwrap_or((&line.kind, ""));
    match (noun, verb) {
        ("role" | "system", _) => Some(Title::Eligibility),
        ("machine", "unowned" | "ended") => Some(Title::End),
        ("machine", _) => Some(Title::Eligibility),
        ("request", "submitted") => Some(Title::Request),
        ("request", _) => Some(Title::Approval),
        ("grant", "issued") => Some(Title::Grant),
        ("grant", "ended") => Some(Title::End),
        (_, verb) if verb.contains("gone") => Some(Title::ObservedGone),
        ("leaver", _) => Some(Title::End),
        ("permit" | "session" | "recording" | "lease", _) => Some(Title::Sessions),
        _ if line.thread == grant.id.as_str() => Some(Title::Sessions),
        _ => None,
    }
}

/// The sequence number of the entry that issued the grant.
pub(super) fn issued_seq(lines: &[(Title, Line)]) -> u64 {
    lines.iter().find(|(title, _)| *title == Title::Grant).map_or(u64::MAX, |(_, line)| line.seq)
}

pub(super) fn ended_by_leaving(grant: &Grant) -> bool {
    grant.ended().is_some_and(|ended| ended.cause == EndCause::Leaver)
}

/// Chapters in their order, entries in theirs; chapters without an entry are left out.
pub(super) fn chapters(lines: Vec<(Title, Line)>) -> Vec<Chapter> {
    let mut by_title: BTreeMap<Title, Vec<Line>> = BTreeMap::new();
    for (title, line) in lines {
        by_title.entry(title).or_default().push(line);
    }
    let chapter = |(title, mut lines): (Title, Vec<Line>)| {
        lines.sort_by_key(|line| line.seq);
        lines.first().map(|first| first.at).map(|at| Chapter { title, at, lines })
    };
    by_title.into_iter().filter_map(chapter).collect()
}

/// Sessions and leases that the grant's timeline names.
pub(super) fn uses(lines: &[Line]) -> BTreeSet<String> {
    let is_use = |subject: &&String| subject.starts_with("ses_") || subject.starts_with("lse_");
    let named = lines.iter().flat_map(|line| std::iter::once(&line.thread).chain(&line.about));
    named.filter(is_use).cloned().collect()
}

/// The declaration that held when the grant was issued.
pub(super) fn declared_last(lines: Vec<Line>, thread: &str, issued_at: Timestamp) -> Vec<Line> {
    let held = lines.into_iter().rfind(|line| line.thread == thread && line.at <= issued_at);
    held.into_iter().collect()
}

/// The entries of the leaver case that ended the grant.
pub(super) fn leaving(lines: Vec<Line>, grant: &Grant) -> Vec<Line> {
    let begun = |line: &Line| line.kind == "leaver.begun" && grant.ended().is_some_and(|ended| line.at == ended.at);
    let Some(case) = lines.iter().find(|line| begun(line)).map(|line| line.thread.clone()) else { return Vec::new() };
    lines.into_iter().filter(|line| line.thread == case).collect()
}

/// Of the entries about a machine identity: what it was when the grant was issued, and the one that ended the grant.
pub(super) fn of_machine(lines: Vec<Line>, grant: &Grant) -> Vec<Line> {
    let own = |line: &Line| line.kind.starts_with("machine.") && line.thread == grant.holder.as_str();
    let ended = |line: &Line| grant.ended().is_some_and(|ended| line.at == ended.at);
    lines.into_iter().filter(|line| own(line) && (line.at <= grant.issued_at || ended(line))).collect()
}

/// The values of an import's line about one person.
pub(super) fn as_personal(line: &imports::Line) -> BTreeMap<String, String> {
    let named = |prefix: &str, values: &BTreeMap<String, String>| {
        let named = values.iter().map(|(name, value)| (format!("{prefix}.{name}"), value.clone()));
        named.collect::<Vec<_>>()
    };
    let mut personal: BTreeMap<String, String> =
        named("before", &line.before).into_iter().chain(named("after", &line.after)).collect();
    personal.insert("employee_id".to_owned(), line.employee_id.clone());
    let what = serde_json::to_value(line.what).ok().and_then(|what| what.as_str().map(str::to_owned));
    personal.extend(what.map(|what| ("what".to_owned(), what)));
    personal
}
