create table ssh_certificates (
    serial bigint primary key,
    identity text not null references accounts (identity),
    fingerprint text not null,
    issued_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);
create index ssh_certificates_identity on ssh_certificates (identity, revoked_at);
