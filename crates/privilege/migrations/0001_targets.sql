create table targets (
    name text primary key,
    host text not null,
    port bigint not null,
    host_key text not null,
    reads_krl bigint not null,
    description text not null,
    discovery_login text not null,
    declared_at bigint not null
);
