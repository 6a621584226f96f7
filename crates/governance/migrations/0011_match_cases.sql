create table match_cases (
    id text primary key,
    source text not null,
    record_key text not null,
    import_id text not null references imports (id),
    candidates text not null,
    opened_at bigint not null,
    state text not null,
    decided_by text,
    decided_at bigint,
    identity text references identities (id)
);
create unique index match_cases_open_key on match_cases (source, record_key) where state = 'open';
create index match_cases_state on match_cases (state, id);
