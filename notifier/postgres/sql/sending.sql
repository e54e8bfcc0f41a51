-- name: accept_deliveries
-- What a provider took: accepted is a fact, whoever held the lease; a row that ended meanwhile keeps its end.
-- Gives the state each row had, and whether its event had told nobody before. Updated in the order of the keys.
-- The sealed details are kept for a resend only (B9): afterwards they would be personal data without a use.
-- Only the newest lease's own answer says what became of it: who accepts under an older one does not know that.
update delivery d
   set state = case when d.state = 'waiting' then 'accepted' else d.state end,
       accepted_at = coalesce(d.accepted_at, s.accepted_at),
       attempts = d.attempts + 1,
       badge_version = s.badge_version,
       sealed = null,
       handed = d.handed and d.lease <> s.lease
  from (select * from unnest($1::date[], $2::bytea[], $3::bigint[], $4::bigint[], $5::integer[], $6::bigint[],
                             $7::timestamptz[])
                      as settled (day, event, notice, id, lease, badge_version, accepted_at)
         order by day, event, notice, id) s
 where d.day = s.day and d.event = s.event and d.notice = s.notice and d.id = s.id and d.day = any($8::date[])
returning d.day, d.event, d.recipient, d.collapse_id, d.reason, old.state as was,
          not exists (select from delivery t
                       where t.day = d.day and t.event = d.event and t.accepted_at is not null
                         and t.day = any($8::date[])) as first

-- name: prove_devices
-- A provider took a push to these tokens: they are in doubt no more (R17). It waits for none: one that somebody else
-- holds is being parked, registered or proven, and its next push proves it. A transaction waits for nothing after it.
with taken as (
    select id from device
     where id = any($1::bigint[]) and proven_at is null and parked_at is null
       for update skip locked
)
update device d set proven_at = clock_timestamp()
  from taken
 where d.id = taken.id

-- name: start_fallbacks
-- The clock of "unseen" starts when the provider took the push (DESIGN 5).
update fallback f set due_at = least($3::timestamptz + f.after, f.deadline_at)
 where f.day = any($1::date[]) and f.event = any($2::bytea[]) and f.state = 'waiting' and f.due_at is null

-- name: postpone_deliveries
-- Not taken, or nobody knows: again later, if the lease is still ours (DESIGN 3). The wait is the database's clock.
with held as (
    select d.day, d.event, d.notice, d.id, s.wait, s.unsure
      from unnest($1::date[], $2::bytea[], $3::bigint[], $4::bigint[], $5::integer[], $6::interval[], $7::boolean[])
           as s (day, event, notice, id, lease, wait, unsure)
      join delivery d on d.day = s.day and d.event = s.event and d.notice = s.notice and d.id = s.id
     where d.day = any($8::date[]) and d.state = 'waiting' and d.lease = s.lease
     order by d.day, d.event, d.notice, d.id
       for update of d
)
update delivery d
   set available_at = clock_timestamp() + held.wait,
       attempts = d.attempts + 1,
       unsure = d.unsure or held.unsure,
       handed = false
  from held
 where d.day = held.day and d.event = held.event and d.notice = held.notice and d.id = held.id
   and d.day = any($8::date[])
returning d.day, d.event, d.notice, d.attempts,
          case when held.unsure then 'unknown_outcome' else 'not_taken' end as reason

-- name: settle_ended
-- What ended while the lane of this lease held it: whatever that lane says of it, nobody has to guess any more.
update delivery d set handed = false
  from (select * from unnest($1::date[], $2::bytea[], $3::bigint[], $4::bigint[], $5::integer[])
            as s (day, event, notice, id, lease) order by day, event, notice, id) s
 where d.day = s.day and d.event = s.event and d.notice = s.notice and d.id = s.id and d.lease = s.lease
   and d.day = any($6::date[]) and d.state <> 'waiting' and d.handed

