alter table owned_things add column known_to text;
alter table owned_things add column known_version bigint;
create index owned_things_known_to on owned_things (known_to) where known_to is not null;
