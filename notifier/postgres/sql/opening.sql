-- name: advance_positions
-- Moves each partition's position if it still stands where the batch begins; a missing row means another owner.
update intake_position p
   set next_offset = s.next_offset
  from (select * from unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[])
            as span (topic, partition, expected, next_offset)
         order by topic, partition) s
 where p.topic = s.topic and p.partition = s.partition and p.next_offset = s.expected
returning p.topic, p.partition

-- name: add_totals
-- Counts each record by its first fate (A6).
insert into intake_total as t (day, topic, partition, records, opened, marks, duplicates, dead_letters)
select $1, * from unnest($2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
 order by 2, 3
    on conflict (day, topic, partition) do update
   set records = t.records + excluded.records,
       opened = t.opened + excluded.opened,
       marks = t.marks + excluded.marks,
       duplicates = t.duplicates + excluded.duplicates,
       dead_letters = t.dead_letters + excluded.dead_letters

-- name: pass_gate
-- The keys that were never seen within the horizon; the others are duplicates or reused (I2).
insert into gate (key, digest, day)
select key, digest, $3::date
  from unnest($1::bytea[], $2::bytea[]) as new (key, digest)
 order by key
    on conflict (key) do nothing
returning key

-- name: read_gate
-- The digests of keys that were there before, to tell a duplicate from a reused id (A4).
select key, digest from gate where key = any($1::bytea[])

-- name: leave_gate
-- A dead letter does not enter the gate: a corrected event may use its id (A4).
delete from gate where key = any($1::bytea[])

-- name: lock_matters
-- Inserts what is new as it will be, locks what was there and gives it as it is, in key order (A21).
insert into matter (key, subject, newest_at, acted_at, withdrawn_at, touched_on)
select key, subject, newest_at, acted_at, withdrawn_at, $6::date
  from unnest($1::bytea[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
       as new (key, subject, newest_at, acted_at, withdrawn_at)
 order by key
    on conflict (key) do update set touched_on = excluded.touched_on
returning old.key is null as fresh, matter.key, matter.subject, matter.newest_at, matter.acted_at, matter.withdrawn_at

-- name: lock_readers
-- All recipients of these matters, locked in key order.
select matter, recipient, about, read_at, counted, newest_at, notice_day, notice_event, notice, collapse_id
  from reader
 where matter = any($1::bytea[])
 order by matter, recipient
   for update

-- name: store_matters
-- What the batch made of matters that were there before.
update matter m
   set newest_at = s.newest_at, acted_at = s.acted_at, withdrawn_at = s.withdrawn_at
  from unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[])
       as s (key, newest_at, acted_at, withdrawn_at)
 where m.key = s.key

-- name: store_readers
-- What the batch made of recipients; their matters are locked, so each row is ours.
insert into reader (matter, recipient, about, read_at, counted, newest_at,
                    notice_day, notice_event, notice, collapse_id, touched_on)
select s.*, $11::date
  from unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::boolean[], $6::timestamptz[],
              $7::date[], $8::bytea[], $9::bigint[], $10::bytea[])
       as s (matter, recipient, about, read_at, counted, newest_at, notice_day, notice_event, notice, collapse_id)
 order by 1, 2
    on conflict (matter, recipient) do update
   set read_at = excluded.read_at, counted = excluded.counted, newest_at = excluded.newest_at,
       notice_day = excluded.notice_day, notice_event = excluded.notice_event, notice = excluded.notice,
       collapse_id = excluded.collapse_id, touched_on = excluded.touched_on

-- name: judge_notices
-- Notices judged again keep their row; those who came since get one.
insert into notice (day, event, id, recipient, about, verdict, reason, decided_at)
select * from unnest($1::date[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
                     $8::timestamptz[])
    on conflict (day, event, id) do update
   set verdict = excluded.verdict, reason = excluded.reason, decided_at = excluded.decided_at

-- name: read_clock
-- Leases are compared with the database's clock, so they are counted from it.
select clock_timestamp()

-- name: add_planned
-- How many deliveries a day planned, counted apart from their rows so that the account can compare (I12).
-- A row per session, or one opening at a time could commit (measured: a fifth of all waits).
insert into delivery_total as t (day, fate, deliveries, part)
values ($1, 'planned', $2, pg_backend_pid() % 64)
    on conflict (day, fate, part) do update set deliveries = t.deliveries + excluded.deliveries

-- name: supersede_deliveries
-- Waiting deliveries of older events of the same matter, locked in key order; gives what they were to hand over (A23).
with held as (
    select d.day, d.event, d.notice, d.id
      from unnest($1::date[], $2::bytea[], $3::bigint[]) as older (day, event, notice)
      join delivery d on d.day = older.day and d.event = older.event and d.notice = older.notice
     where d.day = any($4::date[]) and d.state = 'waiting'
     order by d.day, d.event, d.notice, d.id
       for update of d
)
update delivery d
   set state = 'superseded', reason = 'superseded', sealed = null
  from held
 where d.day = held.day and d.event = held.event and d.notice = held.notice and d.id = held.id
   and d.day = any($4::date[])
returning d.day, d.event, d.notice, d.loudness, d.reason

-- name: cancel_deliveries
-- Waiting deliveries of notices whose matter was handled or withdrawn.
with held as (
    select d.day, d.event, d.notice, d.id, ended.reason
      from unnest($1::date[], $2::bytea[], $3::bigint[], $4::text[]) as ended (day, event, notice, reason)
      join delivery d on d.day = ended.day and d.event = ended.event and d.notice = ended.notice
     where d.day = any($5::date[]) and d.state = 'waiting'
     order by d.day, d.event, d.notice, d.id
       for update of d
)
update delivery d
   set state = 'cancelled', reason = held.reason, sealed = null
  from held
 where d.day = held.day and d.event = held.event and d.notice = held.notice and d.id = held.id
   and d.day = any($5::date[])
returning d.day, d.event, d.notice, d.reason

-- name: end_superseded_events
-- Events whose last deliveries were superseded before anybody was told (A25).
with held as (
    select e.day, e.key
      from unnest($1::date[], $2::bytea[]) as older (day, key)
      join event e on e.day = older.day and e.key = older.key
     where e.day = any($4::date[]) and e.ended_as is null and e.held_reason is null
       and not exists (select from delivery d
                        where d.day = older.day and d.event = older.key
                          and (d.state = 'waiting' or d.accepted_at is not null)
                          and d.day = any($4::date[]))
     order by e.day, e.key
       for update of e
)
update event e
   set ended_as = 'superseded', ended_reason = 'superseded', ended_at = $3
  from held
 where e.day = held.day and e.key = held.key and e.day = any($4::date[])
returning e.day, e.key, e.source, e.id, e.about_child, e.opened_at, e.ended_as, e.ended_reason

-- name: end_marked_events
-- Every open event of the matter that the mark covers (A22); the first end stands.
with covered as (
    select e.day, e.key, (array_agg(m.ended_as order by m.ended_as))[1] as ended_as
      from unnest($1::bytea[], $2::text[], $3::timestamptz[]) as m (matter_key, ended_as, at)
      join event e on e.matter_key = m.matter_key and e.ended_as is null and e.happened_at <= m.at
     where e.day = any($5::date[])
     group by e.day, e.key
), held as (
    select e.day, e.key, c.ended_as
      from covered c
      join event e on e.day = c.day and e.key = c.key and e.ended_as is null
     where e.day = any($5::date[])
     order by e.day, e.key
       for update of e
)
update event e
   set ended_as = held.ended_as, ended_at = $4, held_reason = null
  from held
 where e.day = held.day and e.key = held.key and e.day = any($5::date[])
returning e.day, e.key, e.source, e.id, e.about_child, e.opened_at, e.ended_as, e.ended_reason

-- name: cancel_fallbacks
-- Whoever has seen it needs no later channel (I5).
update fallback set state = 'cancelled'
 where day = any($1::date[]) and event = any($2::bytea[]) and state = 'waiting'

-- name: tell_to_update
-- Devices that are told now that their app is too old. One that somebody else holds is being told, parked or registered:
-- it gets the notice's own text, so that opening waits for no device and holds it only for its own last statements.
with due as (
    select id from device
     where id = any($1::bigint[]) and (told_to_update_at is null or told_to_update_at <= $2)
       for update skip locked
)
update device d set told_to_update_at = $3
  from due
 where d.id = due.id
returning d.id

-- name: store_texts
-- Deliveries of this very transaction whose device was told to update by another.
update delivery d set text_key = s.text_key
  from unnest($1::date[], $2::bytea[], $3::bigint[], $4::bigint[], $5::text[])
       as s (day, event, notice, id, text_key)
 where d.day = s.day and d.event = s.event and d.notice = s.notice and d.id = s.id and d.day = any($6::date[])

-- name: move_badges
-- Adds each recipient's change, and gives the new count and version: the newest version is what is encoded.
insert into badge as b (recipient, unread, version)
select recipient, change, 1
  from unnest($1::bigint[], $2::integer[]) as s (recipient, change)
 order by recipient
    on conflict (recipient) do update
   set unread = greatest(b.unread + excluded.unread, 0), version = b.version + 1
returning recipient, unread, version

-- name: owe_quiet_pushes
-- Badge down and removal for every device of the recipients, coalesced per device; what is being sent is not sent twice
-- at a time, for the older might arrive last.
insert into quiet_push as q (device, recipient, lane, with_badge, removals, urgent, available_at, wanted)
select d.id, d.person, d.lane, true,
       coalesce(array_agg(s.collapse_id) filter (where s.collapse_id is not null), '{}'), $3::boolean,
       clock_timestamp(), (extract(epoch from clock_timestamp()) * 1000000)::bigint
  from unnest($1::bigint[], $2::bytea[]) as s (recipient, collapse_id)
  join device d on d.person = s.recipient and d.retired_at is null and d.parked_at is null
 group by d.id, d.person, d.lane
 order by d.id
    on conflict (device) do update
   set with_badge = true,
       removals = (q.removals || excluded.removals)[1:100],
       urgent = q.urgent or excluded.urgent,
       available_at = case when q.lease > 0 and q.available_at > clock_timestamp() then q.available_at
                           else least(q.available_at, excluded.available_at) end,
       wanted = q.wanted + 1

-- name: put_outbox
-- Messages owed to Kafka, several in a row, kept in one order per shard (DESIGN 5).
insert into outbox (shard, topic, keys, contents, publish_at)
select $1, $2, $3::bytea[], $4::bytea[], clock_timestamp() + $5::interval

-- name: insert_dead_letters
-- What could not be used, with the record sealed under a key of its own (B24).
insert into dead_letter (day, topic, partition, record_offset, reason, field, source, event_id, record, created_at)
select $1::date, s.*, $10::timestamptz
  from unnest($2::text[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[]) s
