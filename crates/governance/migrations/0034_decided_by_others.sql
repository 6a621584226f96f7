create table held_conversions (
    content text primary key,
    began_by text not null references identities (id),
    held_at bigint not null,
    trips text not null
);
alter table scim_agents add column owner text references identities (id);
