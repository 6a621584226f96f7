//! Whose an account on a system is: linked where it is certain, asked where it is not, and a person's word stays.

use crate::company::{Company, on_both_engines};
use connectors::connector::{Account, AccountKind, Attributes, NativeId, Part, Status};
use governance::account_links::{self, AccountLinkError, Filter, LinkState, Said};
use governance::correlation::{CaseState, Test};
use governance::{duties, mappings, systems};
use ledger::finding;
use provisioning::inventory::{self, AccountFilter};
use provisioning::observe::{Outcome, Reading, Scope};
use types::{Failure, IdentityId, ObservedAccountId};

/// An account `id` with a login and attributes, as `corp` has it.
fn account(id: &str, login: &str, attributes: &[(&str, &str)]) -> Account {
    let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    Account {
        id: NativeId(id.to_owned()),
        login: login.to_owned(),
        status: Status::Enabled,
        attributes: attributes.collect::<Attributes>(),
        privileged: Vec::new(),
        last_used_at: None,
        kind: AccountKind::Ordinary,
    }
}

/// Alice by mail and login, a Bob by his name only, a backup account, and the system's own.
fn corp() -> Vec<Account> {
    vec![
        account("1", "alice", &[("mail", "alice@example.com")]),
        account("2", "blindqvist", &[("name", "Bob Lindqvist")]),
        account("3", "backup", &[("name", "Nightly backup")]),
        Account { kind: AccountKind::BuiltIn, ..account("4", "ada", &[("mail", "ada@example.com")]) },
    ]
}

/// `corp` with a mapping that makes nothing there.
async fn mapped(company: &Company, login: &str, authoritative: &[&str]) {
    let system = r#"{"name": "corp", "owner": "bob@example.com", "logins": ["root"]}"#;
    systems::declare(&company.ctx, &[serde_json::from_str(system).unwrap()]).await.unwrap();
    let mapping = serde_json::json!({"system": "corp", "login": login, "authoritative": authoritative});
    mappings::declare(&company.ctx, &[serde_json::from_value(mapping).unwrap()], None).await.unwrap();
}

/// The same with mail and number as nobody but the system's administrators sets them.
async fn declared(company: &Company) {
    mapped(company, "{given_name}-{family_name}", &["mail", "employeeNumber"]).await;
}

async fn read(company: &Company, accounts: Vec<Account>) {
    let reading = Reading::begin(&company.ctx, "corp", "csv", Scope::Whole).await.unwrap();
    read_by(company, reading, accounts).await;
}

async fn read_by(company: &Company, reading: Reading, accounts: Vec<Account>) {
    assert!(matches!(taken_in(company, reading, accounts).await, Outcome::Whole(_)));
}

async fn taken_in(company: &Company, mut reading: Reading, accounts: Vec<Account>) -> Outcome {
    reading.page(&company.ctx, &Part { accounts, ..Part::default() }).await.unwrap();
    let outcome = reading.end(&company.ctx, None).await.unwrap();
    for _ in 0..2 {
        company.pass(1);
        duties::run_once(&company.ctx).await.unwrap();
        company.worker().run_due().await.unwrap();
    }
    outcome
}

async fn list(company: &Company, filter: Filter) -> Vec<String> {
    let filter = Filter { limit: if filter.limit == 0 { 100 } else { filter.limit }, ..filter };
    let listed = account_links::list(&company.ctx, &filter).await.unwrap();
    listed.accounts.into_iter().map(|account| account.observed.login).collect()
}

async fn in_state(company: &Company, state: LinkState) -> Vec<String> {
    let mut logins = list(company, Filter { state: Some(state), ..Filter::default() }).await;
    logins.sort();
    logins
}

async fn id_of(company: &Company, login: &str) -> ObservedAccountId {
    let filter = AccountFilter { query: Some(login.into()), limit: 10, ..AccountFilter::default() };
    inventory::accounts(&mut company.ctx.read().await.unwrap(), &filter).await.unwrap().remove(0).id
}

async fn holder(company: &Company, login: &str) -> Option<(IdentityId, String)> {
    let link = account_links::get(&company.ctx, &id_of(company, login).await).await.unwrap().observed.link;
    link.map(|link| (link.identity, link.by))
}

