"""Where every part is: the addresses of the settings, and embedded parts for those that are unset (A36)."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from notifier.app.reach import reach_postgres
from notifier.app.simulated import Simulated, run_simulators
from notifier.app.whereabouts import Whereabouts, find_whereabouts, keys_folder
from notifier.embedded import (
    Child,
    KafkaServer,
    PostgresServer,
    Progress,
    open_state,
    run_kafka,
    run_postgres,
    say_nothing,
)
from notifier.settings import Settings, make_keys


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """How one push provider is reached."""

    url: str
    ca_file: Path | None
    credentials: Path
    key_id: str = ""
    team_id: str = ""


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where every part is."""

    bootstrap: str
    dsn: str
    apns: Provider
    fcm: Provider
    keys: Path
    state: Path | None
    control: str | None
    """Where the simulators' phones are seen; None with real providers."""
    kafka: KafkaServer | None = None
    postgres: PostgresServer | None = None
    simulators: Child | None = None

    def require(self) -> None:
        """Raise Misconfigured, with its last words, if a part of ours ended by itself."""
        for part in (self.kafka, self.postgres, self.simulators):
            if part is not None:
                part.require()


@asynccontextmanager
async def open_places(settings: Settings, progress: Progress = say_nothing) -> AsyncIterator[Places]:
    """Start what is embedded and give all addresses; everything started ends with the block, or with us.

    `progress` hears a sentence of each part that has started, and of what is fetched before.
    """
    async with AsyncExitStack() as stack:
        state = stack.enter_context(open_state(settings.state.dir)) if _needs_state(settings) else None
        postgres = kafka = None
        if settings.postgres.dsn is None and state is not None:
            postgres = await stack.enter_async_context(run_postgres(state))
            progress(f"PostgreSQL is ready, port {postgres.port}")
        if settings.kafka.bootstrap is None and state is not None:
            kafka = await stack.enter_async_context(run_kafka(state, progress=progress))
            progress(f"Kafka is ready, {kafka.bootstrap}")
        simulated = None
        if state is not None and (settings.apns.url is None or settings.fcm.url is None):
            simulated = await stack.enter_async_context(_run_simulators(state))
            progress("Simulated Apple and Google are ready")
        yield Places(
            bootstrap=kafka.bootstrap if kafka is not None else settings.kafka.bootstrap or "",
            dsn=postgres.dsn if postgres is not None else _dsn(settings),
            apns=_apns(settings, simulated),
            fcm=_fcm(settings, simulated),
            keys=_keys(settings, state),
            state=state,
            control=None if simulated is None else simulated.control,
            kafka=kafka,
            postgres=postgres,
            simulators=None if simulated is None else simulated.child,
        )


def find_places(settings: Settings) -> Places:
    """Give the addresses for a command beside a running service; Misconfigured where PostgreSQL is not to be found."""
    return Places(
        bootstrap=settings.kafka.bootstrap or find_whereabouts(settings).kafka or "",
        dsn=reach_postgres(settings),
        apns=_apns(settings, None),
        fcm=_fcm(settings, None),
        keys=keys_folder(settings),
        state=None,
        control=None,
    )


def whereabouts_of(places: Places) -> Whereabouts:
    """Give the addresses of the embedded parts, for other commands to find."""
    return Whereabouts(
        kafka=None if places.kafka is None else places.bootstrap,
        postgres=None if places.postgres is None else places.dsn,
    )


def _run_simulators(state: Path) -> AbstractAsyncContextManager[Simulated]:
    """Run them so that phones are as they were in the last run (A35)."""
    home = state / "simulators"
    return run_simulators(home, "--keep", str(home / "phones.json"))


def _needs_state(settings: Settings) -> bool:
    addresses = (settings.postgres.dsn, settings.kafka.bootstrap, settings.apns.url, settings.fcm.url)
    return None in addresses or settings.keys.folder is None


def _dsn(settings: Settings) -> str:
    return "" if settings.postgres.dsn is None else settings.postgres.dsn.get_secret_value()


def _keys(settings: Settings, state: Path | None) -> Path:
    if settings.keys.folder is not None or state is None:
        return settings.keys.folder or Path()
    make_keys(state / "keys")
    return state / "keys"


def _apns(settings: Settings, simulated: Simulated | None) -> Provider:
    apns = settings.apns
    if apns.url is None and simulated is not None:
        return Provider(
            url=simulated.push,
            ca_file=None,
            credentials=simulated.apns_key,
            key_id=simulated.key_id,
            team_id=simulated.team_id,
        )
    return Provider(
        url=apns.url or "",
        ca_file=apns.ca_file,
        credentials=apns.key_file or Path(),
        key_id=apns.key_id or "",
        team_id=apns.team_id or "",
    )


def _fcm(settings: Settings, simulated: Simulated | None) -> Provider:
    fcm = settings.fcm
    if fcm.url is None and simulated is not None:
        return Provider(url=simulated.push, ca_file=None, credentials=simulated.service_account)
    return Provider(url=fcm.url or "", ca_file=fcm.ca_file, credentials=fcm.service_account_file or Path())
