//! What of a declaration needs a reason. Pure.

use super::Entitlement;
use crate::loosening::is_higher;

/// The first setting by which more passes than before. That something gives no power outranks whatever its system says, so
/// that is said for a reason also the first time.
pub(super) fn loosened(before: Option<&Entitlement>, after: &Entitlement) -> Option<&'static str> {
    let is = |entitlement: &Entitlement| entitlement.privileged.as_ref().map(|privileged| privileged.is);
    let (was, now) = (before.and_then(is), is(after));
    let settings = [
        ("privileged", now != was && (now == Some(false) || was == Some(true))),
        ("requestable", before.is_some_and(|before| after.requestable && !before.requestable)),
        ("max_minutes", is_higher(before.and_then(|before| before.max_minutes), after.max_minutes)),
    ];
    settings.into_iter().find_map(|(name, is_looser)| is_looser.then_some(name))
}

/// Whether it gives power because a person says so, and would not any more if nothing was said.
pub(super) fn is_said_to_have_power(entitlement: &Entitlement) -> bool {
    entitlement.privileged.as_ref().is_some_and(|privileged| privileged.is)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlements::{Privileged, Risk};
    use crate::test_company::id;

    fn said(is: Option<bool>, requestable: bool, max_minutes: Option<u32>) -> Entitlement {
        Entitlement {
            system: "corp".into(),
            slug: "admins".into(),
            owner: id(1),
            description: String::new(),
            risk: Risk::High,
            privileged: is.map(|is| Privileged { is, why: "we looked".into() }),
            requestable,
            max_minutes,
        }
    }

    #[test]
    fn what_lets_more_through_than_before_is_named() {
        for (before, after, expected) in [
            (None, said(None, true, None), None),
            (None, said(Some(true), false, None), None),
            (None, said(Some(false), false, None), Some("privileged")),
            (Some(said(None, false, None)), said(Some(false), false, None), Some("privileged")),
            (Some(said(Some(true), false, None)), said(None, false, None), Some("privileged")),
            (Some(said(Some(false), false, None)), said(Some(false), false, None), None),
            (Some(said(Some(false), false, None)), said(Some(true), false, None), None),
            (Some(said(Some(false), false, None)), said(None, false, None), None),
            (Some(said(None, false, None)), said(None, true, None), Some("requestable")),
            (Some(said(None, true, Some(60))), said(None, true, Some(61)), Some("max_minutes")),
            (Some(said(None, true, Some(60))), said(None, true, None), Some("max_minutes")),
            (Some(said(None, true, None)), said(None, true, Some(60)), None),
            (Some(said(None, true, Some(60))), said(None, false, Some(30)), None),
        ] {
            assert_eq!(loosened(before.as_ref(), &after), expected, "{before:?} {after:?}");
        }
    }
}
