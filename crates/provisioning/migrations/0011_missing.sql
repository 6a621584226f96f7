alter table observed_accounts add column was_missing bigint not null default 0;
alter table observed_entitlements add column was_missing bigint not null default 0;
create index observed_entitlements_past on observed_entitlements (system, native_id, until_at);
