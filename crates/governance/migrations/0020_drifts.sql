create table drifts (
    id text primary key,
    system text not null,
    subject text not null,
    act text not null,
    identity text not null,
    account text,
    entitlement text,
    privileged bigint not null,
    found_at bigint not null,
    state text not null,
    decided_at bigint,
    decided_by text references identities (id),
    over_at bigint
);
create unique index drifts_live_key on drifts (system, subject, act) where state <> 'over';
create index drifts_identity on drifts (system, identity, state);
create index drifts_state on drifts (system, state);
