create table sources (
    name text primary key,
    settings text not null,
    owner text references identities (id),
    declared_at bigint not null
);
create table source_states (
    source text primary key,
    last_whole_at bigint,
    last_as_of bigint,
    last_sha256 text,
    same_since bigint,
    refused_at bigint,
    refused_code text,
    refused_detail text
);
alter table imports add column source text not null default 'hr';
alter table imports add column undecided bigint not null default 0;
create index imports_source on imports (source, state);
