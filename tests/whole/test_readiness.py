"""What operators are told of a process (R42): alive or not, and which part is not ready, and why."""

import asyncio
from collections.abc import Callable

import pytest

from notifier.embedded import KafkaServer, PostgresServer
from tests.whole.opening import open_trial
from tests.whole.people import make_adults
from tests.whole.service import Service
from tests.whole.stage import Stage
from tests.whole.trial import Trial

_NOTICED_SECONDS = 45
_LOOK_SECONDS = 0.2


async def await_part(service: Service, part: str, wanted: Callable[[dict[str, object]], bool]) -> dict[str, object]:
    """Give what `/readyz` says of a part once it is as wanted."""
    said: dict[str, object] = {}
    async with asyncio.timeout(_NOTICED_SECONDS):
        while not said or not wanted(said):
            await asyncio.sleep(_LOOK_SECONDS)
            parts = (await service.readiness()).get("parts", {})
            assert isinstance(parts, dict)
            said = parts.get(part, {})
    return said


@pytest.mark.holds("R42", "A8")
async def test_without_heartbeats_the_projections_are_not_ready_and_it_says_so(stage: Stage) -> None:
    async with open_trial(stage, "silent", make_adults(2), beating=False) as trial:
        service = await trial.launch()
        await service.ready()

        said = await await_part(service, "projections", lambda said: True)

        assert said["ready"] is False
        assert "residents" in str(said["why"])
        assert "proxies" in str(said["why"])
        assert await service.get("/livez") == b"alive\n"
        await trial.beat()
        assert await await_part(service, "projections", lambda said: said["ready"] is True) == {"ready": True}


@pytest.mark.slow
@pytest.mark.parametrize(("part", "why"), [("kafka", "Kafka has not answered"), ("postgres", "PostgreSQL")])
@pytest.mark.holds("R42", "I8")
async def test_without_a_part_it_is_alive_and_not_ready_and_recovers_by_itself(
    trial: Trial, part: str, why: str
) -> None:
    service = await trial.run()
    await service.ready_throughout()
    server: KafkaServer | PostgresServer = getattr(trial.stage, part)

    await server.stop()
    try:
        said = await await_part(service, part, lambda said: said["ready"] is False)
        assert why in str(said["why"])
        assert await service.get("/livez") == b"alive\n"
    finally:
        await server.restart()

    assert await await_part(service, part, lambda said: said["ready"] is True) == {"ready": True}
    assert await service.stop() == 0
