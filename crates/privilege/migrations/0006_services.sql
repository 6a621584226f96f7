create table services (
    name text primary key,
    kind text not null,
    server text not null,
    base_dn text,
    admin_login text not null,
    description text not null,
    declared_at bigint not null
);
