-- name: put_halt
-- In force from its commit on; every process reads it within 5 s (B28).
insert into halt (channel, region, type, source, reason, operator)
values ($1, $2, $3, $4, $5, $6)

-- name: read_halts
-- What is in force, each scope once.
select distinct channel, region, type, source
  from halt
 where resumed_at is null
 order by channel, region, type, source

-- name: lock_halts
-- The halts of one scope, and whether somebody else, or this operator, asked lately to resume each; two people (B28).
select id,
       coalesce(resume_asked_at > clock_timestamp() - $6::interval and resume_asked_by <> $5, false) as confirmed,
       coalesce(resume_asked_at > clock_timestamp() - $6::interval and resume_asked_by = $5, false) as asked
  from halt
 where resumed_at is null
   and channel = $1
   and region is not distinct from $2::text
   and type is not distinct from $3::text
   and source is not distinct from $4::text
 order by id
   for update

-- name: ask_to_resume
-- The first of two; an older question by somebody else has lapsed.
update halt
   set resume_asked_by = $2, resume_asked_at = clock_timestamp()
 where id = any($1::bigint[])

-- name: resume_halts
-- The second of two.
update halt
   set resumed_by = $2, resumed_at = clock_timestamp()
 where id = any($1::bigint[])
