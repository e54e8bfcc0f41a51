"""What a change takes away at once, and from whom (A24, A30, B7, B12, B13, B25)."""

from datetime import date, datetime, timedelta

import pytest

from notifier.dispatch.link_endings import end_lapsed
from notifier.domain.ages import STOCKHOLM
from tests.projections.scenes import Scene, gone, link, resident, unlinked, who

ALL = {("Mo", "Mo"), ("Fa", "Fa"), ("Mo", "Kid"), ("Fa", "Kid"), ("Mo", "Sis"), ("Kid", "Kid")}


@pytest.fixture
async def family(scene: Scene) -> Scene:
    """Two parents of a child, one of them also of its sister; everybody has something unread."""
    adult = {"born_younger": date(1985, 5, 1), "born_older": date(1985, 5, 1)}
    await scene.meet(resident("Mo", **adult), resident("Fa", **adult), resident("Kid"), resident("Sis"))
    await scene.tie(link("Kid", "Mo"), link("Kid", "Fa"), link("Sis", "Mo"))
    for recipient, about in sorted(ALL):
        await scene.backend.count_share(recipient, about)
    return scene


@pytest.mark.holds("B13", "A24")
async def test_a_dead_child_ends_everybodys_share(family: Scene):
    applied = await family.meet(resident("Kid", 2, deceased=date(2026, 11, 20)))
    assert applied.applied == 1
    assert await family.backend.shares_left() == ALL - {("Kid", "Kid"), ("Mo", "Kid"), ("Fa", "Kid")}


@pytest.mark.holds("B13")
async def test_a_dead_guardian_ends_their_own_shares_only(family: Scene):
    await family.meet(resident("Mo", 2, deceased=date(2026, 11, 20)))
    assert await family.backend.shares_left() == {("Fa", "Fa"), ("Fa", "Kid"), ("Kid", "Kid")}


@pytest.mark.holds("B7", "B12")
async def test_protection_of_either_side_ends_the_guardians_shares(family: Scene):
    await family.meet(resident("Sis", 2, protected=True))
    assert await family.backend.shares_left() == ALL - {("Mo", "Sis")}
    await family.meet(resident("Fa", 2, protected=True))
    assert await family.backend.shares_left() == {("Mo", "Mo"), ("Mo", "Kid"), ("Kid", "Kid")}


@pytest.mark.holds("B22")
async def test_a_tombstone_ends_shares_at_once(family: Scene):
    await family.meet(gone("Kid"))
    assert await family.backend.shares_left() == ALL - {("Kid", "Kid"), ("Mo", "Kid"), ("Fa", "Kid")}


@pytest.mark.holds("B12", "A14")
@pytest.mark.parametrize(
    "change",
    [
        unlinked("Kid", "Mo"),
        link("Kid", "Mo", 2, blocked=True),
        link("Kid", "Mo", 2, guardian_relation=False),
        link("Kid", "Mo", 2, valid_to=date(2026, 11, 22)),
        link("Kid", "Mo", 2, valid_from=date(2026, 11, 23)),
    ],
    ids=["tombstone", "blocked", "no guardian", "over", "not yet"],
)
async def test_a_link_that_gives_nothing_ends_that_share_only(family: Scene, change):
    await family.tie(change)
    assert await family.backend.shares_left() == ALL - {("Mo", "Kid")}


@pytest.mark.holds("A14")
async def test_a_link_that_still_holds_ends_nothing(family: Scene):
    await family.tie(link("Kid", "Mo", 2, valid_to=date(2026, 11, 23)))
    await family.meet(resident("Kid", 2, region="03"))
    assert await family.backend.shares_left() == ALL


@pytest.mark.holds("B25")
async def test_flags_of_another_number_of_the_same_person_count(family: Scene):
    await family.meet(resident("Old", protected=True))
    await family.meet(resident("Mo", 2, linked=(who("Old"),)))
    assert await family.backend.shares_left() == {("Fa", "Fa"), ("Fa", "Kid"), ("Kid", "Kid")}


@pytest.mark.holds("B25")
async def test_a_flag_that_comes_later_reaches_the_linked_number(family: Scene):
    await family.meet(resident("New", replaced_by=None, linked=(who("Fa"),)))
    assert await family.backend.shares_left() == ALL
    await family.meet(resident("New", 2, linked=(who("Fa"),), deceased=date(2026, 11, 20)))
    assert await family.backend.shares_left() == ALL - {("Fa", "Fa"), ("Fa", "Kid")}


@pytest.mark.holds("B12", "B11")
@pytest.mark.parametrize(
    ("born", "last_minute"),
    [
        (date(2013, 11, 23), datetime(2026, 11, 22, 23, 59, tzinfo=STOCKHOLM)),
        (date(2012, 2, 29), datetime(2025, 2, 27, 23, 59, tzinfo=STOCKHOLM)),
    ],
    ids=["birthday", "29 February"],
)
async def test_a_share_lapses_at_midnight_in_stockholm_on_the_thirteenth_birthday(family: Scene, born, last_minute):
    await family.meet(resident("Kid", 2, born_older=born, born_younger=born))
    assert await end_lapsed(family.backend.shares, 13, last_minute) == 0
    assert await end_lapsed(family.backend.shares, 13, last_minute + timedelta(minutes=1)) == 2
    assert await family.backend.shares_left() == ALL - {("Mo", "Kid"), ("Fa", "Kid")}


@pytest.mark.holds("B12", "A14")
async def test_a_share_lapses_when_the_links_end_has_come(family: Scene):
    await family.tie(link("Kid", "Fa", 2, valid_to=date(2026, 12, 1)))
    assert await end_lapsed(family.backend.shares, 13, datetime(2026, 11, 30, 23, 59, tzinfo=STOCKHOLM)) == 0
    assert await end_lapsed(family.backend.shares, 13, datetime(2026, 12, 1, tzinfo=STOCKHOLM)) == 1
    assert await family.backend.shares_left() == ALL - {("Fa", "Kid")}


@pytest.mark.holds("A30", "B12")
async def test_what_an_opening_wrote_after_the_change_is_found_by_the_sweep(family: Scene):
    await family.tie(link("Kid", "Mo", 2, blocked=True))
    await family.meet(resident("Sis", 2, protected=True))
    await family.backend.count_share("Mo", "Kid")
    await family.backend.count_share("Mo", "Sis")
    assert await end_lapsed(family.backend.shares, 13, family.now) == 2
    assert await family.backend.shares_left() == ALL - {("Mo", "Kid"), ("Mo", "Sis")}