-- name: find_late_doubts
-- Attempts without an answer of deliveries that ended meanwhile: they may have been shown after what ended them.
select d.day, d.event, d.recipient, d.collapse_id, d.state as was, d.reason
  from unnest($1::date[], $2::bytea[], $3::bigint[], $4::bigint[]) as s (day, event, notice, id)
  join delivery d on d.day = s.day and d.event = s.event and d.notice = s.notice and d.id = s.id
 where d.day = any($5::date[]) and d.state <> 'waiting'

-- name: find_unread
-- Of these events and recipients, those whose matter still counts as unread: a newer event of it may be shown.
-- A subquery, not a join: a plan made while few had read anything would scan all readers for ever after.
select s.event, s.recipient
  from unnest($1::date[], $2::bytea[], $3::bigint[]) as s (day, event, recipient)
  join event e on e.day = s.day and e.key = s.event and e.day = any($4::date[])
 where (select r.counted from reader r where r.matter = e.matter_key and r.recipient = s.recipient)

-- name: release_deliveries
-- Never attempted by the lane that held them: claimable after the wait, without doubt or a count.
update delivery d set available_at = clock_timestamp() + $6::interval, handed = false
  from (select * from unnest($1::date[], $2::bytea[], $3::bigint[], $4::bigint[], $5::integer[])
            as s (day, event, notice, id, lease) order by day, event, notice, id) s
 where d.day = s.day and d.event = s.event and d.notice = s.notice and d.id = s.id and d.lease = s.lease
   and d.day = any($7::date[]) and d.state = 'waiting'

-- name: release_events
-- Deliveries of a batch whose COMMIT reply was lost: claimable at once (DESIGN 3); not those that another owner of the
-- partition opened for the same events. What ended meanwhile was in no lane either.
update delivery set available_at = clock_timestamp(), handed = false
 where day = $1 and event = any($2::bytea[]) and id = any($3::bigint[]) and state <> 'accepted' and lease = 0

