create table ssh_keys (
    id text primary key,
    identity text not null references accounts (identity),
    name text not null,
    fingerprint text not null,
    public_key text not null,
    registered_at bigint not null,
    removed_at bigint
);
create unique index ssh_keys_fingerprint_key on ssh_keys (fingerprint) where removed_at is null;
create index ssh_keys_identity on ssh_keys (identity, removed_at);
