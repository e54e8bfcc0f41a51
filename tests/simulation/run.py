"""One seed, played and held to the model."""

import hashlib

import msgspec

from tests.simulation.model import find_violations
from tests.simulation.world import World

MOST_STEPS = 600_000


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a seed."""

    seed: int
    digest: str
    violations: tuple[str, ...]
    steps: int
    trace: tuple[str, ...] = ()


def run_seed(seed: int, *, with_trace: bool = False) -> Report:
    """Play one seed and hold it to the model."""
    world = World(seed)
    violations: list[str] = []
    try:
        world.loop.run(world.live(lambda at, over: violations.extend(find_violations(at, over=over))), MOST_STEPS)
    except Exception as fault:  # noqa: BLE001 - whatever breaks a seed is its result
        violations.append(f"the run broke: {fault!r}")
    violations += [fault for process in world.processes for fault in process.faults]
    violations += world.loop.faults
    digest = hashlib.sha256("\n".join(world.trace).encode()).hexdigest()[:16]
    trace = tuple(world.trace) if with_trace else ()
    return Report(
        seed=seed, digest=digest, violations=tuple(dict.fromkeys(violations)), steps=world.loop.steps, trace=trace
    )