-- name: end_deliveries
-- Deliveries that will never be sent, with why; terminal rows stay as they are (I9). One that expired after an attempt
-- without an answer may be shown: it stays `handed`, and `find_abandoned` finds it.
with held as (
    select d.day, d.event, d.notice, d.id, s.state, s.reason
      from unnest($1::date[], $2::bytea[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
           as s (day, event, notice, id, state, reason)
      join delivery d on d.day = s.day and d.event = s.event and d.notice = s.notice and d.id = s.id
     where d.day = any($7::date[]) and d.state = 'waiting'
     order by d.day, d.event, d.notice, d.id
       for update of d
)
update delivery d
   set state = held.state, reason = held.reason, handed = d.unsure and held.state = 'expired', sealed = null
  from held
 where d.day = held.day and d.event = held.event and d.notice = held.notice and d.id = held.id
   and d.day = any($7::date[])
returning d.day, d.event, d.notice, d.state, d.reason

-- name: lock_events
-- Taken in a statement of its own before asking what is left of an event: two transactions that each end one of its last
-- two deliveries would both see the other's as waiting, and neither would end the event.
select e.key
  from event e
 where e.day = any($1::date[]) and e.key = any($2::bytea[]) and e.ended_as is null
 order by e.day, e.key
   for update

-- name: end_untold_events
-- Events of which the last delivery ended and nobody was told (B6): today's service, or unreachable.
with held as (
    select e.day, e.key, (array_agg(s.reason order by s.reason))[1] as reason
      from unnest($1::date[], $2::bytea[], $3::text[]) as s (day, key, reason)
      join event e on e.day = s.day and e.key = s.key
     where e.day = any($5::date[]) and e.ended_as is null and e.held_reason is null
       and not exists (select from delivery d
                        where d.day = s.day and d.event = s.key and (d.state = 'waiting' or d.accepted_at is not null)
                          and d.day = any($5::date[]))
     group by e.day, e.key
), locked as (
    select e.day, e.key, held.reason
      from held
      join event e on e.day = held.day and e.key = held.key
     where e.day = any($5::date[]) and e.ended_as is null
     order by e.day, e.key
       for update of e
)
update event e
   set ended_as = case when e.legacy then 'legacy' else 'unreachable' end, ended_reason = locked.reason, ended_at = $4
  from locked
 where e.day = locked.day and e.key = locked.key and e.day = any($5::date[])
returning e.day, e.key, e.source, e.id, e.about_child, e.opened_at, e.ended_as, e.ended_reason

-- name: repair_badges
-- Devices that were told an older badge than the recipient has now: they are owed the newest (R14).
insert into quiet_push as q (device, recipient, lane, with_badge, available_at, wanted)
select distinct on (d.id) d.id, d.person, d.lane, true, clock_timestamp() + interval '1 second',
       (extract(epoch from clock_timestamp()) * 1000000)::bigint
  from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as s (recipient, device, badge_version)
  join badge b on b.recipient = s.recipient and b.version > s.badge_version
  join device d on d.id = s.device and d.retired_at is null and d.parked_at is null
 order by d.id
    on conflict (device) do update
   set with_badge = true, wanted = q.wanted + 1,
       available_at = case when q.lease > 0 and q.available_at > clock_timestamp() then q.available_at
                           else least(q.available_at, excluded.available_at) end

-- name: claim_deliveries
-- Waiting and not held by another process, the oldest first, so that nobody starves.
-- Every claim is judged again in this transaction (B12); the lease is the database's clock.
with picked as materialized (
    select d.day, d.event, d.notice, d.id
      from delivery d
     where d.lane = $1 and d.state || '' = 'waiting' and d.available_at <= clock_timestamp() and d.day = any($2::date[])
     order by d.available_at
     limit $3
       for update of d skip locked
), claimed as (
    update delivery d
       set available_at = clock_timestamp() + $4::interval, lease = d.lease + 1, unsure = d.unsure or d.handed,
           handed = true
      from picked p
     where d.day = p.day and d.event = p.event and d.notice = p.notice and d.id = p.id and d.day = any($2::date[])
    returning d.*
)
select c.day, c.event, c.notice, c.id, c.recipient, c.device, c.lane, c.loudness, c.text_key, c.collapse_id,
       c.expires_at, c.sealed, c.lease, c.attempts,
       case when c.unsure then c.opened_at + $5::interval - clock_timestamp() end as quiet_after,
       e.source, e.id as event_id, e.type, e.subject, e.matter, e.matter_key, e.unit, e.region,
       e.happened_at, e.happens_at, e.visible, e.proxies_allowed, e.live_asked, e.opened_at, e.useful_until,
       p.lookup, coalesce(b.unread, 0) as unread, coalesce(b.version, 0) as badge_version
  from claimed c
  join event e on e.day = c.day and e.key = c.event and e.day = any($2::date[])
  join person p on p.id = e.subject
  left join badge b on b.recipient = c.recipient

-- name: expire_deliveries
-- Waiting past their time in a lane that nobody works: an outage ends in rows that expire (I8).
-- What a process died with stays `handed`: it may be shown, and `find_abandoned` finds it.
-- In the order of the index of what waits: in that of the key it would read whole days to find a few.
with picked as (
    select d.day, d.event, d.notice, d.id
      from delivery d
     where d.state || '' = 'waiting' and d.expires_at <= $1 and d.available_at <= clock_timestamp()
       and d.day = any($2::date[])
     order by d.lane, d.available_at
     limit $3
       for update of d skip locked
)
update delivery d set state = 'expired', reason = 'expired', sealed = null
  from picked p
 where d.day = p.day and d.event = p.event and d.notice = p.notice and d.id = p.id and d.day = any($2::date[])
returning d.day, d.event, d.reason

-- name: find_abandoned
-- Ended in the hands of a process that died with them: the lease is long over, and no settlement came.
-- What is locked is being settled after all, or taken by another sweeper.
select d.day, d.event, d.notice, d.id, d.lease, d.recipient, d.collapse_id, d.state as was, d.reason
  from delivery d
 where d.handed and d.state || '' not in ('waiting', 'accepted')
   and d.available_at <= clock_timestamp() - $1::interval and d.day = any($2::date[])
 order by d.day, d.event, d.notice, d.id
 limit $3
   for update of d skip locked
