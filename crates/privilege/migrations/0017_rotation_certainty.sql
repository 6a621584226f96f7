alter table rotations add column none_since bigint;
