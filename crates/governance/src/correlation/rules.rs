//! Whether a record means a person whom Tenure knows: weighted tests, three answers. Pure.

use super::model::{Candidate, Known, Presence, Test, Traits, Verdict};
use std::collections::HashSet;

/// From this score on a match is certain, unless another is nearly as likely.
const CERTAIN: i32 = 100;
/// So far must the likeliest be ahead of the second.
const AHEAD: i32 = 40;
/// From this score on a person is asked.
const WORTH_ASKING: i32 = 50;
/// At most so many are shown to a person.
const SHOWN: usize = 10;
/// Letters that may differ.
const EDITS: usize = 2;
/// Percent of groups of three letters.
const SIMILAR: usize = 70;

/// Whom the record means among people who share something that is rare.
pub fn judge<'a>(probe: &Traits, known: impl IntoIterator<Item = Known<'a>>) -> Verdict {
    verdict(known.into_iter().filter_map(|known| compare(probe, &known)))
}

/// The answer that scores give.
pub(crate) fn verdict(candidates: impl Iterator<Item = Candidate>) -> Verdict {
    let mut candidates: Vec<Candidate> = candidates.collect();
    candidates.retain(|candidate| candidate.score >= WORTH_ASKING);
    candidates.sort_by(|one, other| other.score.cmp(&one.score).then_with(|| one.identity.cmp(&other.identity)));
    let Some(first) = candidates.first() else { return Verdict::Nobody };
    let second = candidates.get(1).map_or(0, |second| second.score);
    let doubtful = [Test::BothWorkInTheSource, Test::Unproven].iter().any(|doubt| first.tests.contains(doubt));
    if first.score >= CERTAIN && first.score - second >= AHEAD && !doubtful {
        return Verdict::Certain(first.clone());
    }
    candidates.truncate(SHOWN);
    Verdict::NeedsPerson(candidates)
}

/// `None` where something says for sure that they are two people.
fn compare(probe: &Traits, known: &Known<'_>) -> Option<Candidate> {
    let other = known.traits;
    let differ = |one: &str, other: &str| !one.is_empty() && !other.is_empty() && one != other;
    if differ(&probe.birth_date, &other.birth_date) || differ(&probe.national_id, &other.national_id) {
        return None;
    }
    let mut tests = Vec::new();
    let mut passed = |test: Test, holds: bool| {
        if holds {
            tests.push(test);
        }
    };
    let same = |one: &str, other: &str| !one.is_empty() && one == other;
    let national_id = same(&probe.national_id, &other.national_id);
    passed(Test::SameEmployeeId, same(&probe.employee_id, &other.employee_id));
    passed(Test::SameNationalId, national_id);
    passed(Test::SameEmail, same(&probe.email, &other.email));
    passed(Test::SameBirthDate, same(&probe.birth_date, &other.birth_date));
    passed(Test::SameDepartment, same(&probe.department, &other.department));
    passed(Test::SameManager, probe.manager.is_some() && probe.manager == other.manager);
    if let Some(test) = compare_names(&probe.name, &other.name) {
        tests.push(test);
    }
    if known.presence == Presence::Working {
        // Only what is one person's for life outweighs that the source itself tells them apart.
        if !national_id {
            return None;
        }
        tests.push(Test::BothWorkInTheSource);
    }
    Some(Candidate { identity: known.identity.clone(), score: weigh(&tests), tests })
}

pub(crate) fn weigh(tests: &[Test]) -> i32 {
    tests.iter().map(|test| weight(*test)).sum()
}

const fn weight(test: Test) -> i32 {
    match test {
        Test::SameEmployeeId | Test::SameNationalId | Test::LoginByRule => 100,
        Test::SameEmail => 80,
        Test::LoginByConvention => 50,
        Test::SameName => 30,
        Test::SameBirthDate => 25,
        Test::NearlySameName => 20,
        Test::SimilarName => 15,
        Test::SameDepartment | Test::SameManager => 5,
        Test::UnlikeName => -40,
        Test::BothWorkInTheSource | Test::Unproven => 0,
    }
}

pub(crate) fn compare_names(one: &str, other: &str) -> Option<Test> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    if one == other {
        return Some(Test::SameName);
    }
    if within_edits(one, other) {
        return Some(Test::NearlySameName);
    }
    if is_similar(one, other) {
        return Some(Test::SimilarName);
    }
    let words: HashSet<&str> = one.split(' ').collect();
    (!other.split(' ').any(|word| words.contains(word))).then_some(Test::UnlikeName)
}

/// Whether at most two letters must be inserted, left out or replaced. Of very short names nothing may differ.
fn within_edits(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let allowed = EDITS.min(one.len().min(other.len()) / 4);
    if one.len().abs_diff(other.len()) > allowed {
        return false;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, theirs) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != theirs);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()] <= allowed
}

fn is_similar(one: &str, other: &str) -> bool {
    let (one, other) = (trigrams(one), trigrams(other));
    let both = one.intersection(&other).count();
    both * 2 * 100 >= (one.len() + other.len()) * SIMILAR
}

fn trigrams(name: &str) -> HashSet<[char; 3]> {
    let padded: Vec<char> = "  ".chars().chain(name.chars()).chain(" ".chars()).collect();
    padded.windows(3).map(|group| [group[0], group[1], group[2]]).collect()
}

#[cfg(test)]
mod tests;
