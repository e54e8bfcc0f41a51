"""Records that cannot be used, one of each kind at least, with an identity number wherever one could slip through."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import orjson

from tests.whole.book import HANDLED, MESSAGE, SOURCE, UNIT

_SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record as a producer sends it."""

    value: bytes | None
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes]] = ()


def break_all(number: str, wrong: str) -> Iterator[Record]:
    """Give broken records with a right identity number and one whose check digit is wrong, in every place."""
    good = _event("x-good", number)
    named = number.encode()
    yield Record(value=None, key=named)
    yield Record(value=b"{" + named, key=named)
    yield Record(value=b"[" + orjson.dumps(good) + b"]")
    yield Record(value=orjson.dumps(good).replace(b"x-good", b"x-\xff" + named))
    yield Record(value=orjson.dumps(good) + b" " * 262_144)
    yield Record(value=orjson.dumps(good | {"data": good["data"] | {number: {"deep": _nest(40, number)}}}))
    yield Record(value=orjson.dumps(good | {"data": good["data"] | {"note": f"{number}\0"}}))
    yield Record(value=orjson.dumps(good["data"]), headers=[("ce_specversion", b"1.0"), ("ce_subject", named)])
    for attribute in ("specversion", "id", "source", "type", "time", "subject"):
        for text in (number, f"{number[2:8]}-{number[8:]}", f"{attribute}-{number}", None, 7):
            if (attribute, text) != ("subject", number):
                yield Record(value=orjson.dumps(good | {"id": f"x-{attribute}", attribute: text}), key=named)
    yield Record(value=orjson.dumps(_event("x-wrong", wrong)), key=wrong.encode())
    for field in ("matter", "unit", "region", "visible_to_subject", "happens_at"):
        for text in (number, f"{number[2:8]}-{number[8:]}", {number: number}):
            yield Record(value=orjson.dumps(_event(f"x-{field}", number, **{field: text})), key=named)
    for away in (timedelta(days=-40), timedelta(hours=3)):
        yield Record(value=orjson.dumps(good | {"time": datetime.now(UTC) + away}))
    mark = good | {"type": HANDLED, "data": {"matter": "m-x", "at": number, "by": wrong, "what": number}}
    yield Record(value=orjson.dumps(mark))
    yield from break_as_catalogue()


def break_as_catalogue() -> Iterator[Record]:
    """Give every bad example of the contract."""
    for path in (*(_SCHEMAS / "events").glob("*.json"), *(_SCHEMAS / "marks").glob("*.json")):
        for example in orjson.loads(path.read_bytes())["examples"]["bad"]:
            yield Record(value=orjson.dumps(example["event"]))


def _event(id: str, subject: str, **data: object) -> dict[str, Any]:
    content = {"matter": "m-x", "unit": UNIT, "region": "01", **data}
    return {
        "specversion": "1.0",
        "id": id,
        "source": SOURCE,
        "type": MESSAGE,
        "subject": subject,
        "time": datetime.now(UTC),
        "datacontenttype": "application/json",
        "data": content,
    }


def _nest(levels: int, inner: object) -> object:
    for _ in range(levels):
        inner = {str(inner)[:12]: inner}
    return inner
