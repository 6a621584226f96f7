//! Who is recognised for sure, when a person is asked, and who never is one person.

use super::*;
use crate::correlation::key;
use crate::test_company::id;
use proptest::prelude::*;

fn traits(name: &str, email: &str) -> Traits {
    Traits { name: key(name), email: email.to_owned(), ..Traits::default() }
}

fn known<'a>(identity: &'a types::IdentityId, traits: &'a Traits) -> Known<'a> {
    Known { identity, traits, presence: Presence::NotThere }
}

fn answer(probe: &Traits, other: &Traits) -> &'static str {
    match judge(probe, [known(&id(1), other)]) {
        Verdict::Certain(_) => "certain",
        Verdict::NeedsPerson(_) => "a person",
        Verdict::Nobody => "nobody",
    }
}

#[test]
fn what_speaks_for_one_person_adds_up_to_one_of_three_answers() {
    let with = |change: fn(&mut Traits)| {
        let mut traits = traits("Alice Moreau", "");
        change(&mut traits);
        traits
    };
    for (probe, other, expected) in [
        (with(|t| t.employee_id = "E1".into()), with(|t| t.employee_id = "E1".into()), "certain"),
        (with(|t| t.national_id = "a1".into()), with(|t| t.national_id = "a1".into()), "certain"),
        (traits("Alice Moreau", "a@x"), traits("Alice Moreau", "a@x"), "certain"),
        (traits("Alice Moreau", "a@x"), traits("Moreau, Alicé", "a@x"), "certain"),
        (traits("Alice Moreau", "a@x"), traits("Alice Moraeu", "a@x"), "certain"),
        (traits("Alice Moreau", "a@x"), traits("Alice Schmidt", "a@x"), "a person"),
        (traits("Alice Moreau", "a@x"), traits("Bob Lindqvist", "a@x"), "nobody"),
        (traits("Alice Moreau", "a@x"), traits("Alice Moreau", "b@x"), "nobody"),
        (with(|t| t.birth_date = "d1".into()), with(|t| t.birth_date = "d1".into()), "a person"),
        (
            with(|t| (t.birth_date, t.email) = ("d1".into(), "a@x".into())),
            with(|t| (t.birth_date, t.email) = ("d2".into(), "a@x".into())),
            "nobody",
        ),
        (
            with(|t| (t.department, t.manager) = ("Platform".into(), Some(id(2)))),
            with(|t| (t.department, t.manager) = ("Platform".into(), Some(id(2)))),
            "nobody",
        ),
        (Traits::default(), Traits::default(), "nobody"),
    ] {
        assert_eq!(answer(&probe, &other), expected, "{probe:?} and {other:?}");
        assert_eq!(answer(&other, &probe), expected, "the other way round: {probe:?} and {other:?}");
    }
}

#[test]
fn two_people_of_one_name_are_never_one_and_a_person_decides_where_it_is_not_certain() {
    let (alice, namesake) = (traits("Alice Moreau", "alice@x"), traits("Alice Moreau", "alice.moreau2@x"));
    assert_eq!(answer(&namesake, &alice), "nobody");

    let born = |email: &str| Traits { birth_date: "d1".into(), ..traits("Alice Moreau", email) };
    let (first, second) = (born("one@x"), born("two@x"));
    let people = [(id(1), &first), (id(2), &second)];
    let verdict = judge(&born("three@x"), people.iter().map(|(identity, traits)| known(identity, traits)));
    let Verdict::NeedsPerson(candidates) = verdict else { panic!("{verdict:?}") };
    assert_eq!(candidates.iter().map(|c| c.score).collect::<Vec<_>>(), [55, 55]);
    assert_eq!(candidates[0].tests, [Test::SameBirthDate, Test::SameName]);
}

#[test]
fn one_who_is_far_ahead_is_certain_and_one_who_is_not_is_asked_about() {
    let probe = Traits { employee_id: "E1".into(), ..traits("Alice Moreau", "a@x") };
    let (whole, mail_only) =
        (Traits { employee_id: "E1".into(), ..traits("Alice Moreau", "") }, traits("Alice Moreau", "a@x"));
    let both = |one: &Traits, other: &Traits| judge(&probe, [known(&id(1), one), known(&id(2), other)]);
    assert!(matches!(both(&whole, &mail_only), Verdict::NeedsPerson(_)), "130 and 110 points");
    let distant = traits("Alice Schmidt", "a@x");
    let Verdict::Certain(certain) = both(&whole, &distant) else { panic!("130 and 80 points") };
    assert_eq!(certain.identity, id(1));
}

#[test]
fn whom_a_source_names_twice_at_work_are_two_people_unless_what_is_theirs_for_life_is_the_same() {
    let probe = traits("Alice Moreau", "a@x");
    let working = |traits: &Traits| judge(&probe, [Known { presence: Presence::Working, ..known(&id(1), traits) }]);
    assert_eq!(working(&probe), Verdict::Nobody);
    let for_life = Traits { national_id: "n1".into(), ..probe.clone() };
    let verdict = judge(&for_life, [Known { presence: Presence::Working, ..known(&id(1), &for_life) }]);
    assert!(matches!(verdict, Verdict::NeedsPerson(_)), "two employments are told by a person: {verdict:?}");
}

#[test]
fn at_most_ten_are_shown_to_a_person() {
    let probe = Traits { birth_date: "d1".into(), ..traits("Alice Moreau", "") };
    let ids: Vec<_> = (1..=30).map(id).collect();
    let verdict = judge(&probe, ids.iter().map(|identity| known(identity, &probe)));
    assert!(matches!(verdict, Verdict::NeedsPerson(candidates) if candidates.len() == 10));
}

/// Edits counted by trying all, for names of a few letters.
fn naive_edits(one: &[char], other: &[char]) -> usize {
    match (one, other) {
        ([], rest) | (rest, []) => rest.len(),
        ([a, one_rest @ ..], [b, other_rest @ ..]) => {
            let replaced = naive_edits(one_rest, other_rest) + usize::from(a != b);
            replaced.min(naive_edits(one_rest, other) + 1).min(naive_edits(one, other_rest) + 1)
        }
    }
}

proptest! {
    #[test]
    fn edits_are_counted_as_trying_all_would(one in "[ab ]{0,7}", other in "[ab ]{0,7}") {
        let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
        let allowed = EDITS.min(a.len().min(b.len()) / 4);
        prop_assert_eq!(within_edits(&one, &other), naive_edits(&a, &b) <= allowed);
    }

    #[test]
    fn it_does_not_matter_which_of_two_names_comes_first(one in "\\PC{0,20}", other in "\\PC{0,20}") {
        let (one, other) = (key(&one), key(&other));
        prop_assert_eq!(compare_names(&one, &other), compare_names(&other, &one));
    }
}
