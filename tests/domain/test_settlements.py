"""What becomes of a delivery after a provider's answer (A31, I9)."""

from datetime import timedelta

import pytest

from notifier.domain.people import Platform
from notifier.domain.pushes import Accepted, Again, BadgeDown, Outcome, Parcel, Refused, TokenGone, Trouble
from notifier.domain.reasons import Reason
from notifier.domain.settlements import Attempts, Done, Failed, Later, Settlement, Waits, settle
from tests.domain.cast import NOON

GONE = TokenGone(since=NOON)


@pytest.mark.holds("A31", "R13")
@pytest.mark.parametrize(
    ("outcome", "settlement"),
    [
        (Accepted(), Done()),
        (GONE, Failed(reason=Reason.DEVICE_GONE, gone=GONE)),
        (Refused(trouble=Trouble.REFUSED), Failed(reason=Reason.PROVIDER_REFUSED)),
    ],
)
def test_accepted_gone_and_refused_are_final(outcome: Outcome, settlement: Settlement) -> None:
    assert settle(outcome, Attempts(earlier=0), Waits()) == settlement


@pytest.mark.holds("A31")
@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (7, 60), (100, 60), (10_000, 60)]
)
def test_what_was_not_sent_waits_1_2_4_up_to_60_seconds(attempts: int, seconds: int) -> None:
    wait = timedelta(seconds=seconds)
    assert settle(Again(trouble=Trouble.NOT_SENT), Attempts(earlier=attempts), Waits()) == Later(
        wait=wait, unsure=False
    )


@pytest.mark.holds("A31", "R13")
@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"), [(0, 0, 30), (0, 0.5, 45), (1, 0, 60), (4, 0, 480), (9, 0.5, 720)]
)
def test_a_device_that_gets_too_much_waits_tens_of_seconds_spread_by_chance(
    attempts: int, chance: float, seconds: int
) -> None:
    settled = settle(Again(trouble=Trouble.BUSY), Attempts(earlier=attempts, chance=chance), Waits())
    assert settled == Later(wait=timedelta(seconds=seconds), unsure=False)


@pytest.mark.holds("A31")
def test_an_unavailable_provider_is_left_alone_for_15_minutes() -> None:
    assert settle(Again(trouble=Trouble.UNAVAILABLE), Attempts(earlier=0), Waits()) == Later(
        wait=timedelta(minutes=15), unsure=False
    )


@pytest.mark.holds("A31")
def test_the_time_a_provider_asks_for_goes_before_our_own() -> None:
    again = Again(trouble=Trouble.UNAVAILABLE, after=timedelta(seconds=30))
    assert settle(again, Attempts(earlier=5), Waits()) == Later(wait=timedelta(seconds=30), unsure=False)


@pytest.mark.holds("I3", "A29")
def test_an_unknown_outcome_stays_unsure_so_that_it_is_resent_passive() -> None:
    assert settle(Again(trouble=Trouble.UNKNOWN, unknown=True), Attempts(earlier=0), Waits()) == Later(
        wait=timedelta(seconds=1), unsure=True
    )


@pytest.mark.holds("A20", "A31")
def test_what_our_own_configuration_gets_refused_waits_until_somebody_mends_it() -> None:
    refused = Refused(trouble=Trouble.CONFIGURATION)
    assert settle(refused, Attempts(earlier=0), Waits()) == Later(wait=timedelta(seconds=60), unsure=False)


@pytest.mark.holds("I10", "R41")
def test_a_parcel_never_shows_its_token() -> None:
    parcel = Parcel(
        id=bytes(16),
        platform=Platform.IOS,
        lane="apns:production:se.1177.app",
        token="0123456789abcdef",
        kind="token",
        content=BadgeDown(badge=1),
    )
    assert "0123456789abcdef" not in repr(parcel) + str(parcel) + f"{parcel}"
    assert "apns:production:se.1177.app" in repr(parcel)


@pytest.mark.holds("A31")
@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (Attempts(left=timedelta(minutes=16)), timedelta(minutes=15)),
        (Attempts(left=timedelta(minutes=10)), timedelta(seconds=5)),
        (Attempts(left=timedelta(minutes=10), chance=0.999), timedelta(seconds=9.995)),
        (Attempts(left=timedelta(minutes=10), earlier=1), timedelta(minutes=15)),
        (Attempts(platform=Platform.ANDROID), timedelta(seconds=10)),
        (Attempts(platform=Platform.ANDROID, earlier=2), timedelta(seconds=40)),
    ],
)
def test_an_unavailable_provider_is_asked_again_as_the_rules_say(attempts: Attempts, wait: timedelta) -> None:
    settled = settle(Again(trouble=Trouble.UNAVAILABLE), attempts, Waits())
    assert settled == Later(wait=wait, unsure=False)
