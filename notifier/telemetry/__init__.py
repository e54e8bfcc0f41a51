"""Facts become log lines and metrics here and nowhere else (STYLE 9); the only room of structlog and Prometheus."""

from notifier.telemetry.logs import start_logs
from notifier.telemetry.observer import Telemetry

__all__ = ["Telemetry", "start_logs"]
