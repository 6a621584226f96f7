//! `tenure init`: a first configuration, its keys, and an empty database; with an HR feed also a first administrator.

use crate::cli::{InitArgs, SharingArgs};
use crate::config::Config;
use crate::server::unsealing::unseal_key_alone;
use crate::server::{self, WitnessFile};
use crate::write::{new_private_file, private_folder};
use anyhow::{Context, Result, bail};
use connectors::hr_csv;
use governance::identities;
use governance::imports::{self, Mode, Outcome};
use ledger::{Ctx, Ledger};
use seal::{SealKind, UnsealKey};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use types::{Actor, Chance, Clock, Role, Secret};

pub(crate) async fn run(args: InitArgs) -> Result<()> {
    if args.admin.is_some() != args.hr.is_some() {
        bail!("`--hr` and `--admin` belong together: the first administrator comes from the HR feed");
    }
    if args.seal == SealKind::Passphrase && !passphrase_is_given(&args.settings) {
        bail!(
            "this seals by a passphrase: name its file with `--set seal.passphrase_file=FILE`, or set \
             TENURE_SEAL_PASSPHRASE, here and for `tenure serve`"
        );
    }
    write_configuration(&args.config, &args.data_dir, &args.settings)?;
    let config = Config::load(&args.config)?;
    let (clock, chance) = (Clock::system(), Chance::system());
    private_folder(&config.data_dir)?;
    let (key, shares) = new_unseal_key(&config, args.seal, args.sharing, &chance).await?;
    let ctx = create_sealed_by(&config, &key, clock, chance).await?;
    println!("Made {} and the data folder {}.", args.config.display(), args.data_dir.display());
    tell(&config, &key, &shares);
    if let (Some(feed), Some(mail)) = (&args.hr, &args.admin) {
        import(&ctx, feed).await?;
        let link = appoint(&ctx, mail, &console_url(&config)).await?;
        println!("{mail} is administrator. Once the server runs, this link works once, for 72 hours:\n  {link}");
    }
    println!("Start the server with:\n  tenure serve --config {}", args.config.display());
    ctx.db().close().await;
    Ok(())
}

fn passphrase_is_given(settings: &[String]) -> bool {
    let from_environment = ["TENURE_SEAL_PASSPHRASE_FILE", "TENURE_SEAL_PASSPHRASE"];
    settings.iter().any(|setting| setting.starts_with("seal.passphrase_file="))
        || from_environment.iter().any(|name| std::env::var_os(name).is_some())
}

/// What people must know about the key that seals, once.
pub(crate) fn tell(config: &Config, key: &UnsealKey, shares: &[Secret<String>]) {
    match key {
        UnsealKey::File(_) => {
            println!("Keep a copy of {} elsewhere: without it nothing sealed opens.", config.seal.key_file.display());
        }
        UnsealKey::Shamir { sharing, .. } => {
            let (threshold, all) = (sharing.threshold, sharing.shares);
            println!(
                "Any {threshold} of these {all} shares open the seal. They are shown this once and stored nowhere:"
            );
            println!("give each to another person, who keeps it where no other is.");
            for share in shares {
                println!("  {}", share.expose());
            }
        }
        UnsealKey::Transit(transit) => {
            println!(
                "The root key is wrapped by the key `{}` of {}: without it nothing sealed opens.",
                transit.key, transit.address
            );
        }
        UnsealKey::Pkcs11(token) => {
            println!(
                "The root key is wrapped by the key `{}` of the token `{}`: without it nothing sealed opens.",
                token.key_label, token.token_label
            );
        }
        UnsealKey::Passphrase(_) => println!("Keep the passphrase: without it nothing sealed opens."),
    }
}

/// A key of this kind for a new seal, with the shares that people must be given. Makes what is missing.
pub(crate) async fn new_unseal_key(
    config: &Config,
    kind: SealKind,
    sharing: SharingArgs,
    chance: &Chance,
) -> Result<(UnsealKey, Vec<Secret<String>>)> {
    if kind == SealKind::Shamir {
        return Ok(seal::shamir::deal(sharing.shares, sharing.threshold, chance)?);
    }
    if kind == SealKind::File && !config.seal.key_file.exists() {
        UnsealKey::create_file(&config.seal.key_file, chance)?;
    }
    let key = unseal_key_alone(config, kind)?;
    if let UnsealKey::Pkcs11(token) = &key {
        token.ensure_key().await?;
    }
    Ok((key, Vec::new()))
}

fn write_configuration(file: &Path, data_dir: &Path, settings: &[String]) -> Result<()> {
    let data_dir = std::path::absolute(data_dir)?.display().to_string();
    let own = [("data_dir", data_dir.as_str()), ("https.listen", "127.0.0.1:8443"), ("ssh.listen", "127.0.0.1:2222")];
    let mut values = BTreeMap::from(own);
    for setting in settings {
        let (name, value) = setting.split_once('=').with_context(|| format!("`{setting}` is not NAME=VALUE"))?;
        values.insert(name, value);
    }
    let mut text =
        "# Every setting is described in docs/config.md; each can also come from the environment.\n".to_owned();
    for (name, value) in values {
        text += &format!("{name} = {value:?}\n");
    }
    let opened = new_private_file(file);
    let mut opened = opened.with_context(|| format!("cannot make `{}`: it must not exist yet", file.display()))?;
    std::io::Write::write_all(&mut opened, text.as_bytes())?;
    Ok(())
}

/// Makes what a new Tenure needs that is sealed by a key file.
pub async fn create(config: &Config, clock: Clock, chance: Chance) -> Result<Ctx> {
    private_folder(&config.data_dir)?;
    if !config.seal.key_file.exists() {
        UnsealKey::create_file(&config.seal.key_file, &chance)?;
    }
    create_sealed_by(config, &UnsealKey::from_file(&config.seal.key_file)?, clock, chance).await
}

/// Makes what a new Tenure needs: tables, sealed ledger, SSH authorities, its witness, a certificate to unseal it by.
pub async fn create_sealed_by(config: &Config, key: &UnsealKey, clock: Clock, chance: Chance) -> Result<Ctx> {
    let db = server::open_database(config).await?;
    Ledger::initialise(&db, key, &clock, &chance, &config.ledger_origin).await?;
    let ctx = Ctx::new(Ledger::open(db, key, clock, chance).await?, Actor::Console);
    authn::authority::initialise(&ctx).await?;
    server::keep_certificate(config, &ctx, key.kind())?;
    WitnessFile::of(config).see(&ctx, 0).await?;
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
