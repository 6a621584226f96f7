create table idempotency (
    key text not null,
    caller text not null,
    digest bytea not null,
    claimed_at bigint not null,
    status bigint,
    sealed_body bytea,
    primary key (caller, key)
);
create index idempotency_age on idempotency (claimed_at);
