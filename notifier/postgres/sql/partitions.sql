-- name: attached_days
-- The days a partitioned table has, by the names of its attached partitions.
select substring(c.relname from '\d{8}$') as day
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = $1::text::regclass
   and not i.inhdetachpending

-- name: empty_days
-- Those of them that have no page, asked at once: every start looks.
select substring(c.relname from '\d{8}$') as day
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = $1::text::regclass
   and not i.inhdetachpending
   and pg_relation_size(c.oid) = 0

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
-- For each column of a partition something that its type can read, and its own day.
select jsonb_object_agg(attname, case when attname = 'day' then $2::text
                                      when atttypid in ('text'::regtype, 'bytea'::regtype) then ''
                                      when atttypid in ('date'::regtype, 'timestamptz'::regtype) then 'epoch'
                                      when atttypid = 'boolean'::regtype then 'false'
                                      else '0' end)
  from pg_attribute
 where attrelid = $1::text::regclass and attnum > 0 and not attisdropped

-- name: expect_rows
-- Has a partition of one page planned as one of so many rows.
select pg_restore_relation_stats('schemaname', current_schema()::text, 'relname', $1::text,
                                 'relpages', 1, 'reltuples', $2::real)
