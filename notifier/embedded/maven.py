"""Java libraries from Maven's index, by jgo: resolved and downloaded, believed in nothing."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from jgo.maven import Artifact, MavenContext, PythonResolver

from notifier.domain.faults import Misconfigured
from notifier.embedded.progress import Download

AT_ONCE = 4


def download(coordinates: Iterable[str], folder: Path, counted: Download) -> dict[str, Path]:
    """Download `group:artifact:version` each to a file below the folder; Misconfigured without a network."""

    @contextmanager
    def watch(file: str, _size_bytes: int) -> Iterator[Callable[[int], None]]:
        yield partial(counted.receive, file)

    def fetch(artifact: Artifact) -> Path:
        path: Path = artifact.resolve()
        counted.complete(artifact.filename, path.stat().st_size)
        return path

    context = _context(folder, PythonResolver(progress_callback=watch))
    wanted = {coordinate: context.create_dependency(coordinate).artifact for coordinate in coordinates}
    try:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return dict(zip(wanted, threads.map(fetch, wanted.values()), strict=True))
    except (OSError, RuntimeError) as fault:  # jgo's words for no network and for an answer other than 200
        raise Misconfigured(
            "Kafka's jars could not be downloaded: connect this machine (a proxy is taken from HTTPS_PROXY) and start "
            "again, copy the cache folder (NOTIFIER_CACHE_DIR) from a machine that has them, or name a Kafka that runs."
        ) from fault


def resolve(coordinates: Iterable[str], folder: Path) -> list[str]:
    """Return these and all that they need at run time, as `group:artifact:version` in order."""
    context = _context(folder, PythonResolver())
    roots, needed = context.resolver.resolve([context.create_dependency(coordinate) for coordinate in coordinates])
    return sorted(f"{found.groupId}:{found.artifactId}:{found.version}" for found in (*roots, *needed))


def _context(folder: Path, resolver: PythonResolver) -> MavenContext:
    return MavenContext(resolver=resolver, repo_cache=folder)
