"""All simulated phones, what people call them, and what waits for those that are away."""

from collections.abc import Callable
from datetime import datetime

from notifier.simulators.away import Coming, Shelf
from notifier.simulators.changes import Changes
from notifier.simulators.phones import Phone
from notifier.simulators.remembered import Act

MOST_PHONES = 500_000

Arrived = Callable[[Phone, Act, datetime], None]


class Phones:
    """All phones, one per token, made when they are named or their first push comes; beyond the bound none is made."""

    def __init__(self, run: str = "", arrived: Arrived | None = None) -> None:
        """Start without phones; `arrived` hears of each push that reached its phone."""
        self.by_token: dict[str, Phone] = {}
        self.shelves: dict[str, Shelf] = {}
        """Of the phones that are away."""
        self.changes = Changes(run)
        self._aliases: dict[str, str] = {}
        self._arrived = arrived
        self._made = 0

    def find(self, token: str) -> Phone | None:
        """Give the token's phone; Apple's tokens are known in either case of their letters."""
        return self.by_token.get(token) or self.by_token.get(token.lower())

    def meet(self, provider: str, token: str, coming: Coming, at: datetime) -> None:
        """Let a push work on the token's phone, or wait for it while it is away."""
        phone = self.by_token.get(token) or self._make(provider, token)
        if phone is None:
            return
        if phone.provider != provider and not phone.received:
            phone.provider = provider
        if shelf := self.shelves.get(token):
            shelf.keep(coming, at.timestamp())
        else:
            self._arrive(phone, coming, at)
        self.changes.touch(token)

    def name(self, token: str, alias: str, provider: str) -> None:
        """Call the token's phone `alias` wherever people read of it; if there is none, make one of this provider."""
        self._aliases[token] = alias
        if phone := self.by_token.get(token) or self._make(provider, token):
            phone.alias = alias
            self.changes.touch(token)

    def touch(self, token: str) -> None:
        """Note that something changed that others know of the token's phone, if it has one."""
        if token in self.by_token:
            self.changes.touch(token)

    def set_online(self, phone: Phone, at: datetime, *, online: bool) -> None:
        """Take a phone off the network, or let it come back to what still waits, in order."""
        if online == (phone.token not in self.shelves):
            return
        if online:
            shelf = self.shelves.pop(phone.token)
            shelf.drop_expired(at.timestamp())
            for one in shelf.waiting:
                self._arrive(phone, one.coming, at)
        else:
            self.shelves[phone.token] = Shelf()
        self.changes.touch(phone.token)

    def expire(self, now_seconds: float) -> None:
        """Let go what no longer waits for a phone."""
        for token, shelf in self.shelves.items():
            if shelf.drop_expired(now_seconds):
                self.changes.touch(token)

    def forget(self, phone: Phone) -> None:
        """Forget one phone with its name and what waits for it."""
        del self.by_token[phone.token]
        self.shelves.pop(phone.token, None)
        self._aliases.pop(phone.token, None)
        self.changes.forget(phone.token)

    def forget_all(self) -> None:
        """Forget all phones; names stay, for when they come again."""
        self.by_token.clear()
        self.shelves.clear()
        self.changes.clear()
        self._made = 0

    def restore(self, phone: Phone, shelf: Shelf | None) -> None:
        """Take in a phone of an earlier run, with what waits for it if it is away."""
        self._made += 1
        self.by_token[phone.token] = phone
        if shelf is not None:
            self.shelves[phone.token] = shelf
        self.changes.touch(phone.token)

    def _make(self, provider: str, token: str) -> Phone | None:
        if len(self.by_token) >= MOST_PHONES:
            return None
        self._made += 1
        alias = self._aliases.get(token, f"phone {self._made}")
        phone = self.by_token[token] = Phone(token=token, provider=provider, alias=alias)
        return phone

    def _arrive(self, phone: Phone, coming: Coming, at: datetime) -> None:
        phone.apply(coming.act, at, coming.push)
        if self._arrived is not None:
            self._arrived(phone, coming.act, at)
