"""What residents and proxies become, whatever order and however often they are heard (A9, A14, B7, B22, B25)."""

import itertools
from datetime import timedelta

import pytest

from notifier.dispatch.rebuilds import sweep
from tests.projections.scenes import (
    BRAKE,
    NOW,
    PROXIES,
    RESIDENTS,
    Scene,
    gone,
    link,
    resident,
    unlinked,
    who,
)

EARLIER = NOW - timedelta(days=9)


@pytest.mark.holds("R4", "A9")
@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
@pytest.mark.parametrize("together", [True, False])
async def test_the_highest_version_stands_in_whatever_order_it_comes(scene: Scene, order, together):
    changes = [resident("Ada", version, phone=f"+467012345{version}" if version == 3 else None) for version in order]
    for part in [changes] if together else [[one] for one in changes]:
        await scene.meet(*part)
    person = await scene.backend.person("Ada")
    assert person.version == 3
    assert person.has_phone


@pytest.mark.holds("A9", "A6")
async def test_an_equal_version_is_ignored_and_counted_as_stale(scene: Scene):
    await scene.meet(resident("Ada", 4))
    await scene.meet(resident("Ada", 4, phone="+46701234567"))
    assert not (await scene.backend.person("Ada")).has_phone
    place = await scene.backend.place(RESIDENTS, 0)
    assert (place.records, place.applied, place.stale) == (3, 1, 1)


@pytest.mark.holds("B22", "A9")
@pytest.mark.parametrize("together", [True, False])
async def test_after_a_tombstone_only_a_higher_version_returns(scene: Scene, together):
    for parts in ([resident("Ada", 4), gone("Ada"), resident("Ada", 4)],):
        for part in [parts] if together else [[one] for one in parts]:
            await scene.meet(*part)
    buried = await scene.backend.person("Ada")
    assert buried.erased
    assert buried.version == 4
    await scene.meet(resident("Ada", 5))
    assert not (await scene.backend.person("Ada")).erased


@pytest.mark.holds("B7")
async def test_contact_points_go_when_protection_comes_and_are_refused_while_it_holds(scene: Scene):
    await scene.meet(resident("Ada", 1, phone="+46701234567"))
    assert (await scene.backend.person("Ada")).has_phone
    await scene.meet(resident("Ada", 2, protected=True, phone="+46701234567"))
    assert not (await scene.backend.person("Ada")).has_phone
    await scene.meet(resident("Ada", 3, phone="+46701234567"))
    assert (await scene.backend.person("Ada")).has_phone


@pytest.mark.holds("A17")
@pytest.mark.parametrize("together", [True, False])
async def test_protection_counts_from_the_first_version_that_has_it_until_it_is_lifted(scene: Scene, together):
    first = [
        resident("Ada", 1),
        resident("Ada", 2, protected=True, changed_at=EARLIER),
        resident("Ada", 3, protected=True, changed_at=NOW),
    ]
    for part in [first] if together else [[one] for one in first]:
        await scene.meet(*part)
    assert (await scene.backend.person("Ada")).protected_at == EARLIER
    again = [resident("Ada", 4), resident("Ada", 5, protected=True)]
    for part in [again] if together else [[one] for one in again]:
        await scene.meet(*part)
    assert (await scene.backend.person("Ada")).protected_at == scene.now


@pytest.mark.holds("B25")
async def test_test_persons_are_thrown_away_in_production_and_counted(scene: Scene):
    await scene.meet(resident("Ada"), resident("Test", test=True))
    assert await scene.backend.person("Ada") is not None
    assert await scene.backend.person("Test") is None
    place = await scene.backend.place(RESIDENTS, 0)
    assert (place.records, place.applied, place.stale) == (3, 1, 0)


@pytest.mark.holds("A7", "A19")
async def test_those_whom_a_link_or_a_person_names_first_are_known_by_name_only(scene: Scene):
    await scene.tie(link("Child", "Guardian"))
    await scene.meet(resident("Ada", linked=(who("Ada2"),), replaced_by=who("Ada3")))
    for name in ("Child", "Guardian", "Ada2", "Ada3"):
        assert (await scene.backend.person(name)).version is None
    await scene.meet(resident("Child"))
    assert (await scene.backend.person("Child")).version == 1


