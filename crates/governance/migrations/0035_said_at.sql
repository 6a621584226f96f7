alter table source_records add column said_at bigint not null default 0;
update source_records set said_at = from_at;
