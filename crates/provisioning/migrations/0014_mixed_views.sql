alter table observed_systems add column is_mixed bigint not null default 0;
