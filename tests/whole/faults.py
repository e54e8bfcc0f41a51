"""How the providers misbehave while thousands of pushes go out."""

from collections.abc import Mapping

from tests.whole.stage import Stage
from tests.whole.trial import Trial

_LIMITED_EACH, _TOO_MANY = 5, 3
_DOUBT = "update device set proven_at = null where id % 5 = 0 returning id"
FAULTS: Mapping[str, object] = {
    "processed": 0.5,
    "black_hole": 0.00002,
    "tcp_reset": 0.0002,
    "goaway_below": 0.0005,
    "goaway": 0.0002,
    "refused": 0.01,
    "reset": 0.005,
    "bare_503": 0.002,
    "half_reset": 0.002,
    "half_silence": 0.0005,
    "silence": 0.0005,
    "slow": 0.001,
    "slow_seconds": 1.0,
    "split": 0.01,
    "latency_seconds": 0.005,
    "spread_seconds": 0.02,
    "streams": 200,
    "first_streams": 1,
    "fall_back": True,
    "max_age_seconds": 10.0,
    "window_bytes": 4096,
    "window_step_bytes": 1024,
    "connection_window_bytes": 32768,
}
"""Shares of the requests; of those that get no answer half are shown all the same."""


async def begin_faults(trial: Trial, faults: Mapping[str, object]) -> None:
    """Let providers misbehave; the first pushes to some phones are too many, after which Apple narrows streams.

    A fifth of the tokens is in doubt, and so begins on connections of its own.

    Every other request for a token of Google's fails: a process that is started meanwhile needs one.
    """
    await trial.fetch(_DOUBT)
    phones = [phone.token for person in trial.people for phone in person.phones]
    limited = {token: {"state": "limited", "times": _TOO_MANY} for token in phones[::_LIMITED_EACH]}
    for path, order in (("/tokens", limited), ("/frames", faults)):
        assert (await trial.stage.order("PUT", path, order)).status == 204
    await trial.stage.set_provider("oauth", condition="down", share=0.5)


async def end_faults(trial: Trial) -> list[str]:
    """Let them behave, and give what was thrown."""
    counts = await trial.stage.counts()
    assert (await trial.stage.order("DELETE", "/frames")).status == 204
    await trial.stage.set_provider("oauth")
    return [f"pushes: { {name: counts[name] for name in ('apns', 'fcm')} }", f"faults: {counts['frames']}"]


async def count_connections(stage: Stage) -> int:
    """Say how many connections the providers have left."""
    opened = (await stage.order("GET", "/frames")).json()["connections"]
    assert isinstance(opened, int)
    return opened
