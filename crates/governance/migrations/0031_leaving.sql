alter table imports add column leaving bigint not null default 0;
update imports set leaving = leavers;
alter table leaver_cases add column by_date bigint not null default 0;
create index leaver_cases_begun on leaver_cases (begun_at);
