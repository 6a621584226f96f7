create table desired_dirty (
    identity text primary key,
    seq bigint not null,
    since_at bigint not null
);
create index desired_dirty_seq on desired_dirty (seq);
create index assignments_later on assignments (from_at) where ended_at is null and from_at > given_at;
create table reconciliations (
    system text primary key,
    seq bigint not null,
    read_at bigint not null,
    premise bytea not null,
    looked_at bigint not null,
    loaded_at bigint
);
create table settled_accounts (
    account text primary key,
    system text not null,
    identity text not null,
    desired bytea not null,
    observed bytea not null,
    settled_at bigint not null
);
create index settled_accounts_identity on settled_accounts (system, identity);
