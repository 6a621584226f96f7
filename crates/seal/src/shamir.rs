//! The unseal key in shares (Shamir, over GF(256)): dealing them once, and collecting enough of them again. A share
//! carries the id of its set and a checksum, so that a typing error and a share of elsewhere are told apart.

use crate::UnsealKey;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use std::collections::BTreeMap;
use std::time::Duration;
use types::{Chance, Failure, Kind, Secret, Timestamp};
use vsss_rs::Gf256;

const PREFIX: &str = "tenure-share-";
const SET_LEN: usize = 4;
const CHECKSUM_LEN: usize = 4;
/// Threshold, set, number of the share, its 32 bytes, checksum.
const SHARE_LEN: usize = 1 + SET_LEN + 1 + 32 + CHECKSUM_LEN;
const LONGEST: usize = 256;
/// Shares that were given wait this long for the others.
pub const ATTEMPT: Duration = Duration::from_secs(15 * 60);

/// How many shares there are, how many open, and which set they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing {
    pub set: String,
    pub shares: u8,
    pub threshold: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    #[error("{shares} shares of which {threshold} open cannot be: at least 2 must open, and at most all")]
    Impossible { shares: u8, threshold: u8 },
    #[error("this is not a share: one begins with `tenure-share-` and has {} hex digits after it", SHARE_LEN * 2)]
    NotAShare,
    #[error("a character of this share is wrong: its checksum does not fit; compare it with what was printed")]
    Mistyped,
    #[error("this share is of another set: of another database, or replaced since by `tenure seal migrate`")]
    OtherSet,
    #[error("this share was given already: give another one")]
    GivenAlready,
    #[error("another attempt began meanwhile: look at `tenure seal status` and give the share again")]
    OtherAttempt,
    #[error("these shares do not open the seal, so at least one is wrong: begin again")]
    DoNotOpen,
}

impl Failure for ShareError {
    fn kind(&self) -> Kind {
        match self {
            Self::GivenAlready | Self::OtherAttempt => Kind::Conflict,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Impossible { .. } => "sharing_impossible",
            Self::NotAShare => "not_a_share",
            Self::Mistyped => "share_mistyped",
            Self::OtherSet => "share_of_another_set",
            Self::GivenAlready => "share_given_already",
            Self::OtherAttempt => "another_attempt",
            Self::DoNotOpen => "shares_do_not_open",
        }
    }
}

/// A new unseal key and its shares, to be shown once.
pub fn deal(shares: u8, threshold: u8, chance: &Chance) -> Result<(UnsealKey, Vec<Secret<String>>), ShareError> {
    let impossible = ShareError::Impossible { shares, threshold };
    if threshold < 2 || threshold > shares {
        return Err(impossible);
    }
    let (key, set) = (Secret::new(chance.bytes::<32>()), chance.bytes::<SET_LEN>());
    let points = Gf256::split_bytes(threshold.into(), shares.into(), key.expose(), chance.clone());
    let points = points.map_err(|_| impossible)?;
    let printed = points.into_iter().map(|point| printed(threshold, set, &Secret::new(point))).collect();
    Ok((UnsealKey::Shamir { key, sharing: Sharing { set: HEXLOWER.encode(&set), shares, threshold } }, printed))
}

fn printed(threshold: u8, set: [u8; SET_LEN], point: &Secret<Vec<u8>>) -> Secret<String> {
    let mut bytes = Secret::new([&[threshold][..], &set, point.expose()].concat());
    let checksum = digest(&SHA256, bytes.expose());
    bytes = Secret::new([bytes.expose(), &checksum.as_ref()[..CHECKSUM_LEN]].concat());
    Secret::new(format!("{PREFIX}{}", HEXLOWER.encode(bytes.expose())))
}

/// A share as it was given.
struct Share {
    set: String,
    /// Its number, then its bytes.
    point: Secret<Vec<u8>>,
}

fn read(text: &Secret<String>) -> Result<Share, ShareError> {
    let text = text.expose().trim();
    let digits = text.strip_prefix(PREFIX).filter(|_| text.len() <= LONGEST).ok_or(ShareError::NotAShare)?;
    if digits.len() != SHARE_LEN * 2 {
        return Err(ShareError::NotAShare);
    }
    let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| ShareError::Mistyped)?;
    let bytes = Secret::new(bytes);
    let (body, checksum) = bytes.expose().split_at(SHARE_LEN - CHECKSUM_LEN);
    if digest(&SHA256, body).as_ref()[..CHECKSUM_LEN] != *checksum {
        return Err(ShareError::Mistyped);
    }
    let (set, point) = body[1..].split_at(SET_LEN);
    Ok(Share { set: HEXLOWER.encode(set), point: Secret::new(point.to_vec()) })
}

