"""What one lane meets while others go on: the answers of protocols 2.5 and 3.4."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec

from notifier.domain.health import Health
from notifier.domain.pushes import Accepted, Again, Outcome, TokenGone, Trouble
from tests.providers.houses import GOOGLE, PRODUCTION, Make
from tests.providers.lanes import fresh_alert, fresh_parcel, now
from tests.wire import answers
from tests.wire.answers import BUSY, GONE, MALFORMED, QUOTA, REFUSED
from tests.wire.parcels import ANDROID_TOKEN, parcel

ACCEPTED = Accepted()
_PHONE = "77" * 32
Order = tuple[str, str, dict[str, object]]


class Ordeal(msgspec.Struct, frozen=True, kw_only=True):
    """One fault that lasts, and what shows that the lane does what the reference asks."""

    name: str
    lane: str
    orders: tuple[Order, ...]
    outcomes: tuple[Outcome, ...]
    """What may become of pushes; the first surely becomes of some. A shorter wait is the rest of the same."""
    health: Health | None = None
    reconnects: bool = False
    """The connections of before are given up."""
    from_the_start: bool = False
    """It is met by the first connection already."""
    url: str | None = None
    """Where it is met, if not at the house that misbehaves."""
    make: Make | None = None
    deadline: timedelta = timedelta(seconds=2)
    lasts_seconds: float = 0.0
    """At least."""
    mends: bool = True
    """The lane goes on within seconds of the fault's end; a wait of a minute is for test_standstill."""

    @property
    def title(self) -> str:
        """Say who does what."""
        return f"{self.lane.partition(':')[0]}: {self.name}"


def _condition(lane: str, **condition: object) -> Order:
    provider = "fcm" if lane == GOOGLE else "apns"
    return "PUT", f"/providers/{provider}", {"condition": "down", **condition}


_MARKS: Mapping[str, Mapping[str, object]] = {
    "stop": {"health": Health.STOPPED},
    "slow": {"health": Health.SLOW},
    "reconnect": {"reconnects": True},
    **{name: {"health": Health.READY} for name in ("again", "fail", "forget", "keep", "refresh")},
}


def rows_of_apple() -> Iterable[Ordeal]:
    """Give every row of protocols 2.5 that is an answer."""
    yield Ordeal(name="200", lane=PRODUCTION, orders=(), outcomes=(ACCEPTED,), health=Health.READY)
    for status, reason, reaction, outcome in answers.APPLE:
        order = _condition(PRODUCTION, status=status, reason=reason)
        name = f"{status} {reason}"
        yield Ordeal(name=name, lane=PRODUCTION, orders=(order,), outcomes=(outcome,), **_MARKS.get(reaction, {}))  # type: ignore[arg-type]
    at = now().replace(microsecond=0)
    for state in ("gone", "expired"):
        order = "PUT", f"/tokens/{_PHONE}", {"state": state, "at_ms": int(at.timestamp() * 1000)}
        yield Ordeal(
            name=f"410 {state}",
            lane=PRODUCTION,
            orders=(order,),
            outcomes=(TokenGone(since=at),),
            health=Health.READY,
            make=lambda number: fresh_parcel(_PHONE, number=number),
        )


def rows_of_google() -> Iterable[Ordeal]:
    """Give every row of protocols 3.4 that is an answer."""
    yield Ordeal(name="200", lane=GOOGLE, orders=(), outcomes=(ACCEPTED,), health=Health.READY)
    for status, code, reaction, outcome in answers.GOOGLE:
        yield _google(f"{status} {code}", (outcome,), reaction, status=status, reason=code)
    for status, reaction, outcome in answers.WITHOUT_CODE:
        if status < 429:  # of the others Google's own code is always named (protocols 3.4)
            yield _google(f"{status} alone", (outcome,), reaction, status=status)
    for status, trouble in ((429, Trouble.BUSY), (503, Trouble.UNAVAILABLE)):
        told = Again(trouble=trouble, after=timedelta(seconds=1))
        yield _google(f"{status} Retry-After", (told,), "slow", status=status, retry_after="1")
    bad, ours = fresh_parcel("no registration!"), parcel(fresh_alert(), token=ANDROID_TOKEN)
    negative = msgspec.structs.replace(ours, content=msgspec.structs.replace(fresh_alert(), badge=-1))
    yield Ordeal(name="400 message.token", lane=GOOGLE, orders=(), outcomes=(GONE,), make=lambda _: bad)
    yield Ordeal(name="400 another field", lane=GOOGLE, orders=(), outcomes=(MALFORMED,), make=lambda _: negative)
    for state, outcome in (("limited", BUSY), ("bad", REFUSED)):
        order = "PUT", f"/tokens/{ANDROID_TOKEN}", {"state": state}
        yield Ordeal(name=f"one device {state}", lane=GOOGLE, orders=(order,), outcomes=(outcome,), health=Health.READY)


def _google(name: str, outcomes: tuple[Outcome, ...], reaction: str, **condition: object) -> Ordeal:
    marks = {**_MARKS.get(reaction, {}), "mends": QUOTA not in outcomes}
    return Ordeal(name=name, lane=GOOGLE, orders=(_condition(GOOGLE, **condition),), outcomes=outcomes, **marks)  # type: ignore[arg-type]
