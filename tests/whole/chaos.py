"""`python -m tests.whole.chaos`: many events, real processes, kill -9 in between; then everything must be whole.

With `--faults` the providers misbehave frame by frame meanwhile, by the seed; every fifth token is in doubt at first.
"""

import argparse
import asyncio
import logging
import random
import sys
import time
from collections.abc import Mapping, Sequence

import uvloop

from tests.whole.commands import command
from tests.whole.faults import FAULTS, begin_faults, count_connections, end_faults
from tests.whole.memory import Memory
from tests.whole.opening import open_trial
from tests.whole.people import Person, make_adults, make_children
from tests.whole.service import Service
from tests.whole.stage import Stage, run_stage
from tests.whole.stories import Mixture
from tests.whole.trial import Trial
from tests.whole.wholeness import require_wholeness

_EVENTS, _KILLS = 100_000, 3
_EVENTS_PER_PERSON = 50
_MOST_PEOPLE = 2_000
_CHILDREN = 0.25
_LOOK_SECONDS = 0.05
_SETTLE_SECONDS = 900.0
_READ = "select coalesce(sum(records), 0)::bigint as records from intake_total"
_SETTINGS = {"SENDER__TIMEOUT": "5", "SENDER__CONNECT_TIMEOUT": "2", "SENDER__LEASE": "12"}


def gather_people(events: int) -> list[Person]:
    """Make as many people as the events ask for, a quarter of them children."""
    count = max(20, min(_MOST_PEOPLE, events // _EVENTS_PER_PERSON))
    adults = make_adults(round(count * (1 - _CHILDREN)))
    return [*adults, *make_children(round(count * _CHILDREN), adults)]


async def run_chaos(
    stage: Stage, name: str, events: int, kills: int, seed: int, faults: Mapping[str, object] | None = None
) -> list[str]:
    """Publish, kill, mend and check; give what is worth saying. Raises AssertionError where something is not whole."""
    began = time.monotonic()
    said = []
    async with open_trial(stage, name, gather_people(events)) as trial:
        service = await trial.run(**_SETTINGS)
        said.append(f"filled and ready after {time.monotonic() - began:.0f} s, {len(trial.people)} people")
        if faults is not None:
            await begin_faults(trial, {**faults, "seed": seed})
        memory = Memory(lambda: trial.services[-1])
        watching = asyncio.create_task(memory.watch())
        publishing = asyncio.create_task(_publish(trial, events, seed))
        for at in _choose_moments(events, kills, seed):
            service = await _kill_at(trial, service, at)
        await publishing
        said.append(f"published after {time.monotonic() - began:.0f} s")
        if faults is not None:
            said += await _calm(trial, events)
        await require_wholeness(trial, within=_SETTLE_SECONDS)
        assert watching.cancel(), "nobody looked any more"
        said += memory.require_flat()
        said.append(f"settled and whole after {time.monotonic() - began:.0f} s, {kills} times killed")
        said += await _ask_operators(trial)
        assert await service.stop() == 0, service.tail()
        if faults is not None:
            assert await count_connections(stage) == 0
        said.append(f"account: opened {len(trial.book.told)}, marks {len(trial.book.marks)}, duplicates "
                    f"{trial.book.copies}, dead letters {trial.book.broken}")  # fmt: skip
    return said


async def _publish(trial: Trial, events: int, seed: int) -> None:
    for chunk in Mixture(trial.book, list(trial.people), seed).chunks(events):
        await trial.publish(chunk)


def _choose_moments(events: int, kills: int, seed: int) -> Sequence[int]:
    """Choose after how many records each death comes: one in each part of the way."""
    chance = random.Random(seed)
    return [round(events * (part + chance.uniform(0.3, 0.9)) / (kills + 0.5)) for part in range(kills)]


async def _kill_at(trial: Trial, service: Service, records: int) -> Service:
    async with asyncio.timeout(_SETTLE_SECONDS):
        while (await trial.fetch(_READ))[0]["records"] < records:
            assert service.alive, service.tail()
            await asyncio.sleep(_LOOK_SECONDS)
    await service.kill()
    return await trial.launch(**_SETTINGS)


async def _calm(trial: Trial, events: int) -> list[str]:
    """End the faults once every event has met them, and give what was thrown."""
    async with asyncio.timeout(_SETTLE_SECONDS):
        while (await trial.fetch(_READ))[0]["records"] < events:
            await asyncio.sleep(_LOOK_SECONDS)
    return await end_faults(trial)


async def _ask_operators(trial: Trial) -> list[str]:
    code, said = await command(trial, "account")
    assert code == 0, said
    drift, told = await command(trial, "upkeep")
    assert drift == 0, told
    return [f"notifier account: exit {code}; notifier upkeep: {told.strip()}"]


async def _main(flags: argparse.Namespace) -> None:
    # The client speaks of every record that it sends again.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    async with run_stage(*(("--frames",) if flags.faults else ())) as stage:
        faults = FAULTS if flags.faults else None
        for line in await run_chaos(stage, "chaos", flags.events, flags.kills, flags.seed, faults):
            sys.stdout.write(f"{line}\n")


def _read_flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.whole.chaos", description=__doc__)
    parser.add_argument("--events", type=int, default=_EVENTS, help="how many (%(default)s)")
    parser.add_argument("--kills", type=int, default=_KILLS, help="how often kill -9 (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of people, mixture and moments (%(default)s)")
    parser.add_argument("--faults", action="store_true", help="let the providers misbehave frame by frame")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(_main(_read_flags()))
