create table ownerships (
    id text primary key,
    case_id text not null references leaver_cases (id),
    owner text not null references identities (id),
    kind text not null,
    subject text not null,
    name text not null,
    found_at bigint not null,
    state text not null,
    successor text references identities (id),
    because text,
    decided_by text references identities (id),
    deadline bigint,
    settled_at bigint,
    constraint ownerships_case_subject_key unique (case_id, kind, subject)
);
create index ownerships_owner on ownerships (owner, id);
create index ownerships_state on ownerships (state, id);
create index ownerships_subject on ownerships (kind, subject, id);
