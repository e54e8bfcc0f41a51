-- name: introduce_people
-- Persons that a record names before their own record came: a row without a version, in key order.
insert into person (id, lookup, lookup_key)
select id, lookup, $3::smallint from unnest($1::bigint[], $2::bytea[]) as new (id, lookup)
 order by lookup
    on conflict (lookup) do nothing

-- name: lock_proxies
-- All links of a wave in key order, before tombstones touch some of them.
select child, guardian
  from proxy x
  join unnest($1::bigint[], $2::bigint[]) as s (child, guardian) using (child, guardian)
 order by child, guardian
   for update of x

-- name: apply_proxies
-- Newest versions in key order; while lifted blocks are braked ($4) a block holds and its lifting waits (B22).
-- `closed` are those that now give nothing, whatever they gave before.
with applied as (
    insert into proxy as x (child, guardian, is_guardian, valid_from, valid_to, blocked, version, generation)
    select s.*, $1::integer
      from unnest($5::bigint[], $6::bigint[], $7::boolean[], $8::date[], $9::date[], $10::boolean[], $11::bigint[])
           as s (child, guardian, is_guardian, valid_from, valid_to, blocked, version)
     order by child, guardian
        on conflict (child, guardian) do update
       set is_guardian = excluded.is_guardian, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
           blocked = excluded.blocked or ($4 and x.blocked),
           lift_at = case when $4 and x.blocked and not excluded.blocked
                          then coalesce(x.lift_at, $3::timestamptz) end,
           version = excluded.version, ended_at = null, generation = excluded.generation
     where x.version < excluded.version
    returning new.child, new.guardian, old.child is not null as known,
              old.child is not null and old.ended_at is null as lived,
              (old.blocked and not new.blocked) or (new.lift_at is not null and old.lift_at is null) as lifted,
              new.blocked or not new.is_guardian or new.valid_from > $2::date
              or coalesce(new.valid_to <= $2::date, false) as closed
)
select count(*) as applied,
       count(*) filter (where not lived) as arrived,
       count(*) filter (where known and lifted) as block_lifted,
       array_agg(child order by child, guardian) filter (where known and closed) as children,
       array_agg(guardian order by child, guardian) filter (where known and closed) as guardians
  from applied

-- name: mark_proxies
-- A rebuild has seen these, whatever their version.
update proxy x set generation = $3
  from unnest($1::bigint[], $2::bigint[]) as s (child, guardian)
 where x.child = s.child and x.guardian = s.guardian and x.generation <> $3

-- name: bury_proxies
-- A tombstone ends a link at once and keeps its last version (A9, A14); these rows are locked already.
update proxy x set ended_at = $3, lift_at = null
  from unnest($1::bigint[], $2::bigint[]) as s (child, guardian)
 where x.child = s.child and x.guardian = s.guardian and x.ended_at is null
returning x.child, x.guardian

-- name: page_proxies
-- The next stretch of links by key, with those that the rebuild did not see.
with page as (
    select child, guardian, generation, ended_at from proxy
     where (child, guardian) > ($1, $2)
     order by child, guardian
     limit $3
)
select (array_agg(child order by child desc, guardian desc))[1] as last_child,
       (array_agg(guardian order by child desc, guardian desc))[1] as last_guardian,
       array_agg(child order by child, guardian) filter (where generation < $4 and ended_at is null) as children,
       array_agg(guardian order by child, guardian) filter (where generation < $4 and ended_at is null) as guardians
  from page

-- name: lock_unseen_proxies
-- In key order, as every writer does; those that came back meanwhile are spared.
select child, guardian
  from proxy x
  join unnest($1::bigint[], $2::bigint[]) as s (child, guardian) using (child, guardian)
 where x.generation < $3
 order by child, guardian
   for update of x

-- name: erase_proxies
-- Links that ended long enough ago, unless too many ended at once (A9, B22).
delete from proxy x
 using (select child, guardian from proxy p
         where p.ended_at < $1
           and not exists (select from change_hour
                            where kind = 'tombstone' and braked_at is not null and released_at is null)
         order by child, guardian
         limit $2
           for update) gone
 where x.child = gone.child and x.guardian = gone.guardian
returning x.child
