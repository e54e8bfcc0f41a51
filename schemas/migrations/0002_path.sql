-- The path: position, gate, matter, event, notice, delivery, badge, fallback, outbox.
-- Table order of locks: position, gate, matter, reader, delivery, event, badge, quiet push, outbox (DESIGN 5).

create table intake_position (
    topic text not null,
    partition integer not null,
    first_offset bigint not null,
    next_offset bigint not null,
    primary key (topic, partition)
) with (fillfactor = 50);

create table intake_total (
    day date not null,
    topic text not null,
    partition integer not null,
    records bigint not null default 0,
    opened bigint not null default 0,
    marks bigint not null default 0,
    duplicates bigint not null default 0,
    dead_letters bigint not null default 0,
    primary key (day, topic, partition)
) with (fillfactor = 50);
comment on table intake_total is 'each record read, by its first fate (A6): records = opened + marks + duplicates + dead letters';

create table delivery_total (
    day date not null,
    fate text not null,
    deliveries bigint not null default 0,
    part smallint not null default 0,
    primary key (day, fate, part)
) with (fillfactor = 50);
comment on column delivery_total.part is 'spreads the count over sessions: one row would be held by one opening at a time';
comment on table delivery_total is 'planned deliveries per day, and the fates of days whose partition is gone (I12, B45)';

create table gate (
    key bytea primary key,
    digest bytea not null,
    day date not null
) with (autovacuum_vacuum_insert_scale_factor = 0.05);
create index gate_day on gate using brin (day);

create table matter (
    key bytea primary key,
    subject bigint not null,
    newest_at timestamptz,
    acted_at timestamptz,
    withdrawn_at timestamptz,
    touched_on date not null
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);

