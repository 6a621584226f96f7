alter table observed_systems add column seen_through bytea;
create table concluded_missing (
    system text not null,
    what text not null,
    at bigint not null,
    missing bigint not null
);
create index concluded_missing_system on concluded_missing (system, what, at);
