-- name: attached_days
-- The days a partitioned table has, by the names of its attached partitions.
select substring(c.relname from '\d{8}$') as day
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = $1::text::regclass
   and not i.inhdetachpending

-- name: relation_size_guess
-- The newest partition with rows: its size is what a fresh one is planned as (DESIGN 5).
select c.relpages, c.reltuples
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = $1::text::regclass
   and c.reltuples > 0
 order by c.relname desc
 limit 1
