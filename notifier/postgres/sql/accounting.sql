-- name: open_spans
-- What is being read of each partition, if it is not known yet as a span of its own.
insert into intake_span (topic, partition, first_offset, counted_to)
select topic, partition, first_offset, first_offset
  from intake_position
 order by topic, partition
    on conflict (topic, partition) where end_offset is null do nothing

-- name: close_spans
-- Before a partition is read again from its start: what was read so far keeps its own count (A5, A6).
update intake_span s
   set end_offset = p.next_offset
  from intake_position p
 where p.topic = $1 and s.topic = p.topic and s.partition = p.partition and s.end_offset is null

-- name: begin_spans
-- The stretch that a rewind begins, from where the log starts now.
insert into intake_span (topic, partition, first_offset, counted_to)
select $1, partition, start, start
  from unnest($2::integer[], $3::bigint[]) as new (partition, start)
 order by partition

-- name: read_spans
-- Every stretch that was read, ended ones and the one under way.
select s.id, s.topic, s.partition, s.first_offset, coalesce(s.end_offset, p.next_offset) as end_offset,
       s.counted_to, s.counted
  from intake_span s
  join intake_position p using (topic, partition)
 order by s.topic, s.partition, s.id

-- name: carry_count
-- The count reaches further; not if another account has carried it meanwhile.
update intake_span
   set counted_to = $3, counted = counted + $4
 where id = $1 and counted_to = $2

-- name: read_ledgered
-- Records by first fate, over all days (A6).
select p.topic, p.partition, p.first_offset, p.next_offset,
       coalesce(sum(t.records), 0)::bigint as records, coalesce(sum(t.opened), 0)::bigint as opened,
       coalesce(sum(t.marks), 0)::bigint as marks, coalesce(sum(t.duplicates), 0)::bigint as duplicates,
       coalesce(sum(t.dead_letters), 0)::bigint as dead_letters
  from intake_position p
  left join intake_total t using (topic, partition)
 group by p.topic, p.partition
 order by p.topic, p.partition

-- name: count_deliveries
-- Deliveries by state, of the days whose rows are there.
select day, state, count(*) as deliveries from delivery group by day, state order by day, state

-- name: read_delivery_totals
-- What was planned each day, and the states of days whose rows are gone (B45).
select day, fate, sum(deliveries)::bigint as deliveries from delivery_total group by day, fate order by day, fate

-- name: total_deliveries
-- Before a day's rows are dropped, their states move to the totals, so that the account stays exact (B45).
insert into delivery_total (day, fate, deliveries)
select day, state, count(*) from delivery where day = any($1::date[]) group by day, state order by day, state
    on conflict (day, fate, part) do update set deliveries = excluded.deliveries

-- name: count_replays
-- Dead letters that were replayed, by what became of them.
select coalesce(replayed_as, 'unknown') as fate, count(*) as letters
  from dead_letter
 where replayed_at is not null
 group by 1
 order by 1
