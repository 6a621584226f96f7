//! What tells two people apart, what a comparison found, and the cases that a person decides.

use types::{IdentityId, ImportId, MatchCaseId, Timestamp};

/// What a record or a known person can be recognised by. Empty where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traits {
    pub employee_id: String,
    /// In lower case.
    pub email: String,
    /// Given and family name in the plain form, words in the order of the alphabet.
    pub name: String,
    /// Of the organisation's own attributes `birth_date` and `national_id`, best as digests.
    pub birth_date: String,
    pub national_id: String,
    pub department: String,
    pub manager: Option<IdentityId>,
}

/// A known person whom a record may mean.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    pub identity: &'a IdentityId,
    pub traits: &'a Traits,
    pub presence: Presence,
}

/// Whether the source of the record names the known person itself, under another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// As somebody who works here: two keys of one source are two people, or two employments.
    Working,
    NotThere,
}

/// One test that a record and a known person passed, or failed in a way that tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    SameEmployeeId,
    SameNationalId,
    SameEmail,
    SameName,
    /// At most two letters differ.
    NearlySameName,
    /// Seven in ten groups of three letters are the same.
    SimilarName,
    SameBirthDate,
    SameDepartment,
    SameManager,
    /// No word of the names is the same.
    UnlikeName,
    BothWorkInTheSource,
    /// Of an account: the login that the system's declared rule makes for the person.
    LoginByRule,
    /// Of an account: a login that people often get.
    LoginByConvention,
    /// Of an account: whoever made it or has it may have set everything that speaks for it.
    Unproven,
}

impl Test {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameEmployeeId => "same_employee_id",
            Self::SameNationalId => "same_national_id",
            Self::SameEmail => "same_email",
            Self::SameName => "same_name",
            Self::NearlySameName => "nearly_same_name",
            Self::SimilarName => "similar_name",
            Self::SameBirthDate => "same_birth_date",
            Self::SameDepartment => "same_department",
            Self::SameManager => "same_manager",
            Self::UnlikeName => "unlike_name",
            Self::BothWorkInTheSource => "both_work_in_the_source",
            Self::LoginByRule => "login_by_rule",
            Self::LoginByConvention => "login_by_convention",
            Self::Unproven => "unproven",
        }
    }
}

/// A person whom a record may mean, and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Candidate {
    pub identity: IdentityId,
    pub score: i32,
    pub tests: Vec<Test>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Certain(Candidate),
    /// A person decides between these, the likeliest first.
    NeedsPerson(Vec<Candidate>),
    /// Nobody whom Tenure knows.
    Nobody,
}

/// A record of which nobody could be sure whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchCase {
    pub id: MatchCaseId,
    pub source: String,
    /// Of the record in its source.
    pub key: String,
    pub import: ImportId,
    pub candidates: Vec<Candidate>,
    pub opened_at: Timestamp,
    pub state: CaseState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseState {
    Open,
    Decided {
        by: IdentityId,
        at: Timestamp,
        /// `None`: somebody whom Tenure did not know.
        identity: Option<IdentityId>,
    },
    /// The record went, or became certain, before anybody decided.
    Moot {
        at: Timestamp,
    },
}

/// What a person says about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The record is of this person.
    Same(IdentityId),
    /// It is of somebody whom Tenure did not know.
    New,
}
