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

-- name: read_replayable
-- Sealed records that may be taken again; one that was reopened stays so.
select id, record
  from dead_letter
 where id = any($1::bigint[]) and record is not null and replayed_as is distinct from 'reopened'
 order by id

-- name: remember_replays
-- What became of them: reopened, or dead again with the present reason (A6).
update dead_letter d
   set replayed_as = s.fate, replayed_at = $4, reason = coalesce(s.reason, d.reason)
  from (select * from unnest($1::bigint[], $2::text[], $3::text[]) as s (id, fate, reason) order by id) s
 where d.id = s.id
