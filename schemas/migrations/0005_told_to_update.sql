-- Whose app is too old is told so, at most once in a while (R19).

alter table device add column told_to_update_at timestamptz;
comment on column device.told_to_update_at is 'when a notice last carried the text `update` to this device; opening claims it in its own transaction';
