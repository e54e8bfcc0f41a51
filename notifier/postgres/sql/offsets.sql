-- name: read_position
-- Where one partition is read from.
select next_offset from intake_position where topic = $1 and partition = $2

-- name: read_positions
-- Where every known partition of a topic is read from.
select partition, next_offset from intake_position where topic = $1

-- name: found_positions
-- Partitions that have no position yet.
insert into intake_position (topic, partition, first_offset, next_offset)
select $1, partition, start, start
  from unnest($2::integer[], $3::bigint[]) as s (partition, start)
 order by partition
    on conflict (topic, partition) do nothing

-- name: rewind_positions
-- The whole log again, by an operator's word (A5): the account begins anew where the log does.
insert into intake_position as p (topic, partition, first_offset, next_offset)
select $1, partition, start, start
  from unnest($2::integer[], $3::bigint[]) as s (partition, start)
 order by partition
    on conflict (topic, partition) do update set next_offset = excluded.next_offset
