create table system_settings (
    system text primary key references systems (name),
    mapping text not null,
    declared_at bigint not null
);
