alter table accounts add column kind text not null default 'person';
