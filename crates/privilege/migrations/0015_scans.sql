create table scans (
    id text primary key,
    what text not null,
    begun_by text not null,
    begun_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    sealed_key bytea,
    digests bigint not null,
    matched bigint not null
);
create index scans_open on scans (expires_at) where ended_at is null;
create table scan_matches (
    scan text not null references scans (id),
    digest bytea not null,
    subject text not null,
    version bigint not null,
    value_key text not null,
    is_live bigint not null,
    primary key (scan, digest, subject, version, value_key)
);
create table leak_places (
    subject text not null,
    version bigint not null,
    place text not null,
    scan text not null references scans (id),
    found_at bigint not null,
    primary key (subject, version, place)
);