/// Whether a text is a share of this set, which only somebody knows who was dealt one.
pub fn is_of(text: &Secret<String>, set: &str) -> bool {
    read(text).is_ok_and(|share| share.set == set)
}

/// Shares given so far. They lie in memory only, and for [`ATTEMPT`] at most.
pub struct Collecting {
    sharing: Sharing,
    given: BTreeMap<u8, Secret<Vec<u8>>>,
    nonce: String,
    since: Timestamp,
}

/// What a share led to.
pub enum Given {
    More,
    /// Enough: whether they are the right ones, the seal knows. The shares are forgotten.
    Enough(Box<UnsealKey>),
}

impl Collecting {
    pub fn new(sharing: Sharing) -> Self {
        Self { sharing, given: BTreeMap::new(), nonce: String::new(), since: Timestamp::from_micros(0) }
    }

    pub fn sharing(&self) -> &Sharing {
        &self.sharing
    }

    /// How many shares were given in the attempt that is under way, and the attempt's own name.
    pub fn progress(&self, now: Timestamp) -> Option<(usize, &str)> {
        (!self.given.is_empty() && now.since(self.since) < ATTEMPT).then_some((self.given.len(), self.nonce.as_str()))
    }

    /// Forgets every share that was given.
    pub fn reset(&mut self) {
        self.given.clear();
        self.nonce.clear();
    }

