create table dependents (
    id text primary key,
    account text not null references managed_accounts (id),
    host text not null,
    file text not null,
    place text not null,
    unit text,
    lines text not null,
    names_login bigint not null,
    holds bigint not null,
    found_at bigint not null,
    seen_at bigint not null,
    kept_at bigint,
    restart bigint not null,
    writing bigint,
    updated_at bigint,
    last_error text,
    removed_at bigint
);
create unique index dependents_account_host_file_key on dependents (account, host, file) where removed_at is null;
alter table rotations add column changed_from bigint;
alter table rotations add column changed_to bigint;
alter table rotations add column tries bigint not null default 0;
alter table rotations add column rolled_back_to bigint;
