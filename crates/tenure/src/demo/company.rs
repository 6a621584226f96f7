//! The company's files, loaded by the same use cases that the API calls.

use super::console;
use anyhow::{Context, Result, bail};
use connectors::{hr_csv, sources::csv};
use governance::imports::{self, Mode, Outcome};
use governance::policy::Policy;
use governance::{entitlements, mappings, policy, roles, scim, sources, systems};
use ledger::Ctx;

/// To which the administrator may push.
pub(super) const SCIM_SOURCE: &str = "hr-scim";

const HR: &str = include_str!("company/hr.csv");
const SOURCES: &str = include_str!("company/sources.toml");
const SYSTEMS: &str = include_str!("company/systems.toml");
const ROLES: &str = include_str!("company/roles.toml");
const POLICY: &str = include_str!("company/policy.toml");
const MAPPINGS: &str = include_str!("company/mappings.toml");
const ENTITLEMENTS: &str = include_str!("company/entitlements.toml");
const OFFICES: &str = include_str!("company/offices.csv");

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Sources {
    source: Vec<sources::Declaration>,
}

pub(super) async fn load(ctx: &Ctx) -> Result<()> {
    let ctx = console(ctx);
    let policy_file: Policy = toml::from_str(POLICY).context("policy.toml")?;
    policy::declare(&ctx, &policy_file, None).await?;
    let feed = hr_csv::read(HR.as_bytes()).context("hr.csv")?;
    if let Outcome::Held(_, trip) = imports::apply(&ctx, &feed, Mode::Apply).await?.outcome {
        bail!("the HR feed was held: {trip}");
    }
    let systems_file: systems::File = toml::from_str(SYSTEMS).context("systems.toml")?;
    systems::declare(&ctx, &systems_file.system).await?;
    let roles_file: roles::File = toml::from_str(ROLES).context("roles.toml")?;
    roles::declare(&ctx, &roles_file.role).await?;
    let sources_file: Sources = toml::from_str(SOURCES).context("sources.toml")?;
    sources::declare(&ctx, &sources_file.source, None).await?;
    scim::declare(&ctx, SCIM_SOURCE, scim::Dialect::Strict, None).await?;
    let entitlements_file: entitlements::File = toml::from_str(ENTITLEMENTS).context("entitlements.toml")?;
    entitlements::declare(&ctx, &entitlements_file.entitlement, None).await?;
    let mappings_file: mappings::File = toml::from_str(MAPPINGS).context("mappings.toml")?;
    mappings::declare(&ctx, &mappings_file.mapping, None).await?;
    let offices = csv::read(OFFICES.as_bytes(), &["office".to_owned()]).context("offices.csv")?;
    imports::take(&ctx, "offices", &offices, Mode::Apply).await?;
    Ok(())
}
