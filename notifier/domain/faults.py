"""The three exceptions, one per reaction (STYLE 3)."""

from notifier.domain.reasons import DeadLetterReason


class Poison(Exception):
    """This record can never work: it becomes a dead letter and the rest goes on (B24)."""

    def __init__(self, reason: DeadLetterReason, field: str | None = None) -> None:
        super().__init__(reason.value, field)
        self.reason = reason
        self.field = field


class Unavailable(Exception):
    """Nobody can work now: nothing is committed, the work waits and is tried again."""


class Misconfigured(Exception):
    """This process must not run: its faults are said all at once and it exits with 2."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
