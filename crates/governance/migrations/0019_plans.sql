create table plans (
    id text primary key,
    system text not null,
    computed_at bigint not null,
    state text not null,
    holds text not null,
    counts text not null,
    lines bigint not null,
    more bigint not null,
    content bytea not null,
    manifest text not null,
    released_at bigint,
    confirmed_by text references identities (id),
    over_at bigint
);
create unique index plans_open_key on plans (system) where state in ('held', 'released');
create index plans_system on plans (system, id);
create table plan_lines (
    plan text not null references plans (id),
    position bigint not null,
    sealed bytea not null,
    act text not null,
    identity text not null,
    desired bytea not null,
    primary key (plan, position)
);
create index plan_lines_identity on plan_lines (identity, act, plan);
