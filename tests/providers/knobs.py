"""What one provider alone may do to a lane: Apple's streams and bad tokens, Google's quotas and tokens."""

from collections.abc import Iterable
from datetime import timedelta

from notifier.domain.health import Health
from notifier.domain.pushes import Again, Parcel, Trouble
from tests.providers.houses import GOOGLE, PRODUCTION, to_apple
from tests.providers.lanes import NOWHERE, fresh_parcel
from tests.providers.ordeals import ACCEPTED, Ordeal
from tests.wire.answers import CREDENTIALS, GONE, MALFORMED, NOT_TAKEN

_RESENT = (ACCEPTED, NOT_TAKEN)


def knobs() -> Iterable[Ordeal]:
    """Give all."""
    yield from _streams_of_apple()
    yield from _tokens_of_apple()
    yield from _quotas_of_google()
    yield from _access_to_google()
    for lane in (PRODUCTION, GOOGLE):
        yield Ordeal(
            name="nobody there",
            lane=lane,
            orders=(),
            outcomes=(NOT_TAKEN,),
            health=Health.AWAY,
            from_the_start=True,
            url=NOWHERE,
            mends=False,
        )


def _streams_of_apple() -> Iterable[Ordeal]:
    """Apple allows one stream until the first push with a valid token, and ends more (protocols 2.1)."""
    for over_limit in ("refuse", "goaway"):
        one = {"first_streams": 1, "over_limit": over_limit, "latency_seconds": 0.02}
        name = f"one stream at first, else {over_limit}"
        order = ("PUT", "/frames", one)
        yield Ordeal(name=name, lane=PRODUCTION, orders=(order,), outcomes=(ACCEPTED,), from_the_start=True)
        again = ("PUT", "/frames", one | {"max_age_seconds": 0.1})
        yield Ordeal(
            name=f"{name}, again and again",
            lane=PRODUCTION,
            orders=(again,),
            outcomes=_RESENT,
            from_the_start=True,
            lasts_seconds=0.3,
            reconnects=True,
        )


def _tokens_of_apple() -> Iterable[Ordeal]:
    """Bad tokens narrow a connection to one stream, and enough of them end it (protocols 2.1)."""
    narrow, end = ("PUT", "/frames", {"fall_back": True}), ("PUT", "/frames", {"bad_tokens": 3})
    yield Ordeal(
        name="one stream after each bad token",
        lane=PRODUCTION,
        orders=(narrow,),
        outcomes=(GONE, *_RESENT),
        from_the_start=True,
        make=_bad_in_turn,
    )
    yield Ordeal(
        name="an end after three bad tokens",
        lane=PRODUCTION,
        orders=(end,),
        outcomes=(GONE, *_RESENT),
        from_the_start=True,
        reconnects=True,
        make=_bad_in_turn,
    )
    split = ("PUT", "/frames", {"split": 1.0})
    wrong = ("PUT", "/providers/apns", {"condition": "down", "status": 400, "reason": "BadPriority"})
    yield Ordeal(name="a body in two frames", lane=PRODUCTION, orders=(split, wrong), outcomes=(MALFORMED,))


def _bad_in_turn(number: int) -> Parcel:
    return fresh_parcel("no token", number=number) if number % 2 else to_apple(number)


def _quotas_of_google() -> Iterable[Ordeal]:
    """A project's minute is for all, whatever way its rest is told; a device's only for itself (protocols 3.3, 3.4)."""
    minute = Again(trouble=Trouble.BUSY, after=timedelta(seconds=61))
    for told in ("seconds", "date"):
        yield Ordeal(
            name=f"a quota whose rest is told as {told}",
            lane=GOOGLE,
            orders=(("PUT", "/quota", {"per_minute": 5, "retry_after": told}),),
            outcomes=(minute, ACCEPTED),
            health=Health.SLOW,
            mends=False,
        )
    yield Ordeal(
        name="a device's own quota",
        lane=GOOGLE,
        orders=(("PUT", "/quota", {"device_per_minute": 5, "retry_after": None}),),
        outcomes=(Again(trouble=Trouble.BUSY), ACCEPTED),
        health=Health.READY,
    )


def _access_to_google() -> Iterable[Ordeal]:
    """Without an access token nothing is sent, and nothing is lost (protocols 3.1)."""
    for condition in ("down", "hang", "mute"):
        yield Ordeal(
            name=f"a token endpoint that is {condition}",
            lane=GOOGLE,
            orders=(("PUT", "/providers/oauth", {"condition": condition}),),
            outcomes=(CREDENTIALS,),
            from_the_start=True,
            deadline=timedelta(seconds=0.1),
        )
