-- name: count_answers
-- Adds a batch's answers to the minute ($4); gives how the window (from $5) stands with it, for lanes where tokens are
-- gone. What was counted before people ended the last brake was judged by them. A row per session (see add_planned).
with batch as materialized (
    select lane, answers, gone from unnest($1::text[], $2::bigint[], $3::bigint[]) as s (lane, answers, gone)
), added as (
    insert into answer_minute as a (lane, minute, part, answers, gone)
    select lane, $4::timestamptz, pg_backend_pid() % 64, answers, gone from batch order by lane
        on conflict (lane, minute, part) do update
       set answers = a.answers + excluded.answers, gone = a.gone + excluded.gone
)
select b.lane, b.answers + w.answers as answers, b.gone + w.gone as gone,
       exists (select from deletion_brake k where k.lane = b.lane and k.ended_at is null) as braked
  from batch b
 cross join lateral (
      select coalesce(sum(a.answers), 0)::bigint as answers, coalesce(sum(a.gone), 0)::bigint as gone
        from answer_minute a
       where a.lane = b.lane and a.minute >= $5::timestamptz
         and a.minute > coalesce((select max(k.ended_at) from deletion_brake k where k.lane = b.lane), '-infinity')
 ) w
 where b.gone > 0
 order by b.lane

-- name: read_mean
-- A lane's answers over the days before its window, without what people found to be a fault or have not judged yet.
select coalesce(sum(a.answers), 0)::bigint as answers, coalesce(sum(a.gone), 0)::bigint as gone
  from answer_minute a
 where a.lane = $1 and a.minute >= $2::timestamptz and a.minute < $3::timestamptz
   and not exists (select from deletion_brake k
                    where k.lane = a.lane and k.ended_as is distinct from 'forgotten'
                      and a.minute >= k.window_from and a.minute <= coalesce(k.ended_at, 'infinity'))

-- name: close_deletion_brake
-- One brake a lane: who comes second finds it closed.
insert into deletion_brake (lane, window_from, braked_at, answers, gone)
values ($1, $2, $3, $4, $5)
    on conflict (lane) where ended_at is null do nothing
returning id

-- name: read_braked_lanes
-- Lanes in which nothing is forgotten.
select lane from deletion_brake where ended_at is null order by lane

-- name: park_devices
-- The provider says the token is gone: no longer used; a registration after the instant given stands (A31).
update device set parked_at = $4, parked_reason = s.reason
  from (select * from unnest($1::bigint[], $2::timestamptz[], $3::text[]) as s (id, since, reason) order by id) s
 where device.id = s.id and device.parked_at is null and device.registered_at <= s.since

-- name: find_stranded
-- Of these people, those whom only parked devices are left of (A20).
select p.id
  from unnest($1::bigint[]) as p (id)
 where not exists (select from device d where d.person = p.id and d.parked_at is null and d.retired_at is null)
   and exists (select from device d where d.person = p.id and d.parked_reason = 'brake' and d.retired_at is null)

-- name: list_parking_lanes
-- Lanes that park devices, each found by one look into the index; whether a brake is on, and how the last one ended.
with recursive parking as (
    (select lane from device where parked_reason is not null and retired_at is null order by lane limit 1)
    union all
    select (select d.lane from device d
             where d.parked_reason is not null and d.retired_at is null and d.lane > p.lane order by d.lane limit 1)
      from parking p
     where p.lane is not null
)
select p.lane, k.window_from, k.ended_at, k.ended_as
  from parking p
  left join lateral (select * from deletion_brake b where b.lane = p.lane order by b.id desc limit 1) k on true
 where p.lane is not null
 order by p.lane

-- name: keep_parked
-- Parked as gone in the window that closed the brake: not forgotten, and released with the others. Pages do not wait.
with picked as (
    select id from device
     where lane = $1 and parked_reason = 'token_gone' and retired_at is null and parked_at >= $2::timestamptz
     order by parked_at
     limit $3
       for update skip locked
)
update device d set parked_reason = 'brake' from picked p where d.id = p.id

-- name: retire_parked
-- Forgotten for good: what was gone since before the window, or what a brake parked, whenever that was ($3 is null).
with picked as (
    select id from device
     where lane = $1 and parked_reason = $2 and retired_at is null and parked_at < coalesce($3::timestamptz, 'infinity')
     order by parked_at
     limit $4
       for update skip locked
)
update device d set retired_at = $5::timestamptz from picked p where d.id = p.id

-- name: release_braked
-- People said that what the brake parked was good; it is in doubt until a provider says so, too (R17). A badge that
-- moved on meanwhile is owed, to these devices alone (R14): asking for all devices of their owners took 59 to 400 ms a
-- page. Gives how many were released.
with picked as (
    select id from device
     where lane = $1 and parked_reason = 'brake' and retired_at is null
     order by parked_at
     limit $2
       for update skip locked
), released as (
    update device d set parked_at = null, parked_reason = null, proven_at = null from picked p where d.id = p.id
    returning d.id, d.person, d.lane
), owed as (
    insert into quiet_push as q (device, recipient, lane, with_badge, available_at, wanted)
    select r.id, r.person, r.lane, true, clock_timestamp(), (extract(epoch from clock_timestamp()) * 1000000)::bigint
      from released r
     where exists (select from badge b where b.recipient = r.person)
     order by r.id
        on conflict (device) do update set with_badge = true, wanted = q.wanted + 1
)
select count(*) from released

-- name: end_deletion_brake
-- From here on tokens that are gone are forgotten again. What is counted so far was judged by people: the minute that
-- runs is not counted any more, and none of a process whose clock is ahead.
update deletion_brake
   set ended_at = greatest($2::timestamptz, braked_at, (select max(minute) from answer_minute where lane = $1)),
       ended_as = $3, ended_by = $4
 where lane = $1 and ended_at is null
returning id

-- name: read_last_brake
-- How a lane's last brake ended, if it has.
select lane, window_from, ended_at, ended_as from deletion_brake where lane = $1 order by id desc limit 1

-- name: read_deletion_lanes
-- Every lane that answered lately or parks devices, with its window (from $1), and how many devices a brake keeps.
select l.lane, coalesce(w.answers, 0)::bigint as answers, coalesce(w.gone, 0)::bigint as gone, k.braked_at,
       (select count(*) from device d
         where d.lane = l.lane and d.parked_reason = 'brake' and d.retired_at is null) as parked
  from (select lane from answer_minute union select lane from deletion_brake) l
  left join lateral (select sum(a.answers) as answers, sum(a.gone) as gone
                       from answer_minute a where a.lane = l.lane and a.minute >= $1::timestamptz) w on true
  left join deletion_brake k on k.lane = l.lane and k.ended_at is null
 order by l.lane

-- name: forget_answers
-- Minutes older than any mean.
delete from answer_minute where minute < $1::timestamptz
