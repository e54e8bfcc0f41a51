-- name: apply_residents
-- Newest versions in key order; a row without a version is only a reference: made or locked, never changed (A9).
-- One pass over all keys of a wave: a second one, or another order, deadlocks two partitions that name each other.
with applied as (
    insert into person as p (id, lookup, lookup_key, version, region, born_younger, born_older, protected, protected_at,
                             deceased_on, active, paper_opt_out, language, phone, phone_index, email, email_index,
                             contact_set_by, contact_verified_at, sms_on, email_on, changed_at, generation)
    select id, lookup, $1::smallint, version, region, born_younger, born_older, protected, protected_at,
           deceased_on, active, paper_opt_out, language, phone, phone_index, email, email_index,
           contact_set_by, contact_verified_at, sms_on, email_on, changed_at, $2::integer
      from unnest($6::bigint[], $7::bytea[], $8::bigint[], $9::text[], $10::date[], $11::date[], $12::boolean[],
                  $13::timestamptz[], $14::date[], $15::boolean[], $16::boolean[], $17::text[], $18::bytea[],
                  $19::bytea[], $20::bytea[], $21::bytea[], $22::text[], $23::timestamptz[], $24::boolean[],
                  $25::boolean[], $26::timestamptz[])
           as new (id, lookup, version, region, born_younger, born_older, protected, protected_at, deceased_on, active,
                   paper_opt_out, language, phone, phone_index, email, email_index, contact_set_by,
                   contact_verified_at, sms_on, email_on, changed_at)
     order by lookup
        on conflict (lookup) do update
       set version = excluded.version, region = excluded.region,
           born_younger = excluded.born_younger, born_older = excluded.born_older,
           protected = excluded.protected or ($4 and p.version is not null and p.protected),
           protected_at = case when p.version is not null and p.protected and (excluded.protected or $4)
                               then p.protected_at else excluded.protected_at end,
           lift_at = case when $4 and p.version is not null and p.protected and not excluded.protected
                          then coalesce(p.lift_at, $5::timestamptz) end,
           deceased_on = excluded.deceased_on, active = excluded.active, paper_opt_out = excluded.paper_opt_out,
           language = excluded.language,
           phone = case when excluded.protected and $3 then p.phone else excluded.phone end,
           phone_index = case when excluded.protected and $3 then p.phone_index else excluded.phone_index end,
           email = case when excluded.protected and $3 then p.email else excluded.email end,
           email_index = case when excluded.protected and $3 then p.email_index else excluded.email_index end,
           contact_set_by = excluded.contact_set_by, contact_verified_at = excluded.contact_verified_at,
           sms_on = excluded.sms_on, email_on = excluded.email_on, changed_at = excluded.changed_at,
           replaced_by = null, erased_at = null, generation = excluded.generation
     where excluded.version is not null and (p.version is null or p.version < excluded.version)
    returning new.id, new.version is not null as versioned,
              old.version is not null as known, old.version is not null and old.erased_at is null as lived,
              not old.protected and new.protected as hidden,
              old.version is not null and old.deceased_on is null and new.deceased_on is not null as died,
              (old.version is not null and old.protected and not new.protected)
              or (new.lift_at is not null and old.lift_at is null) as lifted
)
select count(*) filter (where versioned) as applied,
       count(*) filter (where versioned and not lived) as arrived,
       count(*) filter (where hidden) as protection,
       count(*) filter (where died) as death,
       count(*) filter (where lifted) as protection_lifted,
       array_agg(id) filter (where hidden or died) as worse,
       array_agg(id) filter (where known) as known
  from applied

-- name: mark_residents
-- A rebuild has seen these, whatever their version.
update person set generation = $2 where lookup = any($1::bytea[]) and generation <> $2

-- name: bury_residents
-- A tombstone stops sending at once and keeps the last version (B22); these rows are locked already.
update person set erased_at = $2, lift_at = null
 where lookup = any($1::bytea[]) and erased_at is null
returning id, version is not null as known

-- name: find_versions
-- Ids of people by pseudonym, and which version is in force.
select lookup, id, version from person where lookup = any($1::bytea[])

-- name: store_replacements
-- Who replaces whom (B25); both rows are locked already.
update person p set replaced_by = s.replaced_by
  from unnest($1::bigint[], $2::bigint[]) as s (id, replaced_by)
 where p.id = s.id

-- name: drop_identity_links
-- Links that the newest version of their declarer no longer has; they are its own, so its lock covers them.
with kept as (
    select person, other from unnest($2::bigint[], $3::bigint[]) as k (person, other)
), dropped as (
    select i.person, i.other from identity_link i
     where i.person = any($1::bigint[]) and i.declared_by = i.person
       and not exists (select from kept k where k.person = i.person and k.other = i.other)
)
delete from identity_link i
 using dropped d
 where i.declared_by = d.person
   and ((i.person = d.person and i.other = d.other) or (i.person = d.other and i.other = d.person))

-- name: add_identity_links
-- Both directions, so that the strictest flag is found from either (B25); gives those that are new.
insert into identity_link (person, other, declared_by)
select person, other, person from unnest($1::bigint[], $2::bigint[]) as k (person, other)
 union all
select other, person, person from unnest($1::bigint[], $2::bigint[]) as k (person, other)
    on conflict do nothing
returning person

-- name: page_residents
-- The next stretch of rows by id, with those that the rebuild did not see.
with page as (
    select id, lookup, version, generation, erased_at from person where id > $1 order by id limit $2
)
select max(id) as last, array_agg(lookup) filter (where version is not null and generation < $3 and erased_at is null) as unseen
  from page

-- name: lock_residents
-- In key order, as every writer does; those that came back meanwhile are spared.
select lookup from person where lookup = any($1::bytea[]) and generation < $2 order by lookup for update

-- name: resident_tombstones
-- Persons who went long enough ago, unless too many went at once: then nobody is erased until people release (B22).
select id from person
 where erased_at < $1
   and not exists (select from change_hour where kind = 'tombstone' and braked_at is not null and released_at is null)
 order by lookup
 limit $2
   for update

-- name: erase_devices
-- With the person go their devices.
delete from device where person = any($1::bigint[])

-- name: erase_preferences
-- With the person go their choices, and others' about them.
delete from preference where person = any($1::bigint[]) or about = any($1::bigint[])

-- name: erase_identity_links
-- With the person go the links they declared.
delete from identity_link where (person = any($1::bigint[]) or other = any($1::bigint[]))

-- name: erase_people
-- The row goes, unless a link of the other feed still names it: then only its name stays (B22).
with named as (
    select id from unnest($1::bigint[]) as a (id)
     where exists (select from proxy x where x.child = a.id) or exists (select from proxy x where x.guardian = a.id)
), blanked as (
    update person
       set version = null, region = '00', born_younger = null, born_older = null, protected = true, protected_at = null,
           deceased_on = null, active = false, paper_opt_out = false, language = null,
           phone = null, phone_index = null, email = null, email_index = null, contact_set_by = null,
           contact_verified_at = null, sms_on = true, email_on = true, changed_at = null, replaced_by = null,
           quiet_from = null, quiet_to = null, erased_at = null, lift_at = null
     where id in (select id from named)
)
delete from person where id = any($1::bigint[]) and id not in (select id from named)
