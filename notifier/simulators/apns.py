"""Simulated APNs: `POST /3/device/<token>` over HTTP/2 with provider tokens."""

import time
from collections.abc import Callable
from uuid import uuid4

import msgspec
import orjson

from notifier.simulators.acts import read_apns
from notifier.simulators.apns_request import PATH, judge_kind, judge_marks, judge_size, judge_token
from notifier.simulators.endpoint import Get, Reply, Scope
from notifier.simulators.faults import Condition, Provider, TokenFault, TokenState
from notifier.simulators.provider_token import ProviderTokens
from notifier.simulators.pushes import Accepted
from notifier.simulators.stays import read_apns_stay
from notifier.simulators.witness import Witness

STATUSES = {
    "MethodNotAllowed": 405,
    "BadPath": 404,
    "MissingProviderToken": 403,
    "InvalidProviderToken": 403,
    "ExpiredProviderToken": 403,
    "UnrelatedKeyIdInToken": 403,
    "Unregistered": 410,
    "ExpiredToken": 410,
    "PayloadTooLarge": 413,
    "TooManyRequests": 429,
    "TooManyProviderTokenUpdates": 429,
    "InternalServerError": 500,
    "HttpVersionNotSupported": 505,
}
REASON_OF_STATE = {
    TokenState.GONE: "Unregistered",
    TokenState.EXPIRED: "ExpiredToken",
    TokenState.BAD: "BadDeviceToken",
    TokenState.REFUSED: "DeviceTokenNotForTopic",
    TokenState.LIMITED: "TooManyRequests",
    TokenState.BROKEN: "InternalServerError",
}
HEADERS_OF_INTEREST = (
    "apns-id",
    "apns-topic",
    "apns-push-type",
    "apns-priority",
    "apns-expiration",
    "apns-collapse-id",
)
MOST_KINDS = 1024


class Apns:
    """Apple's side of a push."""

    def __init__(
        self,
        provider: Provider,
        tokens: ProviderTokens,
        topics: frozenset[str],
        witness: Witness,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Answer for these topics (none: every topic), with the clock `now` in seconds of the epoch."""
        self.provider, self._tokens, self._topics, self._witness, self._now = provider, tokens, topics, witness, now
        self._kinds: dict[tuple[str | None, str | None, str | None], str] = {}

    def decide(self, scope: Scope, body: bytes) -> Reply:
        """Judge one request in Apple's order, show it on its phone, and say what to answer."""
        get: Get = scope.headers.get
        apns_id = get("apns-id")
        reason, token = self._judge(scope, get, apns_id, body), scope.path[len(PATH) :].lower()
        fault = None
        if not reason and self.provider.tokens and (fault := self.provider.take_fault(token)):
            reason = REASON_OF_STATE[fault.state]
        payload = None if reason else _read(body)
        if not reason and payload is None:
            # Apple names no reason for a body that is no JSON object; PayloadEmpty is what is seen in the field.
            reason = "PayloadEmpty"
        if payload is None:
            return self._refuse(reason, apns_id, fault)
        self.provider.accepted += 1
        apns_id = apns_id or str(uuid4())
        if self._witness.watches:
            self._show(token, scope, apns_id, payload, body)
        return 200, [("apns-id", apns_id)], b""

    def phrase(self, condition: Condition) -> Reply:
        """Say that the provider is down."""
        return self._refuse(condition.reason or "ServiceUnavailable", None, None, condition.status)

    def _judge(self, scope: Scope, get: Get, apns_id: str | None, body: bytes) -> str:
        if scope.method != "POST":
            return "MethodNotAllowed"
        path = scope.path
        if not path.startswith(PATH):
            return "BadPath"
        if scope.http_version != "2":
            return "HttpVersionNotSupported"
        push_type = get("apns-push-type")
        return (
            self._tokens.judge(get("authorization"), scope.client, self._now())
            or self._judge_kind(get("apns-topic"), push_type, get("apns-priority"))
            or judge_marks(get, apns_id)
            or judge_token(path[len(PATH) :])
            or judge_size(body, push_type)
        )

    def _judge_kind(self, topic: str | None, push_type: str | None, priority: str | None) -> str:
        kind = (topic, push_type, priority)
        known = self._kinds.get(kind)
        if known is None:
            if len(self._kinds) >= MOST_KINDS:
                self._kinds.clear()
            known = self._kinds[kind] = judge_kind(topic, push_type, priority, self._topics)
        return known

    def _refuse(self, reason: str, apns_id: str | None, fault: TokenFault | None, status: int | None = None) -> Reply:
        self.provider.count_refused(reason)
        told: dict[str, object] = {"reason": reason}
        status = status or STATUSES.get(reason, 400)
        if status == 410 and fault:
            told["timestamp"] = fault.at_ms
        known = apns_id if apns_id and reason != "BadMessageId" else str(uuid4())
        return status, [("content-type", "application/json"), ("apns-id", known)], msgspec.json.encode(told)

    def _show(self, token: str, scope: Scope, apns_id: str, payload: dict[str, object], body: bytes) -> None:
        get: Get = scope.headers.get
        act = read_apns(payload, get("apns-push-type") or "", get("apns-collapse-id"), apns_id)
        headers = {name: value for name in HEADERS_OF_INTEREST if (value := get(name)) is not None}
        accepted = Accepted(
            provider=self.provider.name,
            token=token,
            headers={**headers, "apns-id": apns_id},
            scope=scope,
            body=body,
        )
        self._witness.see(accepted, act, read_apns_stay(get))


def _read(body: bytes) -> dict[str, object] | None:
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return payload if isinstance(payload, dict) else None
