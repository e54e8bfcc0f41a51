-- name: read_withheld_units
-- Units whose events ombud never learn of, by the sending region (A15).
select code, unnest(withhold_units) as unit from region where withhold_units <> '{}'

-- name: read_gauges
-- How things stand; counted over the days that can still be open.
select (select count(*) from outbox) as outbox,
       (select count(*) from quiet_push) as quiet,
       (select count(*) from event where held_reason is not null and coalesce(ended_as, '') = ''
           and day = any($1::date[])) as held

-- name: count_waiting
-- Waiting deliveries per lane, and since when the oldest waits.
select lane, count(*) as waiting, min(opened_at) as oldest_at
  from delivery
 where state || '' = 'waiting' and day = any($1::date[])
 group by lane

-- name: recount_badges
-- Each recipient's unread count against its readers: what differs is drift (R14).
select b.recipient, b.unread, coalesce(c.counted, 0) as counted
  from badge b
  left join (select recipient, count(*) as counted from reader where counted group by recipient) c using (recipient)
 where b.unread <> coalesce(c.counted, 0)

-- name: mend_badges
-- Sets drifted counts right under their locks, and raises the version so that devices are told.
update badge b
   set unread = (select count(*) from reader r where r.recipient = b.recipient and r.counted), version = b.version + 1
  from (select recipient from unnest($1::bigint[]) as s (recipient) order by recipient) s
 where b.recipient = s.recipient

-- name: uncount_old_matters
-- A matter counts as unread for 180 days at most (A24).
with picked as (
    select matter, recipient from reader
     where counted and touched_on < $1::date
     order by matter, recipient
     limit $2
       for update skip locked
)
update reader r set counted = false
  from picked p
 where r.matter = p.matter and r.recipient = p.recipient
returning r.recipient, r.collapse_id

-- name: forget_gate
-- Keys beyond the horizon (B23), in small batches.
delete from gate where key in (select key from gate where day < $1::date limit $2)

-- name: forget_matters
-- Matters whose marks have waited 30 days for an event, and those older than any badge (A22, A24). Not before their
-- readers: whoever inserts a matter that was not there takes it that it has none.
delete from matter
 where key in (select m.key from matter m
                where m.touched_on < $1::date
                  and not exists (select from reader r where r.matter = m.key)
                limit $2)

-- name: forget_readers
-- Readers who count nothing, once they are as old as their matter may be.
delete from reader
 where (matter, recipient) in (select r.matter, r.recipient from reader r
                                where not r.counted and r.touched_on < $1::date
                                limit $2)