    /// Takes one share. `nonce` names the attempt that it is meant for, where one is under way.
    pub fn give(
        &mut self,
        share: &Secret<String>,
        nonce: Option<&str>,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<Given, ShareError> {
        let share = read(share)?;
        if share.set != self.sharing.set {
            return Err(ShareError::OtherSet);
        }
        if self.progress(now).is_none() {
            self.reset();
        }
        if nonce.is_some_and(|nonce| nonce != self.nonce) {
            return Err(ShareError::OtherAttempt);
        }
        if self.given.contains_key(&share.point.expose()[0]) {
            return Err(ShareError::GivenAlready);
        }
        if self.given.is_empty() {
            (self.nonce, self.since) = (HEXLOWER.encode(&chance.bytes::<8>()), now);
        }
        self.given.insert(share.point.expose()[0], share.point);
        if self.given.len() < usize::from(self.sharing.threshold) {
            return Ok(Given::More);
        }
        let key = self.combined();
        self.reset();
        let key = key.ok_or(ShareError::DoNotOpen)?;
        Ok(Given::Enough(Box::new(UnsealKey::Shamir { key, sharing: self.sharing.clone() })))
    }

    fn combined(&self) -> Option<Secret<[u8; 32]>> {
        let points: Secret<Vec<Vec<u8>>> =
            Secret::new(self.given.values().map(|point| point.expose().clone()).collect());
        let key = Secret::new(Gf256::combine_bytes(points.expose()).ok()?);
        Some(Secret::new(key.expose().as_slice().try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        Timestamp::from_micros(1_000_000)
    }

    fn dealt(shares: u8, threshold: u8) -> (Secret<[u8; 32]>, Collecting, Vec<Secret<String>>) {
        let (key, printed) = deal(shares, threshold, &Chance::system()).unwrap();
        let UnsealKey::Shamir { key, sharing } = key else { panic!("dealt in shares") };
        (key, Collecting::new(sharing), printed)
    }

    fn give(collecting: &mut Collecting, share: &Secret<String>) -> Result<Option<Secret<[u8; 32]>>, ShareError> {
        match collecting.give(share, None, &Chance::system(), now())? {
            Given::More => Ok(None),
            Given::Enough(key) => match *key {
                UnsealKey::Shamir { key, .. } => Ok(Some(key)),
                _ => panic!("another kind"),
            },
        }
    }

    #[test]
    fn any_three_of_five_shares_make_the_key_and_two_do_not() {
        let (key, mut collecting, shares) = dealt(5, 3);
        for chosen in [[0, 1, 2], [4, 2, 0], [1, 3, 4], [2, 4, 3]] {
            assert!(give(&mut collecting, &shares[chosen[0]]).unwrap().is_none());
            assert!(give(&mut collecting, &shares[chosen[1]]).unwrap().is_none());
            assert_eq!(collecting.progress(now()).unwrap().0, 2);
            let made = give(&mut collecting, &shares[chosen[2]]).unwrap().expect("three are enough");
            assert_eq!(made.expose(), key.expose());
            assert!(collecting.progress(now()).is_none(), "they are forgotten");
        }
    }

    #[test]
    fn a_share_with_any_wrong_character_is_told_and_not_taken() {
        let (_, mut collecting, shares) = dealt(3, 2);
        let share = shares[0].expose().clone();
        for at in 0..share.len() {
            let mut wrong = share.clone().into_bytes();
            wrong[at] = if wrong[at] == b'0' { b'1' } else { b'0' };
            let wrong = Secret::new(String::from_utf8(wrong).unwrap());
            let told = give(&mut collecting, &wrong).unwrap_err();
            let expected = if at < PREFIX.len() { ShareError::NotAShare } else { ShareError::Mistyped };
            assert_eq!(told, expected, "character {at}");
        }
        for wrong in ["", "tenure-share-", &share[..share.len() - 1], &format!("{share}00"), &"x".repeat(100_000)] {
            assert_eq!(give(&mut collecting, &Secret::new(wrong.to_owned())).unwrap_err(), ShareError::NotAShare);
        }
        assert!(collecting.progress(now()).is_none());
        let spaced = Secret::new(format!("  {}\n", share.to_uppercase().replace("TENURE-SHARE-", PREFIX)));
        assert!(give(&mut collecting, &spaced).unwrap().is_none(), "case and blanks around do not matter");
    }

    #[test]
    fn a_share_of_another_set_or_given_twice_or_for_another_attempt_is_told() {
        let (_, mut collecting, shares) = dealt(3, 2);
        let foreign = dealt(3, 2).2;
        assert_eq!(give(&mut collecting, &foreign[0]).unwrap_err(), ShareError::OtherSet);
        give(&mut collecting, &shares[0]).unwrap();
        assert_eq!(give(&mut collecting, &shares[0]).unwrap_err(), ShareError::GivenAlready);
        let chance = Chance::system();
        let other = collecting.give(&shares[1], Some("another"), &chance, now()).err();
        assert_eq!(other, Some(ShareError::OtherAttempt));
        let nonce = collecting.progress(now()).unwrap().1.to_owned();
        assert!(matches!(collecting.give(&shares[1], Some(&nonce), &chance, now()), Ok(Given::Enough(_))));
    }

    #[test]
    fn shares_that_wait_too_long_are_forgotten() {
        let (_, mut collecting, shares) = dealt(3, 2);
        give(&mut collecting, &shares[0]).unwrap();
        let later = now().plus(ATTEMPT);
        assert!(collecting.progress(later).is_none());
        assert!(matches!(collecting.give(&shares[1], None, &Chance::system(), later), Ok(Given::More)));
        assert_eq!(collecting.progress(later).unwrap().0, 1);
    }

    #[test]
    fn a_sharing_that_opens_with_one_share_or_with_more_than_there_are_is_refused() {
        for (shares, threshold) in [(1, 1), (5, 1), (5, 0), (2, 3), (0, 0)] {
            assert!(deal(shares, threshold, &Chance::system()).is_err(), "{threshold} of {shares}");
        }
        for (shares, threshold) in [(2, 2), (255, 2), (255, 255)] {
            assert_eq!(deal(shares, threshold, &Chance::system()).unwrap().1.len(), usize::from(shares));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_share_that_was_dealt_or_is_refused(
            text in "(?s).{0,80}",
            bytes in proptest::collection::vec(any::<u8>(), SHARE_LEN),
            (shares, least) in (2..6_u8).prop_flat_map(|shares| (Just(shares), 2..=shares)),
        ) {
            let hex = HEXLOWER.encode(&bytes);
            for text in [text.clone(), format!("{PREFIX}{text}"), format!("{PREFIX}{hex}"), hex] {
                let given = Secret::new(text);
                prop_assert!(read(&given).is_err());
            }
            let (key, mut collecting, dealt) = dealt(shares, least);
            let made = dealt.iter().take(least.into()).map(|share| give(&mut collecting, share).unwrap()).last().flatten();
            let made = made.expect("enough");
            prop_assert_eq!(made.expose(), key.expose());
        }
    }
}
