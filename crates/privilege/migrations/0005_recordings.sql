create table recordings (
    session_id text primary key references sessions (id),
    node text not null,
    sealed_key bytea not null,
    started_at bigint not null,
    sealed_at bigint,
    chain text,
    sha256 text,
    bytes bigint,
    events bigint,
    damage text
);
create index recordings_open on recordings (sealed_at, node);
