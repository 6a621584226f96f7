create index observed_accounts_linked on observed_accounts (system, ordinal) where identity is not null and until_at is null;
