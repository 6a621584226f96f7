create table conversions (
    id text primary key,
    system text not null,
    account text not null,
    entitlement text not null,
    identity text not null references identities (id),
    role text not null,
    assignment text,
    removal text not null,
    began_at bigint not null,
    began_by text not null references identities (id),
    deadline bigint not null,
    state text not null,
    why text,
    restoring_since bigint,
    restoration text,
    over_at bigint
);
create unique index conversions_open_key on conversions (account, entitlement)
    where state in ('removing', 'restoring');
create index conversions_state on conversions (state, id);
create index conversions_system on conversions (system, began_at);
create index conversions_identity on conversions (identity, id);
