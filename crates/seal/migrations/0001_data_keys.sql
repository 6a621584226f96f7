create table data_keys (
    version bigint primary key,
    wrapped bytea not null,
    created_at bigint not null
);
create table seal_root (
    id bigint primary key check (id = 1),
    kind text not null,
    salt bytea not null
);
