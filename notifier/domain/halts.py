"""The stop button (B28): what operators have halted."""

import msgspec


class Halt(msgspec.Struct, frozen=True, kw_only=True):
    """One halt in force; a None matches everything."""

    channel: str
    """`push`, `sms`, `email` or `all`."""
    region: str | None = None
    type: str | None = None
    source: str | None = None

    def stops(self, channel: str, region: str, type_name: str, source: str) -> bool:
        """Say whether a notice of this kind must wait."""
        return (
            self.channel in ("all", channel)
            and self.region in (None, region)
            and self.type in (None, type_name)
            and self.source in (None, source)
        )
