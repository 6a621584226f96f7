create table sessions (
    id text primary key,
    grant_id text not null,
    holder text not null,
    target text not null references targets (name),
    login text not null,
    channel text not null,
    sealed_command bytea,
    client text not null,
    node text not null,
    started_at bigint not null,
    deadline bigint not null,
    kill_at bigint,
    kill_actor text,
    kill_reason text,
    ended_at bigint,
    end_reason text,
    exit_status bigint,
    bytes_in bigint,
    bytes_out bigint,
    leftover_processes bigint
);
create index sessions_live on sessions (ended_at, node);
create index sessions_grant on sessions (grant_id);
create index sessions_holder on sessions (holder);
create index sessions_target on sessions (target, id);
