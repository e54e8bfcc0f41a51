"""Lanes as the courier works them, and a pair of simulators that they go to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from pyreqwest.client import Client

from notifier.domain.pushes import Outcome, Parcel
from notifier.providers.apns import ApnsLane
from notifier.providers.crew import Crew
from notifier.providers.fcm import FcmLane, FcmSettings
from notifier.providers.routes import Route
from notifier.simulators.credentials import make_credentials
from tests.providers.lanes import apns_settings, fresh_parcel, now, route
from tests.simulators.child import Answer, Child, client, running, send
from tests.wire.parcels import ANDROID_TOKEN

PRODUCTION, SANDBOX, GOOGLE = "apns:production:se.1177.app", "apns:sandbox:se.1177.app", "fcm"
LANES = (PRODUCTION, SANDBOX, GOOGLE)
_FLAGS = ("--control-port", "0", "--key-id", "SIMULATED1", "--team-id", "SIMULATEAM", "--topic", "se.1177.app")
_PAUSE_SECONDS = 0.01

Make = Callable[[int], Parcel]


def to_apple(number: int) -> Parcel:
    """Make a push to one of many iPhones."""
    return fresh_parcel(f"{number:064x}", number=number)


def to_google(number: int) -> Parcel:
    """Make a push to an Android phone."""
    return fresh_parcel(ANDROID_TOKEN, number=number)


class Worked:
    """A lane and those who work it."""

    def __init__(self, lane: ApnsLane | FcmLane, route: Route) -> None:
        self.lane = lane
        self.handed = 0
        self._make: Make = to_google if isinstance(lane, FcmLane) else to_apple
        self._told: dict[int, asyncio.Future[Outcome]] = {}
        self.crew = Crew(lane.send, lane.pool(doubtful=False), route.patience, self._tell)

    def _tell(self, number: int, outcome: Outcome) -> None:
        self._told.pop(number).set_result(outcome)

    async def send(self, count: int, make: Make | None = None) -> list[Outcome]:
        """Hand over so many at once, and give what became of each."""
        handed = [self._hand(make or self._make) for _ in range(count)]
        return [await outcome for outcome in handed]

    async def keep_sending(
        self, count: int, until: asyncio.Event, felt: asyncio.Event, make: Make | None = None
    ) -> list[Outcome]:
        """Send so many again and again, twice at least, and give what became of all; say when the first have ended."""
        outcomes = await self.send(count, make)
        felt.set()
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            outcomes += await self.send(count, make)
            if until.is_set():
                return outcomes

    def _hand(self, make: Make) -> asyncio.Future[Outcome]:
        self.handed += 1
        told = self._told[self.handed] = asyncio.get_running_loop().create_future()
        self.crew.hand(self.handed, make(self.handed))
        return told

    async def close(self) -> None:
        """Send no more, and close when what is in flight has ended."""
        self.crew.dismiss()
        await self.lane.close()


class _Opened(msgspec.Struct, frozen=True):
    connections: int


class House(msgspec.Struct, frozen=True, kw_only=True):
    """One pair of providers, and the keys that they know."""

    child: Child
    keys: Path
    orders: Client

    async def order(self, method: str, path: str, body: object = None) -> None:
        """Order something that must be obeyed."""
        assert (answer := await self._send(method, path, body)).status == 204, answer.body

    async def counts(self, name: str) -> Counter[str]:
        """Count what one provider answered, or under `frames` what was thrown."""
        told = await self._send("GET", "/counts")
        return Counter(msgspec.json.decode(told.body, type=dict[str, dict[str, int]])[name])

    async def opened(self) -> int:
        """Say how many connections are open."""
        return msgspec.json.decode((await self._send("GET", "/frames")).body, type=_Opened).connections

    async def calm(self) -> None:
        """Let nothing be wrong any more."""
        for path in ("/frames", "/tokens", "/quota"):
            await self.order("DELETE", path)
        for name in ("apns", "fcm", "oauth"):
            await self.order("PUT", f"/providers/{name}", {})

    async def _send(self, method: str, path: str, body: object = None) -> Answer:
        told = b"" if body is None else msgspec.json.encode(body)
        return await send(self.orders, method, self.child.control + path, {}, told)

    async def open(self, name: str, **changes: object) -> Worked:
        """Open a lane to it."""
        lane: ApnsLane | FcmLane
        if name == GOOGLE:
            way = route(**{"url": self.child.fcm, **changes})
            settings = FcmSettings(lane=name, route=way, service_account_file=self.keys / "fcm.json")
            lane = FcmLane(settings, now, now)
        else:
            way = route(**{"url": self.child.apns, **changes})
            lane = ApnsLane(apns_settings(way, self.keys, lane=name), now)
        await lane.open()
        return Worked(lane, way)


@asynccontextmanager
async def keeping_house(keys: Path, *flags: str) -> AsyncIterator[House]:
    """Run a pair of simulators with credentials of their own in this folder."""
    make_credentials(keys, "http://127.0.0.1:9/token")
    own = ("--apns-key", str(keys / "apns.p8"), "--service-account", str(keys / "fcm.json"))
    async with running("both", *_FLAGS, *own, *flags) as child:
        make_credentials(keys, f"{child.fcm}/token")
        async with client() as orders:
            yield House(child=child, keys=keys, orders=orders)
