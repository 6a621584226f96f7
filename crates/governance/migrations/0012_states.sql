alter table identities add column attributes text not null default '{}';
alter table identities add column time_zone text not null default 'UTC';
alter table identities add column primary_record text;
alter table identities add column status_since bigint not null default 0;
alter table identities add column state text not null default 'active';
alter table identities add column state_since bigint not null default 0;
alter table identities add column next_change_at bigint default 0;
alter table identities add column outlook text not null default '';
alter table identity_versions add column attributes text not null default '{}';
alter table identity_versions add column time_zone text not null default 'UTC';
update identities set state = case status when 'terminated' then 'terminated' when 'leave' then 'leave' else 'active' end,
  status_since = (select v.true_from from identity_versions v where v.identity = identities.id and v.until_at is null);
create index identities_state on identities (state, id);
create index identities_next_change on identities (next_change_at);
create table state_orders (
    identity text not null references identities (id),
    position bigint not null,
    kind text not null,
    from_at bigint not null,
    until_at bigint,
    ordered_at bigint not null,
    ordered_by text not null,
    reason text not null,
    lifted_at bigint,
    lifted_by text,
    primary key (identity, position)
);
