create table setup_links (
    id text primary key,
    identity text not null references accounts (identity),
    token_hash bytea not null,
    totp_secret bytea,
    begun bigint not null,
    created_at bigint not null,
    expires_at bigint not null,
    spent_at bigint,
    voided_at bigint,
    constraint setup_links_token_hash_key unique (token_hash)
);
create index setup_links_identity on setup_links (identity, spent_at, voided_at);
