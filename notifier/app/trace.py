"""What happened to one event, for support (R38, A37)."""

import orjson

from notifier.app.reach import reach_postgres
from notifier.app.terminal import say
from notifier.app.texts import require_texts
from notifier.dispatch.traces import Trace, TraceStep
from notifier.postgres.pool import open_pool
from notifier.postgres.tracing import trace
from notifier.settings import Settings


async def run(settings: Settings, *, source: str, id: str, operator: str, purpose: str, as_json: bool) -> int:
    """Show every step of an event; 1 where nothing is known of it. Each look-up leaves an audit row."""
    require_texts(operator=operator, purpose=purpose, source=source, id=id)
    async with open_pool(reach_postgres(settings), "notifier trace") as pool:
        found = await trace(pool, source, id, operator=operator.strip(), purpose=purpose)
    say(_write_json(found) if as_json else _write(found))
    return 0 if found.known_on is not None or found.steps else 1


def _write_json(found: Trace) -> str:
    return orjson.dumps(found, default=_as_dict, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()


def _as_dict(value: Trace | TraceStep) -> dict[str, object]:
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    return fields | {"what": value.what} if isinstance(value, TraceStep) else fields


def _write(found: Trace) -> str:
    if not found.steps:
        known = (
            f"it passed the gate on {found.known_on}, so it is a mark, or its rows are gone" if found.known_on else ""
        )
        return f"{found.source} {found.id}: no step is stored{'; ' if known else ''}{known}."
    head = f"{found.source} {found.id} {found.type or ''}".rstrip()
    return "\n".join((head, *(_write_step(step) for step in found.steps)))


def _write_step(step: TraceStep) -> str:
    reason = f" ({step.reason})" if step.reason else ""
    version = f" [{step.version}]" if step.version else ""
    return f"{step.at:%Y-%m-%d %H:%M:%S.%f}Z  {step.who:<20}  {step.what}{reason}{version}"
