"""The lanes of a process: one per provider, environment and topic, as the settings know them (A19)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from notifier.app.house import House, utc_now
from notifier.app.places import Provider
from notifier.dispatch.sender import Transport
from notifier.providers.apns import ApnsLane, ApnsSettings
from notifier.providers.fcm import FcmLane, FcmSettings
from notifier.providers.routes import Route

FCM = "fcm:production"


@asynccontextmanager
async def open_transports(house: House) -> AsyncIterator[dict[str, Transport]]:
    """Connect the lanes; Misconfigured where a key is wrong."""
    async with AsyncExitStack() as stack:
        lanes: list[ApnsLane | FcmLane] = [_apns(house, "production", house.places.apns.url)]
        if house.settings.apns.sandbox_url is not None:
            lanes.append(_apns(house, "sandbox", house.settings.apns.sandbox_url))
        lanes.append(_fcm(house))
        for lane in lanes:
            await lane.open()
            stack.push_async_callback(lane.close)
        yield {lane.name: lane for lane in lanes}


def _apns(house: House, environment: str, url: str) -> ApnsLane:
    apns, topic = house.places.apns, house.settings.apns.topic
    settings = ApnsSettings(
        lane=f"apns:{environment}:{topic}",
        route=_route(house, apns, url),
        topic=topic,
        key_file=apns.credentials,
        key_id=apns.key_id,
        team_id=apns.team_id,
    )
    return ApnsLane(settings, utc_now)


def _fcm(house: House) -> FcmLane:
    fcm = house.places.fcm
    settings = FcmSettings(lane=FCM, route=_route(house, fcm, fcm.url), service_account_file=fcm.credentials)
    return FcmLane(settings, house.clocks.now, utc_now)


def _route(house: House, provider: Provider, url: str) -> Route:
    sender = house.settings.sender
    return Route(
        url=url,
        ca_file=provider.ca_file,
        connections=sender.connections,
        in_flight=sender.in_flight,
        timeout=sender.timeout,
        connect_timeout=sender.connect_timeout,
    )
