create table mover_cases (
    id text primary key,
    identity text not null references identities (id),
    begun_at bigint not null,
    grace_until bigint not null,
    gained text not null,
    lost text not null,
    kept text not null,
    ended text not null,
    settled_at bigint
);
create index mover_cases_identity on mover_cases (identity, settled_at);
