create table authorities (
    purpose text primary key,
    public_key text not null,
    seed bytea not null,
    created_at bigint not null
);
