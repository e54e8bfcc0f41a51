"""How Java is started, and its ahead-of-time cache, which turns 1.7 s of starting into 0.6 s.

The cache is made once per set of jars and Java, from a throw-away broker. Java ignores one that does not fit; one
whose bytes were damaged can crash it, so a start that fails with the cache is tried again without it.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from notifier.domain.faults import Misconfigured
from notifier.embedded import wheels

T = TypeVar("T")

FLAGS = (
    *("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
    *("-Xlog:disable", "-Xlog:all=error:stderr"),
    *("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"),
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
)


class Java(msgspec.Struct, frozen=True, kw_only=True):
    """A Java with the libraries that its programs need."""

    executable: Path
    jars: tuple[Path, ...]

    @property
    def archive(self) -> Path:
        """Where its ahead-of-time cache lies: beside the jars, named after this very Java."""
        runtime = (self.executable.parent.parent / "lib" / "modules").stat()
        mark = f"{self.executable} {runtime.st_size} {runtime.st_mtime_ns} {FLAGS}"
        return self.jars[0].parent / f"{hashlib.sha256(mark.encode()).hexdigest()[:12]}.aot"

    def command(self, home: Path, *words: str, options: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the command that runs the words with these jars, writing nothing outside of `home`."""
        own = (f"-Djava.io.tmpdir={home}", f"-XX:ErrorFile={home}/java-crash.log")
        path = ":".join(str(jar) for jar in self.jars)
        return (str(self.executable), *options, *FLAGS, *own, "-cp", path, *words)


def find_java(jars: tuple[Path, ...]) -> Java:
    """Return the Java of the wheel with these jars."""
    return Java(executable=wheels.java(), jars=jars)


async def prefer_archive(java: Java, attempt: Callable[[Sequence[str]], Awaitable[T]]) -> T:
    """Attempt with the options of the ahead-of-time cache, and without when that fails; a guilty cache is removed."""
    archive = java.archive
    if not (archive.exists() and archive.stat().st_size):
        return await attempt(())
    try:
        return await attempt((f"-XX:AOTCache={archive}",))
    except Misconfigured:
        result = await attempt(())
    archive.unlink(missing_ok=True)
    return result
