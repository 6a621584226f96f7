create table removed_mappings (
    system text primary key,
    authoritative text not null
);
create table removed_entitlements (
    system text not null,
    slug text not null,
    requestable bigint not null,
    max_minutes bigint,
    primary key (system, slug)
);
create table removed_sources (
    name text primary key,
    settings text not null
);
