create table configuration (
    id bigint primary key,
    applied_at bigint not null,
    sealed bytea not null
);
