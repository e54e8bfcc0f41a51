"""What must hold in the database after any two transactions, in whatever order their statements ran."""

from notifier.postgres.pool import Pool
from tests.ledger.cast import NOW

TRUTHS = {
    "a badge is not the count of its unread matters": """
        select b.recipient::text from badge b
         where b.unread <> (select count(*) from reader r where r.recipient = b.recipient and r.counted)""",
    "a delivery was planned twice or not at all": """
        select 'planned' where (select coalesce(sum(deliveries), 0) from delivery_total)
                               <> (select count(*) from delivery)""",
    "an event has nobody left to tell and no end": """
        select e.id from event e
         where e.ended_as is null and e.held_reason is null and e.end_due_at > $1
           and not exists (select from delivery d where d.event = e.key
                                                    and (d.state = 'waiting' or d.accepted_at is not null))""",
    "an event was superseded though somebody was told": """
        select e.id from event e
         where e.ended_as = 'superseded'
           and exists (select from delivery d where d.event = e.key and d.state = 'accepted')""",
    "a matter that was handled still counts": """
        select r.recipient::text from reader r join matter m on m.key = r.matter
         where r.counted and r.newest_at <= greatest(m.acted_at, m.withdrawn_at, r.read_at)""",
    "a matter that was handled still has something to send": """
        select d.id::text from delivery d join event e on e.key = d.event join matter m on m.key = e.matter_key
          join reader r on r.matter = m.key and r.recipient = d.recipient
         where d.state = 'waiting'
           and (e.happened_at <= m.withdrawn_at or e.happened_at <= m.acted_at or e.happened_at <= r.read_at)""",
    "an open event was handled": """
        select e.id from event e join matter m on m.key = e.matter_key
          left join reader r on r.matter = m.key and r.recipient = e.subject
         where e.ended_as is null
           and (e.happened_at <= m.withdrawn_at or e.happened_at <= m.acted_at or e.happened_at <= r.read_at)""",
    "an older notice waits beside the newer": """
        select d.id::text from delivery d join event e on e.key = d.event
          join reader r on r.matter = e.matter_key and r.recipient = d.recipient
         where d.state = 'waiting' and r.notice <> d.notice""",
    "a held event was judged and is held": """
        select e.id from event e
         where e.held_reason is not null and e.ended_as is null
           and not exists (select from notice n where n.event = e.key and n.verdict = 'hold')""",
    "somebody who may learn nothing has something waiting": """
        select d.id::text from delivery d join reader r on r.notice = d.notice
         where d.state = 'waiting' and not r.counted""",
    "what ended in dead hands was let go of, and a phone may show it for ever": """
        select d.id::text from delivery d join event e on e.key = d.event
          join reader r on r.matter = e.matter_key and r.recipient = d.recipient
         where e.id like 'lost%' and not d.handed and not r.counted
           and not exists (select from quiet_push q where q.device = d.device and d.collapse_id = any(q.removals))""",
    "an end was told twice": """
        select s.id from (select convert_from(content, 'UTF8')::json ->> 'id' as id,
                                 convert_from(content, 'UTF8')::json ->> 'seq' as seq
                            from outbox, unnest(contents) content where topic = '1177.status') s
         where s.seq = '6' group by s.id having count(*) > 1""",
}
_TABLES = ("delivery", "notice", "event", "reader", "matter", "gate", "badge", "quiet_push", "outbox", "delivery_total")


async def find_untruths(pool: Pool) -> list[str]:
    """Give every rule that is broken, with what breaks it."""
    found = []
    for untruth, statement in TRUTHS.items():
        arguments = (NOW,) if "$1" in statement else ()
        rows = await pool.fetch(statement, *arguments)
        found += [f"{untruth}: {row[0]}" for row in rows]
    return found


async def forget_all(pool: Pool) -> None:
    """Begin anew."""
    await pool.execute("; ".join(f"delete from {table}" for table in _TABLES))
