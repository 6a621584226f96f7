alter table roles add column condition text;
alter table roles add column includes text not null default '[]';
alter table roles add column grants text not null default '[]';
alter table roles add column conflicts text not null default '[]';
create table assignments (
    id text primary key,
    identity text not null references identities (id),
    kind text not null,
    role text,
    system text,
    entitlement text,
    from_at bigint not null,
    until_at bigint,
    given_at bigint not null,
    because text not null,
    given_by text,
    ended_at bigint,
    end_cause text
);
create unique index assignments_open_key on assignments (identity, kind, coalesce(role, ''), coalesce(system, ''),
    coalesce(entitlement, '')) where ended_at is null;
create index assignments_identity on assignments (identity, id);
create index assignments_role on assignments (role, id);
create index assignments_entitlement on assignments (system, entitlement, id);
create index assignments_until on assignments (until_at) where ended_at is null;
