create index orders_unplaced on orders (system, login) where account is null and state <> 'superseded';
create index orders_unfinished on orders (system, state, rank, ordered_at, id)
    where state in ('queued', 'ordered', 'sending', 'unknown', 'waiting', 'waiting_for_person', 'done');
