create table observed_systems (
    system text primary key,
    kind text not null,
    generation bigint not null,
    read_id text,
    cursor text,
    whole_at bigint,
    changed_at bigint,
    accounts bigint not null,
    entitlements bigint not null,
    memberships bigint not null,
    closure_stale bigint not null,
    missing_accepted bigint not null,
    trouble text,
    trouble_since bigint
);
create table observed_accounts (
    id text primary key,
    system text not null,
    ordinal bigint not null,
    native_id text not null,
    login text not null,
    login_key text not null,
    display_name text,
    email_key text,
    employee_key text,
    status text not null,
    privileged text not null,
    last_used_at bigint,
    attributes text not null,
    digest bytea not null,
    from_at bigint not null,
    until_at bigint,
    looked_at bigint,
    identity text,
    linked_by text,
    protection text,
    constraint observed_accounts_system_ordinal_key unique (system, ordinal)
);
create unique index observed_accounts_open on observed_accounts (system, native_id) where until_at is null;
create index observed_accounts_past on observed_accounts (system, native_id, until_at);
create index observed_accounts_login on observed_accounts (system, login_key);
create index observed_accounts_identity on observed_accounts (identity);
create index observed_accounts_email on observed_accounts (email_key);
create index observed_accounts_employee on observed_accounts (employee_key);
create table observed_entitlements (
    id text primary key,
    system text not null,
    ordinal bigint not null,
    native_id text not null,
    kind text not null,
    name text not null,
    slug text not null,
    privileged text,
    digest bytea not null,
    from_at bigint not null,
    until_at bigint,
    constraint observed_entitlements_system_ordinal_key unique (system, ordinal)
);
create unique index observed_entitlements_open on observed_entitlements (system, native_id) where until_at is null;
create unique index observed_entitlements_slug on observed_entitlements (system, slug) where until_at is null;
create table observed_memberships (
    system text not null,
    ordinal bigint not null,
    subject bytea not null,
    member text not null,
    member_kind text not null,
    entitlement text not null,
    from_at bigint not null,
    until_at bigint,
    primary key (system, ordinal)
);
create unique index observed_memberships_open on observed_memberships (subject) where until_at is null;
create index observed_memberships_member on observed_memberships (system, member, until_at);
create index observed_memberships_entitlement on observed_memberships (system, entitlement, until_at);
create table entitlement_closure (
    system text not null,
    inner_id text not null,
    outer_id text not null,
    path text not null,
    primary key (system, inner_id, outer_id)
);
create index entitlement_closure_outer on entitlement_closure (system, outer_id);