async fn say(company: &Company, login: &str, said: Said) -> Result<account_links::Account, AccountLinkError> {
    let id = id_of(company, login).await;
    account_links::say(&company.acting("ada").await, &id, said, "asked the team").await
}

/// What became of an account, without what a plan would do about it.
async fn told(company: &Company, id: &ObservedAccountId) -> Vec<String> {
    let kinds = company.timeline(id).await.into_iter();
    kinds.filter(|kind| kind.starts_with("account.")).collect()
}

async fn open_cases(company: &Company) -> usize {
    account_links::cases(&company.ctx, Some("open"), None, 100).await.unwrap().len()
}

on_both_engines! {
    async fn after_a_reading_certain_accounts_are_linked_and_doubtful_ones_are_asked_about(company: Company) {
        declared(&company).await;
        read(&company, corp()).await;
        let by = "same_email+login_by_convention".to_owned();
        assert_eq!(holder(&company, "alice").await, Some((company.id("alice").await, by)));
        assert_eq!(in_state(&company, LinkState::Unmatched).await, ["backup", "blindqvist"]);
        assert_eq!(in_state(&company, LinkState::Protected).await, ["ada"], "the system's own is nobody's to decide");
        let cases = account_links::cases(&company.ctx, Some("open"), None, 100).await.unwrap();
        assert_eq!((cases.len(), &cases[0].account), (1, &id_of(&company, "blindqvist").await));
        assert_eq!(cases[0].candidates[0].identity, company.id("bob").await);
        assert_eq!(finding::open(&company.ctx, "account_match_open").await.unwrap().len(), 1);
        let alice = id_of(&company, "alice").await;
        assert_eq!(told(&company, &alice).await, ["account.linked"]);
        let size = company.log_size().await;
        duties::run_once(&company.ctx).await.unwrap();
        company.worker().run_due().await.unwrap();
        assert_eq!(company.log_size().await, size, "what was compared once is not compared again");
    }

    async fn what_a_person_said_is_kept_and_never_asked_again(company: Company) {
        declared(&company).await;
        read(&company, corp()).await;
        let (bob, carol) = (company.id("bob").await, company.id("carol").await);
        say(&company, "blindqvist", Said::Person(carol.clone())).await.unwrap();
        assert_eq!(holder(&company, "blindqvist").await, Some((carol.clone(), company.id("ada").await.to_string())));
        let case = account_links::cases(&company.ctx, None, None, 100).await.unwrap().remove(0);
        assert!(matches!(case.state, CaseState::Decided { identity: Some(decided), .. } if decided == carol));
        assert!(finding::open(&company.ctx, "account_match_open").await.unwrap().is_empty());
        let nobodys = Said::NonPersonal { owner: Some(bob.clone()) };
        let backup = say(&company, "backup", nobodys).await.unwrap();
        assert_eq!((backup.state, backup.owner()), (LinkState::NonPersonal, Some(&bob)));
        let alice = say(&company, "alice", Said::NonPersonal { owner: None }).await.unwrap();
        assert_eq!((alice.state, alice.observed.link), (LinkState::NonPersonal, None), "a person withdraws a rule's link");
        let mut tx = company.ctx.read().await.unwrap();
        let owned = account_links::owned_by(&mut tx, &bob).await.unwrap();
        assert_eq!(owned.iter().map(|account| account.observed.login.as_str()).collect::<Vec<_>>(), ["backup"]);
        drop(tx);
        // Also when the account went away and came back with more to be known by.
        read(&company, corp().split_off(2)).await;
        let mut back = corp();
        back[0].attributes.insert("employeeNumber".into(), vec!["E1".into()]);
        read(&company, back).await;
        assert_eq!((holder(&company, "alice").await, open_cases(&company).await), (None, 0));
        assert_eq!(in_state(&company, LinkState::NonPersonal).await, ["alice", "backup"]);
        assert_eq!(holder(&company, "blindqvist").await.unwrap().0, carol);
    }

    async fn whose_an_account_is_that_somebody_makes_again_is_asked_again(company: Company) {
        declared(&company).await;
        let mut there = corp();
        there[1] = account("blindqvist", "blindqvist", &[("name", "Bob Lindqvist")]);
        read(&company, there.clone()).await;
        let bob = company.id("bob").await;
        say(&company, "blindqvist", Said::Person(bob.clone())).await.unwrap();
        read(&company, corp().split_off(2)).await;
        read(&company, there.clone()).await;
        assert_eq!((holder(&company, "blindqvist").await, open_cases(&company).await), (None, 1), "nobody knows who made it");
        say(&company, "blindqvist", Said::Person(bob.clone())).await.unwrap();
        read(&company, there).await;
        assert_eq!((holder(&company, "blindqvist").await.unwrap().0, open_cases(&company).await), (bob, 0));
    }

    async fn no_rule_takes_a_link_away_and_who_leaves_leaves_an_orphan(company: Company) {
        declared(&company).await;
        read(&company, corp()).await;
        let mut renamed = corp();
        renamed[0] = account("1", "alice", &[("mail", "mallory@example.com"), ("employeeNumber", "E5")]);
        read(&company, renamed.clone()).await;
        let alice = company.id("alice").await;
        assert_eq!(holder(&company, "alice").await.unwrap().0, alice);
        assert_eq!(in_state(&company, LinkState::Linked).await, ["alice"]);
        company.import(&company.feed_changing("E1", "active,2021-09-06,", "terminated,2021-09-06,2026-11-20")).await;
        assert_eq!(in_state(&company, LinkState::Orphaned).await, ["alice"]);
        assert!(in_state(&company, LinkState::Linked).await.is_empty());
        read(&company, renamed).await;
        assert_eq!(holder(&company, "alice").await.unwrap().0, alice, "an orphan is claimed by a person and by no guess");
    }

    async fn a_case_ends_by_itself_when_the_account_goes_or_becomes_certain(company: Company) {
        declared(&company).await;
        let with = |account| [corp().split_off(2), vec![account]].concat();
        read(&company, with(account("9", "blindqvist", &[]))).await;
        assert_eq!(open_cases(&company).await, 1);
        read(&company, with(account("9", "blindqvist", &[("employeeNumber", "E2")]))).await;
        assert_eq!((open_cases(&company).await, holder(&company, "blindqvist").await.unwrap().0), (0, company.id("bob").await));
        read(&company, with(account("10", "cadeyemi", &[]))).await;
        assert_eq!(open_cases(&company).await, 1);
        read(&company, corp().split_off(2)).await;
        assert_eq!(open_cases(&company).await, 0);
        let case = account_links::cases(&company.ctx, None, None, 1).await.unwrap().remove(0);
        assert!(matches!(case.state, CaseState::Moot { .. }));
    }

    async fn a_mapping_that_makes_logins_of_what_one_person_has_makes_certain_what_would_be_asked(company: Company) {
        mapped(&company, "{mail_name}", &[]).await;
        read(&company, vec![account("2", "blindqvist", &[]), account("3", "bob", &[]), account("4", "nobody", &[])]).await;
        assert_eq!(holder(&company, "bob").await, Some((company.id("bob").await, "login_by_rule".to_owned())));
        assert_eq!((holder(&company, "blindqvist").await, open_cases(&company).await), (None, 1));
    }

    async fn what_the_holder_of_an_account_may_write_makes_nobody_certain(company: Company) {
        read(&company, vec![account("1", "x1", &[("mail", "alice@example.com"), ("name", "Alice Moreau"), ("employeeNumber", "E1")])]).await;
        assert_eq!((holder(&company, "x1").await, open_cases(&company).await), (None, 1));
        let case = account_links::cases(&company.ctx, Some("open"), None, 1).await.unwrap().remove(0);
        assert!(case.candidates[0].tests.contains(&Test::Unproven), "{case:?}");
        mapped(&company, "{given_name}-{family_name}", &["employeeNumber"]).await;
        read(&company, vec![account("1", "x1", &[("employeeNumber", "E1")])]).await;
        assert_eq!((holder(&company, "x1").await.unwrap().0, open_cases(&company).await), (company.id("alice").await, 0));
    }

    async fn nothing_is_said_without_a_person_a_reason_and_somebody_who_is_there(company: Company) {
        read(&company, corp()).await;
        let (id, alice) = (id_of(&company, "backup").await, company.id("alice").await);
        let ada = company.acting("ada").await;
        let nobody = IdentityId::new(company.ctx.clock(), company.ctx.chance());
        let owned = |owner: &IdentityId| Said::NonPersonal { owner: Some(owner.clone()) };
        for (ctx, said, reason, code) in [
            (&company.ctx, Said::Person(alice.clone()), "it is hers", "not_a_person"),
            (&ada, Said::Person(alice.clone()), " ", "reason_missing"),
            (&ada, Said::Person(nobody.clone()), "it is theirs", "no_such_person"),
            (&ada, owned(&nobody), "they care for it", "no_such_person"),
        ] {
            assert_eq!(account_links::say(ctx, &id, said, reason).await.unwrap_err().code(), code);
        }
        company.import(&company.feed_changing("E5", "active,2024-03-04,", "terminated,2024-03-04,2026-11-20")).await;
        let mallory = company.id_of_leaver("E5").await;
        assert_eq!(account_links::say(&ada, &id, owned(&mallory), "she did").await.unwrap_err().code(), "owner_not_here");
        read(&company, corp().drain(..2).collect()).await;
        let gone = account_links::say(&ada, &id, Said::Person(alice), "it is hers").await.unwrap_err();
        assert_eq!(gone.code(), "account_gone");
        let unknown = ObservedAccountId::new(company.ctx.clock(), company.ctx.chance());
        let error = account_links::say(&ada, &unknown, owned(&mallory), "who knows").await.unwrap_err();
        assert_eq!(error.code(), "no_such_observed_account");
    }

    async fn an_account_is_protected_by_a_person_and_what_is_the_systems_own_stays_so(company: Company) {
        declared(&company).await;
        read(&company, corp()).await;
        let (alice, own) = (id_of(&company, "alice").await, id_of(&company, "ada").await);
        let ada = company.acting("ada").await;
        let protected = account_links::protect(&ada, &alice, true, "the last way in").await.unwrap();
        assert_eq!((protected.state, protected.observed.link.is_some()), (LinkState::Protected, true));
        let size = company.log_size().await;
        account_links::protect(&ada, &alice, true, "the last way in").await.unwrap();
        assert_eq!(company.log_size().await, size, "the same again changes nothing");
        let freed = account_links::protect(&ada, &alice, false, "there is another").await.unwrap();
        assert_eq!(freed.state, LinkState::Linked);
        let error = account_links::protect(&ada, &own, false, "we want it").await.unwrap_err();
        assert_eq!(error.code(), "account_built_in");
        assert_eq!(account_links::protect(&company.ctx, &alice, true, "why").await.unwrap_err().code(), "not_a_person");
        assert_eq!(told(&company, &alice).await, ["account.linked", "account.protected", "account.unprotected"]);
    }

    async fn a_list_goes_on_where_it_ended_and_never_says_it_is_over_before_it_is(company: Company) {
        let many = (0..60).map(|n| account(&format!("{n}"), &format!("robot-{n:02}"), &[])).collect();
        read(&company, many).await;
        say(&company, "robot-07", Said::NonPersonal { owner: None }).await.unwrap();
        say(&company, "robot-55", Said::NonPersonal { owner: None }).await.unwrap();
        for (state, expected) in [(LinkState::NonPersonal, 2), (LinkState::Unmatched, 58), (LinkState::Orphaned, 0)] {
            for limit in [1, 2, 7, 100] {
                let (mut seen, mut after) = (Vec::new(), None);
                loop {
                    let filter = Filter { system: Some("corp".into()), state: Some(state), after, limit, ..Filter::default() };
                    let listed = account_links::list(&company.ctx, &filter).await.unwrap();
                    assert!(listed.accounts.len() <= limit as usize);
                    seen.extend(listed.accounts.into_iter().map(|account| account.observed.login));
                    after = listed.next;
                    if after.is_none() {
                        break;
                    }
                }
                let mut once = seen.clone();
                once.sort();
                once.dedup();
                assert_eq!((seen.len(), once.len()), (expected, expected), "{state:?} by {limit}");
            }
        }
    }

    async fn nobody_decides_about_an_account_that_is_or_may_be_their_own(company: Company) {
        read(&company, corp()).await;
        let (ada, alice, bob) = (company.id("ada").await, company.id("alice").await, company.id("bob").await);
        let code = async |who: &str, login: &str, said: Said| {
            let (ctx, id) = (company.acting(who).await, id_of(&company, login).await);
            let said = account_links::say(&ctx, &id, said, "I know it").await;
            said.map_or_else(|refused| refused.code(), |_| "yes")
        };
        let nobodys = || Said::NonPersonal { owner: None };
        for (who, login, said) in [
            ("alice", "alice", nobodys()),
            ("alice", "alice", Said::Person(bob.clone())),
            ("bob", "blindqvist", nobodys()),
            ("bob", "blindqvist", Said::Person(alice.clone())),
            ("ada", "backup", Said::Person(ada.clone())),
        ] {
            assert_eq!(code(who, login, said).await, "own_account", "{who} about {login}");
        }
        let id = id_of(&company, "alice").await;
        for on in [true, false] {
            let own = account_links::protect(&company.acting("alice").await, &id, on, "I need it").await.unwrap_err();
            assert_eq!(own.code(), "own_account");
        }
        account_links::protect(&company.acting("ada").await, &id, true, "break glass").await.unwrap();
        assert_eq!(code("ada", "blindqvist", Said::Person(bob)).await, "yes");
    }

    async fn what_a_held_reading_shows_through_another_description_proves_nothing(company: Company) {
        declared(&company).await;
        let seen = async |view: &str, accounts: Vec<Account>| {
            let whole = Reading::through(&company.ctx, ("corp", "http_api"), Scope::Whole, view).await.unwrap();
            taken_in(&company, whole, accounts).await
        };
        let of = |login: &str| account(login, login, &[("mail", &*format!("{login}@example.com"))]);
        seen("mail is /mail", vec![of("alice")]).await;
        for _ in 0..2 {
            // It lacks Alice, so it is held.
            assert!(matches!(seen("mail is /nickname", vec![of("bob")]).await, Outcome::Held { .. }));
            assert_eq!(holder(&company, "bob").await, None, "what people write themselves");
            assert_eq!(finding::open(&company.ctx, account_links::SEEN_ANEW).await.unwrap().len(), 1);
            declared(&company).await;
        }
        seen("mail is /mail", vec![of("alice"), of("bob")]).await;
        assert_eq!(holder(&company, "bob").await.unwrap().0, company.id("bob").await, "seen as it was declared");
        assert_eq!(finding::open(&company.ctx, account_links::SEEN_ANEW).await.unwrap().len(), 0);
    }

    async fn after_the_description_of_an_api_changed_no_attribute_proves_whose_an_account_is_until_the_mapping_is_declared_again(company: Company) {
        declared(&company).await;
        let seen = async |view: &str, accounts: Vec<Account>| {
            let whole = Reading::through(&company.ctx, ("corp", "http_api"), Scope::Whole, view).await.unwrap();
            read_by(&company, whole, accounts).await;
        };
        let all = |count: usize| {
            let named = [("1", "alice", "alice@example.com"), ("2", "bob", "bob@example.com"), ("3", "carol", "carol@example.com")];
            named[..count].iter().map(|(id, login, mail)| account(id, login, &[("mail", *mail)])).collect::<Vec<_>>()
        };
        seen("mail is /mail", all(1)).await;
        assert_eq!(holder(&company, "alice").await.unwrap().0, company.id("alice").await, "declared before it was seen");
        // What people write themselves is called `mail` from now on.
        for _ in 0..2 {
            seen("mail is /nickname", all(2)).await;
            assert_eq!((holder(&company, "bob").await, open_cases(&company).await), (None, 1), "a person is asked");
            let open = finding::open(&company.ctx, account_links::SEEN_ANEW).await.unwrap();
            assert!(open.len() == 1 && open[0].detail.contains("declare the mapping again"), "{open:?}");
        }
        assert_eq!(holder(&company, "alice").await.unwrap().0, company.id("alice").await, "what was certain then stays");
        let size = company.log_size().await;
        declared(&company).await;
        assert!(company.log_size().await > size, "the same again says that it is so as it is seen now");
        seen("mail is /nickname", all(3)).await;
        assert_eq!(holder(&company, "carol").await.unwrap().0, company.id("carol").await);
        assert_eq!((open_cases(&company).await, finding::open(&company.ctx, account_links::SEEN_ANEW).await.unwrap().len()), (0, 0));
        let size = company.log_size().await;
        declared(&company).await;
        assert_eq!(company.log_size().await, size, "and once is enough");
    }
}
