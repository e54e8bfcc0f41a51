"""All simulated phones, and what people call them."""

from datetime import datetime

from notifier.simulators.phones import Act, Phone

MOST_PHONES = 500_000


class Phones:
    """All phones, one per token, made when their first push comes; beyond the bound pushes are only counted."""

    def __init__(self) -> None:
        """Start without phones."""
        self.by_token: dict[str, Phone] = {}
        self.aliases: dict[str, str] = {}

    def apply(self, provider: str, token: str, act: Act, at: datetime) -> Phone | None:
        """Let a push work on the token's phone and give the phone; None if there are too many phones."""
        phone = self.by_token.get(token)
        if phone is None:
            if len(self.by_token) >= MOST_PHONES:
                return None
            alias = self.aliases.get(token, f"phone {len(self.by_token) + 1}")
            phone = self.by_token[token] = Phone(token=token, provider=provider, alias=alias)
        phone.apply(act, at)
        return phone

    def name(self, token: str, alias: str) -> None:
        """Call the token's phone `alias` wherever people read of it."""
        self.aliases[token] = alias
        if phone := self.by_token.get(token):
            phone.alias = alias
