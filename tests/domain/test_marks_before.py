"""Marks that come before their event, and what they cover (A22)."""

import pytest

from notifier.domain.ends import Ended, course_of
from notifier.domain.plans import Marking
from notifier.domain.reasons import End, Reason
from notifier.domain.verdicts import Skip, Verdict
from tests.domain.cast import CHILD, FATHER, MOTHER
from tests.domain.records import (
    A_PUSH,
    DEAF,
    FAMILY,
    HANDLED,
    HELD,
    WITHDRAWN,
    acted,
    an_opening,
    badge,
    last_verdicts,
    minute,
    play,
    read,
    withdrawn,
)


@pytest.mark.holds("A22")
def test_a_stranger_who_read_first_ends_nothing_either() -> None:
    blocked = Skip(reason=Reason.BLOCKED)
    resolution = play(read(2, MOTHER), an_opening(1, {CHILD: A_PUSH, MOTHER: blocked}))
    assert last_verdicts(resolution) == {CHILD: A_PUSH, MOTHER: blocked}
    assert course_of(resolution.opened[0]).ended is None


@pytest.mark.holds("A22")
@pytest.mark.parametrize(
    ("mark", "verdict", "end"),
    [(read(2), HANDLED, End.SEEN), (acted(2), HANDLED, End.SEEN), (withdrawn(2), WITHDRAWN, End.WITHDRAWN)],
)
@pytest.mark.parametrize("planned", [A_PUSH, HELD, DEAF], ids=["push", "held", "no device"])
def test_an_event_already_covered_ends_at_once_without_push_or_badge(
    planned: Verdict, mark: Marking, verdict: Verdict, end: End
) -> None:
    resolution = play(mark, an_opening(1, {CHILD: planned}))
    assert last_verdicts(resolution) == {CHILD: verdict}
    assert badge(resolution) == 0
    assert course_of(resolution.opened[0]).ended == Ended(end=end)


@pytest.mark.holds("A22", "A25")
def test_seen_goes_before_withdrawn_where_both_cover_an_event() -> None:
    assert last_verdicts(play(withdrawn(3), acted(2), an_opening(1))) == {CHILD: HANDLED}


@pytest.mark.holds("A22")
@pytest.mark.parametrize("mark", [read(5), acted(5), withdrawn(5)])
def test_a_mark_covers_events_up_to_and_including_its_instant(mark: Marking) -> None:
    assert badge(play(an_opening(5), mark)) == 0
    assert badge(play(mark, an_opening(5))) == 0
    assert badge(play(an_opening(6), mark)) == 1
    assert badge(play(mark, an_opening(6))) == 1


@pytest.mark.holds("A22", "A6")
def test_an_older_mark_never_takes_a_newer_one_back() -> None:
    assert badge(play(acted(5), acted(2), an_opening(4))) == 0
    assert badge(play(read(5), read(2), an_opening(4))) == 0
    assert badge(play(withdrawn(5), withdrawn(2), an_opening(4))) == 0


@pytest.mark.holds("B10", "A22")
def test_a_mark_without_any_event_waits_and_lowers_nothing() -> None:
    resolution = play(read(2), acted(2), withdrawn(2))
    assert (resolution.badges, resolution.cancelled, resolution.lowered) == ({}, [], [])
    assert resolution.readers[CHILD].read_at == minute(2)
    assert resolution.touched == {CHILD}
    assert (resolution.matter.acted_at, resolution.matter.withdrawn_at) == (minute(2), minute(2))


@pytest.mark.holds("B10")
def test_what_one_guardian_read_first_is_still_pushed_to_the_other() -> None:
    resolution = play(read(2, MOTHER), an_opening(1, FAMILY))
    assert last_verdicts(resolution) == {CHILD: A_PUSH, MOTHER: HANDLED, FATHER: A_PUSH}
    assert course_of(resolution.opened[0]).ended == Ended(end=End.SEEN)
