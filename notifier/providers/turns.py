"""Long turns for the thread that holds the connections, while much is under way."""

import asyncio
import time
from collections.abc import Callable

MANY = 64
"""Requests under way, from which on an answer can wait for others: they arrive faster than one by one."""
TURN_SECONDS = 0.002


class Turns:
    """Rests a little between rounds of the loop, so that answers come in batches.

    The connections live in a thread of their own (pyreqwest), which needs the interpreter for each answer. Without
    rests it gets it once per answer, and both threads spend their time on handing it over (measured: a quarter of
    the processor time of a push). Nothing else may need the loop within a turn: a courier's does not.
    """

    def __init__(self, under_way: Callable[[], int]) -> None:
        self._under_way = under_way
        self._resting = False

    def take(self) -> None:
        """Rest once a round until few are under way."""
        if not self._resting:
            self._resting = True
            asyncio.get_running_loop().call_soon(self._rest)

    def _rest(self) -> None:
        time.sleep(TURN_SECONDS)
        self._resting = self._under_way() >= MANY
        if self._resting:
            asyncio.get_running_loop().call_soon(self._rest)
