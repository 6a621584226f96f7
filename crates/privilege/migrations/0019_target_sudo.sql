alter table targets add column sudo text not null default '{}';
