alter table account_answers add column known_to text references identities (id);
create index account_answers_known_to on account_answers (system, native_id) where known_to is not null;
update account_answers set known_to = (
  select o.owner from findings f
  join ownerships o on o.kind = 'shared_account' and o.subject = f.subject
  join observed_accounts a on a.id = f.subject
  where f.kind = 'shared_credential_known_to_leaver' and f.cleared_at is null
    and a.system = account_answers.system and a.native_id = account_answers.native_id
  order by o.id desc limit 1);
