"""What Google demands of the body of `messages:send`."""

import re
from collections.abc import Iterable, Mapping

import msgspec
import orjson

from notifier.simulators.endpoint import Reply
from notifier.simulators.fcm_errors import explain, violation
from notifier.simulators.fcm_message import Message, Request

MOST_BYTES = 4096
MOST_TOPIC_BYTES = 2048
LONGEST_TTL_SECONDS = 2_419_200
RESERVED_KEYS = frozenset({"from", "message_type"})
RESERVED_PREFIXES = ("google.", "gcm.notification.")
# Maps whose keys belong to the sender; their spelling is never touched.
OPEN_MAPS = frozenset({"data", "payload", "headers"})

_decoder = msgspec.json.Decoder(Request)
_is_topic = re.compile(r"[a-zA-Z0-9\-_.~%]{1,900}").fullmatch
_is_registration = re.compile(r"[A-Za-z0-9_\-:.]{1,1024}").fullmatch
_capital = re.compile(r"([A-Z])")


def read(body: bytes) -> Request | Reply:
    """Give the request, spelled in snake_case or lowerCamelCase, or say why it is refused."""
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError as error:
        first = error
    except msgspec.DecodeError:
        return violation("", "Invalid JSON payload received.")
    try:
        return _decoder.decode(orjson.dumps(_snake(orjson.loads(body))))
    except msgspec.ValidationError:
        return explain(first)


def _snake(value: object) -> object:
    if isinstance(value, list):
        return [_snake(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {_capital.sub(_lower, key): part if key in OPEN_MAPS else _snake(part) for key, part in value.items()}


def _lower(capital: re.Match[str]) -> str:
    return "_" + capital.group(1).lower()


def judge(message: Message, body: bytes) -> Reply | None:
    """Say why a well-formed message is refused, or None."""
    return (
        _judge_target(message)
        or _judge_data("message.data", message.data)
        or _judge_android(message)
        or _judge_size(message, body)
    )


def _judge_target(message: Message) -> Reply | None:
    targets = (message.token, message.fid, message.topic, message.condition)
    if sum(target is not None for target in targets) != 1:
        return violation("message", "Exactly one of token, fid, topic and condition must be set.")
    for name, registration in (("token", message.token), ("fid", message.fid)):
        if registration is not None and not _is_registration(registration):
            return violation(f"message.{name}", "The registration token is malformed.")
    if message.topic is not None and not _is_topic(message.topic):
        return violation("message.topic", "Malformed topic name; it stands without /topics/.")
    if message.condition is not None and "in topics" not in message.condition:
        return violation("message.condition", "Malformed topic condition.")
    return None


def _judge_data(field: str, given: Mapping[str, str] | None) -> Reply | None:
    return next((_reserved(field, key) for key in _reserved_keys(given or ())), None)


def _reserved_keys(keys: Iterable[str]) -> list[str]:
    return [key for key in keys if key in RESERVED_KEYS or key.startswith(RESERVED_PREFIXES)]


def _reserved(field: str, key: str) -> Reply:
    return violation(field, f"Invalid data payload key: {key}")


def _judge_android(message: Message) -> Reply | None:
    name, android = ("android", message.android) if message.android else ("android_v2", message.android_v2)
    if android is None:
        return None
    if message.android and message.android_v2:
        return violation("message.android_v2", "android and android_v2 exclude each other.")
    if android.ttl is not None and float(android.ttl[:-1]) > LONGEST_TTL_SECONDS:
        return violation(f"message.{name}.ttl", "The ttl must be between 0s and 2419200s.")
    return _judge_data(f"message.{name}.data", android.data)


def _judge_size(message: Message, body: bytes) -> Reply | None:
    most = MOST_BYTES if message.topic is None and message.condition is None else MOST_TOPIC_BYTES
    if len(body) <= most:
        return None
    payload = msgspec.structs.replace(message, token=None, fid=None, topic=None, condition=None)
    size_bytes = len(msgspec.json.encode(payload))
    return violation("message", f"Message is too big: {size_bytes} of {most} bytes.") if size_bytes > most else None
