"""What events and marks make of a matter (A22, A24, B10)."""

import pytest

from notifier.domain.identifiers import PersonId
from notifier.domain.matters import Cancelled, Ending, Lowered
from notifier.domain.plans import Marking
from notifier.domain.reasons import End, Reason
from notifier.domain.verdicts import Skip, Verdict
from tests.domain.cast import CHILD, FATHER, MOTHER
from tests.domain.records import (
    A_PUSH,
    DEAF,
    FAMILY,
    HELD,
    MATTER,
    acted,
    an_opening,
    badge,
    collapse,
    last_verdicts,
    minute,
    play,
    read,
    reference,
    withdrawn,
)


@pytest.mark.holds("R14", "A24")
def test_a_matter_counts_once_however_many_events_it_has() -> None:
    resolution = play(an_opening(1), an_opening(2), an_opening(3))
    assert badge(resolution) == 1
    assert resolution.readers[CHILD].counted


@pytest.mark.holds("R14", "A24")
@pytest.mark.parametrize("verdict", [HELD, DEAF, Skip(reason=Reason.MUTED), Skip(reason=Reason.TOO_YOUNG)])
def test_what_was_not_pushed_never_counts(verdict: Verdict) -> None:
    resolution = play(an_opening(1, {CHILD: verdict}))
    assert resolution.badges == {}
    assert last_verdicts(resolution) == {CHILD: verdict}


@pytest.mark.holds("R14", "A24", "R7")
def test_a_guardians_badge_is_kept_per_child() -> None:
    resolution = play(an_opening(1, FAMILY))
    assert resolution.badges == {(CHILD, CHILD): 1, (MOTHER, CHILD): 1, (FATHER, CHILD): 1}
    assert resolution.touched == {CHILD, MOTHER, FATHER}


@pytest.mark.holds("R2", "B10", "A22")
def test_read_lowers_only_the_readers_badge_and_ends_the_event_as_seen() -> None:
    resolution = play(an_opening(1, FAMILY), read(2, MOTHER))
    assert [badge(resolution, who) for who in (CHILD, MOTHER, FATHER)] == [1, 0, 1]
    assert resolution.endings == [Ending(matter=MATTER, end=End.SEEN, at=minute(2))]
    assert resolution.cancelled == [Cancelled(notice=reference("event 1", MOTHER), reason=Reason.ALREADY_HANDLED)]
    assert resolution.lowered == [Lowered(recipient=MOTHER, collapse_id=collapse("event 1"))]


@pytest.mark.holds("R2", "B10")
@pytest.mark.parametrize(
    ("mark", "end", "reason"),
    [(acted(2, FATHER), End.SEEN, Reason.ALREADY_HANDLED), (withdrawn(2), End.WITHDRAWN, Reason.WITHDRAWN)],
)
def test_acted_and_withdrawn_end_it_for_all(mark: Marking, end: End, reason: Reason) -> None:
    resolution = play(an_opening(1, FAMILY), mark)
    assert [badge(resolution, who) for who in FAMILY] == [0, 0, 0]
    assert resolution.endings == [Ending(matter=MATTER, end=end, at=minute(2))]
    assert {each.reason for each in resolution.cancelled} == {reason}
    assert {each.recipient for each in resolution.lowered} == set(FAMILY)
    assert resolution.marked == [mark]


@pytest.mark.holds("A22", "B10")
@pytest.mark.parametrize("by", [None, PersonId(99), MOTHER])
def test_a_reader_who_is_no_recipient_changes_nothing(by: PersonId | None) -> None:
    resolution = play(an_opening(1), read(2, by))
    assert badge(resolution) == 1
    assert (resolution.endings, resolution.cancelled, resolution.lowered) == ([], [], [])
    assert None not in {reader.recipient for reader in resolution.readers.values()}


@pytest.mark.holds("A22", "R14")
@pytest.mark.parametrize("mark", [read(5), acted(5), withdrawn(5)])
def test_a_later_event_reopens_the_matter(mark: Marking) -> None:
    resolution = play(an_opening(1), mark, an_opening(6))
    assert last_verdicts(resolution) == {CHILD: A_PUSH}
    assert badge(resolution) == 1
    assert resolution.readers[CHILD].shown == reference("event 6")


@pytest.mark.holds("A22")
def test_a_mark_older_than_the_newest_event_lowers_nothing_but_ends_the_older_one() -> None:
    resolution = play(an_opening(1), an_opening(6), acted(3))
    assert (badge(resolution), resolution.cancelled, resolution.lowered) == (1, [], [])
    assert resolution.endings == [Ending(matter=MATTER, end=End.SEEN, at=minute(3))]


@pytest.mark.holds("R2", "R5")
@pytest.mark.parametrize("mark", [read(2), acted(2), withdrawn(2)])
def test_a_mark_that_comes_twice_lowers_once(mark: Marking) -> None:
    resolution = play(an_opening(1), mark, mark)
    assert badge(resolution) == 0
    assert len(resolution.lowered) == 1
