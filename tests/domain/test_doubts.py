"""Staleness and halts (B21, B28, A8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.freshness import Freshness
from notifier.domain.halts import Halt
from notifier.domain.reasons import HoldReason
from notifier.domain.verdicts import Hold, Push
from tests.domain.cast import (
    NATIONAL,
    NOON,
    a_child,
    a_person,
    an_event,
    an_ombud,
    around,
    own_verdict,
    shared_verdict,
)

DAY, MINUTE, TICK = timedelta(days=1), timedelta(minutes=1), timedelta(microseconds=1)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
STALE = Hold(reason=HoldReason.FEED_STALE)


@pytest.mark.holds("B21", "A8", "I7", "R8")
@pytest.mark.parametrize("feed", ["residents_complete_to", "proxies_complete_to"])
def test_guardians_wait_when_residents_or_proxies_are_older_than_15_minutes(feed: str) -> None:
    limit: dict[str, Any] = {feed: NOON - 15 * MINUTE}
    fresh, stale = around(**limit), around(**{feed: limit[feed] - TICK})
    assert isinstance(shared_verdict(an_event(), a_child(), an_ombud(), fresh), Push)
    assert shared_verdict(an_event(), a_child(), an_ombud(), stale) == STALE


@pytest.mark.holds("B21", "A8")
def test_own_pushes_go_on_until_residents_are_older_than_24_hours() -> None:
    assert isinstance(own_verdict(an_event(), a_person(), around(residents_complete_to=NOON - DAY)), Push)
    assert own_verdict(an_event(), a_person(), around(residents_complete_to=NOON - DAY - TICK)) == STALE


@pytest.mark.holds("B21", "A8")
def test_stale_proxies_never_hold_an_own_push() -> None:
    assert isinstance(own_verdict(an_event(), a_person(), around(proxies_complete_to=None)), Push)


@pytest.mark.holds("A8", "I7")
def test_before_the_first_heartbeat_staleness_is_infinite() -> None:
    assert own_verdict(an_event(), a_person(), around(residents_complete_to=None)) == STALE
    assert shared_verdict(an_event(), a_child(), an_ombud(), around(proxies_complete_to=None)) == STALE
    assert not Freshness(residents_complete_to=None, proxies_complete_to=NOON).knows(NOON)


@pytest.mark.holds("B21", "A8")
@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=3)), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_staleness_is_now_minus_complete_to_never_lag(now: datetime, residents: timedelta, proxies: timedelta) -> None:
    freshness = Freshness(residents_complete_to=now - residents, proxies_complete_to=now - proxies)
    assert freshness.holds_ombud(NATIONAL, now) is (max(residents, proxies) > 15 * MINUTE)
    assert freshness.holds_own(NATIONAL, now) is (residents > DAY)


@pytest.mark.holds("B28")
@pytest.mark.parametrize(
    ("halt", "stops"),
    [
        (Halt(channel="push"), True),
        (Halt(channel="all"), True),
        (Halt(channel="sms"), False),
        (Halt(channel="email"), False),
        (Halt(channel="push", region="01"), True),
        (Halt(channel="push", region="12"), False),
        (Halt(channel="all", type="se.1177.inbox.message.received.v1"), True),
        (Halt(channel="all", type="se.1177.booking.changed.v1"), False),
        (Halt(channel="push", source="urn:se:1177:inkorg"), True),
        (Halt(channel="push", source="urn:se:1177:tider"), False),
        (Halt(channel="push", region="01", source="urn:se:1177:tider"), False),
    ],
)
def test_a_halt_holds_what_it_names_and_nothing_else(halt: Halt, stops: bool) -> None:
    verdict = own_verdict(an_event(), a_person(), around(halts=(halt,)))
    assert verdict == Hold(reason=HoldReason.HALTED) if stops else isinstance(verdict, Push)


@pytest.mark.holds("B28")
def test_one_of_several_halts_is_enough_and_it_holds_guardians_too() -> None:
    halts = (Halt(channel="sms"), Halt(channel="push", type="se.1177.inbox.message.received.v1"))
    assert shared_verdict(an_event(), a_child(), an_ombud(), around(halts=halts)) == Hold(reason=HoldReason.HALTED)
