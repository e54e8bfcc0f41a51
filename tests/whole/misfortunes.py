"""What goes wrong or changes for somebody: broken records, withdrawals, protection, deaths, blocks."""

from tests.whole.book import HANDLED, write
from tests.whole.broken import break_all
from tests.whole.people import write_link, write_resident
from tests.whole.trial import Trial

_FIRST = 0
"""The partition of what was published first."""


async def publish_broken(trial: Trial, stranger: str, wrong: str) -> None:
    """Publish every kind of broken record, also an id used twice and a matter of somebody else.

    These two go to the partition of the event that they contradict: what lies in another may be read before it, and
    then the event contradicts them.
    """
    topic, told, other = trial.topic("events"), trial.book.told[0], trial.adults[-1]
    reused = told.value.replace(b"A1B2", b"A1B3")
    stolen = write("x-stolen", "se.1177.inbox.message.received.v1", other.number, told.at,
                   {"matter": told.matter, "unit": "SE2321000016-A1B2", "region": "01"})  # fmt: skip
    for contradicting in (reused, stolen):
        await trial.producer.send(topic, contradicting, partition=_FIRST)
    for record in break_all(stranger, wrong):
        await trial.producer.send(topic, record.value, record.key, headers=list(record.headers))
    for name in ("residents", "proxies"):
        await trial.producer.send(trial.topic(name), b"{" + stranger.encode(), stranger.encode())
        await trial.producer.send(trial.topic(name), b"{}", wrong.encode())
    await trial.producer.flush()


def withdraw(trial: Trial) -> bytes:
    """Write that somebody's matter is no more."""
    told = next(one for one in trial.book.told if one.must_show(one.recipients[0]))
    kind = HANDLED.replace("handled", "withdrawn")
    return write("x-withdrawn", kind, told.subject.number, told.at, {"matter": told.matter})


async def tighten(trial: Trial) -> None:
    """Protect one person, block one guardian, let one die, erase one."""
    residents, proxies, child = trial.topic("residents"), trial.topic("proxies"), trial.children[0]
    changes = ({"protected": True}, {"deceased": "2026-11-01"}, {"active": False})
    for person, change in zip(trial.adults[3:6], changes, strict=True):
        await trial.producer.send(residents, write_resident(person, version=2, **change), person.number.encode())
    await trial.producer.send(residents, None, trial.adults[6].number.encode())
    key = f"{child.number}:{child.guardians[0]}".encode()
    await trial.producer.send(proxies, write_link(child, version=2, blocked=True), key)
    await trial.producer.flush()
