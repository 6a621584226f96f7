create table checkouts (
    id text primary key,
    account text not null references managed_accounts (id),
    target text not null,
    login text not null,
    holder text not null,
    grant_id text not null,
    reason text not null,
    asked_at bigint not null,
    seconds bigint not null,
    state text not null,
    answer_by bigint,
    confirmed_by text,
    version bigint,
    opened_at bigint,
    due_at bigint,
    exclusive bigint,
    one_time bigint,
    closed_at bigint,
    cause text,
    end_actor text,
    end_reason text,
    rotation_at bigint,
    gone_at bigint
);
create unique index checkouts_exclusive_key on checkouts (account) where state = 'open' and exclusive = 1;
create index checkouts_account on checkouts (account, state);
create index checkouts_holder on checkouts (holder, id);
create index checkouts_grant on checkouts (grant_id);
create index checkouts_unsettled on checkouts (id) where gone_at is null and state <> 'lapsed';
