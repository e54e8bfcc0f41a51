"""An event loop whose time is counted, not waited for, and whose next step is the seed's choice."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar
from random import Random
from typing import Any, Protocol


class Owner(Protocol):
    """A process: its steps wait while it is stopped."""

    stopped_until: float
    tasks: list["asyncio.Task[Any]"]


OWNER: ContextVar[Owner | None] = ContextVar("owner", default=None)


class VirtualLoop(asyncio.AbstractEventLoop):
    """Runs what is ready in the order that chance picks; when nothing is, time moves to the next timer."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._now = 0.0
        self._numbers = 0
        self._ready: list[asyncio.Handle] = []
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self.faults: list[str] = []
        self.steps = 0

    def time(self) -> float:
        return self._now

    def leap(self, seconds: float) -> None:
        """Let time pass in which nobody does anything."""
        self._now += seconds

    def run(self, main: Coroutine[Any, Any, None], most_steps: int) -> None:
        """Run until `main` is done; a run that needs more steps than that never ends."""
        asyncio.events._set_running_loop(self)
        try:
            task = self.create_task(main)
            while not task.done():
                self._step()
                if self.steps > most_steps:
                    raise RuntimeError(f"no end after {most_steps} steps")
            task.result()
        finally:
            asyncio.events._set_running_loop(None)

    def _step(self) -> None:
        timers, ready = self._timers, self._ready
        if not ready and timers:
            self._now = max(self._now, timers[0][0])
        while timers and timers[0][0] <= self._now:
            handle = heapq.heappop(timers)[2]
            if not handle.cancelled():
                ready.append(handle)
        if not ready:
            return
        number = int(self._chance.random() * len(ready))
        ready[number], ready[-1] = ready[-1], ready[number]
        handle = ready.pop()
        self.steps += 1
        if handle.cancelled():
            return
        owner = handle._context.get(OWNER)
        if owner is not None and owner.stopped_until > self._now:
            self._numbers += 1
            heapq.heappush(timers, (owner.stopped_until, self._numbers, handle))
        else:
            handle._run()

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._numbers += 1
        heapq.heappush(self._timers, (when, self._numbers, timer))
        return timer

    def create_future(self) -> "asyncio.Future[Any]":
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: str | None = None, context: Context | None = None) -> "asyncio.Task[Any]":
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        owner = OWNER.get()
        if owner is not None:
            owner.tasks.append(task)
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.faults.append(f"{context.get('message')}: {context.get('exception')!r}")

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers are passed over when their time comes."""

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def get_debug(self) -> bool:
        return False
