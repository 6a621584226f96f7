create table machines (
    identity text primary key,
    name text not null,
    owner text not null references identities (id),
    purpose text not null,
    environment text not null,
    ends_at bigint not null,
    registered_at bigint not null,
    state text not null,
    unowned_since bigint,
    deadline bigint,
    ended_at bigint,
    end_cause text,
    constraint machines_name_key unique (name)
);
create index machines_owner on machines (owner, state);
create index machines_state on machines (state, ends_at);
create table machine_versions (
    identity text not null references machines (identity),
    version bigint not null,
    from_at bigint not null,
    until_at bigint,
    owner text not null,
    purpose text not null,
    environment text not null,
    ends_at bigint not null,
    state text not null,
    primary key (identity, version)
);
create unique index machine_versions_open_key on machine_versions (identity) where until_at is null;
alter table systems add column environment text;
alter table systems add column machine_logins text not null default '[]';
create table requests_for_machines_too (
    id text primary key,
    requester text not null references identities (id),
    beneficiary text not null,
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
    grant_id text
);
insert into requests_for_machines_too (id, requester, beneficiary, system, login, channels, minutes, reason, role,
    submitted_at, state, expires_at, settled_at, settled_by, settled_reason, settled_because, grant_id)
  select id, requester, beneficiary, system, login, channels, minutes, reason, role,
    submitted_at, state, expires_at, settled_at, settled_by, settled_reason, settled_because, grant_id from requests;
drop table requests;
alter table requests_for_machines_too rename to requests;
create unique index requests_grant_id_key on requests (grant_id);
create index requests_state on requests (state, expires_at);
create index requests_beneficiary on requests (beneficiary, state);
create index requests_requester on requests (requester, id);
