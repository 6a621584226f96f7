alter table source_states add column last_began_at bigint;
