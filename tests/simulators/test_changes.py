"""A page asks for what changed, and gets that and no more."""

import time

import pytest

from notifier.simulators.changes import Changes

pytestmark = pytest.mark.holds("R45")


def test_versions_count_all_changes_and_each_phone_comes_once_the_newest_first() -> None:
    changes = Changes("run")
    for token in ("a", "b", "a", "c"):
        changes.touch(token)
    assert changes.version == 4
    assert [changes.since(version) for version in range(6)] == [
        ["c", "a", "b"],
        ["c", "a", "b"],
        ["c", "a"],
        ["c"],
        [],
        [],
    ]
    assert list(changes.newest()) == ["c", "a", "b"]


def test_a_forgotten_phone_is_told_until_it_comes_back() -> None:
    changes = Changes("run")
    changes.touch("a")
    changes.forget("a")
    assert (changes.since(0), changes.forgotten_since(0), changes.forgotten_since(2)) == ([], ["a"], [])
    changes.touch("a")
    assert (changes.since(2), changes.forgotten_since(0)) == (["a"], [])


def test_when_all_is_forgotten_another_run_begins_and_versions_go_on() -> None:
    changes = Changes("run")
    changes.touch("a")
    changes.clear()
    assert (changes.run, changes.version, changes.since(0)) == ("run-1", 2, [])


def test_no_more_than_a_thousand_are_remembered_as_forgotten() -> None:
    changes = Changes("run")
    for number in range(1001):
        changes.forget(str(number))
    assert changes.forgotten_since(0) == [str(number) for number in range(1000, 0, -1)]


def test_asking_costs_what_changed_and_not_what_there_is() -> None:
    changes = Changes("run")
    for number in range(200_000):
        changes.touch(str(number))
    version = changes.version
    changes.touch("7")
    started = time.perf_counter()
    assert all(changes.since(version) == ["7"] for _ in range(100))
    assert time.perf_counter() - started < 0.1
