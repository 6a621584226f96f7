create table ledger_witnesses (
    node text primary key,
    since bigint not null
);
