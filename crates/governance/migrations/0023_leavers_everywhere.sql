alter table leaver_cases add column sessions_ended_at bigint;
alter table leaver_cases add column accounts_disabled_at bigint;
alter table leaver_cases add column owned_at bigint;
alter table leaver_cases add column reopened bigint not null default 0;
create index leaver_cases_identity on leaver_cases (identity, id);
