-- name: read_audience
-- Everybody who might learn of events about these subjects: each subject, and each known person with a link to it.
-- A number that was replaced is followed three hops at most (A9); flags are the strictest over linked identities (B25).
with asked as materialized (
    select a.ord, a.lookup,
           coalesce(p3.id, p2.id, p1.id, p0.id) as person,
           coalesce(p3.replaced_by is not null, false) as loop
      from unnest($1::bytea[]) with ordinality as a (lookup, ord)
      join person p0 on p0.lookup = a.lookup
      left join person p1 on p1.id = p0.replaced_by
      left join person p2 on p2.id = p1.replaced_by
      left join person p3 on p3.id = p2.replaced_by
), candidate as (
    select ord, lookup, person as subject, person as recipient, loop,
           null::date as valid_from, null::date as valid_to, null::boolean as blocked,
           null::boolean as is_guardian, null::boolean as ended, null::uuid as about_id
      from asked
    union all
    select k.ord, k.lookup, k.person, x.guardian, false,
           x.valid_from, x.valid_to, x.blocked, x.is_guardian, x.ended_at is not null, x.about_id
      from asked k
      join proxy x on x.child = k.person
)
select c.ord, c.lookup, c.subject, c.recipient, c.loop,
       c.valid_from, c.valid_to, c.blocked or coalesce(k.blocked, false) as blocked, c.is_guardian, c.ended, c.about_id,
       p.version is not null and p.erased_at is null as known,
       p.region,
       coalesce(r.joined and r.joined_from <= $2::date, false) as joined,
       p.born_younger, p.born_older,
       p.protected or coalesce(l.protected, false) as protected,
       greatest(p.protected_at, l.protected_at) as protected_at,
       p.deceased_on is not null or coalesce(l.deceased, false) as deceased,
       p.active,
       p.quiet_from, p.quiet_to,
       d.devices, d.parked_trusted_at, m.muted
  from candidate c
  join person p on p.id = c.recipient
  left join region r on r.code = p.region
  left join lateral (
      select bool_or(o.protected) as protected, max(o.protected_at) as protected_at,
             bool_or(o.deceased_on is not null) as deceased
        from identity_link i
        join person o on o.id = i.other and o.version is not null
       where i.person = c.recipient
      having count(*) > 0
  ) l on true
  left join lateral (
      select bool_or(x.blocked) as blocked
        from (select c.subject as id union all select i.other from identity_link i where i.person = c.subject) child
       cross join (select c.recipient as id union all
                   select i.other from identity_link i where i.person = c.recipient) guardian
        join proxy x on x.child = child.id and x.guardian = guardian.id
       where c.recipient <> c.subject
  ) k on true
  left join lateral (
      select array_agg(row (v.id, v.platform, v.lane, v.kind, v.token, v.content_key, v.language,
                            greatest(v.registered_at, v.confirmed_at), v.app_version, v.told_to_update_at,
                            v.proven_at is null)
                       order by v.id) filter (where v.parked_at is null) as devices,
             max(greatest(v.registered_at, v.confirmed_at)) filter (where v.parked_at is not null) as parked_trusted_at
        from device v
       where v.person = c.recipient and v.retired_at is null and (v.parked_at is null or v.parked_reason = 'brake')
      having count(*) > 0
  ) d on true
  left join lateral (
      select array_agg(f.setting) as muted
        from preference f
       where f.person = c.recipient and f.about = c.subject and not f.is_on
      having count(*) > 0
  ) m on true
 where c.recipient = c.subject or (p.version is not null and p.erased_at is null)
 order by c.ord, c.recipient

-- name: ensure_people
-- Persons that an event names before the projection knows them: a row without a version (A7).
insert into person (id, lookup, lookup_key)
select id, lookup, $3
  from unnest($1::bigint[], $2::bytea[]) as new (id, lookup)
 order by lookup
    on conflict (lookup) do nothing

-- name: find_people
-- The ids behind pseudonyms, for those that have one.
select lookup, id from person where lookup = any($1::bytea[])
