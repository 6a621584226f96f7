alter table account_answers add column account text;
update account_answers set account = (
  select a.id from observed_accounts a
  where a.system = account_answers.system and a.native_id = account_answers.native_id and a.until_at is null
    and (a.login_key = account_answers.login or a.from_at <= account_answers.decided_at));
create index account_answers_account on account_answers (account);
