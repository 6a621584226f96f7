alter table scim_clients add column resources bigint not null default 0;
alter table scim_clients add column memberships bigint not null default 0;
update scim_clients set
  resources = (select count(*) from scim_resources r where r.source = scim_clients.source),
  memberships = (select count(*) from scim_members m join scim_resources r on r.id = m.container
                 where r.source = scim_clients.source);
