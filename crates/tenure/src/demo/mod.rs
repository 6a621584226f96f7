//! `tenure demo`: the ordinary server with a small company and a host to log in to, made on this machine.
//! Nothing here may be reached by `tenure serve`.

mod company;
mod host;
mod machine;
mod people;
mod vault;
mod wiki;

use crate::cli::DemoArgs;
use crate::config::Config;
use crate::init;
use crate::serve::until_over;
use crate::server::{Live, Server, open_database, open_ledger, start_logging};
use crate::write::{Readers, atomically, private_folder};
use anyhow::{Context, Result};
use ledger::{Ctx, LedgerError};
use people::Person;
use serde_json::json;
use std::path::Path;
use types::{Chance, Clock};

pub(crate) async fn run(args: DemoArgs) -> Result<()> {
    let folder = std::path::absolute(&args.data_dir)?;
    let config = configure(&folder, &args)?;
    start_logging(&config)?;
    step("Opening the data folder");
    create_once(&config).await?;
    let mut server = Server::start(&config, Clock::system(), Chance::system()).await?;
    step("Loading the company: 230 people from its HR feed, systems, roles, policy");
    let live = server.live().context("the demonstration is never sealed")?;
    company::load(&live.ctx).await?;
    step("Starting the machine web-1");
    let machine = machine::start(&live.ctx, &folder.join("hosts/web-1")).await?;
    let people = people::prepare(&server, &live.ctx, &folder).await?;
    step("Filling the vault: secrets, accounts, certificates, machine identities");
    vault::fill(&live, &people, &server.url).await.context("cannot fill the vault")?;
    step("Connecting the wiki, which is read and compared");
    wiki::connect(&live.ctx, &folder.join("systems/wiki")).await.context("cannot connect the wiki")?;
    write_known_hosts(&live, &folder)?;
    write_summary(&server, &live, &people, &folder)?;
    show(&server, &live, &people, &folder);
    if !args.no_browser {
        open_browser(&server.url);
    }
    let over = until_over(&mut server).await;
    step("Stopping");
    server.stop().await;
    machine.stop().await;
    over
}

fn step(what: &str) {
    eprintln!("• {what}");
}

/// The demo runs on an ordinary configuration file, which can be looked at and served later.
fn configure(folder: &Path, args: &DemoArgs) -> Result<Config> {
    private_folder(folder)?;
    let file = folder.join("tenure.toml");
    let text = format!(
        "# Written by `tenure demo` at each start.\ndata_dir = {:?}\n\n[https]\nlisten = \"{}\"\n\n[ssh]\nlisten = \"{}\"\n\n\
         [log]\nlevel = \"warn\"\n\n[csv]\nfolder = {:?}\n",
        folder.display().to_string(),
        args.https,
        args.ssh,
        folder.join("systems").display().to_string()
    );
    atomically(&file, text.as_bytes(), Readers::Owner)?;
    Config::load(&file)
}

async fn create_once(config: &Config) -> Result<()> {
    if config.data_dir.join("root.key").exists() {
        let db = open_database(config).await?;
        match open_ledger(config, db.clone(), Clock::system(), Chance::system()).await {
            Ok(_) => {
                db.close().await;
                return Ok(());
            }
            Err(error) if !not_initialised(&error) => return Err(error),
            Err(_) => db.close().await,
        }
    }
    let ctx = init::create(config, Clock::system(), Chance::system()).await?;
    ctx.db().close().await;
    Ok(())
}

/// Whether an earlier start was cut off before the database was made.
fn not_initialised(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<LedgerError>();
    matches!(kind, Some(LedgerError::NotInitialised | LedgerError::Seal(seal::SealError::NotInitialised)))
}

fn write_known_hosts(live: &Live, folder: &Path) -> Result<()> {
    let line = format!("[{}]:{} {}\n", live.ssh.ip(), live.ssh.port(), live.host_key);
    std::fs::write(folder.join("known_hosts"), line).context("cannot write the known_hosts file")
}

/// `demo.json`, for scripts. Written last, whole or not at all.
fn write_summary(server: &Server, live: &Live, people: &[Person], folder: &Path) -> Result<()> {
    let person = |person: &Person| {
        (person.name.to_owned(), json!({ "token": person.token.expose(), "ssh_key_file": person.ssh_key_file }))
    };
    let summary = json!({
        "url": server.url,
        "scim_url": format!("{}/scim/{}/v2", server.url, company::SCIM_SOURCE),
        "ca_file": server.ca_file,
        "ssh": live.ssh.to_string(),
        "known_hosts_file": folder.join("known_hosts"),
        "people": people.iter().map(person).collect::<serde_json::Map<_, _>>(),
        "target": "root@web-1",
        "secret": vault::SECRET,
        "account": vault::ACCOUNT,
        "certified": vault::CERTIFIED,
        "governed": wiki::NAME,
    });
    let file = folder.join("demo.json");
    Ok(atomically(&file, serde_json::to_string_pretty(&summary)?.as_bytes(), Readers::Owner)?)
}

fn show(server: &Server, live: &Live, people: &[Person], folder: &Path) {
    let (url, folder) = (&server.url, folder.display());
    println!(
        "\nTenure runs.\n\n  Console   {url}\n            its certificate comes from {folder}/tls/ca.pem, which your browser does not know yet\n"
    );
    println!("  One-time links to choose a password and set up an authenticator:");
    for person in people {
        match &person.link {
            Some(link) => println!("    {:<6} {:<42} {}", person.name, person.who, link.expose()),
            None => println!("    {:<6} {:<42} is set up already", person.name, person.who),
        }
    }
    println!(
        "\n  Three commands, in another terminal: Alice asks, Bob approves, Alice is root on web-1 for ten minutes.\n"
    );
    println!("    {folder}/bin/alice request root@web-1 --for 10m --reason \"trying Tenure out\"");
    println!("    {folder}/bin/bob approve latest --reason \"go ahead\"");
    println!(
        "    ssh -p {} -i {folder}/people/alice/id_ed25519 -o UserKnownHostsFile={folder}/known_hosts root@web-1@{}",
        live.ssh.port(),
        live.ssh.ip()
    );
    println!(
        "\n  What Alice holds in the vault; reading a secret leaves evidence, and a password changes when it is back:\n"
    );
    println!("    {folder}/bin/alice secrets get {}", vault::SECRET);
    println!("    {folder}/bin/alice checkout {} --for 10m --reason \"a release by hand\"", vault::ACCOUNT);
    println!("\n  Then look at what happened, as Carol who audits:  {folder}/bin/carol sessions list");
    println!(
        "\n  The wiki's accounts are governed. What should be there follows from HR and roles; what is there was read:\n"
    );
    println!("    {folder}/bin/admin plans list                         its first plan waits for a person");
    println!("    {folder}/bin/admin drifts list                        somebody was made administrator by hand");
    println!("    {folder}/bin/admin leavers list                       somebody had left and had power still");
    println!("    {folder}/bin/admin inventory accounts --system wiki   whose each account is");
    println!("\n  Ctrl-C stops the demo.");
}

fn open_browser(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = std::process::Stdio::null;
    // Without a desktop there is nothing to open, and the address is printed anyway.
    let _ = std::process::Command::new(opener).arg(url).stdout(quiet()).stderr(quiet()).spawn();
}

/// Everything in the demo that can be repeated is: a second start finds the first one's work.
fn console(ctx: &Ctx) -> Ctx {
    ctx.acting_as(types::Actor::Console)
}
