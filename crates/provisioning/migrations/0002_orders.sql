create table orders (
    id text primary key,
    system text not null,
    subject_key text not null,
    identity text,
    cause text not null,
    because text not null,
    rank bigint not null,
    act text not null,
    account text,
    login text,
    entitlement text,
    body_sealed bytea not null,
    plan text,
    state text not null,
    fence bigint not null,
    attempts bigint not null,
    reopened bigint not null,
    ordered_at bigint not null,
    due_at bigint,
    sent_at bigint,
    done_at bigint,
    over_at bigint,
    observer text,
    native_id text,
    trouble text,
    supersedes text
);
create unique index orders_open on orders (system, subject_key)
    where state in ('ordered', 'sending', 'unknown', 'waiting', 'waiting_for_person', 'done');
create unique index orders_queued on orders (system, subject_key) where state = 'queued';
create index orders_subject on orders (system, subject_key, ordered_at);
create index orders_lane on orders (system, state, rank, ordered_at);
create index orders_account on orders (account, state);
create index orders_plan on orders (plan, state);
create index orders_identity on orders (identity, state);
create index orders_because on orders (because, state);
create index orders_ordered on orders (system, ordered_at);
