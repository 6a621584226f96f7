//! What must not be missing from any story: every edge case of a working life that access has to follow, by name, with
//! the days on which it unfolds.

use super::events::{Act, Event, FeedFault, Owned, Stage, is_renamed};
use super::names::NAMINGS;
use super::people::{Employment, Source, Status, Who, pick};
use super::places::{self, Place};
use super::roles::BY_HAND;

/// The fewest days in which every scene can be played to its end.
pub const SHORTEST: usize = 45;
/// The longest scene.
const LONGEST: usize = 24;
/// All scenes are played once in each.
const ROUND: usize = 90;
/// Old files are to be had from then on.
const FIRST: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scene {
    StartInTheFuture,
    StartMovedEarlier,
    StartMovedLater,
    NeverStarts,
    DaysOfTheirOwnZone,
    RehiredWithTheSameNumber,
    RehiredWithANewNumber,
    Leave,
    LeaveOverlapsATransfer,
    Transfer,
    TransferBetweenForbiddenPairs,
    LeavesOneOfTwoEmployments,
    ContractorBecomesEmployee,
    Namesakes,
    ManagerChangesWhileAnApprovalIsOpen,
    TerminatedForCauseBeforeTheFeed,
    TerminatedInThePast,
    Suspended,
    LeavingWithdrawn,
    FeedTruncated,
    FeedEmpty,
    FeedDoubled,
    FeedHalfLoaded,
    FeedRekeyed,
    FeedStale,
    FeedShifted,
    Renamed,
    OrphanClaimed,
    OwnerOfASharedAccountLeaves,
    LastOwnerLeaves,
    ApproverIsTheRequester,
    ApproverIsTheBeneficiary,
    ApproverIsOnLeave,
    ApproverIsGone,
    CircularManagers,
    PolicyEditedWhileARequestIsOpen,
    RevokedWhileInFlight,
    BeneficiaryLeavesWhilePending,
}

impl Scene {
    pub const ALL: [Self; 38] = [
        Self::StartInTheFuture,
        Self::StartMovedEarlier,
        Self::StartMovedLater,
        Self::NeverStarts,
        Self::DaysOfTheirOwnZone,
        Self::RehiredWithTheSameNumber,
        Self::RehiredWithANewNumber,
        Self::Leave,
        Self::LeaveOverlapsATransfer,
        Self::Transfer,
        Self::TransferBetweenForbiddenPairs,
        Self::LeavesOneOfTwoEmployments,
        Self::ContractorBecomesEmployee,
        Self::Namesakes,
        Self::ManagerChangesWhileAnApprovalIsOpen,
        Self::TerminatedForCauseBeforeTheFeed,
        Self::TerminatedInThePast,
        Self::Suspended,
        Self::LeavingWithdrawn,
        Self::FeedTruncated,
        Self::FeedEmpty,
        Self::FeedDoubled,
        Self::FeedHalfLoaded,
        Self::FeedRekeyed,
        Self::FeedStale,
        Self::FeedShifted,
        Self::Renamed,
        Self::OrphanClaimed,
        Self::OwnerOfASharedAccountLeaves,
        Self::LastOwnerLeaves,
        Self::ApproverIsTheRequester,
        Self::ApproverIsTheBeneficiary,
        Self::ApproverIsOnLeave,
        Self::ApproverIsGone,
        Self::CircularManagers,
        Self::PolicyEditedWhileARequestIsOpen,
        Self::RevokedWhileInFlight,
        Self::BeneficiaryLeavesWhilePending,
    ];

