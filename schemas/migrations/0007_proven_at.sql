-- Tokens of which nobody knows yet that they work travel on a connection of their own (R17). What is here already counts
-- as proven, or all of it would go through that one: the default is kept beside the table, and no row is written anew.

alter table device add column proven_at timestamptz default now();
alter table device alter column proven_at drop default;
comment on column device.proven_at is 'when a provider first took a push to this token, or it was taken over from elsewhere; null: it is in doubt, for it is new, or was parked';
