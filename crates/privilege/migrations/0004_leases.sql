create table leases (
    id text primary key,
    session_id text not null references sessions (id),
    grant_id text not null,
    target text not null,
    login text not null,
    certificate text not null,
    serial bigint not null,
    issued_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    gone_at bigint,
    constraint leases_session_id_key unique (session_id),
    constraint leases_serial_key unique (serial)
);
create index leases_krl on leases (expires_at, ended_at);
create index leases_open on leases (grant_id, gone_at);
create index leases_not_gone on leases (id) where gone_at is null;
create index leases_ended on leases (ended_at);
create index leases_observed on leases (target, expires_at) where gone_at is not null;
