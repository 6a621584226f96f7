insert into owned_things (kind, subject, name, owner)
  select 'account', id, login || '@' || target, owner from managed_accounts where unmanaged_at is null;
insert into owned_things (kind, subject, owner) select 'secret', id, owner from secrets;
