//! How much the clients of one source may keep here, so that none of them fills the store. Pure.

use super::Resource;
use connectors::scim::language::{ScimError, ScimType};
use serde_json::Value;

/// Resources of a source that are there.
pub const MOST_RESOURCES: u64 = 500_000;
/// Members of one group.
pub const MOST_MEMBERS: usize = 100_000;
/// Memberships in all groups of a source.
pub const MOST_MEMBERSHIPS: u64 = 5_000_000;
/// Values of one attribute.
pub const MOST_VALUES: usize = 1_000;
/// Bytes of a resource without its members, as JSON.
pub const LARGEST_RESOURCE: usize = 128 << 10;

pub(super) fn too_many(detail: String) -> ScimError {
    ScimError::new(ScimType::TooMany, detail)
}

/// Before any of them is looked up.
pub(super) fn members(listed: usize) -> Result<(), ScimError> {
    if listed <= MOST_MEMBERS {
        return Ok(());
    }
    Err(too_many(format!("a group has at most {MOST_MEMBERS} members: push several groups, and one of these groups")))
}

/// What a change leaves, however often it was added to.
pub(super) fn body(resource: &Resource) -> Result<(), ScimError> {
    let extended = resource.body.values().filter_map(Value::as_object).flatten();
    let mut lists = resource.body.iter().chain(extended).filter_map(|(name, value)| Some((name, value.as_array()?)));
    if let Some((name, _)) = lists.find(|(_, values)| values.len() > MOST_VALUES) {
        return Err(too_many(format!("`{name}` has more than {MOST_VALUES} values: push fewer")));
    }
    let bytes = serde_json::to_string(&resource.body).map_or(usize::MAX, |text| text.len());
    if bytes > LARGEST_RESOURCE {
        return Err(too_many(format!(
            "a resource has at most {LARGEST_RESOURCE} bytes without members: push less of it"
        )));
    }
    Ok(())
}
