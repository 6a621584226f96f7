create table simulations (
    id text primary key,
    computed_at bigint not null,
    computed_by text references identities (id),
    state text not null,
    changes text not null,
    premise text not null,
    counts text not null,
    looked_at bigint not null,
    lines bigint not null,
    content bytea not null,
    manifest text not null,
    files bytea not null,
    applied_at bigint,
    applied_by text references identities (id)
);
create index simulations_content on simulations (content);
create table simulation_lines (
    simulation text not null references simulations (id),
    position bigint not null,
    identity text not null references identities (id),
    sealed bytea not null,
    primary key (simulation, position)
);
create index simulation_lines_identity on simulation_lines (identity, simulation);
