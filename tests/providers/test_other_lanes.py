"""Whatever one lane meets, it does what the reference asks, the others go on, and it comes back."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from notifier.domain.health import Health
from notifier.domain.pushes import Accepted, Again, Outcome
from notifier.simulators.frames.mischief import Fault
from tests.providers.fleet import Fleet, commanding_fleet
from tests.providers.houses import GOOGLE, Worked
from tests.providers.knobs import knobs
from tests.providers.mischiefs import faults_of_both
from tests.providers.ordeals import Ordeal, rows_of_apple, rows_of_google

pytestmark = [pytest.mark.slow, pytest.mark.holds("R12", "R13", "I8")]

ORDEALS = [*rows_of_apple(), *rows_of_google(), *faults_of_both(), *knobs()]
WAVE = 10
OTHERS, WITHIN_SECONDS = 50, 10.0
"""So many pushes over each other lane take so long at most, half of them when the fault has shown its effect."""
WITHOUT_A_ROW = {"seed", "streams", "goaway_code", "goaway_reason", "reset_code"}
"""What is no fault by itself."""
ASKED_EACH_SECONDS = 0.1
"""How often a lane that is stopped may ask beyond what was under way when it was told."""
FIRST_CONNECTIONS = 3
"""Of a lane to Google, one of them for tokens; Apple's has one less."""
MEND_SECONDS = 5.0


@pytest.fixture(scope="module")
async def fleet(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fleet]:
    """Lend lanes that are well, and providers that are not."""
    async with commanding_fleet(tmp_path_factory.mktemp("fleet")) as fleet:
        yield fleet


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lane that stands still ask oftener than once a minute, and for tokens oftener than every five seconds."""
    monkeypatch.setattr("notifier.providers.standstill.ASKED_AGAIN", timedelta(seconds=ASKED_EACH_SECONDS))
    monkeypatch.setattr("notifier.providers.access_token.PAUSE", timedelta(seconds=0.05))


def test_every_fault_that_the_simulators_know_is_met() -> None:
    met = {name for ordeal in ORDEALS for _, path, order in ordeal.orders if path == "/frames" for name in order}
    assert met >= set(Fault) | {
        "first_streams",
        "over_limit",
        "fall_back",
        "bad_tokens",
        "max_age_seconds",
        "window_bytes",
    }


@pytest.mark.parametrize(
    "ordeal",
    [pytest.param(ordeal, id=ordeal.title) for ordeal in ORDEALS],
)
async def test_a_lane_that_meets_a_fault_leaves_the_others_alone(fleet: Fleet, ordeal: Ordeal) -> None:
    await fleet.ill.calm()
    await fleet.ill.order("DELETE", "/counts")
    if ordeal.from_the_start:
        await _impose(fleet, ordeal)
    lane = await _open(fleet, ordeal)
    try:
        if not ordeal.from_the_start:
            assert await lane.send(WAVE) == [Accepted()] * WAVE
            await _impose(fleet, ordeal)
        began = time.monotonic()
        outcomes = await _live_beside(fleet, lane, ordeal)
        _require(ordeal, outcomes)
        assert ordeal.health in (None, lane.lane.state.health)
        if ordeal.health is Health.STOPPED:
            asked = (time.monotonic() - began) / ASKED_EACH_SECONDS + 1
            assert await _count_refused(fleet, ordeal) <= WAVE + asked
        await fleet.ill.calm()
        if ordeal.mends:
            await _await_mending(lane)
        if ordeal.reconnects:
            assert (await fleet.ill.counts("frames"))["connections"] > FIRST_CONNECTIONS
    finally:
        fleet.let_go(lane)


async def _open(fleet: Fleet, ordeal: Ordeal) -> Worked:
    half = ordeal.deadline / 2
    elsewhere = {} if ordeal.url is None else {"url": ordeal.url}
    return await fleet.ill.open(
        ordeal.lane, timeout=ordeal.deadline, connect_timeout=half, ping_every=half, ping_timeout=half, **elsewhere
    )


async def _impose(fleet: Fleet, ordeal: Ordeal) -> None:
    for order in ordeal.orders:
        await fleet.ill.order(*order)


async def _live_beside(fleet: Fleet, lane: Worked, ordeal: Ordeal) -> list[Outcome]:
    """Send over the ill lane all the time, and over the others before and after it has felt the fault."""
    enough, felt = asyncio.Event(), asyncio.Event()
    suffering = asyncio.create_task(lane.keep_sending(WAVE, enough, felt, ordeal.make))
    try:
        await _send_over_others(fleet, ordeal)
        await felt.wait()
        await asyncio.sleep(ordeal.lasts_seconds)
        await _send_over_others(fleet, ordeal)
    finally:
        enough.set()
    return await suffering


async def _send_over_others(fleet: Fleet, ordeal: Ordeal) -> None:
    began = time.monotonic()
    answers = await asyncio.gather(*(other.send(OTHERS // 2) for other in fleet.others(ordeal.lane)))
    assert time.monotonic() - began < WITHIN_SECONDS / 2
    assert answers == [[Accepted()] * (OTHERS // 2)] * 2


def _require(ordeal: Ordeal, outcomes: list[Outcome]) -> None:
    found = {next((one for one in ordeal.outcomes if _is_within(outcome, one)), outcome) for outcome in outcomes}
    assert ordeal.outcomes[0] in found
    assert found <= set(ordeal.outcomes)


def _is_within(outcome: Outcome, expected: Outcome) -> bool:
    """Say whether it is this, or the same with less left of the wait."""
    if not (isinstance(outcome, Again) and isinstance(expected, Again) and outcome.after and expected.after):
        return outcome == expected
    return outcome.after <= expected.after and outcome == msgspec.structs.replace(expected, after=outcome.after)


async def _count_refused(fleet: Fleet, ordeal: Ordeal) -> int:
    counts = await fleet.ill.counts("fcm" if ordeal.lane == GOOGLE else "apns")
    return sum(counts.values()) - counts["accepted"]


async def _await_mending(lane: Worked) -> None:
    async with asyncio.timeout(MEND_SECONDS):
        while await lane.send(WAVE) != [Accepted()] * WAVE:
            await asyncio.sleep(0.02)
