"""Which devices are pushed to, and who is told that the app is too old (protocols 3.5)."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.circumstances import Circumstances
from notifier.domain.devices import choose_text, is_outdated, read_version, update_border
from notifier.domain.people import Device, Platform
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Push, Skip
from tests.domain.cast import (
    MOTHER,
    NATIONAL,
    NOON,
    a_child,
    a_device,
    a_person,
    an_event,
    an_ombud,
    around,
    own_verdict,
    shared_verdict,
)

SECOND, WEEK = timedelta(seconds=1), timedelta(days=7)
LONGEST = timedelta(days=270)
STRICT = msgspec.structs.replace(NATIONAL, least_app_version={Platform.IOS: "3.2"})


def phone(number: int = 1, platform: Platform = Platform.ANDROID, ago: timedelta = timedelta(), **more: Any) -> Device:
    return msgspec.structs.replace(a_device(number, NOON - ago), platform=platform, **more)


def under(**policy: Any) -> Circumstances:
    return msgspec.structs.replace(around(), policy=msgspec.structs.replace(NATIONAL, **policy))


@pytest.mark.holds("R17")
def test_an_android_device_is_pushed_to_until_it_was_not_confirmed_for_270_days() -> None:
    fresh, stale = phone(1, ago=LONGEST - SECOND), phone(2, ago=LONGEST)
    verdict = own_verdict(an_event(), a_person(devices=(fresh, stale)))
    assert isinstance(verdict, Push)
    assert verdict.devices == (fresh,)


@pytest.mark.holds("R17", "A20")
def test_who_has_stale_devices_only_has_no_device() -> None:
    stale = (phone(1, ago=LONGEST), phone(2, ago=3 * LONGEST))
    assert own_verdict(an_event(), a_person(devices=stale)) == Skip(reason=Reason.NO_DEVICE)
    assert shared_verdict(an_event(), a_child(), an_ombud(a_person(MOTHER, devices=stale))) == Skip(
        reason=Reason.NO_DEVICE
    )


@pytest.mark.holds("R17")
def test_ios_has_no_such_rule() -> None:
    old = phone(1, Platform.IOS, ago=10 * LONGEST)
    verdict = own_verdict(an_event(), a_person(devices=(old,)))
    assert isinstance(verdict, Push)
    assert verdict.devices == (old,)


@pytest.mark.holds("R17", "R37")
def test_how_long_is_data_of_the_policy() -> None:
    month = {Platform.IOS: timedelta(days=30)}
    person = a_person(devices=(phone(1, Platform.IOS, ago=timedelta(days=30)), phone(2, ago=10 * LONGEST)))
    verdict = own_verdict(an_event(), person, under(stale_after=month))
    assert isinstance(verdict, Push)
    assert [one.id for one in verdict.devices] == [2]


@pytest.mark.holds("R17", "B7")
def test_a_protected_persons_device_must_be_fresh_and_confirmed_since() -> None:
    since = NOON - 2 * LONGEST
    devices = (phone(1, ago=LONGEST), phone(2, ago=timedelta(days=1)), phone(3, Platform.IOS, ago=3 * LONGEST))
    verdict = own_verdict(an_event(), a_person(devices=devices, protected=True, protected_at=since))
    assert isinstance(verdict, Push)
    assert [one.id for one in verdict.devices] == [2]


@pytest.mark.holds("R19")
@pytest.mark.parametrize(
    ("version", "least", "outdated"),
    [
        ("3.1", "3.2", True),
        ("3.2", "3.2", False),
        ("3.2.0", "3.2", False),
        ("3.2", "3.2.0", False),
        ("3.2.1", "3.2", False),
        ("3.10", "3.9", False),
        ("3.9", "3.10", True),
        ("2.99.99", "3", True),
        ("3", "3.0.1", True),
        ("0", "0.0.1", True),
        ("003.1", "3.2", True),
        (None, "3.2", False),
        ("", "3.2", False),
        ("3.1-beta", "3.2", False),
        ("3..1", "3.2", False),
        ("3.1.", "3.2", False),
        (" 3.1", "3.2", False),
        ("٣.1", "3.2", False),
        ("²", "3.2", False),
        ("-3.1", "3.2", False),
    ],
)
def test_versions_are_compared_number_by_number_and_what_says_nothing_is_not_old(
    version: str | None, least: str, outdated: bool
) -> None:
    device = phone(1, Platform.IOS, app_version=version)
    policy = msgspec.structs.replace(NATIONAL, least_app_version={Platform.IOS: least})
    assert is_outdated(device, policy) is outdated


@pytest.mark.holds("R19")
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=4), st.integers(0, 3))
def test_zeros_at_the_end_change_no_version(numbers: list[int], zeros: int) -> None:
    text = ".".join(map(str, numbers))
    assert read_version(text) == read_version(text + ".0" * zeros)


@pytest.mark.holds("R19")
def test_each_platform_has_its_own_least_version() -> None:
    assert is_outdated(phone(1, Platform.IOS, app_version="3.1"), STRICT)
    assert not is_outdated(phone(1, Platform.ANDROID, app_version="3.1"), STRICT)


@pytest.mark.holds("R19", "B8")
@pytest.mark.parametrize(
    ("told", "text"),
    [(None, "update"), (WEEK, "update"), (2 * WEEK, "update"), (WEEK - SECOND, "child"), (timedelta(), "child")],
)
def test_an_old_app_is_told_to_update_once_a_week_and_of_its_notices_otherwise(
    told: timedelta | None, text: str
) -> None:
    told_at = None if told is None else NOON - told
    device = phone(1, Platform.IOS, app_version="3.1", told_to_update_at=told_at)
    assert choose_text("child", device, under(least_app_version={Platform.IOS: "3.2"})) == text


@pytest.mark.holds("R19")
def test_a_good_app_and_everybody_without_a_least_version_get_the_text_of_the_notice() -> None:
    strict = under(least_app_version={Platform.IOS: "3.2"})
    assert choose_text("own", phone(1, Platform.IOS, app_version="3.2"), strict) == "own"
    assert choose_text("own", phone(1, Platform.IOS, app_version="0.1"), around()) == "own"


@pytest.mark.holds("R19")
def test_while_no_version_is_too_old_there_is_nothing_to_remember() -> None:
    assert update_border(NATIONAL, NOON) is None
    assert update_border(STRICT, NOON) == NOON - WEEK


@pytest.mark.holds("R19")
def test_an_old_app_still_gets_its_notices() -> None:
    old = phone(1, Platform.IOS, app_version="1.0")
    verdict = own_verdict(an_event(), a_person(devices=(old,)), under(least_app_version={Platform.IOS: "3.2"}))
    assert isinstance(verdict, Push)
    assert verdict.devices == (old,)
