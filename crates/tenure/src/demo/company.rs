//! The company's files, loaded by the same use cases that the API calls.

use super::console;
use anyhow::{Context, Result, bail};
use connectors::hr_csv;
use governance::imports::{self, Mode, Outcome};
use governance::policy::Policy;
use governance::{policy, roles, scim, systems};
use ledger::Ctx;

/// To which the administrator may push.
pub(super) const SCIM_SOURCE: &str = "hr-scim";

const HR: &str = include_str!("company/hr.csv");
const SYSTEMS: &str = include_str!("company/systems.toml");
const ROLES: &str = include_str!("company/roles.toml");
const POLICY: &str = include_str!("company/policy.toml");

pub(super) async fn load(ctx: &Ctx) -> Result<()> {
    let ctx = console(ctx);
    let policy_file: Policy = toml::from_str(POLICY).context("policy.toml")?;
    policy::declare(&ctx, &policy_file).await?;
    let feed = hr_csv::read(HR.as_bytes()).context("hr.csv")?;
    if let Outcome::Held(_, trip) = imports::apply(&ctx, &feed, Mode::Apply).await?.outcome {
        bail!("the HR feed was held: {trip}");
    }
    let systems_file: systems::File = toml::from_str(SYSTEMS).context("systems.toml")?;
    systems::declare(&ctx, &systems_file.system).await?;
    let roles_file: roles::File = toml::from_str(ROLES).context("roles.toml")?;
    roles::declare(&ctx, &roles_file.role).await?;
    scim::declare(&ctx, SCIM_SOURCE, scim::Dialect::Strict, None).await?;
    Ok(())
}