@pytest.mark.holds("A14", "A9")
async def test_a_link_ends_with_its_tombstone_and_returns_only_with_a_higher_version(scene: Scene):
    await scene.tie(link("Child", "Guardian", 3))
    await scene.tie(unlinked("Child", "Guardian"))
    assert (await scene.backend.link("Child", "Guardian")).ended
    await scene.tie(link("Child", "Guardian", 3))
    assert (await scene.backend.link("Child", "Guardian")).ended
    await scene.tie(link("Child", "Guardian", 4, blocked=True))
    returned = await scene.backend.link("Child", "Guardian")
    assert (returned.ended, returned.blocked, returned.version) == (False, True, 4)


@pytest.mark.holds("I1")
async def test_a_stretch_whose_position_has_moved_changes_nothing(scene: Scene):
    await scene.meet(resident("Ada", 1))
    stretch = scene._stretch(RESIDENTS, 0, (resident("Ada", 2),))
    scene._offsets[RESIDENTS, 0] = stretch.expected
    await scene.meet(resident("Ada", 3))
    assert await scene.residents.apply(stretch, BRAKE, scene.now) is None
    assert (await scene.backend.person("Ada")).version == 3


@pytest.mark.holds("A8", "B21")
async def test_freshness_is_the_least_over_all_partitions_and_never_goes_back(scene: Scene):
    assert (await scene.backend.freshness()).residents_complete_to == NOW
    await scene.backend.ensure(RESIDENTS, [0, 1])
    assert (await scene.backend.freshness()).residents_complete_to is None
    await scene.beat(RESIDENTS, 1, EARLIER)
    assert (await scene.backend.freshness()).residents_complete_to == EARLIER
    await scene.beat(RESIDENTS, 0, EARLIER - timedelta(days=1))
    await scene.beat(RESIDENTS, 1, NOW)
    freshness = await scene.backend.freshness()
    assert (freshness.residents_complete_to, freshness.proxies_complete_to) == (NOW, NOW)


@pytest.mark.holds("B21", "R4")
@pytest.mark.parametrize("crashed", [True, False])
async def test_a_rebuild_ends_what_it_does_not_see_and_the_feed_is_stale_meanwhile(scene: Scene, crashed):
    await scene.meet(resident("Ada"), resident("Bo"), resident("Cia"))
    await scene.tie(link("Cia", "Ada"), link("Cia", "Bo"))
    await scene.rewind(RESIDENTS, {0: 3})
    await scene.rewind(PROXIES, {0: 1})
    assert (await scene.backend.freshness()).residents_complete_to is None
    rebuilt = scene.backend.rebuilt(RESIDENTS)
    await scene.meet(resident("Ada"), resident("Cia", 2))
    assert await sweep(rebuilt, RESIDENTS, BRAKE, scene.now, scene.facts.append) is None
    last = await scene.meet(resident("Dan"))
    assert last.rebuilt
    if crashed:
        await rebuilt.sweep(RESIDENTS, await rebuilt.find_due(RESIDENTS), None, BRAKE, scene.now)
    assert await sweep(rebuilt, RESIDENTS, BRAKE, scene.now, scene.facts.append) == (0 if crashed else 1)
    assert (await scene.backend.freshness()).residents_complete_to == NOW
    assert [(await scene.backend.person(name)).erased for name in ("Ada", "Bo", "Cia", "Dan")] == [
        False,
        True,
        False,
        False,
    ]
    await scene.tie(link("Cia", "Ada"))
    links = scene.backend.rebuilt(PROXIES)
    assert await sweep(links, PROXIES, BRAKE, scene.now, scene.facts.append) == 1
    assert not (await scene.backend.link("Cia", "Ada")).ended
    assert (await scene.backend.link("Cia", "Bo")).ended
    assert (await scene.backend.freshness()).proxies_complete_to == NOW
