create index orders_waiting on orders (id) where state = 'waiting_for_person';
