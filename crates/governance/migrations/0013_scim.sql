create table scim_clients (
    source text primary key,
    client text not null,
    pushed_by text,
    declared_at bigint not null
);
create table scim_resources (
    id text primary key,
    source text not null references scim_clients (source),
    type text not null,
    version bigint not null,
    name text not null,
    name_key text not null,
    external_id text,
    body text not null,
    created_at bigint not null,
    modified_at bigint not null,
    deleted_at bigint
);
create index scim_resources_page on scim_resources (source, type, deleted_at, id);
create index scim_resources_name on scim_resources (source, type, name_key);
create index scim_resources_external_id on scim_resources (source, type, external_id);
create unique index scim_resources_name_key on scim_resources (source, type, name_key)
    where deleted_at is null and type <> 'Group';
create table scim_members (
    container text not null references scim_resources (id),
    member text not null references scim_resources (id),
    primary key (container, member)
);
create index scim_members_member on scim_members (member);
create table scim_agents (
    resource text primary key references scim_resources (id),
    machine text references machines (identity),
    waits bigint not null
);
create index scim_agents_waits on scim_agents (waits);
