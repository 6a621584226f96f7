//! What a reading remembers: numbers of what it saw, as bits, so that a million accounts that did not change cost no write.
//! Pure.

use connectors::connector::{Account, AccountKind, Entitlement, Membership};
use sha2::{Digest, Sha256};
use std::time::Duration;
use types::Timestamp;

/// Last use is told to the day.
const LAST_USE_WITHIN: Duration = Duration::from_secs(24 * 3600);

/// More than so many missing at once look like a reading that was cut off; of few, more than a tenth.
const MOST_MISSING: u64 = 50;
const FEW_MISSING: u64 = 4;
/// More than so many in a day, a few at a time, are as doubtful.
const MOST_MISSING_IN_A_DAY: u64 = 500;

/// What a system consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Native {
    Account,
    Entitlement,
    Membership,
}

impl Native {
    pub(crate) const ALL: [Self; 3] = [Self::Account, Self::Entitlement, Self::Membership];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Entitlement => "entitlement",
            Self::Membership => "membership",
        }
    }
}

/// Where a system says that changes are to be read from the next time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// Whatever decides what of a system is listed, and how, as a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View(pub(crate) [u8; 32]);

impl View {
    pub(crate) fn of(text: &str) -> Self {
        let mut hash = Hashed::new("view");
        hash.text(text);
        Self(hash.end())
    }
}

/// What a held reading lacked, of each of [`Native::ALL`]: a person is told of it, and lets no more than that through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lack {
    pub(crate) view: Option<View>,
    pub(crate) missing: [u64; 3],
}

impl Lack {
    /// Whether so much of a kind, seen so, is what a person was told.
    pub(crate) fn tells(&self, view: Option<View>, native: Native, missing: u64) -> bool {
        let told =
            Native::ALL.iter().zip(self.missing).find(|(known, _)| **known == native).map_or(0, |(_, told)| told);
        self.view == view && missing <= told
    }
}

/// How far a system is known.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SystemState {
    pub system: String,
    pub kind: String,
    /// Counts readings that wrote something.
    pub generation: u64,
    pub read: Option<types::ReadId>,
    /// Where the next reading of changes begins.
    pub cursor: Option<String>,
    /// When it was last read to its end.
    pub whole_at: Option<Timestamp>,
    /// When it was last read, to its end or for changes, also where nothing was concluded from what is missing.
    pub changed_at: Option<Timestamp>,
    pub accounts: u64,
    pub entitlements: u64,
    pub memberships: u64,
    #[serde(skip)]
    pub(crate) closure_is_stale: bool,
    /// What decided what was listed when it was last read to its end, where that is known.
    #[serde(skip)]
    pub(crate) seen_through: Option<View>,
    /// Something of it was since seen through another view.
    #[serde(skip)]
    pub(crate) is_mixed: bool,
    /// What the last reading lacked, where it was held.
    #[serde(skip)]
    pub(crate) held: Option<Lack>,
    /// A person said that what it lacked is gone: the next whole reading that lacks no more concludes it.
    pub missing_is_accepted: bool,
    pub trouble: Option<String>,
    pub trouble_since: Option<Timestamp>,
}

impl SystemState {
    /// What decided what was listed when it was last read to its end, as a digest; `None` where that is not known.
    pub fn view(&self) -> Option<[u8; 32]> {
        self.seen_through.map(|view| view.0)
    }

    /// Whether something else decided what is known of it since then, in part.
    pub fn is_mixed(&self) -> bool {
        self.is_mixed
    }

    /// How many accounts, entitlements and memberships the last reading lacked, where it was held because of that.
    pub fn missing(&self) -> Option<[u64; 3]> {
        self.held.map(|held| held.missing)
    }

    pub(crate) fn is_seen_through(&self, view: View) -> bool {
        self.seen_through.is_none_or(|known| known == view)
    }
}

/// What is on record of something that is there.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) ordinal: u64,
    pub(crate) digest: [u8; 32],
    /// Of an account, that it was enabled.
    pub(crate) is_enabled: bool,
    pub(crate) last_used_at: Option<Timestamp>,
    /// When it was last looked at by itself.
    pub(crate) looked_at: Option<Timestamp>,
}

impl Known {
    /// Somebody looked after the reading began: what a page says may be older.
    pub(crate) fn is_newer_than(&self, began: Timestamp) -> bool {
        self.looked_at.is_some_and(|looked| looked >= began)
    }

    pub(crate) fn was_used_since(&self, account: &Account) -> bool {
        match (self.last_used_at, account.last_used_at) {
            (Some(known), Some(now)) => now >= known.plus(LAST_USE_WITHIN),
            (None, Some(_)) => true,
            (_, None) => false,
        }
    }
}

/// Numbers that were seen.
#[derive(Debug, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn set(&mut self, ordinal: u64) {
        let (word, bit) = Self::place(ordinal);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    pub(crate) fn has(&self, ordinal: u64) -> bool {
        let (word, bit) = Self::place(ordinal);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    fn place(ordinal: u64) -> (usize, u64) {
        (usize::try_from(ordinal / 64).expect("a number that memory holds"), 1 << (ordinal % 64))
    }
}

