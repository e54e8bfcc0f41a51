"""Orders about phones: look at them, take them off the network, put notifications away, forget them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

import msgspec

from notifier.simulators.clock import Clock
from notifier.simulators.endpoint import Reply
from notifier.simulators.faults import Provider
from notifier.simulators.glances import Glance, glance
from notifier.simulators.orders import Order
from notifier.simulators.phones import MOST_ENTRIES, Phone
from notifier.simulators.population import Phones
from notifier.simulators.replies import DONE, UNKNOWN, RefusedError, miss, tell
from notifier.simulators.shortening import shorten

ENTRIES = 5
LONGEST_VERSION = 2**63


class PhoneOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with one phone."""

    online: bool


class PhoneOrders:
    """Follows orders about phones."""

    def __init__(self, phones: Phones, providers: Mapping[str, Provider], clock: Clock) -> None:
        """Show these phones, whose tokens these providers know."""
        self._phones, self._providers, self._clock = phones, providers, clock

    def follow(self, order: Order) -> Reply:
        """Follow one order about all phones, or about the one whose token the name begins with."""
        token, _, rest = order.name.partition("/")
        if not token:
            return self._follow_all(order)
        phone = self._phones.find(token)
        if phone is None:
            return miss("there is no such phone: it was neither named nor reached by a push")
        part, _, key = rest.partition("/")
        return self._swipe(order, phone, key) if part == "entries" else self._follow_one(order, phone, part)

    def _follow_all(self, order: Order) -> Reply:
        match order.method:
            case "GET":
                asked = parse_qs(order.query, keep_blank_values=True)
                return self._list_changed(asked) if "since" in asked else self._list_all(order.query)
            case "DELETE":
                self._phones.forget_all()
                return DONE
        return UNKNOWN

    def _follow_one(self, order: Order, phone: Phone, part: str) -> Reply:
        match order.method, part:
            case "GET", "":
                return tell(phone)
            case "PUT", "":
                online = msgspec.json.decode(order.body, type=PhoneOrder).online
                self._phones.set_online(phone, self._now(), online=online)
                return DONE
            case "DELETE", "":
                self._phones.forget(phone)
                return DONE
        return UNKNOWN

    def _swipe(self, order: Order, phone: Phone, key: str) -> Reply:
        if order.method != "DELETE":
            return UNKNOWN
        if not phone.swipe(key, self._now()):
            return miss("the phone shows no such notification")
        self._phones.touch(phone.token)
        return DONE

    def _list_all(self, query: str) -> Reply:
        phones = list(self._phones.by_token.values())
        return tell({"phones": phones if "full=1" in query else [shorten(phone) for phone in phones]})

    def _list_changed(self, asked: Mapping[str, list[str]]) -> Reply:
        since = _read_number(asked, "since", 0, LONGEST_VERSION)
        most_entries = _read_number(asked, "entries", ENTRIES, MOST_ENTRIES)
        self._phones.expire(self._clock.now())
        changes, by_token = self._phones.changes, self._phones.by_token
        return tell(
            {
                "run": changes.run,
                "version": changes.version,
                "phones": [self._glance(by_token[token], most_entries) for token in changes.since(since)],
                "forgotten": changes.forgotten_since(since),
            }
        )

    def _glance(self, phone: Phone, most_entries: int) -> Glance:
        shelf = self._phones.shelves.get(phone.token)
        provider = self._providers.get(phone.provider)
        revoked = provider is not None and provider.is_revoked(phone.token)
        return glance(phone, most_entries, None if shelf is None else len(shelf.waiting), revoked=revoked)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)


def _read_number(asked: Mapping[str, list[str]], name: str, default: int, most: int) -> int:
    text = asked.get(name, [str(default)])[-1]
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= most):
        raise RefusedError(f"{name} must be a whole number from 0 to {most}")
    return int(text)