create table reader (
    matter bytea not null,
    recipient bigint not null,
    about bigint not null,
    read_at timestamptz,
    counted boolean not null default false,
    newest_at timestamptz,
    notice_day date,
    notice_event bytea,
    notice bigint,
    collapse_id bytea,
    touched_on date not null,
    primary key (matter, recipient)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
create index reader_counted on reader (recipient, about) where counted;
create index reader_of_others on reader (recipient, about) where counted and recipient <> about;
comment on table reader is 'one recipient of one matter: what it has read, whether it counts in the badge, its newest notice';

create table event (
    day date not null,
    key bytea not null,
    source text not null,
    id text not null,
    type text not null,
    subject bigint not null,
    matter text not null,
    matter_key bytea not null,
    unit text not null,
    region text not null,
    happened_at timestamptz not null,
    happens_at timestamptz,
    visible boolean not null,
    proxies_allowed boolean not null,
    live_asked boolean not null,
    opened_at timestamptz not null,
    useful_until timestamptz not null,
    about_child boolean not null,
    legacy boolean not null,
    catalogue text not null,
    policy integer not null,
    held_reason text,
    rejudge_at timestamptz,
    end_due_at timestamptz,
    ended_as text,
    ended_reason text,
    ended_at timestamptz,
    primary key (day, key)
) partition by range (day);
create index event_end_due on event (end_due_at) where coalesce(ended_as, '') = '';
create index event_matter on event (matter_key) where ended_as is null;
create index event_held on event (rejudge_at) where held_reason is not null and coalesce(ended_as, '') = '';
comment on index event_end_due is 'sweepers ask in the same words; see delivery_waiting';
comment on column event.happened_at is 'the CloudEvents time';
comment on column event.legacy is 'where nobody is told, today''s service sends (A25, A26)';

create table notice (
    day date not null,
    id bigint not null,
    event bytea not null,
    recipient bigint not null,
    about bigint not null,
    verdict text not null,
    reason text,
    decided_at timestamptz not null,
    primary key (day, event, id)
) partition by range (day);

create table delivery (
    day date not null,
    event bytea not null,
    notice bigint not null,
    id bigint not null,
    recipient bigint not null,
    device bigint not null,
    lane text not null,
    loudness text not null,
    text_key text not null,
    collapse_id bytea not null,
    expires_at timestamptz not null,
    sealed bytea,
    state text not null,
    reason text,
    available_at timestamptz not null,
    handed boolean not null,
    lease integer not null default 0,
    attempts smallint not null default 0,
    unsure boolean not null default false,
    opened_at timestamptz not null default clock_timestamp(),
    accepted_at timestamptz,
    badge_version bigint,
    primary key (day, event, notice, id)
) partition by range (day);
create index delivery_waiting on delivery (lane, available_at) where state || '' = 'waiting';
comment on index delivery_waiting is 'claimers ask in the same odd words; whoever looks up a key says state = ''waiting'', which must not imply this predicate: to the planner, whose statistics of today are of yesterday, reading all of a small index looks as cheap as one key, and stays so in the plan while the index grows (measured: 50 ms instead of 1)';
comment on column delivery.available_at is 'the lease and the retry in one: claimable from here, by the clock of the database';
comment on column delivery.handed is 'a lane holds it or held it when its process ended: its outcome is unknown';
comment on column delivery.lease is 'counts the claims; only the holder of the newest may postpone the row';
comment on column delivery.unsure is 'an attempt ended without an answer: it may have been shown';

create table badge (
    recipient bigint primary key,
    unread integer not null,
    version bigint not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
comment on table badge is 'unread matters per recipient, one row so that its sum is always read under its lock; the share of each person represented is the count over reader_counted';

create table quiet_push (
    device bigint primary key,
    recipient bigint not null,
    lane text not null,
    with_badge boolean not null,
    removals bytea[] not null default '{}',
    urgent boolean not null default false,
    available_at timestamptz not null,
    lease bigint not null default 0,
    attempts smallint not null default 0,
    wanted bigint not null default 1
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
create index quiet_push_due on quiet_push (lane, available_at);
comment on table quiet_push is 'the silent work owed to a device, coalesced: badge down and removal of shown pushes';

create table fallback (
    day date not null,
    event bytea not null,
    notice bigint not null,
    recipient bigint not null,
    after interval not null,
    deadline_at timestamptz not null,
    due_at timestamptz,
    state text not null,
    primary key (day, event)
) partition by range (day);
create index fallback_due on fallback (due_at) where state = 'waiting';

create table step (
    day date not null,
    event bytea not null,
    notice bigint,
    at timestamptz not null,
    what text not null,
    reason text,
    version text
) partition by range (day);
create index step_event on step (event);
comment on table step is 'what happened to an event after its opening, beside what notice and delivery hold themselves';

create table outbox (
    shard smallint not null,
    id bigint generated always as identity,
    topic text not null,
    keys bytea[] not null,
    contents bytea[] not null,
    publish_at timestamptz not null default clock_timestamp(),
    primary key (shard, id)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
alter table outbox alter column contents set storage external, alter column keys set storage external;
comment on table outbox is 'messages owed to Kafka, several in a row; a shard has one publisher at a time, which deletes after the ack';

create table dead_letter (
    id bigint generated always as identity primary key,
    day date not null,
    topic text not null,
    partition integer not null,
    record_offset bigint not null,
    reason text not null,
    field text,
    source text,
    event_id text,
    record bytea,
    replayed_as text,
    replayed_at timestamptz,
    created_at timestamptz not null
);
create index dead_letter_day on dead_letter (day);
comment on column dead_letter.record is 'the sealed record under a key of its own, kept 30 days (B24)';

create table halt (
    id bigint generated always as identity primary key,
    channel text not null,
    region text,
    type text,
    source text,
    reason text not null,
    operator text not null,
    halted_at timestamptz not null default clock_timestamp(),
    resume_asked_by text,
    resume_asked_at timestamptz,
    resumed_by text,
    resumed_at timestamptz
);

create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    operator text not null,
    action text not null,
    purpose text,
    what text
);
create rule audit_keeps_rows_unchanged as on update to audit do instead nothing;
create rule audit_keeps_rows as on delete to audit do instead nothing;
comment on table audit is 'append-only: who changed or opened something, and why (A37)';
