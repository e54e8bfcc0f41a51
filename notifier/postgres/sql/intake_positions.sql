-- name: read_intake_positions
-- Where each partition of a topic stands, whatever the group (A5).
select partition, next_offset from intake_position where topic = $1 order by partition

-- name: enter_partitions
-- New partitions of a topic that is known.
insert into intake_position (topic, partition, first_offset, next_offset)
select $1, partition, start, start
  from unnest($2::integer[], $3::bigint[]) as new (partition, start)
 order by partition
    on conflict (topic, partition) do nothing

-- name: lock_intake_positions
-- Nobody opens a batch of the topic while it is rewound.
select from intake_position where topic = $1 order by partition for update

-- name: rewind_positions
-- `run --from earliest`: every record that the log still has is read again, and counted again, as duplicate (A5).
insert into intake_position as p (topic, partition, first_offset, next_offset)
select $1, partition, start, start
  from unnest($2::integer[], $3::bigint[]) as new (partition, start)
 order by partition
    on conflict (topic, partition) do update
   set first_offset = excluded.first_offset, next_offset = excluded.next_offset
