create table grants (
    id text primary key,
    holder text not null,
    target text not null,
    login text not null,
    channels text not null,
    from_at bigint not null,
    until_at bigint not null,
    max_sessions bigint not null,
    because text not null,
    issued_at bigint not null,
    ended_at bigint,
    end_cause text,
    end_actor text,
    end_reason text,
    gone_at bigint
);
create index grants_use on grants (holder, target, login);
create index grants_target on grants (target, from_at);
create index grants_open on grants (gone_at, ended_at, until_at);
create table permits (
    id text primary key,
    grant_id text not null references grants (id),
    session_id text not null,
    channel text not null,
    node text not null,
    given_at bigint not null,
    released_at bigint,
    constraint permits_session_id_key unique (session_id)
);
create index permits_grant on permits (grant_id, released_at);
create index permits_live on permits (released_at, node);
