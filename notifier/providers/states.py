"""How a lane is, read from its connections and from what its provider last said."""

from datetime import timedelta

from notifier.domain.health import Health, LaneState
from notifier.domain.pushes import Refused
from notifier.providers.pool import Pool
from notifier.providers.pools import Pools
from notifier.providers.standstill import Standstill


def describe_lane(
    lane: str, pools: Pools, standstill: Standstill, fault: str | None, token_age: timedelta | None
) -> LaneState:
    """Say how it is now."""
    connections = (*pools.usual.connections, *pools.doubtful.connections)
    warm = [connection for connection in connections if connection.warm]
    return LaneState(
        lane=lane,
        health=_judge(pools.usual, standstill),
        fault=fault,
        in_flight=sum(connection.in_flight for connection in connections),
        limit=sum(connection.window.limit for connection in warm),
        connections=len(warm),
        reply=timedelta(seconds=max((connection.window.reply_seconds for connection in warm), default=0.0)),
        token_age=token_age,
    )


def _judge(pool: Pool, standstill: Standstill) -> Health:
    if isinstance(standstill.told, Refused):
        return Health.STOPPED
    if pool.unreachable:
        return Health.AWAY
    narrow = any(connection.window.narrow for connection in pool.connections)
    return Health.SLOW if narrow or standstill.told is not None else Health.READY
