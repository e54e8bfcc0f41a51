"""What settings mean for a sandbox: short waits, unless somebody says otherwise."""

from datetime import timedelta

import pytest

from notifier.app.sandbox.tuning import tune
from notifier.settings import Settings
from notifier.settings.tuning import Sender

TEN, MINUTE = timedelta(seconds=10), timedelta(minutes=1)


@pytest.mark.holds("R45", "I3")
@pytest.mark.parametrize("timeout", [TEN, timedelta(seconds=40)])
def test_what_a_killed_dispatcher_had_in_hand_waits_little_longer_than_a_request(timeout: timedelta) -> None:
    lease = tune(Settings(sender=Sender(timeout=timeout))).sender.lease
    assert timeout < lease < timeout + TEN


@pytest.mark.holds("R45", "A31")
def test_a_wait_that_somebody_sets_stands() -> None:
    assert tune(Settings()).sender.apns_down_wait < MINUTE
    assert tune(Settings(sender=Sender(apns_down_wait=MINUTE))).sender.apns_down_wait == MINUTE
