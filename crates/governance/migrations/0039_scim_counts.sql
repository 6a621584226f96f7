create table machine_names (
    start text primary key,
    last bigint not null
);
update scim_clients set resources = (
  select count(*) from scim_resources r where r.source = scim_clients.source and r.deleted_at is null);
