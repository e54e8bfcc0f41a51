"""Lanes as the tests build them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from notifier.domain.pushes import Alert, Parcel
from notifier.providers.apns import ApnsLane, ApnsSettings
from notifier.providers.fcm import FcmLane, FcmSettings
from notifier.providers.routes import Route
from tests.wire.parcels import IOS_TOKEN, alert, parcel

NOWHERE = "http://127.0.0.1:9"


def now() -> datetime:
    return datetime.now(UTC)


def route(url: str, **changes: object) -> Route:
    quick = {"timeout": timedelta(seconds=1), "connect_timeout": timedelta(milliseconds=500)}
    return Route(url=url, **{**quick, **changes})  # type: ignore[arg-type]


def fresh_alert() -> Alert:
    return alert(expires_at=now() + timedelta(hours=1))


def fresh_parcel(token: str = IOS_TOKEN, *, kind: str = "token", number: int = 1, doubtful: bool = False) -> Parcel:
    made = parcel(fresh_alert(), token=token, kind=kind, push_id=number.to_bytes(16))
    return msgspec.structs.replace(made, doubtful=doubtful)


def apns_settings(route: Route, keys: Path, **changes: object) -> ApnsSettings:
    settings = ApnsSettings(
        lane="apns:production:se.1177.app",
        route=route,
        topic="se.1177.app",
        key_file=keys / "apns.p8",
        key_id="SIMULATED1",
        team_id="SIMULATEAM",
    )
    return msgspec.structs.replace(settings, **changes)


@asynccontextmanager
async def apns_lane(
    route: Route, keys: Path, clock: Callable[[], datetime] = now, **changes: object
) -> AsyncIterator[ApnsLane]:
    lane = ApnsLane(apns_settings(route, keys, **changes), clock)
    await lane.open()
    try:
        yield lane
    finally:
        await lane.close()


@asynccontextmanager
async def fcm_lane(route: Route, keys: Path, clock: Callable[[], datetime] = now) -> AsyncIterator[FcmLane]:
    lane = FcmLane(FcmSettings(lane="fcm", route=route, service_account_file=keys / "fcm.json"), now, clock)
    await lane.open()
    try:
        yield lane
    finally:
        await lane.close()
