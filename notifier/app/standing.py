"""How the lanes of this process are, remembered for whoever decides by it, and told when it turns."""

from collections.abc import Mapping

from notifier.dispatch.facts import Observe
from notifier.dispatch.lane_facts import LaneRead, LaneTurned
from notifier.domain.health import Health, LaneState


class Standing:
    """The last state of each lane."""

    def __init__(self, observe: Observe) -> None:
        self._observe = observe
        self._states: dict[str, LaneState] = {}

    def hear(self, state: LaneState) -> None:
        """Remember how a lane is; state a fact where it is otherwise than before."""
        before = self._states.get(state.lane)
        self._states[state.lane] = state
        self._observe(
            LaneRead(
                lane=state.lane,
                health=state.health,
                in_flight=state.in_flight,
                limit=state.limit,
                connections=state.connections,
                token_age=state.token_age,
            )
        )
        was, fault = (Health.READY, None) if before is None else (before.health, before.fault)
        if (was, fault) != (state.health, state.fault):
            self._observe(LaneTurned(lane=state.lane, health=state.health, key_refused=state.fault is not None))

    def health(self, lane: str) -> Health:
        """Say how a lane is; one of which nothing was heard yet is away."""
        state = self._states.get(lane)
        return Health.AWAY if state is None else state.health

    def describe(self) -> Mapping[str, Mapping[str, str]]:
        """Give what operators read beside the parts of `/readyz`."""
        return {
            name: {"health": state.health} | ({} if state.fault is None else {"fault": state.fault})
            for name, state in self._states.items()
        }
