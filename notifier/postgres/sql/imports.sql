-- name: put_regions
-- Idempotent: only rows that are other than before count.
insert into region as r (code, name, organisation, joined, joined_from, withhold_units)
select code, name, organisation, joined, joined_from, string_to_array(units, ' ')
  from (select code, name, organisation, joined, joined_from, units
          from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::date[], $6::text[])
               as new (code, name, organisation, joined, joined_from, units)) s
 order by code
    on conflict (code) do update
   set name = excluded.name, organisation = excluded.organisation, joined = excluded.joined,
       joined_from = excluded.joined_from, withhold_units = excluded.withhold_units
 where (r.name, r.organisation, r.joined, r.joined_from, r.withhold_units)
       is distinct from (excluded.name, excluded.organisation, excluded.joined, excluded.joined_from,
                         excluded.withhold_units)

-- name: put_devices
-- The later registration of a token owns it (A19). With another owner the row gets another id, so that nothing that
-- was opened for the earlier owner finds it; the content key is made once and kept, unless the file tells it ($13).
-- A new token is in doubt unless it is taken over ($14), and so is one that was parked, whoever brings it again (R17).
insert into device as d (id, person, platform, environment, lane, kind, token, token_index, content_key, language,
                         app_version, registered_at, confirmed_at, proven_at)
select id, person, platform, environment, lane, kind, token, token_index, content_key, language, app_version,
       registered_at, registered_at,
       case when $14::boolean then clock_timestamp() end
  from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[],
              $9::bytea[], $10::text[], $11::text[], $12::timestamptz[])
       as new (id, person, platform, environment, lane, kind, token, token_index, content_key, language, app_version,
               registered_at)
 order by platform, environment, token_index
    on conflict (platform, environment, token_index) do update
   set id = case when d.person = excluded.person then d.id else excluded.id end,
       person = excluded.person, lane = excluded.lane, kind = excluded.kind, token = excluded.token,
       content_key = case when d.token_index = any($13::bytea[]) then excluded.content_key else d.content_key end,
       language = excluded.language, app_version = excluded.app_version, registered_at = excluded.registered_at,
       confirmed_at = excluded.confirmed_at,
       proven_at = case when d.parked_at is null then coalesce(d.proven_at, excluded.proven_at) end,
       parked_at = null, parked_reason = null, retired_at = null,
       removals_at = '{}', told_to_update_at = case when d.person = excluded.person then d.told_to_update_at end
 where d.registered_at < excluded.registered_at

-- name: retire_devices
-- At most so many per person: the oldest rest (A19).
update device set retired_at = $3
 where id in (select d.id
                from device d
                join (select id, row_number() over (partition by person order by registered_at desc, id) as place
                        from device
                       where person = any($1::bigint[]) and retired_at is null) ranked on ranked.id = d.id
               where ranked.place > $2
               order by d.platform, d.environment, d.token_index
                 for update of d)

-- name: put_preferences
-- Idempotent: only switches that are turned count.
insert into preference as p (person, about, setting, is_on, changed_at)
select person, about, setting, is_on, $5::timestamptz
  from unnest($1::bigint[], $2::bigint[], $3::text[], $4::boolean[]) as new (person, about, setting, is_on)
 order by person, about, setting
    on conflict (person, about, setting) do update
   set is_on = excluded.is_on, changed_at = excluded.changed_at
 where p.is_on <> excluded.is_on

-- name: put_quiet_hours
-- Somebody's own quiet hours, in key order.
with held as (
    select p.id, s.quiet_from, s.quiet_to
      from unnest($1::bigint[], $2::time[], $3::time[]) as s (id, quiet_from, quiet_to)
      join person p on p.id = s.id and (p.quiet_from, p.quiet_to) is distinct from (s.quiet_from, s.quiet_to)
     order by p.lookup
       for update of p
)
update person p set quiet_from = held.quiet_from, quiet_to = held.quiet_to
  from held
 where p.id = held.id
