//! What each client command does: parse, ask the server once, show. No rule of the domain stands here.

mod access;
mod accounts;
mod assignments;
mod breakers;
mod cases;
mod checkouts;
mod configuration;
mod credential_profiles;
mod declare;
mod drifts;
mod entitlements;
mod evidence;
mod grants;
mod hosts;
mod hr;
mod identities;
mod inventory;
mod issuers;
mod leases;
mod leavers;
mod ledger;
mod login;
mod machines;
mod mappings;
mod movers;
mod orders;
mod ownerships;
mod plans;
mod policy;
mod requests;
mod roles;
mod scan;
mod seal;
mod secrets;
mod services;
mod sessions;
mod simulations;
mod sources;
mod ssh_keys;
mod standing;
mod systems;
mod targets;
mod tickets;
mod tokens;
mod verify;

use crate::client::{Call, Client, ServerArgs};
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, Output};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask for access, with a reason and for a time
    #[command(after_help = requests::REQUEST_EXAMPLES)]
    Request(requests::RequestArgs),
    /// List requests
    #[command(after_help = requests::LIST_EXAMPLES)]
    Requests(requests::ListArgs),
    /// Approve a request
    #[command(
        after_help = "Examples:\n  tenure approve req_0198… --reason 'known incident'\n  tenure approve latest --reason 'known incident'"
    )]
    Approve(requests::DecideArgs),
    /// Deny a request
    #[command(after_help = "Examples:\n  tenure deny req_0198… --reason 'use the deploy login for this'")]
    Deny(requests::DecideArgs),
    /// Take back a request of your own that is not decided yet
    #[command(after_help = "Examples:\n  tenure cancel req_0198…")]
    Cancel(requests::CancelArgs),
    /// List grants, or show one
    #[command(after_help = grants::EXAMPLES)]
    Grants(grants::GrantsArgs),
    /// Withdraw a grant: its live sessions end within a second
    #[command(after_help = "Examples:\n  tenure withdraw grt_0198… --reason 'incident closed'")]
    Withdraw(grants::WithdrawArgs),
    /// Tell the whole chain of a grant, from the HR record to its end
    #[command(after_help = "Examples:\n  tenure story grt_0198…")]
    Story(grants::StoryArgs),
    /// List, watch, replay and end sessions
    #[command(subcommand)]
    Sessions(sessions::Sessions),
    /// Answer who may use what, and who could at any time
    #[command(subcommand)]
    Access(access::Access),
    /// Export and verify evidence
    #[command(subcommand)]
    Evidence(evidence::Evidence),
    /// Read and verify the ledger
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// Derive every promise again from the data and the targets, and count the broken ones
    #[command(after_help = "Examples:\n  tenure verify\n  tenure verify --json")]
    Verify,
    /// List what needs a person's attention
    #[command(after_help = "Examples:\n  tenure findings")]
    Findings,
    /// Import the HR feed
    #[command(subcommand)]
    Hr(hr::Hr),
    /// List and declare sources of people
    #[command(subcommand)]
    Sources(sources::Sources),
    /// Say whose a record is where nobody can be sure
    #[command(subcommand)]
    Cases(cases::Cases),
    /// Carry out what is ordered on systems that nothing of ours reaches
    #[command(subcommand)]
    Tickets(tickets::Tickets),
    /// List identities, or show one
    #[command(subcommand)]
    Identities(identities::Identities),
    /// Make a one-time link with which a person sets up how they sign in
    #[command(after_help = "Examples:\n  tenure invite alice@example.com")]
    Invite(identities::InviteArgs),
    /// List who has left, and how far everything of theirs is taken away
    #[command(subcommand)]
    Leavers(leavers::Leavers),
    /// List what leavers owned, and say who owns it since
    #[command(subcommand)]
    Ownerships(ownerships::Ownerships),
    /// List who moved, and what they keep for a grace
    #[command(subcommand)]
    Movers(movers::Movers),
    /// Register and manage machine identities: service accounts with an owner and an end
    #[command(subcommand)]
    Machines(machines::Machines),
    /// List and declare systems, their owners and their logins
    #[command(subcommand)]
    Systems(systems::Systems),
    /// List and declare the roles that make people eligible
    #[command(subcommand)]
    Roles(roles::Roles),
    /// Manage who is given which role or entitlement, and until when
    #[command(subcommand)]
    Assignments(assignments::Assignments),
    /// Manage who owns entitlements of systems, and how risky they are
    #[command(subcommand)]
    Entitlements(entitlements::Entitlements),
    /// See what was read on systems: accounts and whose they are, entitlements and who has them
    #[command(subcommand)]
    Inventory(inventory::Inventory),
    /// List and declare what one plan may do before a person looks at it
    #[command(subcommand)]
    Breakers(breakers::Breakers),
    /// Say how accounts on systems are made and kept, and what becomes of what is changed there by hand
    #[command(subcommand)]
    Mappings(mappings::Mappings),
    /// See what is to be changed on systems, and let a held plan through
    #[command(subcommand)]
    Plans(plans::Plans),
    /// List orders to change systems, and what became of them
    #[command(subcommand)]
    Orders(orders::Orders),
    /// See what was changed by hand on systems, and say what becomes of it
    #[command(subcommand)]
    Drifts(drifts::Drifts),
    /// See who has power on systems all the time, and have it to be had on request
    #[command(subcommand)]
    Standing(standing::Standing),
    /// Show or declare the policy for requests and imports
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Show what the files of a folder would change of what is declared
    #[command(after_help = configuration::PLAN_EXAMPLES)]
    Plan(configuration::FolderArgs),
    /// Make true what the files of a folder say: all of it or nothing
    #[command(after_help = configuration::APPLY_EXAMPLES)]
    Apply(configuration::FolderArgs),
    /// Write everything that is declared into a folder, as files
    #[command(after_help = configuration::EXPORT_EXAMPLES)]
    Export(configuration::ExportArgs),
    /// See who would gain and lose what by other declarations, before they are made
    #[command(subcommand)]
    Simulations(simulations::Simulations),
    /// Show what differs from the files that were applied last, and what files may hold
    #[command(subcommand)]
    Configuration(configuration::Configuration),
    /// List and declare targets, and pin their host keys
    #[command(subcommand)]
    Targets(targets::Targets),
    /// Make issuers of certificates and tokens, have them issue, and revoke what they issued
    #[command(subcommand)]
    Issuers(issuers::Issuers),
    /// Log in to a target and find its privileged accounts
    #[command(after_help = "Examples:\n  tenure discover web-1")]
    Discover(targets::TargetArgs),
    /// Make, renew and revoke credentials on demand
    #[command(subcommand)]
    Leases(leases::Leases),
    /// List and declare which credentials can be made on demand
    #[command(subcommand)]
    CredentialProfiles(credential_profiles::CredentialProfiles),
    /// Manage accounts whose credentials Tenure keeps, verifies and changes
    #[command(subcommand)]
    Accounts(accounts::Accounts),
    /// Change the credential of an account under management
    #[command(after_help = accounts::ROTATE_EXAMPLES)]
    Rotate(accounts::RotateArgs),
    /// List and declare databases and directories that hold accounts
    #[command(subcommand)]
    Services(services::Services),
    /// Take an account's credential in hand; it is printed once
    #[command(after_help = checkouts::CHECKOUT_EXAMPLES)]
    Checkout(checkouts::CheckoutArgs),
    /// Give a credential back, or cancel what waits for a second person
    #[command(after_help = "Examples:\n  tenure checkin cho_0198…")]
    Checkin(checkouts::CheckinArgs),
    /// List, confirm, extend and take back checkouts
    #[command(subcommand)]
    Checkouts(checkouts::Checkouts),
    /// Keep, get and hand on secrets: passwords, keys and tokens of folders that a grant of yours is for
    #[command(subcommand)]
    Secrets(secrets::Secrets),
    /// Look for values of the vault that lie open somewhere, and lint the set-up
    #[command(subcommand)]
    Scan(scan::Scan),
    /// Care for the seal that encrypts every secret at rest
    #[command(subcommand)]
    Seal(seal::SealCommand),
    /// Get a short-lived SSH certificate for your own key
    #[command(after_help = login::EXAMPLES)]
    Login(login::LoginArgs),
    /// Show who you are to the server, and what you may do
    #[command(after_help = "Examples:\n  tenure whoami")]
    Whoami,
    /// Manage your registered SSH keys
    #[command(subcommand)]
    SshKeys(ssh_keys::SshKeys),
    /// Manage your API tokens
    #[command(subcommand)]
    Tokens(tokens::Tokens),
    /// Fetch the list of revoked session certificates, for a target host
    #[command(after_help = hosts::KRL_EXAMPLES)]
    Krl(hosts::KrlArgs),
    /// Print the public key that target hosts trust
    #[command(after_help = "Examples:\n  tenure ca > /etc/ssh/tenure-ca.pub")]
    Ca,
}

