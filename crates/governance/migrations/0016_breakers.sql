create table breakers (
    name text primary key,
    settings text not null,
    declared_at bigint not null
);
create table breaker_overrides (
    breaker text not null,
    plan text not null,
    decided_by text not null references identities (id),
    reason text not null,
    decided_at bigint not null,
    primary key (breaker, plan)
);
create index breaker_overrides_plan on breaker_overrides (plan);
