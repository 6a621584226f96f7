alter table observed_systems add column held_view bytea;
alter table observed_systems add column held_accounts bigint;
alter table observed_systems add column held_entitlements bigint;
alter table observed_systems add column held_memberships bigint;
update observed_systems set missing_accepted = 0;
