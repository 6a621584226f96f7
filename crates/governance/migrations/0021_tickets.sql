create table tickets (
    id text primary key,
    order_id text not null,
    system text not null,
    opened_at bigint not null,
    remind_at bigint not null,
    reminders bigint not null,
    state text not null,
    done_by text,
    closed_at bigint
);
create unique index tickets_open on tickets (order_id) where state = 'open';
create index tickets_due on tickets (state, remind_at);
create index tickets_system on tickets (system, state);
