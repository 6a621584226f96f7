create table jobs (
    id text primary key,
    kind text not null,
    key text not null,
    payload text not null,
    attempts bigint not null default 0,
    max_attempts bigint,
    due_at bigint not null,
    leased_until bigint,
    leased_by text,
    again bigint not null default 0,
    last_error text,
    dead_at bigint,
    constraint jobs_kind_key_key unique (kind, key)
);
create index jobs_due on jobs (due_at);
