create table secrets (
    id text primary key,
    path bytea not null,
    owner text not null,
    purpose text not null,
    custom text not null,
    cas_required bigint not null,
    max_versions bigint not null,
    delete_after_s bigint,
    current_version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    constraint secrets_path_key unique (path)
);
create table secret_versions (
    secret_id text not null references secrets (id),
    version bigint not null,
    sealed bytea not null,
    created_at bigint not null,
    created_by text not null,
    deleted_at bigint,
    destroyed_at bigint,
    primary key (secret_id, version)
);
create table wrapped_secrets (
    id text primary key,
    token_hash bytea not null,
    secret_id text not null references secrets (id),
    version bigint not null,
    grant_id text not null,
    recipient text,
    wrapped_at bigint not null,
    expires_at bigint not null,
    opened_at bigint,
    constraint wrapped_secrets_token_hash_key unique (token_hash)
);
create index wrapped_secrets_secret on wrapped_secrets (secret_id);
create table unwrap_failures (
    network text not null,
    failed_at bigint not null
);
create index unwrap_failures_network on unwrap_failures (network, failed_at);
create index unwrap_failures_age on unwrap_failures (failed_at);
