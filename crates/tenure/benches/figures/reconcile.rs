//! Systems read again of which nothing changed, and compared with what their people should have there: what that costs for
//! each account, and what it holds in memory.

use crate::evidence::open_again;
use crate::first_import::{founded, take_in, work};
use crate::idle::peak;
use crate::table::{Figure, Goal};
use connectors::connector::{
    Account, AccountKind, Attributes, Entitlement, EntitlementKind, Member, Membership, NativeId, Part, Status,
};
use governance::identities::{self, Identity};
use governance::states::StateName;
use governance::{drifts, duties, mappings, plans, roles, systems};
use ledger::Ctx;
use provisioning::observe::{Outcome, Reading, Scope};
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// On each of which everybody has an account.
const SYSTEMS: usize = 10;
const PAGE: usize = 1_000;
const STAFF: &str = "staff";

/// The name of what is measured in a process of its own, with nothing in memory of what was there before.
pub(crate) const AGAIN: &str = "reconcile-again";

struct Run {
    first: f64,
    again: Again,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Again {
    accounts: usize,
    read: f64,
    compared: f64,
    /// In bytes.
    peak: u64,
}

impl Run {
    fn told(&self) -> String {
        let Again { accounts, read, compared, peak } = &self.again;
        format!(
            "{accounts} accounts on {SYSTEMS} systems, one membership each: {:.1} s ({read:.1} s read, {compared:.1} s compared), \
             never more than {} MB resident; read, linked and compared for the first time in {:.1} s",
            read + compared,
            peak / 1_000_000,
            self.first
        )
    }
}

pub(crate) async fn measure() -> Vec<Figure> {
    let mut runs = Vec::new();
    for accounts in SIZES {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        runs.push(twice(folder.path(), accounts / SYSTEMS).await);
    }
    let largest = &runs.last().expect("a run").again;
    let is_met = largest.read + largest.compared < 60.0 && largest.peak < 1 << 30;
    vec![Figure {
        name: "a reconciliation in which nothing changed, SQLite, evidence with fsync",
        measured: runs.iter().map(Run::told).collect::<Vec<_>>().join("\n            "),
        beside: "nothing".to_owned(),
        goal: Some(Goal { text: "1,000,000 accounts in under 60 s and under 1 GiB", is_met }),
    }]
}

async fn twice(folder: &Path, people: usize) -> Run {
    let (ctx, feed, owner) = founded(folder, people).await;
    declare(&ctx, &owner).await;
    take_in(&ctx, &feed).await;
    let staff = at_work(&ctx).await;
    let begun = Instant::now();
    read(&ctx, &staff).await;
    map(&ctx).await;
    compare(&ctx).await;
    let first = begun.elapsed().as_secs_f64();
    is_as_it_should_be(&ctx).await;
    ctx.db().close().await;
    let mut again = Command::new(std::env::current_exe().expect("this program"));
    let again = again.arg(AGAIN).arg(folder).stderr(Stdio::inherit()).output().expect("this program runs");
    assert!(again.status.success(), "it is the same the second time");
    Run { first, again: serde_json::from_slice(&again.stdout).expect("what it measured") }
}

/// Reads and compares once more, and prints what that took.
pub(crate) async fn again(folder: &Path) {
    let ctx = open_again(folder, &tenure::server::migrations()).await;
    let staff = at_work(&ctx).await;
    let begun = Instant::now();
    read(&ctx, &staff).await;
    let read = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    assert_eq!(compare(&ctx).await, SYSTEMS, "each system is compared");
    let compared = begun.elapsed().as_secs_f64();
    is_as_it_should_be(&ctx).await;
    ctx.db().close().await;
    let again = Again { accounts: staff.len() * SYSTEMS, read, compared, peak: peak(std::process::id()) };
    println!("{}", serde_json::to_string(&again).expect("numbers"));
}

/// Everybody is one of the staff, on every system.
async fn declare(ctx: &Ctx, owner: &str) {
    let (mut all, mut grants) = (String::new(), Vec::new());
    for system in names() {
        writeln!(all, "[[system]]\nname = \"{system}\"\nowner = \"{owner}\"\nlogins = []").expect("text");
        grants.push(format!("{{ system = \"{system}\", entitlement = \"{STAFF}\" }}"));
    }
    let role = format!("[[role]]\nname = \"{STAFF}\"\ncondition = 'true'\ngrants = [{}]", grants.join(", "));
    let all: systems::File = toml::from_str(&all).expect("systems");
    systems::declare(ctx, &all.system).await.expect("systems");
    let role: roles::File = toml::from_str(&role).expect("a role");
    roles::declare(ctx, &role.role).await.expect("roles");
    work(ctx).await;
}

async fn map(ctx: &Ctx) {
    let declaration = |system: String| mappings::Declaration {
        system,
        login: "{email}".to_owned(),
        attributes: [("mail".to_owned(), "{email}".to_owned()), ("department".to_owned(), "{department}".to_owned())]
            .into(),
        compares: Default::default(),
        authoritative: Default::default(),
        creates: true,
        renames: false,
        drift: mappings::DriftPolicy::Ask,
        delete_after_days: None,
    };
    let all: Vec<mappings::Declaration> = names().map(declaration).collect();
    mappings::declare(ctx, &all, None).await.expect("mappings");
}

async fn at_work(ctx: &Ctx) -> Vec<Identity> {
    let filter = identities::Filter { state: Some(StateName::Active), limit: u32::MAX, ..Default::default() };
    identities::list(ctx, &filter).await.expect("people")
}

/// Returns how many systems were compared.
async fn compare(ctx: &Ctx) -> usize {
    let mut compared = 0;
    loop {
        let round = duties::run_once(ctx).await.expect("a round");
        if round.systems_to_match + round.systems_woken == 0 {
            return compared;
        }
        compared += round.systems_woken;
        work(ctx).await;
    }
}

async fn is_as_it_should_be(ctx: &Ctx) {
    let plans = plans::list(ctx, &plans::Filter { limit: 1, ..Default::default() }).await.expect("plans");
    let drifts = drifts::list(ctx, &drifts::Filter { limit: 1, ..Default::default() }).await.expect("drifts");
    assert!(plans.is_empty() && drifts.is_empty(), "nothing is to be done: {plans:?} {drifts:?}");
}

async fn read(ctx: &Ctx, staff: &[Identity]) {
    for system in names() {
        let mut reading = Reading::begin(ctx, &system, "openldap", Scope::Whole).await.expect("a reading");
        reading.page(ctx, &Part { entitlements: vec![group()], ..Part::default() }).await.expect("a page");
        for page in staff.chunks(PAGE) {
            let (accounts, memberships) = (page.iter().map(account).collect(), page.iter().map(membership).collect());
            reading.page(ctx, &Part { accounts, memberships, ..Part::default() }).await.expect("a page");
        }
        let outcome = reading.end(ctx, None).await.expect("its end");
        assert!(matches!(outcome, Outcome::Whole(counts) if counts.accounts == staff.len() as u64));
    }
}

fn names() -> impl Iterator<Item = String> {
    (0..SYSTEMS).map(|number| format!("directory-{number}"))
}

fn account(person: &Identity) -> Account {
    let Identity { given_name, family_name, email, employee_id, department, .. } = person;
    let attributes = [
        ("mail", email.clone()),
        ("displayName", format!("{given_name} {family_name}")),
        ("employeeNumber", employee_id.clone()),
        ("department", department.clone()),
    ];
    let attributes: Attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
    Account {
        id: native(person),
        login: email.clone(),
        status: Status::Enabled,
        attributes,
        privileged: Vec::new(),
        last_used_at: None,
        kind: AccountKind::Ordinary,
    }
}

fn native(person: &Identity) -> NativeId {
    NativeId(person.id.to_string())
}

fn group() -> Entitlement {
    Entitlement {
        id: NativeId(STAFF.to_owned()),
        kind: EntitlementKind::Group,
        name: STAFF.to_owned(),
        privileged: None,
    }
}

fn membership(person: &Identity) -> Membership {
    Membership { member: Member::Account(native(person)), entitlement: group().id }
}
