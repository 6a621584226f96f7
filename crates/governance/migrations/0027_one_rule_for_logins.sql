alter table systems drop column account_login;
