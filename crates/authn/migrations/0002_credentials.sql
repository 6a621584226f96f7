create table credentials (
    identity text primary key references accounts (identity),
    password_hash text not null,
    totp_secret bytea not null,
    totp_step bigint not null,
    set_at bigint not null
);
