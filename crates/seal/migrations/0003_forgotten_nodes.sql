create table seal_forgotten_nodes (
    node text primary key,
    forgotten_at bigint not null
);
