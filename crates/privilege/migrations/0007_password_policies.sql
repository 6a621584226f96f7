create table password_policies (
    name text primary key,
    policy text not null,
    declared_at bigint not null
);
