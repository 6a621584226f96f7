//! What of a declaration needs a reason. Pure.

use super::Entitlement;
use crate::loosening::is_higher;

/// What is said of an entitlement that decides what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    /// Whether it gives power, whatever its system says.
    pub(super) is_power: Option<bool>,
    pub(super) requestable: bool,
    pub(super) max_minutes: Option<u32>,
}

impl From<&Entitlement> for Terms {
    fn from(said: &Entitlement) -> Self {
        let is_power = said.privileged.as_ref().map(|privileged| privileged.is);
        Self { is_power, requestable: said.requestable, max_minutes: said.max_minutes }
    }
}

/// The first setting by which more passes than before. That something gives no power outranks whatever its system says, so
/// that is said for a reason also the first time.
pub(super) fn loosened(before: Option<Terms>, after: Terms) -> Option<&'static str> {
    let (was, now) = (before.and_then(|before| before.is_power), after.is_power);
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

    fn said(is_power: Option<bool>, requestable: bool, max_minutes: Option<u32>) -> Terms {
        Terms { is_power, requestable, max_minutes }
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
            assert_eq!(loosened(before, after), expected, "{before:?} {after:?}");
        }
    }
}
