create table issuers (
    id text primary key,
    name text not null,
    terms text not null,
    created_at bigint not null,
    withdrawn_at bigint,
    constraint issuers_name_key unique (name)
);
create table issuer_keys (
    id text primary key,
    issuer_id text not null references issuers (id),
    public_key text not null,
    sealed_key bytea not null,
    certificate text,
    above text,
    created_at bigint not null,
    retired_at bigint,
    published_until bigint
);
create index issuer_keys_issuer on issuer_keys (issuer_id, id);
create table issuer_profiles (
    issuer_id text not null references issuers (id),
    name text not null,
    profile text not null,
    constraint issuer_profiles_key primary key (issuer_id, name)
);
create table issuer_crls (
    issuer_id text primary key references issuers (id),
    number bigint not null,
    revoked bigint not null,
    der bytea not null,
    sha256 text not null,
    next_update bigint not null
);
create table issued_certificates (
    id text primary key,
    issuer text not null references issuers (name),
    key_id text not null references issuer_keys (id),
    form text not null,
    profile text not null,
    grant_id text not null,
    permit_id text not null,
    holder text not null,
    token text,
    serial text not null,
    names text not null,
    certificate text,
    sha256 text not null,
    issued_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    end_cause text,
    gone_at bigint,
    constraint issued_certificates_serial_key unique (issuer, serial),
    constraint issued_certificates_permit_key unique (permit_id)
);
create index issued_certificates_live on issued_certificates (grant_id) where ended_at is null;
create index issued_certificates_token on issued_certificates (token) where ended_at is null;
create index issued_certificates_grant on issued_certificates (grant_id, gone_at);
create index issued_certificates_left on issued_certificates (expires_at) where gone_at is null;
create index issued_certificates_revoked on issued_certificates (issuer, expires_at) where ended_at is not null;
create index issued_certificates_holder on issued_certificates (holder, id);
create index issued_certificates_key on issued_certificates (key_id, expires_at);
