create table owned_things (
    kind text not null,
    subject text not null,
    name text,
    owner text not null,
    heir text,
    primary key (kind, subject)
);
create index owned_things_owner on owned_things (owner);
create index owned_things_heir on owned_things (heir) where heir is not null;
alter table observed_accounts add column linked_at bigint;
