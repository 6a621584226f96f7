create table identities (
    id text primary key,
    employee_id text not null,
    given_name text not null,
    family_name text not null,
    email text not null,
    email_key text not null,
    search_key text not null,
    department text not null,
    job_title text not null,
    manager text,
    status text not null,
    start_date text not null,
    end_date text,
    constraint identities_employee_id_key unique (employee_id)
);
create index identities_email on identities (email_key);
create index identities_status on identities (status, end_date);
create table identity_versions (
    identity text not null references identities (id),
    version bigint not null,
    from_at bigint not null,
    until_at bigint,
    true_from bigint not null,
    given_name text not null,
    family_name text not null,
    email text not null,
    department text not null,
    job_title text not null,
    manager text,
    status text not null,
    start_date text not null,
    end_date text,
    primary key (identity, version)
);
create unique index identity_versions_open_key on identity_versions (identity) where until_at is null;
