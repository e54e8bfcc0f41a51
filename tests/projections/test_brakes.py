"""The mass-change brake: it delays erasing and loosening, never tightening (B22, A10)."""

from datetime import timedelta

import pytest

from notifier.dispatch.brakes import Brake, Kind, release
from notifier.dispatch.erasures import erase
from notifier.dispatch.facts import Braked
from notifier.dispatch.rebuilds import sweep
from tests.projections.scenes import (
    BRAKE,
    PROXIES,
    RESIDENTS,
    Scene,
    gone,
    link,
    resident,
    unlinked,
)

MONTH = timedelta(days=30)
CROWD = [f"P{number:04}" for number in range(300)]
PHONE = "+46701234567"


@pytest.mark.holds("A10")
@pytest.mark.parametrize(
    ("changes", "rows", "trips"),
    [
        (99, 0, False),
        (100, 0, True),
        (99, 50_000, False),
        (100, 50_000, True),
        (100, 100_000, False),
        (101, 100_000, True),
        (1000, 1_000_000, False),
        (1001, 1_000_000, True),
    ],
)
def test_more_than_a_thousandth_and_at_least_a_hundred_trip_the_brake(changes, rows, trips):
    assert (changes >= Brake(share=0.001, floor=100).limit(rows)) is trips


async def fill(scene: Scene) -> None:
    await scene.meet(*(resident(name, phone=PHONE) for name in CROWD))


def braked(scene: Scene) -> list[tuple[str, str]]:
    return [(fact.topic, fact.kind) for fact in scene.facts if isinstance(fact, Braked)]


@pytest.mark.holds("B22", "A10")
async def test_under_a_hundred_lifted_blocks_pass_and_more_wait_until_people_release(scene: Scene):
    await scene.tie(*(link(name, "G", blocked=True) for name in CROWD))
    await scene.tie(*(link(name, "G", 2) for name in CROWD[:99]))
    assert braked(scene) == []
    assert not (await scene.backend.link(CROWD[0], "G")).blocked
    await scene.tie(*(link(name, "G", 2) for name in CROWD[99:]))
    assert braked(scene) == [(PROXIES, Kind.BLOCK_LIFTED)]
    waiting = await scene.backend.link(CROWD[99], "G")
    assert (waiting.blocked, waiting.version) == (True, 2)
    scene.wait(timedelta(hours=2))
    await scene.tie(link(CROWD[99], "G", 3), link(CROWD[100], "G", 3, blocked=True))
    assert (await scene.backend.link(CROWD[99], "G")).blocked
    assert await release(scene.backend.brakes, PROXIES, Kind.BLOCK_LIFTED, scene.now) == 200
    assert not (await scene.backend.link(CROWD[99], "G")).blocked
    assert not (await scene.backend.link(CROWD[299], "G")).blocked
    assert (await scene.backend.link(CROWD[100], "G")).blocked
    assert await release(scene.backend.brakes, PROXIES, Kind.BLOCK_LIFTED, scene.now) is None


@pytest.mark.holds("B22")
async def test_what_is_lifted_in_a_later_hour_still_waits_for_people(scene: Scene):
    await scene.tie(*(link(name, "G", blocked=True) for name in CROWD))
    await scene.tie(*(link(name, "G", 2) for name in CROWD[:100]))
    scene.wait(timedelta(hours=5))
    await scene.tie(link(CROWD[200], "G", 2))
    assert (await scene.backend.link(CROWD[200], "G")).blocked


@pytest.mark.holds("B22", "B7")
async def test_a_braked_protection_holds_at_once_but_deletes_no_contact_point_until_released(scene: Scene):
    await fill(scene)
    await scene.meet(*(resident(name, 2, protected=True) for name in CROWD[:150]))
    assert braked(scene) == [(RESIDENTS, Kind.PROTECTION)]
    seen = await scene.backend.person(CROWD[149])
    assert seen.protected
    assert seen.has_phone
    await scene.meet(resident(CROWD[151], 2, phone=None))
    assert not (await scene.backend.person(CROWD[151])).has_phone
    await release(scene.backend.brakes, RESIDENTS, Kind.PROTECTION, scene.now)
    assert not (await scene.backend.person(CROWD[149])).has_phone
    assert (await scene.backend.person(CROWD[150])).has_phone


@pytest.mark.holds("B22", "A17")
async def test_a_braked_lifting_keeps_the_protection_and_its_instant_until_released(scene: Scene):
    await scene.meet(*(resident(name, protected=True) for name in CROWD))
    begun = scene.now
    scene.wait(timedelta(minutes=1))
    await scene.meet(*(resident(name, 2, phone=PHONE) for name in CROWD[:150]))
    assert braked(scene) == [(RESIDENTS, Kind.PROTECTION_LIFTED)]
    held = await scene.backend.person(CROWD[0])
    assert (held.protected, held.protected_at, held.version) == (True, begun, 2)
    await release(scene.backend.brakes, RESIDENTS, Kind.PROTECTION_LIFTED, scene.now)
    lifted = await scene.backend.person(CROWD[0])
    assert (lifted.protected, lifted.protected_at, lifted.has_phone) == (False, None, True)


