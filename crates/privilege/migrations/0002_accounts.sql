create table accounts (
    id text primary key,
    target text not null references targets (name),
    login text not null,
    facts text not null,
    first_seen bigint not null,
    last_seen bigint not null,
    gone_at bigint
);
create unique index accounts_target_login_key on accounts (target, login) where gone_at is null;
