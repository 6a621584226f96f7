create table tokens (
    id text primary key,
    identity text not null references accounts (identity),
    name text not null,
    scopes text not null,
    secret_hash bytea not null,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    constraint tokens_secret_hash_key unique (secret_hash)
);
create index tokens_identity on tokens (identity, revoked_at);
