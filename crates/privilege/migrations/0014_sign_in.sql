alter table targets add column sign_in text not null default 'certificate';
alter table sessions add column account text references managed_accounts (id);
alter table sessions add column account_version bigint;
