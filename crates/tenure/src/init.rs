//! `tenure init`: a first configuration, its keys, and an empty database; with an HR feed also a first administrator.

use crate::cli::InitArgs;
use crate::config::{Config, SealSource};
use crate::server;
use crate::write::{new_private_file, private_folder};
use anyhow::{Context, Result, bail};
use connectors::hr_csv;
use governance::identities;
use governance::imports::{self, Mode, Outcome};
use ledger::{Ctx, Ledger};
use seal::RootKey;
use std::collections::BTreeSet;
use std::path::Path;
use types::{Chance, Clock, Role};

pub(crate) async fn run(args: InitArgs) -> Result<()> {
    if args.admin.is_some() != args.hr.is_some() {
        bail!("`--hr` and `--admin` belong together: the first administrator comes from the HR feed");
    }
    if args.passphrase && std::env::var_os("TENURE_SEAL_PASSPHRASE").is_none() {
        bail!("`--passphrase` seals by the passphrase in TENURE_SEAL_PASSPHRASE: set it, here and for `tenure serve`");
    }
    write_configuration(&args.config, &args.data_dir)?;
    let config = Config::load(&args.config)?;
    let ctx = create(&config, Clock::system(), Chance::system()).await?;
    println!("Made {} and the data folder {}.", args.config.display(), args.data_dir.display());
    if let SealSource::KeyFile(file) = &config.seal {
        println!("Keep a copy of {} elsewhere: without it nothing sealed opens.", file.display());
    }
    if let (Some(feed), Some(mail)) = (&args.hr, &args.admin) {
        import(&ctx, feed).await?;
        let link = appoint(&ctx, mail, &console_url(&config)).await?;
        println!("{mail} is administrator. Once the server runs, this link works once, for 72 hours:\n  {link}");
    }
    println!("Start the server with:\n  tenure serve --config {}", args.config.display());
    ctx.db().close().await;
    Ok(())
}

fn write_configuration(file: &Path, data_dir: &Path) -> Result<()> {
    let data_dir = std::path::absolute(data_dir)?;
    let text = format!(
        "# Every setting is described in docs/config.md; each can also come from the environment.\n\
         data_dir = {:?}\n\n[https]\nlisten = \"127.0.0.1:8443\"\n\n[ssh]\nlisten = \"127.0.0.1:2222\"\n",
        data_dir.display().to_string()
    );
    let opened = new_private_file(file);
    let mut opened = opened.with_context(|| format!("cannot make `{}`: it must not exist yet", file.display()))?;
    std::io::Write::write_all(&mut opened, text.as_bytes())?;
    Ok(())
}

/// Makes what a new Tenure needs: folder, root key, tables, sealed ledger, SSH authorities.
pub async fn create(config: &Config, clock: Clock, chance: Chance) -> Result<Ctx> {
    private_folder(&config.data_dir)?;
    if let SealSource::KeyFile(file) = &config.seal
        && !file.exists()
    {
        RootKey::create_file(file, &chance)?;
    }
    let db = server::open_database(config).await?;
    let root = server::root_key(config)?;
    Ledger::initialise(&db, &root, &clock, &chance, &config.ledger_origin).await?;
    let ctx = server::open_ledger(config, db, clock, chance).await?;
    authn::authority::initialise(&ctx).await?;
    Ok(ctx)
}

/// Imports a feed by the ordinary path.
pub(crate) async fn import(ctx: &Ctx, file: &Path) -> Result<()> {
    let opened = std::fs::File::open(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let feed = hr_csv::read(opened).with_context(|| format!("`{}` was refused", file.display()))?;
    let run = imports::apply(ctx, &feed, Mode::Apply).await?;
    match run.outcome {
        Outcome::Held(_, trip) => bail!("the feed was held: {trip}"),
        _ => Ok(()),
    }
}

/// Makes somebody administrator and returns their one-time link.
async fn appoint(ctx: &Ctx, mail: &str, url: &str) -> Result<String> {
    let identity = identities::by_email(ctx, mail).await?;
    authn::accounts::set_roles(ctx, &identity.id, &BTreeSet::from([Role::Member, Role::Administrator])).await?;
    let token = authn::setup::create(ctx, &identity.id).await?;
    Ok(format!("{url}/setup#{}", token.expose()))
}

fn console_url(config: &Config) -> String {
    config.https_url.clone().unwrap_or_else(|| format!("https://{}", config.https_listen))
}
