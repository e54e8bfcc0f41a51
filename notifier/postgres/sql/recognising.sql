-- name: recognise_recipients
-- Everybody considered, in the order in which the trace numbers them.
select p.lookup as pseudonym, n.recipient = e.subject as own
  from gate g
  join event e on e.day = g.day and e.key = g.key
  join notice n on n.day = e.day and n.event = e.key
  join person p on p.id = n.recipient
 where g.key = $1
 order by n.recipient <> e.subject, n.id

-- name: recognise_pushes
-- The ids that the pushes of an event bear on phones.
select d.notice, d.id
  from gate g
  join delivery d on d.day = g.day and d.event = g.key
 where g.key = $1
 order by d.notice, d.id

-- name: recognise_device
-- What the app of a device knows of itself.
select id, content_key from device where token_index = $1
