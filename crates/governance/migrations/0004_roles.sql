create table roles (
    name text primary key,
    description text not null,
    conditions text not null,
    offers text not null,
    declared_at bigint not null
);
