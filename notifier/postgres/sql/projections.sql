-- name: ensure_projection_positions
-- Every partition has a row from the start, so that the least `complete_to` is over all of them (A8).
insert into projection_position (topic, partition, next_offset)
select $1, partition, 0 from unnest($2::integer[]) as new (partition)
 order by partition
    on conflict (topic, partition) do nothing

-- name: read_projection_positions
-- Where each partition of a topic stands.
select partition, next_offset, rebuild_to, complete_to, read_at from projection_position where topic = $1 order by partition

-- name: claim_projection_position
-- Locks the position; no row means that another process has moved it.
select rebuild_to, generation
  from projection_position
 where topic = $1 and partition = $2 and next_offset = $3
   for update

-- name: advance_projection_position
-- Moves the position with all counts of a stretch; `complete_to` never goes back (B21).
update projection_position
   set next_offset = $3, complete_to = greatest(complete_to, $4::timestamptz), read_at = clock_timestamp(),
       records = records + $5, applied = applied + $6, stale = stale + $7, tests = tests + $8,
       heartbeats = heartbeats + $9, dead_letters = dead_letters + $10, live_rows = live_rows + $11
 where topic = $1 and partition = $2

-- name: read_freshness
-- The least `complete_to` per topic; null while a partition has none or is being rebuilt (A8).
select topic,
       case when bool_and(complete_to is not null and rebuild_to is null) then min(complete_to) end as complete_to
  from projection_position
 where topic = any($1::text[])
 group by topic

-- name: begin_rebuild
-- A new generation for all partitions at once: a row does not tell which one it came from.
update projection_position p
   set next_offset = s.start_offset, rebuild_to = s.end_offset,
       generation = 1 + (select max(generation) from projection_position where topic = $1)
  from unnest($2::integer[], $3::bigint[], $4::bigint[]) as s (partition, start_offset, end_offset)
 where p.topic = $1 and p.partition = s.partition

-- name: find_rebuilt_generation
-- The generation whose every partition has passed its end: what it did not see is gone.
select min(generation) as generation
  from projection_position
 where topic = $1
having count(*) > 0 and bool_and(rebuild_to is not null and next_offset >= rebuild_to)

-- name: lock_projection_positions
-- The sweep moves counts of a topic; partitions wait for it, in order.
select partition from projection_position where topic = $1 order by partition for update

-- name: count_swept
-- What the sweep took away leaves the live rows, wherever it was counted.
update projection_position
   set live_rows = live_rows - $2
 where topic = $1 and partition = (select min(partition) from projection_position where topic = $1)

-- name: finish_rebuild
-- The projection counts as fresh again from the heartbeats it has read.
update projection_position set rebuild_to = null where topic = $1 and generation = $2

-- name: read_brakes
-- The kinds that are braked, and whether the brake runs at all: not before the first complete heartbeat (A10).
select array(select distinct kind from change_hour
              where topic = $1 and braked_at is not null and released_at is null) as kinds,
       coalesce((select bool_and(complete_to is not null) from projection_position where topic = $1), false) as armed

-- name: count_changes
-- Adds to the hour; the first of an hour takes down how many rows there were.
insert into change_hour as c (topic, kind, hour, rows_before, changes)
select $1, new.kind, date_trunc('hour', $2::timestamptz),
       (select sum(live_rows) from projection_position where topic = $1), new.changes
  from unnest($3::text[], $4::bigint[]) as new (kind, changes)
 order by new.kind
    on conflict (topic, kind, hour) do update set changes = c.changes + excluded.changes
returning kind, changes - released_changes as changes, rows_before, braked_at is not null and released_at is null as braked

-- name: brake_changes
-- From here on this kind waits for people.
update change_hour
   set braked_at = $3, released_at = null
 where topic = $1 and hour = date_trunc('hour', $3::timestamptz) and kind = any($2::text[])

-- name: release_brake
-- People have looked; in this hour only what comes on top counts again.
update change_hour
   set released_at = $3, released_changes = changes
 where topic = $1 and kind = $2 and braked_at is not null and released_at is null
returning hour

-- name: is_braked
-- Whether a kind still waits for people, in any topic.
select exists (select from change_hour where kind = $1 and braked_at is not null and released_at is null)

-- name: lift_protections
-- What waited for the release of the brake.
update person set protected = false, protected_at = null, lift_at = null
 where id in (select id from person where lift_at is not null order by id limit $1 for update)

-- name: purge_protected
-- Contact points of the protected that the brake kept from being deleted (B7).
update person
   set phone = null, phone_index = null, email = null, email_index = null
 where id in (select id from person
               where protected and (phone is not null or email is not null) and lift_at is null
               order by id limit $1 for update)

-- name: lift_blocks
-- What waited for the release of the brake.
update proxy x set blocked = false, lift_at = null
  from (select child, guardian from proxy where lift_at is not null order by child, guardian limit $1 for update) held
 where x.child = held.child and x.guardian = held.guardian