/// What a command works with. The connection is made only by those that need one.
pub(crate) struct Desk<'a> {
    server: &'a ServerArgs,
    out: Output,
}

impl Desk<'_> {
    fn client(&self) -> Result<Client, Failed> {
        Client::new(self.server)
    }
}

pub(crate) async fn run(command: Command, server: &ServerArgs, json: bool) -> Ended {
    let desk = &Desk { server, out: Output { json } };
    match command {
        Command::Request(args) => requests::submit(desk, args).await,
        Command::Requests(args) => requests::list(desk, args).await,
        Command::Approve(args) => requests::approve(desk, args).await,
        Command::Deny(args) => requests::deny(desk, args).await,
        Command::Cancel(args) => requests::cancel(desk, args).await,
        Command::Grants(args) => grants::run(desk, args).await,
        Command::Withdraw(args) => grants::withdraw(desk, args).await,
        Command::Story(args) => grants::story(desk, args).await,
        Command::Sessions(command) => sessions::run(desk, command).await,
        Command::Access(command) => access::run(desk, command).await,
        Command::Evidence(command) => evidence::run(desk, command).await,
        Command::Ledger(command) => ledger::run(desk, command).await,
        Command::Verify => verify::verify(desk).await,
        Command::Findings => verify::findings(desk).await,
        Command::Hr(command) => hr::run(desk, command).await,
        Command::Sources(command) => sources::run(desk, command).await,
        Command::Cases(command) => cases::run(desk, command).await,
        Command::Tickets(command) => tickets::run(desk, command).await,
        Command::Identities(command) => identities::run(desk, command).await,
        Command::Invite(args) => identities::invite(desk, args).await,
        Command::Leavers(command) => leavers::run(desk, command).await,
        Command::Ownerships(command) => ownerships::run(desk, command).await,
        Command::Movers(command) => movers::run(desk, command).await,
        Command::Machines(command) => machines::run(desk, command).await,
        Command::Systems(command) => systems::run(desk, command).await,
        Command::Roles(command) => roles::run(desk, command).await,
        Command::Assignments(command) => assignments::run(desk, command).await,
        Command::Entitlements(command) => entitlements::run(desk, command).await,
        Command::Inventory(command) => inventory::run(desk, command).await,
        Command::Breakers(command) => breakers::run(desk, command).await,
        Command::Mappings(command) => mappings::run(desk, command).await,
        Command::Plans(command) => plans::run(desk, command).await,
        Command::Orders(command) => orders::run(desk, command).await,
        Command::Drifts(command) => drifts::run(desk, command).await,
        Command::Standing(command) => standing::run(desk, command).await,
        Command::Policy(command) => policy::run(desk, command).await,
        Command::Plan(args) => configuration::plan(desk, &args).await,
        Command::Apply(args) => configuration::apply(desk, &args).await,
        Command::Export(args) => configuration::export(desk, &args).await,
        Command::Simulations(command) => simulations::run(desk, command).await,
        Command::Configuration(command) => configuration::run(desk, command).await,
        Command::Targets(command) => targets::run(desk, command).await,
        Command::Issuers(command) => issuers::run(desk, command).await,
        Command::Discover(args) => targets::discover(desk, args).await,
        Command::Leases(command) => leases::run(desk, command).await,
        Command::CredentialProfiles(command) => credential_profiles::run(desk, command).await,
        Command::Accounts(command) => accounts::run(desk, command).await,
        Command::Rotate(args) => accounts::rotate(desk, args).await,
        Command::Services(command) => services::run(desk, command).await,
        Command::Checkout(args) => checkouts::check_out(desk, args).await,
        Command::Checkin(args) => checkouts::check_in(desk, args).await,
        Command::Checkouts(command) => checkouts::run(desk, command).await,
        Command::Secrets(command) => secrets::run(desk, command).await,
        Command::Scan(command) => scan::run(desk, command).await,
        Command::Seal(command) => seal::run(desk, command).await,
        Command::Login(args) => login::login(desk, args).await,
        Command::Whoami => login::whoami(desk).await,
        Command::SshKeys(command) => ssh_keys::run(desk, command).await,
        Command::Tokens(command) => tokens::run(desk, command).await,
        Command::Krl(args) => hosts::krl(desk, args).await,
        Command::Ca => hosts::ca(desk).await,
    }
}

/// How much of a list to show.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// The most lines to show
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// Go on after the cursor that the last page ended with
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
}

impl PageArgs {
    async fn show(self, desk: &Desk<'_>, call: Call<'_>, columns: &[Column], nothing: &str) -> Ended {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let answer = call.pages(limit, self.after).await?;
        desk.out.list(&answer, columns, nothing)?;
        Ok(Exit::Ok)
    }
}

/// Why: it is kept in the ledger and shown to everyone whom it concerns.
#[derive(Debug, Args)]
pub(crate) struct ReasonArgs {
    /// Why; it becomes part of the evidence
    #[arg(long, value_name = "TEXT")]
    reason: String,
}