/// Whether so many missing at once are more likely a listing that was cut off. `known` were there before.
pub(crate) fn looks_cut_off(known: u64, missing: u64) -> bool {
    let all = missing == known && known > 1;
    missing > MOST_MISSING || (missing > FEW_MISSING && missing * 10 > known) || all
}

/// Whether what is missing now is, with what was `lately` concluded to be gone, too much for a day.
pub(crate) fn bleeds(known: u64, lately: u64, missing: u64) -> bool {
    let (known, missing) = (known + lately, missing + lately);
    lately > 0
        && (missing > MOST_MISSING_IN_A_DAY || (missing > FEW_MISSING && missing * 10 > known) || missing == known)
}

pub(crate) fn is_built_in(account: &Account) -> bool {
    account.kind == AccountKind::BuiltIn
}

/// Of everything but the last use.
pub(crate) fn digest_of(account: &Account) -> [u8; 32] {
    let mut hash = Hashed::new("account");
    hash.text(&account.login).text(crate::observed_store::status_word(account.status));
    hash.text(if is_built_in(account) { "built_in" } else { "ordinary" }).count(account.privileged.len());
    for why in &account.privileged {
        hash.text(why);
    }
    hash.count(account.attributes.len());
    for (name, values) in &account.attributes {
        hash.text(name).count(values.len());
        for value in values {
            hash.text(value);
        }
    }
    hash.end()
}

pub(crate) fn digest_of_entitlement(entitlement: &Entitlement) -> [u8; 32] {
    let mut hash = Hashed::new("entitlement");
    hash.text(entitlement.kind.as_str()).text(&entitlement.name);
    if let Some(why) = &entitlement.privileged {
        hash.text(why);
    }
    hash.end()
}

/// By which a membership is found: who is in what, on which system.
pub(crate) fn subject_of(system: &str, membership: &Membership) -> [u8; 32] {
    let (kind, member) = crate::reading_store::member_of(&membership.member);
    let mut hash = Hashed::new("membership");
    hash.text(system).text(kind).text(member).text(&membership.entitlement.0);
    hash.end()
}

struct Hashed(Sha256);

impl Hashed {
    fn new(what: &str) -> Self {
        let mut hashed = Self(Sha256::new());
        hashed.text(what);
        hashed
    }

    fn count(&mut self, n: usize) -> &mut Self {
        self.0.update((n as u64).to_be_bytes());
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.count(text.len()).0.update(text.as_bytes());
        self
    }

    fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// A login by which an entitlement can be asked for: what of its name a login may hold.
pub(crate) fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' | '.' | '_' => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(24);
    let slug = slug.trim_end_matches('-');
    match slug.bytes().next() {
        Some(first) if first.is_ascii_alphabetic() || first == b'_' => slug.to_owned(),
        _ => format!("e-{slug}").trim_end_matches('-').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_counts_as_gone_only_where_it_is_not_much_at_once() {
        for (known, missing, cut_off) in [
            (0, 0, false),
            (1, 1, false),
            (2, 2, true),
            (10, 4, false),
            (10, 5, true),
            (100, 10, false),
            (100, 11, true),
            (10_000, 50, false),
            (10_000, 51, true),
            (3, 3, true),
        ] {
            assert_eq!(looks_cut_off(known, missing), cut_off, "{missing} of {known}");
        }
    }

    #[test]
    fn what_is_missing_little_by_little_counts_together() {
        for (known, lately, missing, bleeding) in [
            (1, 0, 1, false),
            (1, 1, 1, true),
            (96, 4, 6, false),
            (96, 4, 7, true),
            (7, 3, 1, false),
            (7, 3, 2, true),
            (100_000, 460, 40, false),
            (100_000, 460, 41, true),
        ] {
            assert_eq!(bleeds(known, lately, missing), bleeding, "{missing} of {known} after {lately}");
        }
    }

    #[test]
    fn a_slug_is_a_login_whatever_the_name_is() {
        for (name, slug) in [
            ("Domain Admins", "domain-admins"),
            ("  --Büro/Köln ", "b-ro-k-ln"),
            ("100 % of it", "e-100-of-it"),
            ("管理者", "e"),
            ("cn=very long name of a group,dc=example", "cn-very-long-name-of-a-g"),
        ] {
            assert_eq!(slug_of(name), slug);
            assert!(types::is_login(slug), "{slug}");
        }
    }

    #[test]
    fn bits_count_what_was_seen_once() {
        let mut bits = Bits::default();
        [0, 63, 64, 1_000_000, 64].into_iter().for_each(|n| bits.set(n));
        assert_eq!(bits.count(), 4);
        assert!(bits.has(1_000_000) && !bits.has(65) && !bits.has(99_999_999));
    }
}