    /// What happens, by days from now; `None` when nobody is free for it today.
    pub(super) fn script(self, stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
        match self {
            Self::StartInTheFuture => Some(vec![(0, hired(stage, 12).0)]),
            Self::StartMovedEarlier => Some(start_moves(stage, 20, 3)),
            Self::StartMovedLater => Some(start_moves(stage, 5, 20)),
            Self::NeverStarts => {
                let (hired, key) = hired(stage, 5);
                Some(vec![(0, hired), (3, Event::Removed { key })])
            }
            Self::DaysOfTheirOwnZone => Some(days_of_their_own_zone(stage)),
            Self::RehiredWithTheSameNumber => rehired(stage, Number::Same),
            Self::RehiredWithANewNumber => rehired(stage, Number::New),
            Self::Leave => {
                let key = anyone(stage, 15)?.key;
                Some(vec![(0, Event::LeaveBegan { key: key.clone() }), (14, Event::LeaveEnded { key })])
            }
            Self::LeaveOverlapsATransfer => {
                let one = anyone(stage, 13)?;
                let (transfer, key) = (stage.transfer(&one, |_| true)?, one.key);
                let began = Event::LeaveBegan { key: key.clone() };
                Some(vec![(0, began), (5, transfer), (12, Event::LeaveEnded { key })])
            }
            Self::Transfer => {
                let one = stage.cast(20, |one| one.written.department == "Platform")?;
                Some(vec![(0, stage.transfer(&one, |to| to == "Sales")?)])
            }
            Self::TransferBetweenForbiddenPairs => {
                let one = stage.cast(20, |one| one.written.department == "Finance")?;
                Some(vec![(0, stage.transfer(&one, |to| to == "Procurement")?)])
            }
            Self::LeavesOneOfTwoEmployments => two_employments(stage),
            Self::ContractorBecomesEmployee => {
                let one = stage.cast(10, |one| one.source == Source::Contractors)?;
                let as_employee = stage.another(&one, Source::Hr, stage.date.plus(5));
                let last_day = stage.date.plus(4);
                let left = Event::Left { key: one.key, last_day };
                Some(vec![(1, Event::Hired(as_employee)), (5, left)])
            }
            Self::Namesakes => {
                let like = Who::namesake_of(&anyone(stage, 2)?);
                let one = stage.newcomer(Source::Hr, &like, stage.date.plus(1));
                Some(vec![(0, Event::Hired(one))])
            }
            Self::ManagerChangesWhileAnApprovalIsOpen => {
                let (one, to) = (anyone(stage, 3)?, anyone(stage, 3)?);
                let changed = Event::ManagerChanged { key: one.key.clone(), to: Some(to.key) };
                Some(vec![(0, asks(&one, &one, "web-1")), (1, changed)])
            }
            Self::TerminatedForCauseBeforeTheFeed => {
                let one = anyone(stage, 6)?;
                let last_day = stage.date;
                let at_once = Event::Act(Act::TerminatedForCause { human: one.human });
                Some(vec![(0, at_once), (4, Event::Left { key: one.key, last_day })])
            }
            Self::TerminatedInThePast => {
                let (last_day, before) = (stage.date.plus(-20), stage.date.plus(-60));
                let key = stage.cast(2, |one| one.source == Source::Hr && one.start < before)?.key;
                Some(vec![(0, Event::Left { key, last_day })])
            }
            Self::Suspended => {
                let human = anyone(stage, 9)?.human;
                let (suspended, resumed) = (Act::Suspended { human }, Act::Resumed { human });
                Some(vec![(0, Event::Act(suspended)), (8, Event::Act(resumed))])
            }
            Self::LeavingWithdrawn => {
                let (key, last_day) = (anyone(stage, 10)?.key, stage.date.plus(5));
                let announced = Event::LeavingAnnounced { key: key.clone(), last_day };
                Some(vec![(0, announced), (4, Event::LeavingWithdrawn { key })])
            }
            Self::FeedTruncated => Some(fault(FeedFault::Truncated)),
            Self::FeedEmpty => Some(fault(FeedFault::Empty)),
            Self::FeedDoubled => Some(fault(FeedFault::Doubled)),
            Self::FeedHalfLoaded => Some(fault(FeedFault::HalfLoaded)),
            Self::FeedRekeyed => Some(fault(FeedFault::Rekeyed)),
            Self::FeedStale => Some(fault(FeedFault::Stale)),
            Self::FeedShifted => Some(fault(FeedFault::Shifted)),
            Self::Renamed => is_renamed(stage),
            Self::OrphanClaimed => {
                let one = stage.cast(5, |one| one.written.department == "Legal")?;
                let (system, login) = ("postgres", format!("old_{}", one.key.to_lowercase()));
                let made = Act::OrphanMade { system, login: login.clone() };
                let claimed = Act::OrphanClaimed { system, login, by: one.human };
                Some(vec![(0, Event::Act(made)), (2, Event::Act(claimed))])
            }
            Self::OwnerOfASharedAccountLeaves => {
                let login = format!("shared_{}", stage.date.0);
                owner_leaves(stage, Owned::SharedAccount { system: "postgres", login })
            }
            Self::LastOwnerLeaves => owner_leaves(stage, Owned::System("helpdesk")),
            Self::ApproverIsTheRequester => {
                let (owner, one) = (anyone(stage, 4)?, anyone(stage, 4)?);
                Some(vec![(0, owns(&owner, "web-2")), (1, asks(&owner, &one, "web-2"))])
            }
            Self::ApproverIsTheBeneficiary => {
                let (owner, one) = (anyone(stage, 4)?, anyone(stage, 4)?);
                Some(vec![(0, owns(&owner, "web-2")), (1, asks(&one, &owner, "web-2"))])
            }
            Self::ApproverIsOnLeave => {
                let (owner, one) = (anyone(stage, 12)?, anyone(stage, 4)?);
                let (began, ended) =
                    (Event::LeaveBegan { key: owner.key.clone() }, Event::LeaveEnded { key: owner.key.clone() });
                Some(vec![(0, owns(&owner, "web-2")), (1, began), (2, asks(&one, &one, "web-2")), (10, ended)])
            }
            Self::ApproverIsGone => {
                let (owner, one) = (anyone(stage, 5)?, anyone(stage, 5)?);
                let left = Event::Left { key: owner.key.clone(), last_day: stage.date.plus(1) };
                Some(vec![(0, owns(&owner, "web-2")), (1, asks(&one, &one, "web-2")), (2, left)])
            }
            Self::CircularManagers => {
                let (owner, other) = (anyone(stage, 12)?, anyone(stage, 12)?);
                let under = |one: &Employment, to: &Employment| Event::ManagerChanged {
                    key: one.key.clone(),
                    to: Some(to.key.clone()),
                };
                let back = Event::ManagerChanged { key: other.key.clone(), to: other.written.manager.clone() };
                let request = asks(&owner, &owner, "web-2");
                Some(vec![
                    (0, under(&owner, &other)),
                    (0, under(&other, &owner)),
                    (1, owns(&owner, "web-2")),
                    (2, request),
                    (10, back),
                ])
            }
            Self::PolicyEditedWhileARequestIsOpen => {
                let one = anyone(stage, 3)?;
                Some(vec![(0, asks(&one, &one, "web-1")), (1, Event::Act(Act::PolicyEdited { system: "web-1" }))])
            }
            Self::RevokedWhileInFlight => {
                let (one, system) = (anyone(stage, 5)?, "ad");
                let grant = BY_HAND.into_iter().find(|grant| grant.system == system)?;
                let left = Event::Left { key: one.key, last_day: stage.date };
                Some(vec![
                    (0, Event::Act(Act::SystemAway { system })),
                    (0, Event::Act(Act::GivenByHand { human: one.human, grant })),
                    (1, left),
                    (2, Event::Act(Act::SystemBack { system })),
                ])
            }
            Self::BeneficiaryLeavesWhilePending => {
                let (one, by) = (anyone(stage, 3)?, anyone(stage, 3)?);
                let left = Event::Left { key: one.key.clone(), last_day: stage.date };
                Some(vec![(0, asks(&by, &one, "web-1")), (1, left)])
            }
        }
    }
}

