create table systems (
    name text primary key,
    description text not null,
    owner text not null references identities (id),
    logins text not null,
    declared_at bigint not null
);
create index systems_owner on systems (owner);
