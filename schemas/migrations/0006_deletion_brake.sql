-- The deletion brake: what providers said of tokens per lane and minute, and when too many were gone to be true.

create table answer_minute (
    lane text not null,
    minute timestamptz not null,
    part smallint not null,
    answers bigint not null,
    gone bigint not null,
    primary key (lane, minute, part)
) with (fillfactor = 50);
comment on column answer_minute.answers is 'accepted, or gone (R13, A10)';
comment on column answer_minute.part is 'spreads the count over sessions: one row would be held by one recording at a time';

create table deletion_brake (
    id bigint generated always as identity primary key,
    lane text not null,
    window_from timestamptz not null,
    braked_at timestamptz not null,
    answers bigint not null,
    gone bigint not null,
    ended_at timestamptz,
    ended_as text check (ended_as in ('released', 'forgotten')),
    ended_by text
);
create unique index deletion_brake_on on deletion_brake (lane) where ended_at is null;
create index deletion_brake_lane on deletion_brake (lane, id);
comment on column deletion_brake.window_from is 'what was parked as gone from here on is kept with what came after (R13)';
comment on column deletion_brake.ended_as is 'released: the tokens were good, and this stretch counts in no mean; forgotten: they were gone';

create index device_parked on device (lane, parked_reason, parked_at) where parked_reason is not null and retired_at is null;
comment on column device.parked_reason is 'token_gone: forgotten once the window has passed without a brake; brake: kept until people end it (R13)';
comment on column device.retired_at is 'forgotten: never used again, unless it registers anew';
