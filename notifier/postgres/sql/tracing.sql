-- name: trace_day
-- The partition an event was opened in, as long as the gate knows it.
select day from gate where key = $1

-- name: trace_event
-- What was asked for and how it ended.
select day, type, opened_at, happened_at, useful_until, held_reason, ended_as, ended_reason, ended_at,
       catalogue, policy
  from event
 where day = any($1::date[]) and key = $2

-- name: trace_notices
-- Each recipient considered, the subject first; persons stay here, only their part leaves (A37).
select n.id, n.verdict, n.reason, n.decided_at, n.recipient = e.subject as own
  from event e
  join notice n on n.day = e.day and n.event = e.key
 where e.day = $1 and e.key = $2
 order by n.recipient <> e.subject, n.id

-- name: trace_deliveries
-- Each push of each notice.
select notice, lane, loudness, state, reason, attempts, opened_at, accepted_at
  from delivery
 where day = $1 and event = $2
 order by notice, id

-- name: trace_fallbacks
-- What later channels owe.
select notice, state, due_at, deadline_at from fallback where day = $1 and event = $2

-- name: trace_steps
-- What happened afterwards.
select notice, at, what, reason, version from step where day = $1 and event = $2 order by at

-- name: trace_dead_letters
-- Where the record, or another under its id, was refused.
select created_at, reason, field, replayed_as from dead_letter where source = $1 and event_id = $2 order by id
