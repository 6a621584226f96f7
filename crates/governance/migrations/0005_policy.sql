create table policy (
    id bigint primary key check (id = 1),
    body text not null,
    declared_at bigint not null
);
