create table feed_pages (
    source text not null,
    read_id text not null,
    page bigint not null,
    sealed bytea not null,
    records bigint not null,
    ends bigint not null,
    stated_total bigint,
    kept_at bigint not null,
    primary key (source, read_id, page)
);
