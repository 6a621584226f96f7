create table ledger_head (
    id bigint primary key check (id = 1),
    origin text not null,
    size bigint not null,
    frontier bytea not null
);
create table ledger_entries (
    seq bigint primary key,
    at bigint not null,
    kind text not null,
    actor text not null,
    thread text not null,
    bytes bytea not null,
    leaf bytea not null
);
create index ledger_entries_thread on ledger_entries (thread, seq);
create table ledger_subjects (
    subject text not null,
    seq bigint not null references ledger_entries (seq),
    primary key (subject, seq)
);
create index ledger_subjects_seq on ledger_subjects (seq);
create table ledger_nodes (
    level bigint not null,
    position bigint not null,
    hash bytea not null,
    primary key (level, position)
);
create table ledger_checkpoints (
    size bigint primary key,
    note text not null,
    signed_at bigint not null
);
create table ledger_keys (
    id text primary key,
    public bytea not null,
    sealed_seed bytea not null,
    created_at bigint not null
);
create table ledger_personal (
    seq bigint not null references ledger_entries (seq),
    name text not null,
    subject text not null,
    sealed bytea not null,
    primary key (seq, name)
);
create table subject_keys (
    subject text primary key,
    sealed_key bytea not null
);
create table findings (
    id text primary key,
    kind text not null,
    subject text not null,
    detail text not null,
    raised_at bigint not null,
    cleared_at bigint
);
create unique index findings_open_key on findings (kind, subject) where cleared_at is null;