@pytest.mark.holds("B22", "B13")
@pytest.mark.parametrize("kind", [Kind.TOMBSTONE, Kind.DEATH])
async def test_tightening_is_never_delayed(scene: Scene, kind):
    await fill(scene)
    for name in CROWD[:150]:
        await scene.backend.count_share(name, name)
    worse = gone if kind is Kind.TOMBSTONE else lambda name: resident(name, 2, deceased=scene.now.date())
    await scene.meet(*(worse(name) for name in CROWD[:150]))
    assert braked(scene) == [(RESIDENTS, kind)]
    assert await scene.backend.shares_left() == set()


@pytest.mark.holds("B22", "A9")
async def test_a_tombstone_erases_after_thirty_days_but_not_while_braked(scene: Scene):
    await fill(scene)
    await scene.tie(link(CROWD[2], "G"))
    await scene.meet(*(gone(name) for name in CROWD[:3]))
    scene.wait(MONTH - timedelta(minutes=1))
    assert await erase(scene.backend.graveyard, MONTH, scene.now) == 0
    scene.wait(timedelta(minutes=2))
    await scene.meet(*(gone(name) for name in CROWD[100:200]))
    assert braked(scene) == [(RESIDENTS, Kind.TOMBSTONE)]
    assert await erase(scene.backend.graveyard, MONTH, scene.now) == 0
    await release(scene.backend.brakes, RESIDENTS, Kind.TOMBSTONE, scene.now)
    assert await erase(scene.backend.graveyard, MONTH, scene.now) == 3
    assert await scene.backend.person(CROWD[0]) is None
    named = await scene.backend.person(CROWD[2])
    assert (named.version, named.has_phone, named.erased) == (None, False, False)


@pytest.mark.holds("B22", "A9")
async def test_an_ended_link_is_erased_after_thirty_days(scene: Scene):
    await scene.tie(link("Child", "G"), link("Other", "G"))
    await scene.tie(unlinked("Child", "G"))
    scene.wait(MONTH + timedelta(minutes=1))
    assert await erase(scene.backend.graveyard, MONTH, scene.now) == 1
    assert await scene.backend.link("Child", "G") is None
    assert await scene.backend.link("Other", "G") is not None


@pytest.mark.holds("B22")
async def test_each_kind_is_counted_apart_and_by_the_hour(scene: Scene):
    await fill(scene)
    await scene.meet(*(gone(name) for name in CROWD[:99]))
    await scene.meet(*(resident(name, 2, deceased=scene.now.date()) for name in CROWD[100:199]))
    scene.wait(timedelta(hours=1))
    await scene.meet(*(gone(name) for name in CROWD[200:299]))
    assert braked(scene) == []


@pytest.mark.holds("A10")
async def test_the_brake_rests_before_the_first_complete_heartbeat(backend):
    scene = Scene(backend)
    await backend.ensure(PROXIES, [0, 1])
    await scene.beat(PROXIES, 0)
    await scene.tie(*(link(name, "G", blocked=True) for name in CROWD))
    await scene.tie(*(link(name, "G", 2) for name in CROWD))
    assert braked(scene) == []
    assert not (await backend.link(CROWD[0], "G")).blocked


@pytest.mark.holds("B22")
async def test_released_people_are_not_braked_again_for_what_was_released(scene: Scene):
    await scene.tie(*(link(name, "G", blocked=True) for name in CROWD))
    await scene.tie(*(link(name, "G", 2) for name in CROWD[:150]))
    await release(scene.backend.brakes, PROXIES, Kind.BLOCK_LIFTED, scene.now)
    await scene.tie(link(CROWD[150], "G", 2))
    assert not (await scene.backend.link(CROWD[150], "G")).blocked
    assert len(braked(scene)) == 1
    await scene.tie(*(link(name, "G", 2) for name in CROWD[151:251]))
    assert len(braked(scene)) == 2
    assert (await scene.backend.link(CROWD[250], "G")).blocked


@pytest.mark.holds("B22")
async def test_a_sweep_that_takes_too_many_is_braked_like_tombstones(scene: Scene):
    await fill(scene)
    await scene.rewind(RESIDENTS, {0: 2})
    await scene.meet(resident(CROWD[0]), resident(CROWD[1]))
    assert await sweep(scene.backend.rebuilt(RESIDENTS), RESIDENTS, BRAKE, scene.now, scene.facts.append) == 298
    assert braked(scene) == [(RESIDENTS, Kind.TOMBSTONE)]
    assert (await scene.backend.person(CROWD[9])).erased
    scene.wait(MONTH + timedelta(minutes=1))
    assert await erase(scene.backend.graveyard, MONTH, scene.now) == 0
