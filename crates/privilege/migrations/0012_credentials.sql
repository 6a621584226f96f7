create table credential_profiles (
    service text not null,
    name text not null,
    kind text not null,
    max_ttl_minutes bigint not null,
    max_live bigint not null,
    description text not null,
    declared_at bigint not null,
    primary key (service, name)
);
create table credential_leases (
    id text primary key,
    grant_id text not null,
    holder text not null,
    token text,
    service text not null,
    profile text not null,
    kind text not null,
    name text not null,
    server_id text,
    ordered_at bigint not null,
    ends_at bigint not null,
    latest_end_at bigint not null,
    state text not null,
    made_at bigint,
    ended_at bigint,
    cause text,
    end_batch text,
    gone_at bigint,
    gone_batch text,
    constraint credential_leases_name_key unique (service, name)
);
create index credential_leases_due on credential_leases (state, ends_at);
create index credential_leases_grant on credential_leases (grant_id, state);
create index credential_leases_service on credential_leases (service, state, ended_at, id);
create index credential_leases_token on credential_leases (state, token) where token is not null;
create index credential_leases_holder on credential_leases (holder, id);
create table credential_sweeps (
    service text primary key,
    swept_at bigint not null
);
