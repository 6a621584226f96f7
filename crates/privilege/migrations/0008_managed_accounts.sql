create table managed_accounts (
    id text primary key,
    target text not null,
    login text not null,
    credential text not null,
    owner text not null,
    settings text not null,
    state text not null,
    current_version bigint,
    fence bigint not null,
    pair text references managed_accounts (id),
    handed_out bigint not null,
    flipped_at bigint,
    managed_at bigint not null,
    changed_at bigint,
    verified_at bigint,
    verify_at bigint,
    rotate_at bigint,
    unmanaged_at bigint
);
create unique index managed_accounts_target_login_credential_key
    on managed_accounts (target, login, credential) where unmanaged_at is null;
create index managed_accounts_owner on managed_accounts (owner) where unmanaged_at is null;
create index managed_accounts_verify on managed_accounts (verify_at) where unmanaged_at is null;
create index managed_accounts_rotate on managed_accounts (rotate_at) where unmanaged_at is null;
create index managed_accounts_open on managed_accounts (state) where state <> 'settled';
create table account_credentials (
    account text not null references managed_accounts (id),
    version bigint not null,
    state text not null,
    sealed bytea,
    public_key text,
    made_at bigint not null,
    verified_at bigint,
    ended_at bigint,
    destroyed_at bigint,
    primary key (account, version)
);
create index account_credentials_kept on account_credentials (ended_at) where destroyed_at is null;
