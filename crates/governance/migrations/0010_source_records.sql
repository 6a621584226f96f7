create table source_records (
    source text not null,
    record_key text not null,
    version bigint not null,
    identity text references identities (id),
    record text not null,
    digest text not null,
    from_at bigint not null,
    until_at bigint,
    gone_at bigint,
    primary key (source, record_key, version)
);
create unique index source_records_open_key on source_records (source, record_key) where until_at is null;
create index source_records_identity on source_records (identity) where until_at is null;
create table known_matches (
    source text not null,
    record_key text not null,
    identity text references identities (id),
    decided_by text not null,
    decided_at bigint not null,
    primary key (source, record_key)
);
