"""The lanes of a process: one per provider, environment and topic, as the settings know them (A19)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from notifier.app.house import House
from notifier.app.places import Provider
from notifier.app.standing import Standing
from notifier.providers.apns import ApnsSettings
from notifier.providers.courier import Courier
from notifier.providers.fcm import FcmSettings
from notifier.providers.frames import LaneSettings
from notifier.providers.pace import Quota
from notifier.providers.routes import Route
from notifier.providers.windows import FIRST_IN_FLIGHT, Bounds

FCM = "fcm:production"


@asynccontextmanager
async def open_courier(house: House, standing: Standing) -> AsyncIterator[Courier]:
    """Start the courier with its lanes, and end it with the block; Misconfigured where a key is wrong."""
    courier = Courier(_list_lanes(house), house.clocks.now, standing.hear)
    try:
        await courier.open()
        yield courier
    finally:
        await courier.close()


def _list_lanes(house: House) -> list[LaneSettings]:
    """Say which lanes the settings know: one per environment and topic of Apple's, one of Google's."""
    apns, sandbox = house.settings.apns, house.settings.apns.sandbox_url
    environments = {"production": house.places.apns.url} | ({} if sandbox is None else {"sandbox": sandbox})
    topics = dict.fromkeys((apns.topic, *(topic.strip() for topic in apns.more_topics.split(",") if topic.strip())))
    lanes = [_apns(house, name, url, topic) for name, url in environments.items() for topic in topics]
    return [*lanes, _fcm(house)]


def _apns(house: House, environment: str, url: str, topic: str) -> ApnsSettings:
    apns = house.places.apns
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
        timeout=sender.timeout,
        patience=sender.patience,
        connect_timeout=sender.connect_timeout,
        proxy=sender.proxy,
    )
