//! Who is in what through what: groups in groups, walked to the end. Pure. A circle ends where it began, and is named.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One entitlement that another one brings with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub inner: String,
    pub outer: String,
    /// From `inner` to `outer`, both included: a shortest way.
    pub path: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closure {
    /// By inner, then outer. Nothing reaches itself.
    pub reaches: Vec<Reach>,
    /// Groups of entitlements that contain each other, each in order of name.
    pub circles: Vec<Vec<String>>,
}

/// `edges` go from the member to what it is a member of.
pub fn closure<'a>(edges: impl IntoIterator<Item = (&'a str, &'a str)>) -> Closure {
    let mut outward: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (inner, outer) in edges {
        outward.entry(inner).or_default().insert(outer);
    }
    let mut closure = Closure::default();
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for &inner in outward.keys() {
        let from = came_from(inner, &outward);
        reached.insert(inner, from.keys().copied().collect());
        for &outer in from.keys().filter(|outer| **outer != inner) {
            closure.reaches.push(Reach { inner: inner.into(), outer: outer.into(), path: path(inner, outer, &from) });
        }
    }
    closure.circles = circles(&reached);
    closure
}

/// Everything that can be reached, with the step before it on a shortest way; `inner` itself when it is in a circle.
fn came_from<'a>(inner: &'a str, outward: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeMap<&'a str, &'a str> {
    let (mut from, mut queue) = (BTreeMap::new(), VecDeque::from([inner]));
    while let Some(at) = queue.pop_front() {
        for &outer in outward.get(at).into_iter().flatten() {
            if !from.contains_key(outer) {
                from.insert(outer, at);
                queue.push_back(outer);
            }
        }
    }
    from
}

fn path(inner: &str, outer: &str, from: &BTreeMap<&str, &str>) -> Vec<String> {
    let mut path = vec![outer.to_owned()];
    let mut at = outer;
    while at != inner {
        at = from[at];
        path.push(at.to_owned());
    }
    path.reverse();
    path
}

fn circles(reached: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<Vec<String>> {
    let (mut circles, mut named) = (Vec::new(), BTreeSet::new());
    for (&one, outers) in reached {
        if !outers.contains(one) || !named.insert(one) {
            continue;
        }
        let back = |other: &&str| reached.get(other).is_some_and(|outers| outers.contains(one));
        let circle: Vec<&str> = outers.iter().copied().filter(back).collect();
        named.extend(circle.iter().copied());
        circles.push(circle.into_iter().map(str::to_owned).collect());
    }
    circles
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paths(closure: &Closure) -> Vec<String> {
        closure.reaches.iter().map(|reach| reach.path.join(" > ")).collect()
    }

    #[test]
    fn nested_admin_groups_are_found_with_the_path_and_circles_end() {
        let edges = [
            ("helpdesk", "server-operators"),
            ("server-operators", "domain-admins"),
            ("staff", "helpdesk"),
            ("staff", "server-operators"),
            ("a", "b"),
            ("b", "c"),
            ("c", "a"),
            ("c", "domain-admins"),
            ("self", "self"),
        ];
        let closure = closure(edges);
        let expected = [
            "a > b",
            "a > b > c",
            "a > b > c > domain-admins",
            "b > c > a",
            "b > c",
            "b > c > domain-admins",
            "c > a",
            "c > a > b",
            "c > domain-admins",
            "helpdesk > server-operators > domain-admins",
            "helpdesk > server-operators",
            "server-operators > domain-admins",
            "staff > server-operators > domain-admins",
            "staff > helpdesk",
            "staff > server-operators",
        ];
        assert_eq!(paths(&closure), expected);
        assert_eq!(closure.circles, [vec!["a", "b", "c"], vec!["self"]]);
    }

    proptest! {
        #[test]
        fn whatever_contains_whatever_every_way_is_one_that_exists_and_none_is_missing(
            edges in prop::collection::vec((0..8_u8, 0..8_u8), 0..24),
        ) {
            let edges: Vec<(String, String)> = edges.iter().map(|(a, b)| (format!("g{a}"), format!("g{b}"))).collect();
            let closure = closure(edges.iter().map(|(a, b)| (a.as_str(), b.as_str())));
            let mut naive: BTreeSet<(String, String)> = edges.iter().cloned().collect();
            loop {
                let more: Vec<_> = naive
                    .iter()
                    .flat_map(|(a, b)| naive.iter().filter(move |(c, _)| b == c).map(move |(_, d)| (a.clone(), d.clone())))
                    .collect();
                let before = naive.len();
                naive.extend(more);
                if naive.len() == before {
                    break;
                }
            }
            let own: BTreeSet<String> = naive.iter().filter(|(a, b)| a == b).map(|(a, _)| a.clone()).collect();
            naive.retain(|(a, b)| a != b);
            let found = closure.reaches.iter().map(|reach| (reach.inner.clone(), reach.outer.clone())).collect();
            prop_assert_eq!(naive, found);
            prop_assert_eq!(own, closure.circles.iter().flatten().cloned().collect());
            for reach in &closure.reaches {
                prop_assert_eq!((&reach.path[0], reach.path.last()), (&reach.inner, Some(&reach.outer)));
                for pair in reach.path.windows(2) {
                    prop_assert!(edges.contains(&(pair[0].clone(), pair[1].clone())));
                }
            }
        }
    }
}
