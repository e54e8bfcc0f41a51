-- name: claim_shards
-- Shards with due messages that nobody else publishes; the lease is the database's and outlives one publication.
with free as (
    select s.shard
      from outbox_shard s
     where (s.leased_until < clock_timestamp() or s.holder = $1)
       and exists (select from outbox o where o.shard = s.shard and o.publish_at <= clock_timestamp())
     order by s.shard
       for update of s skip locked
)
update outbox_shard s
   set holder = $1, leased_until = clock_timestamp() + $2::interval
  from free
 where s.shard = free.shard
returning s.shard

-- name: read_due_messages
-- The oldest due rows of each shard, in the order they were written; a statement after the claim, to see what the last publisher deleted.
select o.shard, o.id, o.topic, o.keys, o.contents
  from unnest($1::smallint[]) as mine (shard)
 cross join lateral (
       select shard, id, topic, keys, contents
         from outbox
        where shard = mine.shard and publish_at <= clock_timestamp()
        order by publish_at, id
        limit $2) o
 order by o.shard, o.id

-- name: settle_messages
-- What the broker acknowledged goes, and the shards are free again in the same moment.
with gone as (
    delete from outbox o
     using unnest($1::smallint[], $2::bigint[]) as sent (shard, id)
     where o.shard = sent.shard and o.id = sent.id
)
update outbox_shard
   set holder = null, leased_until = '-infinity'
 where shard = any($3::smallint[]) and holder = $4
