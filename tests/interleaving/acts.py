"""What two processes may do to the same matter at the same moment."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from notifier.dispatch.batches import Due
from notifier.domain.events import MarkKind
from notifier.domain.reasons import Reason
from tests.ledger.cast import ANNA, GRACE, HELD, LEASE, NOW
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.scene import REFUSED, Scene, due_of, later

Story = dict[str, Any]
Act = Callable[[Scene, Story], Awaitable[Any]]
SOON = NOW + timedelta(seconds=11)


async def prepare(scene: Scene, number: int) -> Story:
    """Open one event with two deliveries, one that waits unleased, one held, one that was read, and one abandoned."""
    names = {name: f"{name}{number}" for name in ("m", "e", "n", "k", "free", "held", "old", "bare", "lost")}
    lost = await _abandon(scene, names["lost"])
    sent = await scene.open(an_opening(an_event(names["e"], matter=names["m"])))
    await scene.open(an_opening(an_event(names["free"], matter=names["free"]), leased=False))
    await scene.open(an_opening(an_event(names["held"], at=1, matter=names["m"]), {ANNA: HELD}))
    old = await scene.open(an_opening(an_event(names["old"], matter=names["old"])))
    await scene.accept(*old.due)
    await scene.open(a_mark(names["old"] + "read", MarkKind.READ, 1, matter=names["old"]))
    await scene.open(a_mark(names["bare"], MarkKind.READ, 1, by=None, matter=names["bare"]))
    held = await scene.backend.holdings.find_held(SOON, 500)
    (found,) = [one for one in held if one.event.id == names["held"]]
    return {**names, "due": sent.due, "found": found, "abandoned": lost}


async def _abandon(scene: Scene, name: str) -> tuple[Due, ...]:
    """Open one event and have it read in the hands of a process that died since; what the mark owed is done."""
    opened = await scene.open(an_opening(an_event(name, matter=name)))
    await scene.open(a_mark(name + "read", MarkKind.READ, 1, matter=name))
    await scene.backend.let_pass(LEASE + GRACE)
    await scene.pay(*await scene.owed())
    return opened.due


async def open_newer(scene: Scene, story: Story) -> Any:
    return await scene.open(an_opening(an_event(f"{story['n']}-{scene.partition}", at=5, matter=story["m"])))


async def open_copy(scene: Scene, story: Story) -> Any:
    return await scene.open(an_opening(an_event(story["n"], at=5 + scene.partition, matter=story["m"])))


async def read(scene: Scene, story: Story) -> Any:
    mark = a_mark(f"{story['k']}-{scene.partition}", MarkKind.READ, 6, matter=story["m"])
    return await scene.open(mark)


async def open_bare(scene: Scene, story: Story) -> Any:
    """Open the first event of a matter that only a mark has named so far."""
    return await scene.open(an_opening(an_event(f"{story['n']}-b{scene.partition}", matter=story["bare"])))


async def read_bare(scene: Scene, story: Story) -> Any:
    return await scene.open(a_mark(f"{story['k']}-b", MarkKind.READ, 6, matter=story["bare"]))


async def open_fresh(scene: Scene, story: Story) -> Any:
    """Open the first event of a matter that nobody has named."""
    return await scene.open(an_opening(an_event(f"{story['n']}-f{scene.partition}", matter=story["n"])))


async def read_fresh(scene: Scene, story: Story) -> Any:
    return await scene.open(a_mark(f"{story['k']}-f", MarkKind.READ, 6, matter=story["n"]))


async def withdraw(scene: Scene, story: Story) -> Any:
    mark = a_mark(f"{story['k']}-w{scene.partition}", MarkKind.WITHDRAWN, 6, matter=story["m"])
    return await scene.open(mark)


async def accept(scene: Scene, story: Story) -> Any:
    return await scene.accept(*story["due"])


async def accept_first(scene: Scene, story: Story) -> Any:
    return await scene.accept(story["due"][0])


async def fail_first(scene: Scene, story: Story) -> Any:
    return await scene.record(REFUSED, story["due"][0])


async def fail_second(scene: Scene, story: Story) -> Any:
    return await scene.record(REFUSED, story["due"][1])


async def doubt(scene: Scene, story: Story) -> Any:
    return await scene.record(later(0, unsure=True), *story["due"])


async def claim(scene: Scene, story: Story) -> Any:
    return [one.id for one in await scene.claim()]


async def claim_and_stop(scene: Scene, story: Story) -> Any:
    await scene.claim_and_judge(stop=Reason.MUTED)
    return []


async def claim_and_accept(scene: Scene, story: Story) -> Any:
    claimed = await scene.claim()
    await scene.accept(*(due_of(one) for one in claimed))
    return [one.id for one in claimed]


async def forbid(scene: Scene, story: Story) -> Any:
    await scene.backend.forbid(ANNA, ANNA, Reason.DECEASED, NOW)


async def mend(scene: Scene, story: Story) -> Any:
    return await scene.backend.mendings.mend_abandoned(NOW)


async def accept_abandoned(scene: Scene, story: Story) -> Any:
    return await scene.accept(*story["abandoned"])


async def doubt_abandoned(scene: Scene, story: Story) -> Any:
    return await scene.record(later(0, unsure=True), *story["abandoned"])


async def open_abandoned(scene: Scene, story: Story) -> Any:
    """Open a newer event of the matter that was read while its sender was dead."""
    return await scene.open(an_opening(an_event(f"{story['n']}-a{scene.partition}", at=5, matter=story["lost"])))


async def judge_held(scene: Scene, story: Story) -> Any:
    opening = an_opening(story["found"].event, notices={ANNA: story["found"].notices[ANNA].id})
    return await scene.reopen(opening, now=SOON)


async def end_due(scene: Scene, story: Story) -> Any:
    return await scene.backend.holdings.end_due(NOW + timedelta(days=7))


async def expire(scene: Scene, story: Story) -> Any:
    return await scene.backend.waiting.expire(NOW + timedelta(days=7))


async def pay(scene: Scene, story: Story) -> Any:
    await scene.pay(*await scene.owed())
