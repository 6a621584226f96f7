alter table systems add column account_login text;
create table account_cases (
    id text primary key,
    system text not null,
    account text not null,
    candidates text not null,
    opened_at bigint not null,
    state text not null,
    decided_by text,
    decided_at bigint,
    identity text references identities (id)
);
create unique index account_cases_open_key on account_cases (account) where state = 'open';
create index account_cases_state on account_cases (state, id);
create index account_cases_system on account_cases (system, state);
create table account_answers (
    system text not null,
    native_id text not null,
    login text not null,
    identity text references identities (id),
    owner text references identities (id),
    decided_by text not null,
    decided_at bigint not null,
    primary key (system, native_id, login)
);
create index account_answers_owner on account_answers (owner);
create table account_matchings (
    system text primary key,
    read_at bigint not null,
    matched_at bigint not null
);
