create table entitlement_settings (
    system text not null,
    slug text not null,
    owner text not null references identities (id),
    description text not null,
    risk text not null,
    privileged_override bigint,
    why_override text,
    requestable bigint not null,
    max_minutes bigint,
    declared_at bigint not null,
    primary key (system, slug)
);
create index entitlement_settings_owner on entitlement_settings (owner);
