create table requests (
    id text primary key,
    requester text not null references identities (id),
    beneficiary text not null references identities (id),
    system text not null references systems (name),
    login text not null,
    channels text not null,
    minutes bigint not null,
    reason text not null,
    role text not null,
    submitted_at bigint not null,
    state text not null,
    expires_at bigint not null,
    settled_at bigint,
    settled_by text,
    settled_reason text,
    settled_because text,
    grant_id text,
    constraint requests_grant_id_key unique (grant_id)
);
create index requests_state on requests (state, expires_at);
create index requests_beneficiary on requests (beneficiary, state);
create index requests_requester on requests (requester, id);
