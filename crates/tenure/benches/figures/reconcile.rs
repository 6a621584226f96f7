//! A system read again of which nothing changed: what that costs for each account, and what it holds in memory.

use crate::evidence::open_with;
use crate::idle::resident;
use crate::table::{Figure, Goal};
use connectors::connector::{
    Account, AccountKind, Attributes, Entitlement, EntitlementKind, Member, Membership, NativeId, Part, Status,
};
use ledger::Ctx;
use provisioning::observe::{Outcome, Reading, Scope};
use std::path::Path;
use std::time::Instant;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
const PAGE: usize = 1_000;
const GROUPS: usize = 100;

struct Run {
    accounts: usize,
    first: f64,
    again: f64,
    resident: u64,
}

pub(crate) async fn measure() -> Vec<Figure> {
    let mut runs = Vec::new();
    for accounts in SIZES {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        runs.push(read_twice(folder.path(), accounts).await);
    }
    let told = |run: &Run| {
        format!(
            "{} accounts, one membership each: {:.1} s, {} MB resident; their first reading {:.1} s",
            run.accounts,
            run.again,
            run.resident / 1_000_000,
            run.first
        )
    };
    let largest = runs.last().expect("a run");
    let is_met = largest.again < 60.0 && largest.resident < 1 << 30;
    vec![Figure {
        name: "a reading of which nothing changed, SQLite",
        measured: runs.iter().map(told).collect::<Vec<_>>().join("\n            "),
        beside: "nothing".to_owned(),
        goal: Some(Goal { text: "1,000,000 accounts in under 60 s and under 1 GiB", is_met }),
    }]
}

async fn read_twice(folder: &Path, accounts: usize) -> Run {
    let ctx = open_with(folder, &tenure::server::migrations()).await;
    let begun = Instant::now();
    read(&ctx, accounts).await;
    let first = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    read(&ctx, accounts).await;
    let again = begun.elapsed().as_secs_f64();
    let resident = resident(std::process::id());
    ctx.db().close().await;
    Run { accounts, first, again, resident }
}

async fn read(ctx: &Ctx, accounts: usize) {
    let mut reading = Reading::begin(ctx, "directory", "openldap", Scope::Whole).await.expect("a reading");
    let entitlements = (0..GROUPS).map(group).collect();
    reading.page(ctx, &Part { entitlements, ..Part::default() }).await.expect("a page");
    for page in (0..accounts).step_by(PAGE) {
        let numbers = page..(page + PAGE).min(accounts);
        let memberships = numbers.clone().map(membership).collect();
        let part = Part { accounts: numbers.map(account).collect(), memberships, ..Part::default() };
        reading.page(ctx, &part).await.expect("a page");
    }
    let outcome = reading.end(ctx, None).await.expect("its end");
    assert!(matches!(outcome, Outcome::Whole(counts) if counts.accounts == accounts as u64));
}

fn account(number: usize) -> Account {
    let attributes = [
        ("mail", format!("person.{number}@example.com")),
        ("displayName", format!("Person Number {number}")),
        ("employeeNumber", format!("E{number}")),
        ("department", format!("Department {}", number % GROUPS)),
    ];
    let attributes: Attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
    Account {
        id: NativeId(format!("0198c5a0-0000-7000-8000-{number:012}")),
        login: format!("person.{number}"),
        status: Status::Enabled,
        attributes,
        privileged: Vec::new(),
        last_used_at: None,
        kind: AccountKind::Ordinary,
    }
}

fn group(number: usize) -> Entitlement {
    let name = format!("group-{number}");
    Entitlement { id: NativeId(name.clone()), kind: EntitlementKind::Group, name, privileged: None }
}

fn membership(number: usize) -> Membership {
    Membership { member: Member::Account(account(number).id), entitlement: group(number % GROUPS).id }
}
