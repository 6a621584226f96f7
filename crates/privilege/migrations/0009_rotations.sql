create table rotations (
    id text primary key,
    account text not null references managed_accounts (id),
    asked_for text not null references managed_accounts (id),
    cause text not null,
    ordered_at bigint not null,
    attempts bigint not null,
    retry_at bigint,
    last_error text,
    ended_at bigint,
    outcome text,
    version bigint
);
create unique index rotations_open_key on rotations (account) where ended_at is null;
create index rotations_account on rotations (account, id);
