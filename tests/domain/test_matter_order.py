"""Handled is a question of time, not of arrival: a model of twenty lines against every order."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.domain.ends import course_of
from notifier.domain.events import MarkKind
from notifier.domain.identifiers import EventKey, PersonId
from notifier.domain.matters import Matter
from notifier.domain.plans import Marking, Opening
from notifier.domain.reasons import End, HoldReason, Reason
from notifier.domain.resolution import Resolution
from notifier.domain.verdicts import Hold, Push, Skip, Verdict
from tests.domain.cast import CHILD, FATHER, MOTHER
from tests.domain.records import A_PUSH, MATTER, a_mark, an_opening

Item = Opening | Marking


PEOPLE = (CHILD, MOTHER, FATHER)


MINUTES = st.integers(0, 6)


VERDICTS: list[Verdict] = [A_PUSH, A_PUSH, Skip(reason=Reason.NO_DEVICE), Hold(reason=HoldReason.FEED_STALE)]


MARKS = st.builds(a_mark, st.sampled_from(MarkKind), MINUTES, st.sampled_from([CHILD, MOTHER, PersonId(99), None]))


@st.composite
def openings(draw: st.DrawFn, verdicts: list[Verdict]) -> list[Opening]:
    """Draw events of one matter, each with a name of its own."""
    times = draw(st.lists(MINUTES, max_size=5))
    chosen = st.fixed_dictionaries(dict.fromkeys(PEOPLE, st.sampled_from(verdicts)))
    return [an_opening(at, draw(chosen), name=f"event {place}") for place, at in enumerate(times)]


@st.composite
def stories(draw: st.DrawFn, verdicts: list[Verdict]) -> list[Item]:
    """Draw events and marks of one matter in one order of arrival; a mark may come twice."""
    items: list[Item] = [*draw(openings(verdicts)), *draw(st.lists(MARKS, max_size=5))]
    return draw(st.permutations(items))


def latest(instants: list[datetime]) -> datetime:
    return max(instants, default=datetime.min.replace(tzinfo=A_PUSH.expires_at.tzinfo))


def marked_for(story: list[Item], person: PersonId) -> datetime:
    """Model: until when a person is done with the matter."""
    marks = [item for item in story if isinstance(item, Marking)]
    return latest([each.mark.at for each in marks if each.mark.kind is not MarkKind.READ or each.by == person])


def is_unread(story: list[Item], person: PersonId) -> bool:
    """Model: something was pushed that is later than all that was read, acted on or withdrawn."""
    pushed = [
        item.event.time
        for item in story
        if isinstance(item, Opening)
        for planned in item.planned
        if planned.decision.recipient == person and isinstance(planned.decision.verdict, Push)
    ]
    return latest(pushed) > marked_for(story, person)


@dataclass
class Witness:
    """Plays one record after the other, each on what was stored, and keeps the badges and ends a ledger would."""

    matter: Matter = field(default_factory=lambda: Matter(key=MATTER, subject=CHILD))
    resolution: Resolution = field(init=False)
    badges: dict[PersonId, int] = field(default_factory=lambda: dict.fromkeys(PEOPLE, 0))
    times: dict[EventKey, datetime] = field(default_factory=dict)
    ends: dict[EventKey, End | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.resolution = Resolution(self.matter)

    def take(self, item: Item) -> None:
        self.resolution = Resolution(self.matter, self.resolution.readers.values())
        self.resolution.play([item])
        for (recipient, _), change in self.resolution.badges.items():
            self.badges[recipient] += change
        for opened in self.resolution.opened:
            ended = course_of(opened).ended
            self.times[opened.opening.event.key] = opened.opening.event.time
            self.ends[opened.opening.event.key] = ended.end if ended else None
        for ending in self.resolution.endings:
            for key, end in self.ends.items():
                self.ends[key] = end or (ending.end if self.times[key] <= ending.at else None)


@pytest.mark.holds("R14", "A22", "A23", "A24", "B10")
@given(stories(VERDICTS))
@settings(max_examples=300)
def test_the_badge_is_the_same_for_every_order_of_arrival(story: list[Item]) -> None:
    witness = Witness()
    for place, item in enumerate(story):
        witness.take(item)
        arrived = story[: place + 1]
        assert witness.badges == {person: int(is_unread(arrived, person)) for person in PEOPLE}


@pytest.mark.holds("R14", "A24")
@given(stories(VERDICTS), st.integers(1, 4))
def test_the_badge_is_the_same_however_records_fall_into_batches(story: list[Item], size: int) -> None:
    matter, batches = Matter(key=MATTER, subject=CHILD), [story[at : at + size] for at in range(0, len(story), size)]
    badges, resolution = dict.fromkeys(PEOPLE, 0), Resolution(matter)
    for batch in batches:
        resolution = Resolution(matter, resolution.readers.values())
        resolution.play(batch)
        for (recipient, _), change in resolution.badges.items():
            badges[recipient] += change
    assert badges == {person: int(is_unread(story, person)) for person in PEOPLE}


@pytest.mark.holds("A22", "A25", "R2")
@given(stories([A_PUSH]))
@settings(max_examples=300)
def test_an_event_is_seen_or_withdrawn_exactly_if_a_mark_covers_it_unless_a_newer_one_superseded_it(
    story: list[Item],
) -> None:
    witness = Witness()
    for item in story:
        witness.take(item)
    done = max(marked_for(story, person) for person in PEOPLE)
    for key, end in witness.ends.items():
        if end is not End.SUPERSEDED:
            assert (end in (End.SEEN, End.WITHDRAWN)) is (witness.times[key] <= done)


@pytest.mark.holds("A22", "A25")
@given(stories([Skip(reason=Reason.NO_DEVICE)]))
def test_what_the_subject_handled_before_anybody_could_be_told_is_never_called_unreachable(story: list[Item]) -> None:
    witness = Witness()
    marks: list[Marking] = []
    for item in story:
        witness.take(item)
        if isinstance(item, Marking):
            marks.append(item)
        else:
            covered = item.event.time <= marked_for([*marks], CHILD)
            assert (witness.ends[item.event.key] is not End.UNREACHABLE) is covered
