"""Simulated FCM keeps the quotas of protocols.md 3.3, and refuses as 3.4 says."""

from email.utils import parsedate_to_datetime

import pytest

from notifier.simulators.quota import Meter, Over, Quota
from tests.simulators.child import Answer
from tests.simulators.pushing import REGISTRATION, Pushing
from tests.simulators.test_simulated_fcm import FCM_ERROR, details_of

pytestmark = pytest.mark.holds("R12")

GOOD = {"token": REGISTRATION, "data": {"badge": "3"}}
QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"


async def order(pushing: Pushing, **quota: object) -> None:
    assert (await pushing.child.order("PUT", "/quota", quota)).status == 204


def codes_of(answer: Answer) -> list[object]:
    return [detail["errorCode"] for detail in details_of(answer, FCM_ERROR)]


async def test_a_project_has_so_many_messages_a_minute_and_errors_count(pushing: Pushing) -> None:
    await order(pushing, per_minute=3)
    statuses = [(await pushing.fcm(message)).status for message in (GOOD, {"data": {}}, GOOD)]
    over = await pushing.fcm(GOOD)
    assert statuses == [200, 400, 200]
    assert (over.status, codes_of(over)) == (429, ["QUOTA_EXCEEDED"])
    assert details_of(over, QUOTA_FAILURE)
    assert 1 <= int(over.headers["retry-after"]) <= 60
    assert (await pushing.child.order("GET", "/counts")).json()["fcm"]["QUOTA_EXCEEDED"] == 1  # type: ignore[index]


async def test_a_device_has_quotas_of_its_own(pushing: Pushing) -> None:
    await order(pushing, device_per_minute=2, retry_after=None)
    answers = [await pushing.fcm(GOOD) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert (codes_of(answers[-1]), "retry-after" in answers[-1].headers) == (["QUOTA_EXCEEDED"], False)
    assert (await pushing.fcm({"token": "another"})).status == 200


async def test_when_to_come_again_can_be_told_as_a_date(pushing: Pushing) -> None:
    await order(pushing, per_minute=1, retry_after="date")
    await pushing.fcm(GOOD)
    again_at = parsedate_to_datetime((await pushing.fcm(GOOD)).headers["retry-after"])
    assert again_at.utcoffset() is not None


async def test_quotas_are_shown_and_taken_back(pushing: Pushing) -> None:
    await order(pushing, per_minute=1)
    shown = (await pushing.child.order("GET", "/quota")).json()
    assert (shown["per_minute"], shown["device_per_hour"]) == (1, None)
    await pushing.child.order("DELETE", "/quota")
    assert [(await pushing.fcm(GOOD)).status for _ in range(2)] == [200, 200]
    assert (await pushing.child.order("PUT", "/quota", {"per_minute": 0})).status == 400


def test_a_minute_is_over_at_the_second_that_the_refusal_named() -> None:
    now = [1_000_000.0]
    meter = Meter(lambda: now[0], Quota(per_minute=2))
    assert [meter.take() for _ in range(2)] == [None, None]
    over = meter.take()
    assert over is not None
    wait = int(over.retry_after or "")
    now[0] += wait - 1.01
    assert meter.take() is not None
    now[0] += 1.02
    assert meter.take() is None


def test_minutes_begin_at_other_seconds_for_other_seeds() -> None:
    waits = set()
    for seed in range(5):
        meter = Meter(lambda: 1_000_000.0, Quota(per_minute=1), seed)
        meter.take()
        over = meter.take()
        assert isinstance(over, Over)
        waits.add(over.retry_after)
    assert len(waits) > 1


def test_a_refusal_by_a_devices_quota_costs_the_project_nothing() -> None:
    meter = Meter(lambda: 1_000_000.0, Quota(per_minute=2, device_per_hour=1))
    for device in ("a", "a", "b"):
        assert meter.take() is None
        meter.take_of(device)
    assert meter.take() is not None
