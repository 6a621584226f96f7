create table sign_ins (
    id text primary key,
    identity text not null references accounts (identity),
    cookie_hash bytea not null,
    started_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    constraint sign_ins_cookie_hash_key unique (cookie_hash)
);
create index sign_ins_identity on sign_ins (identity, ended_at);
create table sign_in_failures (
    name_hash bytea not null,
    network text not null,
    failed_at bigint not null
);
create index sign_in_failures_name on sign_in_failures (name_hash, failed_at);
create index sign_in_failures_network on sign_in_failures (network, failed_at);
create index sign_in_failures_age on sign_in_failures (failed_at);
