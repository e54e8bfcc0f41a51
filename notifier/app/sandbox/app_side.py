"""What the app does when a notification is opened: it opens the sealed details with the device's own key (A32)."""

from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from notifier.app.sandbox.happenings import Happenings
from notifier.app.sandbox.newest import Newest
from notifier.app.sandbox.pocket import Pocket
from notifier.app.sandbox.viewing import view_phone
from notifier.app.sandbox.world import World
from notifier.postgres.recognising import OwnDevice, find_device
from notifier.sandbox import Handset
from notifier.sandbox.views import MatterView
from notifier.wire.details import open_details

_MOST_OPENED = 1_000


class AppSide:
    """The app on everybody's phone."""

    def __init__(self, world: World, happenings: Happenings, pocket: Pocket) -> None:
        self._world, self._happenings, self._pocket = world, happenings, pocket
        self._opened = Newest[tuple[str, str], int](_MOST_OPENED)
        """The pushes that were opened, by phone and key, so that the app's page can be loaded again."""

    async def open(self, slug: str, key: str) -> MatterView | None:
        """Show what a notification is about, also when it has left the phone; None where it is forgotten."""
        entry, handset = self._pocket.entry(slug, key), self._world.handsets.get(slug)
        if entry is not None:
            self._opened.put((slug, key), entry.push)
        serial = self._opened.get((slug, key))
        seen = None if serial is None else await self._world.orders.push(serial)
        if handset is None or seen is None:
            return None
        device = await find_device(self._world.house.pool, self._world.house.keyring.devices.index(handset.token))
        return self._view(handset, {} if device is None else self._unseal(seen.body, device))

    def _unseal(self, body: str, device: OwnDevice) -> dict[str, Any]:
        """Give the details; nothing where the push has none, as for protected persons (B7)."""
        payload = orjson.loads(body)
        given = payload["message"]["data"] if "message" in payload else payload
        if "s" not in given:
            return {}
        details: dict[str, Any] = orjson.loads(
            open_details(
                urlsafe_b64decode(given["s"] + "=" * (-len(given["s"]) % 4)),
                content_key=self._world.house.keyring.devices.open_content_key(device.content_key),
                device=device.id,
                push_id=UUID(given["id"]).bytes,
                key_id=given["k"],
            )
        )
        return details

    def _view(self, handset: Handset, details: dict[str, Any]) -> MatterView:
        event = self._happenings.find_matter(details.get("type", ""), details.get("matter", ""))
        name, happens_at = details.get("type", ""), details.get("happens_at")
        return MatterView(
            phone=view_phone(handset, None),
            title=self._world.house.contract.catalogue.titles.get(name, {}),
            type=name,
            source="" if event is None else event.source,
            matter=details.get("matter", ""),
            unit=details.get("unit", ""),
            link=details.get("link", ""),
            happens_at=None if happens_at is None else datetime.fromisoformat(happens_at),
            about_child=details.get("about") is not None,
            subject="" if event is None else event.number,
            reader=handset.person.number,
        )
