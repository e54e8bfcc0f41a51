-- name: attached_days
-- The days a partitioned table has, by the names of its attached partitions.
select substring(c.relname from '\d{8}$') as day
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = $1::text::regclass
   and not i.inhdetachpending

-- name: rows_of_newest
-- The rows of the newest partition that has any: a fresh one is planned for as many (DESIGN 5).
select c.reltuples
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = $1::text::regclass
   and c.reltuples > 0
 order by c.relname desc
 limit 1

-- name: values_of_any_kind
-- For each column of a table something that its type can read.
select jsonb_object_agg(attname, case when atttypid in ('text'::regtype, 'bytea'::regtype) then ''
                                      when atttypid in ('date'::regtype, 'timestamptz'::regtype) then 'epoch'
                                      when atttypid = 'boolean'::regtype then 'false'
                                      else '0' end)
  from pg_attribute
 where attrelid = $1::text::regclass and attnum > 0 and not attisdropped
