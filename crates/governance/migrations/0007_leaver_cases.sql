create table leaver_cases (
    id text primary key,
    identity text not null references identities (id),
    import_id text references imports (id),
    event_at bigint not null,
    begun_at bigint not null,
    withdrawn bigint not null,
    step text not null,
    account_disabled_at bigint,
    last_privilege_gone_at bigint,
    closed_at bigint
);
create unique index leaver_cases_open_key on leaver_cases (identity) where closed_at is null;
create index leaver_cases_closed on leaver_cases (closed_at);
