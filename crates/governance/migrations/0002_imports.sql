create table imports (
    id text primary key,
    received_at bigint not null,
    sha256 text not null,
    records bigint not null,
    joiners bigint not null,
    movers bigint not null,
    leavers bigint not null,
    unchanged bigint not null,
    state text not null,
    trip text,
    sealed_feed bytea,
    settled_at bigint,
    confirmed_by text
);
create index imports_state on imports (state, settled_at);
create table import_lines (
    import_id text not null references imports (id),
    position bigint not null,
    identity text not null references identities (id),
    sealed bytea not null,
    primary key (import_id, position)
);
create index import_lines_identity on import_lines (identity, import_id);
