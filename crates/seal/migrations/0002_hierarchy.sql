alter table seal_root add column generation bigint not null default 1;
alter table seal_root add column wrapped bytea;
alter table seal_root add column share_set text;
alter table seal_root add column shares bigint;
alter table seal_root add column threshold bigint;
create table reseals (
    version bigint primary key references data_keys (version),
    total bigint not null,
    done bigint not null,
    started_at bigint not null,
    finished_at bigint
);
create table seal_nodes (
    node text primary key,
    version bigint not null,
    seen_at bigint not null
);
