"""The control API of the simulators: faults in, phones and counts out, as JSON over HTTP/1.1 or 2."""

import time
from collections.abc import Mapping

import msgspec
from granian.rsgi import Scope

from notifier.simulators.endpoint import Exchange, Reply, send
from notifier.simulators.faults import Condition, Provider, TokenFault, TokenState
from notifier.simulators.population import Phones
from notifier.simulators.shortening import shorten

HELP = """\
GET    /phones                 every phone in short; ?full=1 with entries and history
GET    /phones/TOKEN           what one phone shows: badge, entries, notices, shown_twice, history
DELETE /phones                 forget all phones
GET    /tokens                 tokens whose state is not ok
PUT    /tokens/TOKEN           {"state": "ok|gone|expired|bad|refused|limited|broken", "at_ms": 0, "times": 1,
                                "alias": "whose phone"}
PUT    /tokens                 {"TOKEN": {"state": ...}, ...}
DELETE /tokens                 all tokens are ok again
GET    /providers              the condition of each provider
PUT    /providers/NAME         apns, fcm or oauth, the token endpoint:
                               {"condition": "up|down|hang|mute|slow", "status": 503, "reason": "", "retry_after": "30",
                                "latency_seconds": 0, "spread_seconds": 0, "slow_seconds": 5, "share": 1.0}
GET    /counts                 requests per provider and outcome
DELETE /counts                 count from nothing again
"""
JSON = ("content-type", "application/json")
DONE: Reply = (204, [], b"")
UNKNOWN: Reply = (404, [JSON], b'{"error":"no such order; GET / lists them"}')


class TokenOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with one token: its state, and what people call its phone."""

    state: TokenState = TokenState.OK
    at_ms: int | None = None
    times: int | None = None
    alias: str | None = None


class RefusedError(Exception):
    """The order cannot be followed; the message says why."""


class Control:
    """Follows orders, one at a time."""

    def __init__(self, providers: Mapping[str, Provider], phones: Phones | None) -> None:
        """Rule these providers and show these phones."""
        self._providers, self._phones = providers, phones

    async def answer(self, scope: Scope, proto: Exchange) -> None:
        """Serve one request."""
        body = await proto()
        try:
            reply = self.follow(scope.method, scope.path, scope.query_string, body)
        except (RefusedError, msgspec.DecodeError) as refusal:
            reply = _json({"error": str(refusal)}, 400)
        send(proto, reply)

    def follow(self, method: str, path: str, query: str, body: bytes) -> Reply:
        """Follow one order."""
        room, _, name = path.strip("/").partition("/")
        match method, room, name:
            case "GET", "", "":
                return 200, [("content-type", "text/plain; charset=utf-8")], HELP.encode()
            case _, "phones", _:
                return self._follow_phones(method, name, query)
            case _, "tokens", _:
                return self._follow_tokens(method, name, body)
            case _, "providers", _:
                return self._follow_conditions(method, name, body)
            case _, "counts", "":
                return self._follow_counts(method)
        return UNKNOWN

    def _follow_conditions(self, method: str, name: str, body: bytes) -> Reply:
        match method, name:
            case "GET", "":
                return _json({name: provider.condition for name, provider in self._providers.items()})
            case "PUT", _ if name in self._providers:
                self._providers[name].set_condition(msgspec.json.decode(body, type=Condition))
                return DONE
        return UNKNOWN

    def _follow_counts(self, method: str) -> Reply:
        if method == "DELETE":
            for provider in self._providers.values():
                provider.forget_counts()
            return DONE
        return _json({name: provider.counts() for name, provider in self._providers.items()})

    def _follow_phones(self, method: str, name: str, query: str) -> Reply:
        if self._phones is None:
            raise RefusedError("started with --no-phones: there are counts only")
        match method, name:
            case "GET", "":
                phones = list(self._phones.by_token.values())
                return _json({"phones": phones if "full=1" in query else [shorten(phone) for phone in phones]})
            case "GET", _:
                phone = self._phones.by_token.get(name) or self._phones.by_token.get(name.lower())
                return _json(phone) if phone else _json({"error": "no push has come to this phone"}, 404)
            case "DELETE", "":
                self._phones.by_token.clear()
                return DONE
        return UNKNOWN

    def _follow_tokens(self, method: str, name: str, body: bytes) -> Reply:
        match method, name:
            case "GET", "":
                return _json({name: provider.tokens for name, provider in self._providers.items()})
            case "PUT", "":
                for token, order in msgspec.json.decode(body, type=dict[str, TokenOrder]).items():
                    self._set_token(token, order)
            case "PUT", _:
                self._set_token(name, msgspec.json.decode(body, type=TokenOrder))
            case "DELETE", "":
                for provider in self._providers.values():
                    provider.tokens.clear()
            case _:
                return UNKNOWN
        return DONE

    def _set_token(self, token: str, order: TokenOrder) -> None:
        if order.alias is not None and self._phones is not None:
            self._phones.name(token, order.alias)
        at_ms = int(time.time() * 1000) if order.at_ms is None else order.at_ms
        for name, provider in self._providers.items():
            key = token.lower() if name == "apns" else token
            if order.state is TokenState.OK:
                provider.tokens.pop(key, None)
            else:
                provider.tokens[key] = TokenFault(state=order.state, at_ms=at_ms, times=order.times)


def _json(value: object, status: int = 200) -> Reply:
    return status, [JSON], msgspec.json.encode(value)
