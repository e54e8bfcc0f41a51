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
    the processor time of a push). Whatever else lives in the loop bears to be late by a turn.
    """

    def __init__(self) -> None:
        self._busy = set[Callable[[], int]]()

    def take(self, under_way: Callable[[], int]) -> None:
        """Rest once a round until this, and whatever else was told of, says few."""
        if not self._busy:
            asyncio.get_running_loop().call_soon(self._rest)
        self._busy.add(under_way)

    def _rest(self) -> None:
        time.sleep(TURN_SECONDS)
        self._busy = {under_way for under_way in self._busy if under_way() >= MANY}
        if self._busy:
            asyncio.get_running_loop().call_soon(self._rest)
