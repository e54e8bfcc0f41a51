-- name: claim_quiet_pushes
-- Devices that are owed silent work, with the newest badge; the lease is the database's clock and named by it.
-- A phone that changed hands has another id: what the old one was owed is gone with it. Stale ones (R17) get no push.
with picked as materialized (
    select device from quiet_push
     where lane = $1 and available_at <= clock_timestamp()
     order by available_at
     limit $2
       for update skip locked
), claimed as (
    update quiet_push q
       set available_at = clock_timestamp() + $3::interval,
           lease = (extract(epoch from clock_timestamp()) * 1000000)::bigint
      from picked p
     where q.device = p.device
    returning q.device, q.recipient, q.lane, q.with_badge, q.removals, q.urgent, q.lease, q.wanted, q.attempts
)
select c.*, coalesce(d.platform, 'ios') as platform, coalesce(d.kind, '') as kind, coalesce(d.token, '') as token,
       d.proven_at is null as doubtful,
       coalesce(b.unread, 0) as unread, coalesce(b.version, 0) as version,
       d.id is null or d.retired_at is not null or d.parked_at is not null
           or exists (select from unnest($4::text[], $5::timestamptz[]) as stale (platform, border)
                       where stale.platform = d.platform and greatest(d.registered_at, d.confirmed_at) <= stale.border)
           as gone,
       (select count(*) from unnest(d.removals_at) r where r > clock_timestamp() - interval '1 hour') as removed
  from claimed c
  left join device d on d.id = c.device
  left join badge b on b.recipient = c.recipient

-- name: note_removals
-- The budget of removals per device: the last two instants are enough to judge the next.
update device d set removals_at = (array_prepend(clock_timestamp(), d.removals_at))[1:2]
  from (select device from unnest($1::bigint[]) as s (device) order by device) s
 where d.id = s.device

-- name: finish_quiet_pushes
-- Done, unless more was wanted meanwhile, or another holds it now: what that one sends may arrive after it died (R14).
-- `wanted` of a row made anew never has a number that another had.
delete from quiet_push q
 using (select * from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as s (device, lease, wanted) order by device) s
 where q.device = s.device and q.lease = s.lease and q.wanted = s.wanted

-- name: keep_quiet_pushes
-- Not done, or more was wanted: again after the wait, with what is still owed.
update quiet_push q
   set with_badge = q.with_badge and (q.wanted <> s.wanted or not s.badge_done),
       removals = case when q.wanted = s.wanted and s.removal_done then '{}' else q.removals end,
       attempts = q.attempts + 1,
       lease = 0,
       available_at = clock_timestamp() + case when q.wanted = s.wanted then s.wait else interval '0' end
  from (select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[], $5::boolean[], $6::interval[])
            as s (device, lease, wanted, badge_done, removal_done, wait) order by device) s
 where q.device = s.device and q.lease = s.lease
