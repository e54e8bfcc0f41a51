"""The real PostgreSQL 18 as a child of ours, with its data in the state folder."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from signal import SIGINT, SIGQUIT, Signals

import msgspec

from notifier.embedded.children import Child, complete, start_until
from notifier.embedded.owner import find_binaries, find_owner, give, make_home
from notifier.embedded.ports import HOST, choose_port
from notifier.embedded.programs import Program

READY = "database system is ready to accept connections"
START_LIMIT = timedelta(seconds=60)
STOP_LIMIT = timedelta(seconds=30)

INITDB = (
    *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
# For a machine of two cores that runs everything at once. The wheel is built without lz4, and pglz costs more
# CPU than the disk it saves: WAL stays uncompressed.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and details of errors may hold personal data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class PostgresServer:
    """A running server; user postgres, database postgres, 127.0.0.1 only, no password."""

    def __init__(self, program: Program, port: int, child: Child) -> None:
        self._program = program
        self._child = child
        self._restarting = False
        self.port = port

    @property
    def dsn(self) -> str:
        """Where clients connect."""
        return f"postgresql://postgres@{HOST}:{self.port}/postgres"

    @property
    def pid(self) -> int:
        """The number of the postmaster."""
        return self._child.pid

    def require(self) -> None:
        """Raise Misconfigured, with its last words, if it ended by itself."""
        if not self._restarting:
            self._child.require()

    async def restart(self, signal: Signals = SIGINT) -> None:
        """Stop it with the signal (SIGKILL for a crash) and start it again on the same port and data."""
        self._restarting = True
        try:
            await self.stop(signal)
            self._child = await start_until(self._program, READY, START_LIMIT)
        finally:
            self._restarting = False

    async def stop(self, signal: Signals = SIGINT) -> None:
        """Stop it; SIGINT ends open sessions and leaves nothing to recover."""
        await self._child.stop(signal, STOP_LIMIT)


@asynccontextmanager
async def run_postgres(
    state: Path, *, port: int | None = None, durable: bool = True, settings: Mapping[str, str] | None = None
) -> AsyncIterator[PostgresServer]:
    """Run PostgreSQL on `state`/postgres for the block; Misconfigured says why it cannot run.

    `settings` go over ours; `durable=False` turns fsync, synchronous_commit and full_page_writes off, for quick tests.
    """
    chosen = choose_port(port)
    home = make_home(state / "postgres")
    program = await _prepare(home, _options(chosen, durable=durable, settings=settings or {}))
    server = PostgresServer(program, chosen, await start_until(program, READY, START_LIMIT))
    try:
        yield server
    finally:
        await server.stop()


async def _prepare(home: Path, options: Mapping[str, str]) -> Program:
    owner = find_owner()
    binaries = find_binaries(home, owner)
    initdb = Program(name="initdb", command=(str(binaries / "initdb"), *INITDB), home=home, account=owner)
    await _initialise(initdb)
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    command = (str(binaries / "postgres"), "-D", str(home / "data"), *words)
    # SIGQUIT: gone at once whatever is open; the next start recovers.
    return Program(name="postgres", command=command, home=home, death=SIGQUIT, account=owner)


def _options(port: int, *, durable: bool, settings: Mapping[str, str]) -> dict[str, str]:
    return SETTINGS | dict.fromkeys(DURABLE, "on" if durable else "off") | {"port": str(port)} | dict(settings)


async def _initialise(initdb: Program) -> None:
    """Make the data when there is none; aside first, so that half made is never taken for whole."""
    data = initdb.home / "data"
    if data.exists():
        return
    unfinished = data.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    give(unfinished, initdb.account)
    command = (*initdb.command, f"--pgdata={unfinished}")
    await complete(msgspec.structs.replace(initdb, command=command), START_LIMIT)
    unfinished.rename(data)
