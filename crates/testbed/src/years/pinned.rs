//! The named test of each edge case: the one that breaks when the product gets that case wrong, whatever else happens at the
//! same time. In a story the cases happen together.

use super::Scene;

impl Scene {
    /// In `governance` or `provisioning`.
    pub const fn named_test(self) -> &'static str {
        match self {
            Self::StartInTheFuture => "a_first_day_that_is_moved_or_reached_is_what_counts",
            Self::StartMovedEarlier | Self::StartMovedLater => {
                "a_start_that_moves_earlier_later_or_is_cancelled_leaves_exactly_what_the_new_date_needs"
            }
            Self::NeverStarts => "what_was_prepared_for_somebody_who_never_starts_is_taken_away_again",
            Self::DaysOfTheirOwnZone => "the_first_and_the_last_day_are_those_of_the_persons_own_time_zone",
            Self::RehiredWithTheSameNumber => {
                "who_comes_back_under_the_same_number_is_a_rejoiner_and_keeps_the_identity"
            }
            Self::RehiredWithANewNumber => "who_is_rehired_with_a_new_id_keeps_the_identity_and_gets_no_old_grant_back",
            Self::Leave => "a_leave_ends_what_was_held_and_ends_where_it_was",
            Self::LeaveOverlapsATransfer => "a_leave_that_overlaps_a_transfer_ends_in_the_new_department",
            Self::Transfer | Self::TransferBetweenForbiddenPairs => {
                "a_mover_keeps_the_old_for_the_grace_and_no_forbidden_pair_is_ever_held_inside_it"
            }
            Self::LeavesOneOfTwoEmployments => "who_has_two_employments_and_leaves_one_stays_with_what_the_other_gives",
            Self::ContractorBecomesEmployee => "a_contractor_who_becomes_an_employee_is_one_person_with_one_account",
            Self::Namesakes => "two_people_of_one_name_are_never_one_and_a_person_decides_where_it_is_not_certain",
            Self::ManagerChangesWhileAnApprovalIsOpen => {
                "a_manager_who_changes_while_an_approval_is_open_hands_the_decision_on"
            }
            Self::TerminatedForCauseBeforeTheFeed => {
                "a_termination_for_cause_acts_before_the_feed_and_the_feed_does_not_undo_it"
            }
            Self::TerminatedInThePast => "a_back_dated_termination_is_true_since_then_and_known_since_now",
            Self::Suspended => "who_is_suspended_holds_and_proves_nothing_and_comes_back_without_old_grants",
            Self::LeavingWithdrawn => "whatever_fires_late_looks_again_first",
            Self::FeedTruncated => "a_cut_off_feed_is_held_once_until_a_person_confirms_it_with_a_reason",
            Self::FeedEmpty => "a_feed_that_is_empty_is_refused_with_its_reason_and_one_of_no_changes_is_not",
            Self::FeedDoubled => "a_feed_that_is_doubled_is_refused_with_its_reason",
            Self::FeedHalfLoaded => "a_feed_that_lacks_more_than_a_tenth_of_the_people_looks_cut_off",
            Self::FeedRekeyed | Self::FeedShifted => {
                "a_feed_that_looks_wrong_is_stopped_with_its_reason_and_changes_nothing"
            }
            Self::FeedStale => "a_feed_that_is_stale_is_refused_with_its_reason",
            Self::Renamed => "a_rename_goes_to_every_account_and_takes_neither_the_login_nor_what_it_holds",
            Self::OrphanClaimed => "after_a_reading_certain_accounts_are_linked_and_doubtful_ones_are_asked_about",
            Self::OwnerOfASharedAccountLeaves => "a_shared_account_of_a_leaver_gets_an_owner_before_the_case_is_done",
            Self::LastOwnerLeaves => "the_last_owner_who_leaves_is_followed_by_the_manager_or_a_death_date",
            Self::ApproverIsTheRequester => "nobody_but_the_owner_decides_and_never_the_person_who_asked",
            Self::ApproverIsTheBeneficiary => "who_would_benefit_does_not_decide_even_when_another_person_asked",
            Self::ApproverIsOnLeave => "while_the_owner_is_on_leave_the_manager_decides",
            Self::ApproverIsGone => "the_owners_manager_stands_in_when_the_owner_cannot_decide",
            Self::CircularManagers => "where_managers_go_in_a_circle_an_administrator_decides",
            Self::PolicyEditedWhileARequestIsOpen => {
                "a_policy_that_changes_while_a_request_is_open_is_judged_by_the_new_one"
            }
            Self::RevokedWhileInFlight => "what_was_ordered_for_somebody_is_withdrawn_or_taken_back_when_they_leave",
            Self::BeneficiaryLeavesWhilePending => "who_leaves_while_their_request_is_pending_gets_nothing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::{Path, PathBuf};

    fn files(folder: &Path, all: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => files(&path, all),
                path if path.extension().is_some_and(|end| end == "rs") => all.push(path),
                _ => {}
            }
        }
    }

    #[test]
    fn every_edge_case_has_a_test_of_its_own_name() {
        let (mut all, crates) = (Vec::new(), Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        for folder in ["governance/src", "governance/tests", "provisioning/tests"] {
            files(&crates.join(folder), &mut all);
        }
        let text: String = all.iter().map(|file| fs::read_to_string(file).expect("a file")).collect();
        for scene in Scene::ALL {
            assert!(text.contains(&format!("fn {}(", scene.named_test())), "{scene:?}: {}", scene.named_test());
        }
    }
}
