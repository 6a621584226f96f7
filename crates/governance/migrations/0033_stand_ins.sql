alter table tickets add column stand_in text references identities (id);
