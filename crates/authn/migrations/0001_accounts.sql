create table accounts (
    identity text primary key,
    name text not null,
    roles text not null,
    enabled bigint not null check (enabled in (0, 1)),
    created_at bigint not null
);
create unique index accounts_name_key on accounts (name) where enabled = 1;
