-- name: end_due_events
-- Events whose time has come: told and not seen, or nobody told (A25); those told early wait for their useful time.
with due as (
    select e.day, e.key,
           exists (select from delivery t
                    where t.day = e.day and t.event = e.key and t.accepted_at is not null
                      and t.day = any($2::date[])) as told
      from event e
     where coalesce(e.ended_as, '') = '' and e.end_due_at <= $1 and e.day = any($2::date[])
     order by e.end_due_at
     limit $3
       for update of e skip locked
)
update event e
   set end_due_at = case when due.told and e.useful_until > $1 then e.useful_until else e.end_due_at end,
       ended_as = case when due.told then case when e.useful_until > $1 then null else 'delivered_unseen' end
                       when e.legacy then 'legacy' else 'unreachable' end,
       ended_at = case when due.told and e.useful_until > $1 then null else $1 end,
       held_reason = case when not due.told and e.useful_until <= $1 then null else e.held_reason end
  from due
 where e.day = due.day and e.key = due.key and e.day = any($2::date[])
returning e.day, e.key, e.source, e.id, e.about_child, e.opened_at, e.ended_as, e.ended_reason

-- name: find_held_events
-- Held and due to be judged again; two processes may find the same, the matter's lock decides (A7). Of the types that
-- this process knows: an older version of us leaves newer ones to those who know them.
select e.day, e.key, e.source, e.id, e.type, e.subject, e.matter, e.matter_key, e.unit, e.region,
       e.happened_at, e.happens_at, e.visible, e.proxies_allowed, e.live_asked, e.opened_at, e.useful_until,
       e.held_reason, p.lookup
  from event e
  join person p on p.id = e.subject
 where e.held_reason is not null and coalesce(e.ended_as, '') = '' and e.rejudge_at <= $1
   and e.day = any($2::date[]) and e.type = any($4::text[])
 order by e.rejudge_at
 limit $3

-- name: put_off_held_event
-- It could not be judged: the others go on, and it is tried again later.
update event set rejudge_at = $3 where day = $1 and key = $2 and held_reason is not null and ended_as is null

-- name: read_notices
-- The notices that events have, so that only the held ones are judged again.
select event, id, recipient, verdict, reason from notice where day = any($1::date[]) and event = any($2::bytea[])

-- name: lock_known_matters
-- Before what is held is judged again: nobody else judges or marks these meanwhile.
select key from matter where key = any($1::bytea[]) order by key for update

-- name: still_held
-- Asked under the matters' locks: which of these events still wait.
select key from event where day = any($1::date[]) and key = any($2::bytea[]) and held_reason is not null and ended_as is null

-- name: settle_held_events
-- What judging again made of them: held on, or free to go or to end.
with held as (
    select e.day, e.key, s.held_reason, s.rejudge_at, s.about_child, s.legacy
      from unnest($1::date[], $2::bytea[], $3::text[], $4::timestamptz[], $5::boolean[], $6::boolean[])
           as s (day, key, held_reason, rejudge_at, about_child, legacy)
      join event e on e.day = s.day and e.key = s.key
     where e.day = any($7::date[]) and e.ended_as is null
     order by e.day, e.key
       for update of e
)
update event e
   set held_reason = held.held_reason, rejudge_at = held.rejudge_at, about_child = held.about_child,
       legacy = held.legacy
  from held
 where e.day = held.day and e.key = held.key and e.day = any($7::date[])

-- name: end_handled_events
-- Held events whose matter was handled or withdrawn meanwhile.
update event e
   set ended_as = s.ended_as, ended_at = $4
  from (select * from unnest($1::date[], $2::bytea[], $3::text[]) as s (day, key, ended_as) order by day, key) s
 where e.day = s.day and e.key = s.key and e.day = any($5::date[]) and e.ended_as is null
returning e.day, e.key, e.source, e.id, e.about_child, e.opened_at, e.ended_as, e.ended_reason
