create table feed_readings (
    id text primary key,
    source text not null,
    question text not null,
    whole bigint not null,
    asked_at bigint not null,
    state text not null,
    pages bigint not null default 0,
    records bigint not null default 0,
    ended_at bigint,
    settled_at bigint,
    cursor text,
    code text,
    detail text,
    import text
);
create index feed_readings_source on feed_readings (source, id);
create unique index feed_readings_open_source on feed_readings (source) where settled_at is null;
