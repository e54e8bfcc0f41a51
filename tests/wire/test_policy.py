"""The national defaults against RULES and ANSWERS, typed again from there."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import orjson
import pytest

from notifier.app.contract import read_schemas
from notifier.domain.faults import Misconfigured
from notifier.domain.people import Platform
from notifier.domain.policy import National, Sender
from notifier.wire.policy import load_policy

FILES = read_schemas(Path(__file__).parents[2] / "schemas")
NATIONAL = load_policy(FILES)
INBOX = "se.1177.inbox.message.received.v1"


def changed(**changes: object) -> National:
    document = orjson.loads(FILES["policy.json"]) | changes
    return load_policy({**FILES, "policy.json": orjson.dumps(document)})


@pytest.mark.holds("B15")
def test_push_may_sound_from_7_to_21_and_sms_goes_from_8_to_20() -> None:
    policy = NATIONAL.policy
    assert (policy.day_from, policy.day_to) == (time(7), time(21))
    assert (policy.sms_from, policy.sms_to) == (time(8), time(20))


@pytest.mark.holds("A8", "B21", "A24", "A13")
def test_staleness_badge_and_guardian_age() -> None:
    policy = NATIONAL.policy
    quarter = timedelta(minutes=15)
    assert (policy.proxy_stale_after, policy.resident_stale_after) == (quarter, quarter)
    assert policy.own_push_stale_after == timedelta(hours=24)
    assert policy.badge_lifetime == timedelta(days=180)
    assert policy.guardian_min_age == 13


@pytest.mark.holds("R17", "R19")
def test_android_devices_are_stale_after_270_days_and_no_version_of_the_app_is_too_old_yet() -> None:
    policy = NATIONAL.policy
    assert policy.stale_after == {Platform.ANDROID: timedelta(days=270)}
    assert policy.least_app_version == {}
    assert policy.update_notice_every == timedelta(days=7)


@pytest.mark.holds("R19", "R37")
@pytest.mark.parametrize("version", ["", "3.", "3.x", "v3", "3.2-beta", "-1", "3,2", "٣", "1.2.3.4.5"])
def test_a_least_version_that_nobody_can_compare_with_is_refused(version: str) -> None:
    policy = orjson.loads(FILES["policy.json"])["policy"] | {"least_app_version": {"ios": version}}
    with pytest.raises(Misconfigured) as misconfigured:
        changed(policy=policy)
    assert misconfigured.value.faults[0].startswith("policy.json#/policy/least_app_version/ios")


@pytest.mark.holds("A10", "B22", "R13")
def test_brakes_have_a_share_and_a_floor() -> None:
    assert (NATIONAL.policy.brake_share, NATIONAL.policy.brake_floor) == (0.001, 100)
    brake = NATIONAL.device_brake
    assert (brake.share, brake.floor, brake.mean_factor) == (0.02, 50, 3)
    assert (brake.mean_over, brake.window) == (timedelta(days=7), timedelta(minutes=10))


@pytest.mark.holds("A3", "A9", "B13", "B22", "B24", "B45", "R40")
def test_rows_are_kept_as_long_as_the_rules_say() -> None:
    kept = NATIONAL.retention
    month = timedelta(days=30)
    assert (kept.gate, kept.waiting_marks, kept.dead_letters) == (month, month, month)
    assert (kept.tombstones, kept.devices_after_death) == (month, month)
    assert kept.traces == timedelta(days=90)


@pytest.mark.holds("B5", "R37")
def test_every_region_is_left_to_todays_service_until_the_policy_says_otherwise() -> None:
    assert NATIONAL.policy.version == 2
    assert NATIONAL.in_force_at == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert all(NATIONAL.sender(region, INBOX) is Sender.LEGACY for region in ("00", "01", "25"))


@pytest.mark.holds("B5")
def test_the_most_exact_sender_wins() -> None:
    national = changed(senders={"default": "legacy", "01": "shadow", f"01:{INBOX}": "notifier"})
    assert national.sender("01", INBOX) is Sender.NOTIFIER
    assert national.sender("01", "se.1177.booking.changed.v1") is Sender.SHADOW
    assert national.sender("14", INBOX) is Sender.LEGACY


@pytest.mark.holds("R37")
def test_the_faults_of_the_policy_are_said_at_once() -> None:
    policy = orjson.loads(FILES["policy.json"])["policy"]
    with pytest.raises(Misconfigured) as misconfigured:
        changed(
            policy=policy | {"day_from": "25:00:00", "badge_lifetime": "half a year"},
            senders={"01": "notifier"},
            in_force_at="2026-01-01",
        )
    places = {fault.partition(": ")[0] for fault in misconfigured.value.faults}
    assert places == {
        "policy.json#/policy/day_from",
        "policy.json#/policy/badge_lifetime",
        "policy.json#/senders/default",
        "policy.json#/in_force_at",
    }
