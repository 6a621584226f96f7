create table memberships (
    grant_id text primary key,
    holder text not null,
    system text not null,
    account text not null,
    entitlement text not null,
    add_order text,
    remove_order text,
    state text not null,
    given_at bigint not null,
    ended_at bigint,
    gone_at bigint
);
create index memberships_left on memberships (state) where state <> 'gone';
create index memberships_subject on memberships (account, entitlement) where state <> 'gone';
