-- name: list_dead_letters
-- What is known without opening anything, the newest first.
select id, created_at, topic, partition, record_offset, reason, field, source, event_id, replayed_as, replayed_at,
       octet_length(record) as sealed_bytes
  from dead_letter
 where ($1::text is null or reason = $1)
   and ($2::text is null or topic = $2)
 order by id desc
 limit $3

-- name: read_dead_letter
-- One, with its sealed record.
select id, created_at, topic, partition, record_offset, reason, field, source, event_id, replayed_as, replayed_at,
       octet_length(record) as sealed_bytes, record
  from dead_letter
 where id = $1
