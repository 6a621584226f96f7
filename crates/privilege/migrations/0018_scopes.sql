alter table services add column scope text;
