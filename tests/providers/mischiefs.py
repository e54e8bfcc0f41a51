"""What befalls requests and connections of either provider while other lanes go on (protocols 2.7, 3.6)."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from notifier.domain.pushes import Outcome
from tests.providers.houses import GOOGLE, PRODUCTION
from tests.providers.ordeals import ACCEPTED, Ordeal, Order
from tests.wire.answers import AWAY, NOT_TAKEN, UNKNOWN

_DEADLINE = timedelta(seconds=0.2)
"""Where every answer is waited for in vain."""


def faults_of_both() -> Iterable[Ordeal]:
    """Give the faults of protocols 2.7 and 3.6 that befall requests and connections of either provider."""
    for lane in (PRODUCTION, GOOGLE):
        for name, outcomes in _FAULTS.items():
            silent = UNKNOWN in outcomes
            yield Ordeal(
                name=name,
                lane=lane,
                orders=(_frames(lane, **_KNOBS.get(name, {name: 1.0})),),
                outcomes=outcomes,
                reconnects=name in _PARTINGS,
                from_the_start=name in _CONNECTIONS,
                lasts_seconds=0.3 if name == "greatest age" else 0.0,
                deadline=_DEADLINE if silent else timedelta(seconds=2),
            )


_UNSURE = (UNKNOWN, NOT_TAKEN)
_RESENT = (ACCEPTED, NOT_TAKEN)
_FAULTS: Mapping[str, tuple[Outcome, ...]] = {
    "goaway": _RESENT,
    "goaway_below": (NOT_TAKEN,),
    "refused": (NOT_TAKEN,),
    "reset": (UNKNOWN,),
    "tcp_reset": _UNSURE,
    "bare_503": (AWAY,),
    "half_reset": (UNKNOWN,),
    "half_silence": _UNSURE,
    "silence": _UNSURE,
    "silence after it was shown": _UNSURE,
    "black_hole": _UNSURE,
    "slow": (ACCEPTED,),
    "slower than the deadline": _UNSURE,
    "latency": (ACCEPTED,),
    "tiny windows": (ACCEPTED,),
    "greatest age": _RESENT,
}
"""What becomes of pushes: in doubt is only what may have been looked at (I3)."""
_KNOBS: Mapping[str, Mapping[str, object]] = {
    "silence after it was shown": {"silence": 1.0, "processed": 1.0},
    "slow": {"slow": 1.0, "slow_seconds": 0.15},
    "slower than the deadline": {"slow": 1.0, "slow_seconds": 1.0},
    "latency": {"latency_seconds": 0.05, "spread_seconds": 0.1},
    "tiny windows": {"window_bytes": 48, "window_step_bytes": 16, "connection_window_bytes": 4096},
    "greatest age": {"max_age_seconds": 0.05},
}
_PARTINGS = frozenset({"goaway", "goaway_below", "tcp_reset", "greatest age", "black_hole"})
_CONNECTIONS = frozenset({"tiny windows", "greatest age"})


def _frames(lane: str, **mischief: object) -> Order:
    provider = "fcm" if lane == GOOGLE else "apns"
    return "PUT", "/frames", {"providers": [provider], **mischief}
