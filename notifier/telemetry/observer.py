"""Where facts go: metrics and log lines."""

from collections.abc import Callable
from datetime import datetime

from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from structlog.typing import FilteringBoundLogger

from notifier.dispatch.facts import Fact
from notifier.telemetry.counting import Counting
from notifier.telemetry.families import Families
from notifier.telemetry.lines import fields_of, level_of, name_of


class Telemetry:
    """Counts and says facts; `clock` is the business one, by which projections age."""

    def __init__(self, logger: FilteringBoundLogger, clock: Callable[[], datetime]) -> None:
        self._logger = logger
        self._families = Families()
        self._counting = Counting(self._families, clock)

    def observe(self, fact: Fact) -> None:
        """Take one fact."""
        self._counting.count(fact)
        level = level_of(fact)
        if level is not None:
            getattr(self._logger, level)(name_of(fact), **fields_of(fact))

    def watch(self, lane: str, held: Callable[[], int]) -> None:
        """Show what a lane holds whenever somebody asks for the metrics."""
        self._counting.watch(lane, held)

    def render(self) -> tuple[str, bytes]:
        """Give all metrics as text, with its content type."""
        return CONTENT_TYPE_LATEST, generate_latest(self._families.registry)
