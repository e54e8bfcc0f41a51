-- name: find_ended_shares
-- Of all pairs (recipient, person represented) around these people, those that may be told nothing any more, and why.
-- Whoever is the same person under another number is affected too (B25).
with affected as (
    select person from unnest($1::bigint[]) as a (person)
     union
    select i.other from unnest($1::bigint[]) as a (person) join identity_link i on i.person = a.person
), pair as (
    select person as recipient, person as about from affected
     union
    select x.guardian, x.child from affected a join proxy x on x.child = a.person
     union
    select x.guardian, x.child from affected a join proxy x on x.guardian = a.person
), judged as (
    select p.recipient, p.about,
           case when s.deceased or r.deceased then 'deceased'
                when s.gone or r.gone then 'unknown_person'
                when s.protected or r.protected then 'protected' end as reason,
           case when p.recipient = p.about and not (r.deceased or r.gone) then r.protected_at end as trusted_after
      from pair p
      join standing r on r.person = p.recipient
      join standing s on s.person = p.about
)
select recipient, about, reason, trusted_after from judged where reason is not null

-- name: find_same_links
-- A blocked link is blocked under every number of both (B25).
select distinct x.child as about, x.guardian as recipient,
       case when b.blocked and b.ended_at is null then 'blocked' else 'link_ended' end as reason
  from unnest($1::bigint[], $2::bigint[]) as s (child, guardian)
 cross join lateral (select s.child as id union select i.other from identity_link i where i.person = s.child) c
 cross join lateral (select s.guardian as id union select i.other from identity_link i where i.person = s.guardian) g
  join proxy x on x.child = c.id and x.guardian = g.id
  join proxy b on b.child = s.child and b.guardian = s.guardian
 where (b.blocked and b.ended_at is null) or (x.child = s.child and x.guardian = s.guardian)

-- name: find_lapsed_shares
-- Shares that still count though the link behind them has ended: by date, by the child's birthday, or because an
-- opening overtook a change (B12). $1 is the day in Stockholm, $2 the age at which guardians no longer act.
select p.recipient, p.about,
       case when x.blocked then 'blocked'
            when s.deceased or r.deceased then 'deceased'
            when s.protected or r.protected then 'protected'
            when x.child is null or x.ended_at is not null or not x.is_guardian or s.gone or r.gone
                 or x.valid_from > $1::date or x.valid_to <= $1::date then 'link_ended'
            else 'too_old_for_proxy' end as reason
  from (select distinct recipient, about from reader where counted and recipient <> about) p
  join standing r on r.person = p.recipient
  join standing s on s.person = p.about
  left join proxy x on x.child = p.about and x.guardian = p.recipient
 where x.child is null or x.blocked or x.ended_at is not null or not x.is_guardian
    or x.valid_from > $1::date or x.valid_to <= $1::date
    or s.deceased or r.deceased or s.protected or r.protected or s.gone or r.gone
    or s.born_older is null or (s.born_older + make_interval(years => $2))::date <= $1::date
 order by p.recipient, p.about
 limit $3

-- name: end_shares
-- Takes the matters of these pairs out of the badge, in key order; gives the notices they showed.
with held as (
    select r.matter, r.recipient, a.reason, a.trusted_after
      from unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[])
           as a (recipient, about, reason, trusted_after)
      join reader r on r.recipient = a.recipient and r.about = a.about and r.counted
     order by r.matter, r.recipient
       for update of r
)
update reader r set counted = false
  from held h
 where r.matter = h.matter and r.recipient = h.recipient
returning r.recipient, r.notice_day, r.notice_event, r.notice, r.collapse_id, h.reason, h.trusted_after

-- name: cancel_shared_deliveries
-- What still waits to be sent of these notices, but to devices that were trusted after the flag came (B7).
with held as (
    select d.day, d.event, d.notice, d.id, ended.reason
      from unnest($1::date[], $2::bytea[], $3::bigint[], $4::text[], $5::timestamptz[])
           as ended (day, event, notice, reason, trusted_after)
      join delivery d on d.day = ended.day and d.event = ended.event and d.notice = ended.notice
      left join device v on v.id = d.device
     where d.day = any($6::date[]) and d.state = 'waiting'
       and (ended.trusted_after is null
            or coalesce(greatest(v.registered_at, v.confirmed_at) <= ended.trusted_after, true))
     order by d.day, d.event, d.notice, d.id
       for update of d
)
update delivery d set state = 'cancelled', reason = held.reason, sealed = null
  from held
 where d.day = held.day and d.event = held.event and d.notice = held.notice and d.id = held.id
   and d.day = any($6::date[])
returning d.day, d.event

-- name: hasten_ends
-- Events that can reach nobody any more are looked at now, so that `unreachable` is known within 5 minutes (B6).
with held as (
    select e.day, e.key
      from unnest($1::date[], $2::bytea[]) as s (day, key)
      join event e on e.day = s.day and e.key = s.key
     where e.day = any($4::date[]) and e.ended_as is null and e.held_reason is null
       and e.end_due_at > $3
       and not exists (select from delivery d
                        where d.day = s.day and d.event = s.key and (d.state = 'waiting' or d.accepted_at is not null)
                          and d.day = any($4::date[]))
     order by e.day, e.key
       for update of e
)
update event e set end_due_at = $3
  from held
 where e.day = held.day and e.key = held.key and e.day = any($4::date[])

-- name: owe_urgent_removals
-- At once, outside the budget of two an hour (A30); a device trusted after the flag keeps what it shows (B7).
insert into quiet_push as q (device, recipient, lane, with_badge, removals, urgent, available_at, wanted)
select d.id, d.person, d.lane, true,
       coalesce(array_agg(distinct s.collapse_id) filter (
           where s.trusted_after is null or greatest(d.registered_at, d.confirmed_at) <= s.trusted_after), '{}'),
       true, clock_timestamp(), (extract(epoch from clock_timestamp()) * 1000000)::bigint
  from unnest($1::bigint[], $2::bytea[], $3::timestamptz[]) as s (recipient, collapse_id, trusted_after)
  join device d on d.person = s.recipient and d.retired_at is null and d.parked_at is null
 group by d.id, d.person, d.lane
 order by d.id
    on conflict (device) do update
   set with_badge = true,
       removals = (excluded.removals || q.removals)[1:100],
       urgent = true,
       available_at = case when q.lease > 0 and q.available_at > clock_timestamp() then q.available_at
                           else least(q.available_at, excluded.available_at) end,
       wanted = q.wanted + 1

-- name: notify_tightened
-- Lanes in every process drop what they hold for these recipients (A30); a payload has room for 8,000 bytes.
select pg_notify('tightened', string_agg(recipient::text, ','))
  from (select recipient, (row_number() over () - 1) / 380 as piece
          from (select distinct recipient from unnest($1::bigint[]) as a (recipient)) one) pieces
 group by piece
