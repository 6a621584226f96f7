//! Words of the product that are closed lists, as the document of the API tells them. Each is made from the state that it
//! is a word of, so that one more there does not compile here. Decides nothing.

use privilege::{accounts, checkouts, credentials, dependents, rotation};

macro_rules! words {
    ($($(#[$meta:meta])* enum $name:ident = $slice:ident::$of:ident { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($variant),+ }

        impl From<&$slice::$of> for $name {
            fn from(of: &$slice::$of) -> Self {
                match of { $($slice::$of::$variant { .. } => Self::$variant),+ }
            }
        }

        #[cfg(test)]
        impl $name {
            const ALL: &[Self] = &[$(Self::$variant),+];
        }
    )+};
}

words! {
    /// Where the credential of an account stands. `unknown`: nobody knows one that logs in.
    #[derive(serde::Serialize, utoipa::ToSchema)]
    enum AccountState = accounts::State { Settled, Changing, Unknown }

    /// What became of one version of a credential.
    #[derive(serde::Serialize, utoipa::ToSchema)]
    enum VersionState = accounts::VersionState { Candidate, Current, Previous, Refused }

    /// Why a credential is changed.
    #[derive(serde::Serialize, utoipa::ToSchema)]
    enum RotationCause = rotation::Cause {
        Person, Schedule, CheckedIn, Overdue, Forced, GrantEnded, Leaver, Leak, Drift, Reconcile, Import, Dependents
    }

    /// Whether a person has confirmed that a file is to be updated by rotations.
    #[derive(serde::Serialize, utoipa::ToSchema)]
    enum DependentState = dependents::State { Found, Kept }

    #[derive(serde::Serialize, utoipa::ToSchema)]
    enum CheckoutState = checkouts::State { Pending, Confirmed, Open, Returned, Ended, Lapsed }

    #[derive(serde::Serialize, utoipa::ToSchema)]
    enum LeaseState = credentials::State { Issuing, Live, Ending, Gone }

    /// Why a lease ended.
    #[derive(serde::Serialize, utoipa::ToSchema)]
    enum LeaseCause = credentials::Cause { Expired, GrantEnded, TokenEnded, Revoked, NotIssued }
}

/// `rolled_back`: files that hold it could not be updated, so the old one was set again. `lost`: none of those kept
/// logs in, so a person must reconcile the account.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RotationState {
    Open,
    Settled,
    RolledBack,
    Lost,
    Unmanaged,
}

impl From<Option<rotation::Ending>> for RotationState {
    fn from(ended: Option<rotation::Ending>) -> Self {
        match ended {
            None => Self::Open,
            Some(rotation::Ending::Settled) => Self::Settled,
            Some(rotation::Ending::RolledBack) => Self::RolledBack,
            Some(rotation::Ending::Lost) => Self::Lost,
            Some(rotation::Ending::Unmanaged) => Self::Unmanaged,
        }
    }
}

/// Why a checkout was ended by somebody or something else than its holder, or never handed out.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CheckoutCause {
    Forced,
    Overdue,
    GrantEnded,
    Leaver,
    Unanswered,
    NotTaken,
    Cancelled,
    /// Whoever had said yes may not any more.
    Unconfirmed,
}

impl From<checkouts::EndCause> for CheckoutCause {
    fn from(cause: checkouts::EndCause) -> Self {
        match cause {
            checkouts::EndCause::Forced => Self::Forced,
            checkouts::EndCause::Overdue => Self::Overdue,
            checkouts::EndCause::GrantEnded => Self::GrantEnded,
            checkouts::EndCause::Leaver => Self::Leaver,
        }
    }
}

impl From<checkouts::LapseCause> for CheckoutCause {
    fn from(cause: checkouts::LapseCause) -> Self {
        match cause {
            checkouts::LapseCause::Unanswered => Self::Unanswered,
            checkouts::LapseCause::NotTaken => Self::NotTaken,
            checkouts::LapseCause::Cancelled => Self::Cancelled,
            checkouts::LapseCause::Unconfirmed => Self::Unconfirmed,
            checkouts::LapseCause::GrantEnded => Self::GrantEnded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: impl serde::Serialize) -> Vec<String> {
        serde_json::from_value(serde_json::to_value(words).unwrap()).unwrap()
    }

    #[test]
    fn a_word_of_the_api_is_the_same_word_everywhere_else() {
        assert!(told(RotationCause::ALL).iter().all(|word| rotation::Cause::read(word).is_some()));
        assert!(told(VersionState::ALL).iter().all(|word| accounts::VersionState::read(word).is_some()));
        assert_eq!(told(LeaseCause::ALL), credentials::Cause::ALL.map(credentials::Cause::as_str));
        assert_eq!(told(AccountState::ALL), ["settled", "changing", "unknown"]);
        assert_eq!(told(CheckoutState::ALL), ["pending", "confirmed", "open", "returned", "ended", "lapsed"]);
        assert_eq!(told(DependentState::ALL), ["found", "kept"]);
        assert_eq!(told(LeaseState::ALL), ["issuing", "live", "ending", "gone"]);
    }
}
