"""What settings mean for a sandbox: only our own parts, a quiet terminal, waits that somebody has patience for."""

from datetime import timedelta

from notifier.domain.faults import Misconfigured
from notifier.embedded.ports import choose_port
from notifier.settings import Settings

_SHORT = {
    "apns_down_wait": timedelta(seconds=5),
    "rejudge_every": timedelta(seconds=2),
    "drain": timedelta(seconds=5),
}
"""Instead of 15 minutes after APNs' 503, of 10 seconds for what is held, and of 20 for what is on its way at a stop:
whoever looks wants to see it end."""

_MEMBER = "sandbox"
"""A static member: the next one takes the partitions of one that was killed at once, not after its session."""


def require_embedded(settings: Settings) -> None:
    """Refuse every part that is not our own: made-up people belong nowhere else (A36, B42)."""
    addresses = {
        "KAFKA__BOOTSTRAP": settings.kafka.bootstrap,
        "POSTGRES__DSN": settings.postgres.dsn,
        "APNS__URL": settings.apns.url,
        "APNS__SANDBOX_URL": settings.apns.sandbox_url,
        "FCM__URL": settings.fcm.url,
    }
    faults = [
        f"NOTIFIER_{name}: is set, but made-up people belong in our own parts only; unset it, or use `notifier run`."
        for name, address in addresses.items()
        if address is not None
    ]
    if faults:
        raise Misconfigured(*faults)


def require_ports(settings: Settings) -> None:
    """Refuse ports that are taken, before anything is fetched or started."""
    faults: list[str] = []
    for name, port in (("HTTP__PORT", settings.http.port), ("HTTP__INTERNAL_PORT", settings.http.internal_port)):
        try:
            choose_port(port)
        except Misconfigured as taken:
            faults += [f"{fault} NOTIFIER_{name} names it; `make run PORT=…` sets both." for fault in taken.faults]
    if faults:
        raise Misconfigured(*faults)


def tune(settings: Settings) -> Settings:
    """Shorten waits and begin the log with warnings, where the settings do not say otherwise."""
    short = _SHORT | {"lease": 2 * settings.sender.timeout}
    sender = {name: value for name, value in short.items() if name not in settings.sender.model_fields_set}
    told = "level" in settings.telemetry.model_fields_set
    member = settings.kafka.instance_id or _MEMBER
    return settings.model_copy(
        update={
            "kafka": settings.kafka.model_copy(update={"instance_id": member}),
            "sender": settings.sender.model_copy(update=sender),
            "telemetry": settings.telemetry if told else settings.telemetry.model_copy(update={"level": "warning"}),
        }
    )
