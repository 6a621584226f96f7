create table found_accounts (
    id text primary key,
    target text not null references targets (name),
    login text not null,
    facts text not null,
    first_seen bigint not null,
    last_seen bigint not null,
    gone_at bigint
);
create unique index found_accounts_target_login_key on found_accounts (target, login) where gone_at is null;
create index found_accounts_target on found_accounts (target);
