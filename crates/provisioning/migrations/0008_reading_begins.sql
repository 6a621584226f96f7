alter table feed_readings add column began_at bigint;