/// How often all scenes are played in a story of so many days.
pub const fn rounds(days: usize) -> usize {
    if days < ROUND { 1 } else { days / ROUND }
}

/// On which day of the story each scene begins.
pub(super) fn schedule(days: usize) -> Vec<(usize, Scene)> {
    let rounds = rounds(days);
    let length = if rounds == 1 { days } else { ROUND };
    let room = length - FIRST - LONGEST;
    let at = |round: usize, place: usize| round * length + FIRST + place * room / Scene::ALL.len();
    (0..rounds)
        .flat_map(|round| Scene::ALL.into_iter().enumerate().map(move |(place, scene)| (at(round, place), scene)))
        .collect()
}

/// An employee to whom nothing else happens meanwhile. Whoever works in Finance or Procurement is kept for a scene of
/// their own.
fn anyone(stage: &mut Stage, days: i64) -> Option<Employment> {
    let apart = ["Finance", "Procurement", "Platform", "Legal"];
    stage.cast(days, |one| one.source == Source::Hr && !apart.contains(&one.written.department.as_str()))
}

fn hired(stage: &mut Stage, in_days: i64) -> (Event, String) {
    let who = stage.someone();
    let one = stage.newcomer(Source::Hr, &who, stage.date.plus(in_days));
    let key = one.key.clone();
    (Event::Hired(one), key)
}

