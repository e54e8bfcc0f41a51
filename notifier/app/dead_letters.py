"""Dead letters for operators: masked, or opened for a purpose (B24)."""

import os

import orjson

from notifier.app.reach import reach_postgres
from notifier.app.terminal import say
from notifier.app.texts import require_texts
from notifier.app.whereabouts import keys_folder
from notifier.domain.faults import Misconfigured
from notifier.domain.reasons import DeadLetterReason
from notifier.postgres.burials import Burial, list_burials, open_burial, read_burial
from notifier.postgres.letters import SEALED_FOR
from notifier.postgres.pool import open_pool
from notifier.settings import Settings, Use, read_keys
from notifier.wire.letters import explain
from notifier.wire.records import RawRecord, unpack
from notifier.wire.seals import Sealer, SealFault


async def run_list(settings: Settings, *, reason: str | None, topic: str | None, most: int) -> int:
    """List the newest dead letters."""
    async with open_pool(reach_postgres(settings), "notifier dead-letters") as pool:
        for burial in await list_burials(pool, reason=reason, topic=topic, most=most):
            say(_write_line(burial))
    return 0


async def run_show(
    settings: Settings,
    *,
    id: int,
    opened: bool,
    operator: str | None,
    purpose: str | None,
) -> int:
    """Show one, masked; with its record only for a purpose, and logged. 1 where there is none."""
    if opened and (operator is None or purpose is None):
        raise Misconfigured("--open: needs --operator and --purpose; both are written to the audit log.")
    require_texts(operator=operator, purpose=purpose)
    async with open_pool(reach_postgres(settings), "notifier dead-letters") as pool:
        burial = await read_burial(pool, id)
        if burial is None:
            say(f"There is no dead letter {id}.")
            return 1
        say(_write_whole(burial))
        if opened and operator is not None and purpose is not None:
            sealer = make_sealer(settings)
            raw = await open_burial(
                pool, id, operator=operator.strip(), purpose=purpose, unseal=lambda sealed: unseal(sealer, sealed)
            )
            say("its record is no longer kept" if raw is None else _write_record(unpack(raw)))
    return 0


def make_sealer(settings: Settings) -> Sealer:
    """Make the sealer of dead letters, under the keys of this use alone (B40)."""
    return Sealer(*read_keys(keys_folder(settings), Use.DEAD_LETTER).dead_letter, entropy=os.urandom)


def unseal(sealer: Sealer, sealed: bytes) -> bytes:
    """Open a sealed record; Misconfigured where our keys do not."""
    plain = sealer.open(sealed, SEALED_FOR)
    if isinstance(plain, SealFault):
        raise Misconfigured(f"The record does not open ({plain}): KEYS__FOLDER must hold the key it was sealed with.")
    return plain


def _write_line(burial: Burial) -> str:
    place = f"{burial.topic}[{burial.partition}]@{burial.record_offset}"
    named = f" {burial.source} {burial.event_id}" if burial.source and burial.event_id else ""
    replayed = f", replayed as {burial.replayed_as}" if burial.replayed_as else ""
    where = f" {burial.field}" if burial.field else ""
    return f"{burial.id}  {burial.created_at:%Y-%m-%d %H:%M:%S}Z  {place}  {burial.reason}{where}{named}{replayed}"


def _write_whole(burial: Burial) -> str:
    kept = "no longer" if burial.sealed_bytes is None else f"sealed, {burial.sealed_bytes} bytes"
    return f"{_write_line(burial)}\n{_explain(burial)}\nrecord kept: {kept}"


def _explain(burial: Burial) -> str:
    try:
        return explain(DeadLetterReason(burial.reason), burial.field)
    except ValueError:
        return f"A record of a projection could not be used: {burial.reason}."


def _write_record(record: RawRecord) -> str:
    shown = {
        "key": _text(record.key),
        "headers": [[name, _text(value)] for name, value in record.headers],
        "timestamp_ms": record.timestamp_ms,
        "value": _text(record.value),
    }
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode()


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(errors="backslashreplace")
