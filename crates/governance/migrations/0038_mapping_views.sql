alter table system_settings add column seen_through bytea;