fn start_moves(stage: &mut Stage, from: i64, to: i64) -> Vec<(i64, Event)> {
    let (hired, key) = hired(stage, from);
    vec![(0, hired), (2, Event::StartMoved { key, to: stage.date.plus(to) })]
}

/// Two people who start and end on the same days at the two ends of the world.
fn days_of_their_own_zone(stage: &mut Stage) -> Vec<(i64, Event)> {
    let mut script = Vec::new();
    for place in [&places::AUCKLAND, &places::HONOLULU] {
        let who = from(stage, place);
        let one = stage.newcomer(Source::Hr, &who, stage.date.plus(3));
        let (key, last_day) = (one.key.clone(), stage.date.plus(9));
        script.push((0, Event::Hired(one)));
        script.push((4, Event::LeavingAnnounced { key: key.clone(), last_day }));
        script.push((12, Event::Left { key, last_day }));
    }
    script
}

fn from(stage: &Stage, place: &Place) -> Who {
    let naming = NAMINGS.iter().find(|naming| naming.place.zone == place.zone).expect("names are known everywhere");
    Who::draw(naming, &stage.chance)
}

#[derive(Clone, Copy)]
enum Number {
    Same,
    New,
}

/// Somebody whom something was given by hand leaves and comes back before the account is deleted.
fn rehired(stage: &mut Stage, number: Number) -> Option<Vec<(i64, Event)>> {
    let one = stage.cast(24, |one| one.source == Source::Hr && one.written.department != "Legal")?;
    let grant = pick(&BY_HAND, &stage.chance);
    let (left, start) = (Event::Left { key: one.key.clone(), last_day: stage.date.plus(2) }, stage.date.plus(16));
    let back = match number {
        Number::Same => Event::Rehired { key: one.key, start },
        Number::New => Event::Hired(stage.another(&one, Source::Hr, start)),
    };
    // One feed names an address once: whoever comes back under a new number has no record under the old one.
    let gone = match (number, &left) {
        (Number::New, Event::Left { key, .. }) => Some((12, Event::Removed { key: key.clone() })),
        _ => None,
    };
    let given = Event::Act(Act::GivenByHand { human: one.human, grant });
    Some([(0, given), (3, left)].into_iter().chain(gone).chain([(13, back)]).collect())
}

fn two_employments(stage: &mut Stage) -> Option<Vec<(i64, Event)>> {
    let one = stage.cast(24, |one| one.source == Source::Hr && one.written.department == "Data")?;
    let mut second = stage.another(&one, Source::Contractors, stage.date.plus(1));
    (second.written.department, second.written.job_title) = ("Support".to_owned(), "Support Agent".to_owned());
    second.status = Status::Active;
    let left = Event::Left { key: one.key, last_day: stage.date.plus(9) };
    Some(vec![(0, Event::Hired(second)), (10, left)])
}

fn fault(fault: FeedFault) -> Vec<(i64, Event)> {
    vec![(0, Event::FeedFault { source: Source::Hr, fault })]
}

fn owns(one: &Employment, system: &'static str) -> Event {
    Event::Act(Act::Owns { human: one.human, what: Owned::System(system) })
}

fn asks(by: &Employment, beneficiary: &Employment, system: &'static str) -> Event {
    Event::Act(Act::Requested { by: by.human, beneficiary: beneficiary.human, system })
}

fn owner_leaves(stage: &mut Stage, what: Owned) -> Option<Vec<(i64, Event)>> {
    let one = anyone(stage, 5)?;
    let owns = Event::Act(Act::Owns { human: one.human, what });
    Some(vec![(0, owns), (3, Event::Left { key: one.key, last_day: stage.date.plus(2) })])
}
