"""The lanes of a process: one per provider, environment and topic, as the settings know them (A19)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from notifier.app.house import House
from notifier.app.places import Provider
from notifier.providers.apns import ApnsSettings
from notifier.providers.courier import Courier
from notifier.providers.fcm import FcmSettings
from notifier.providers.frames import LaneSettings
from notifier.providers.pace import Quota
from notifier.providers.routes import Route
from notifier.providers.windows import FIRST_IN_FLIGHT, Bounds

FCM = "fcm:production"


@asynccontextmanager
async def open_courier(house: House) -> AsyncIterator[Courier]:
    """Start the courier with its lanes, and end it with the block; Misconfigured where a key is wrong."""
    courier = Courier(_list_lanes(house), house.clocks.now)
    try:
        await courier.open()
        yield courier
    finally:
        await courier.close()


def _list_lanes(house: House) -> list[LaneSettings]:
    """Say which lanes the settings know."""
    production, sandbox = house.places.apns.url, house.settings.apns.sandbox_url
    lanes: list[LaneSettings] = [_apns(house, "production", production)]
    if sandbox is not None:
        lanes.append(_apns(house, "sandbox", sandbox))
    return [*lanes, _fcm(house)]


def _apns(house: House, environment: str, url: str) -> ApnsSettings:
    apns, topic = house.places.apns, house.settings.apns.topic
    return ApnsSettings(
        lane=f"apns:{environment}:{topic}",
        route=_route(house, apns, url, house.settings.apns.streams),
        topic=topic,
        key_file=apns.credentials,
        key_id=apns.key_id,
        team_id=apns.team_id,
    )


def _fcm(house: House) -> FcmSettings:
    fcm = house.places.fcm
    route = _route(house, fcm, fcm.url, house.settings.fcm.streams)
    rates = house.settings.fcm
    quota = Quota(first_per_second=min(rates.first_per_second, rates.per_second), per_second=rates.per_second)
    return FcmSettings(lane=FCM, route=route, service_account_file=fcm.credentials, quota=quota)


def _route(house: House, provider: Provider, url: str, streams: int) -> Route:
    sender = house.settings.sender
    return Route(
        url=url,
        ca_file=provider.ca_file,
        most_connections=sender.connections,
        window=Bounds(first=min(FIRST_IN_FLIGHT, streams), most=streams),
        most_in_flight=sender.in_flight,
        timeout=sender.timeout,
        connect_timeout=sender.connect_timeout,
        proxy=sender.proxy,
    )
