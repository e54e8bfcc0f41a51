"""Every fault of the settings and of the files they name, at once."""

from collections.abc import Callable, Iterator
from pathlib import Path

from notifier.app.schemas import read_files, read_migrations
from notifier.app.terminal import say
from notifier.domain.faults import Misconfigured
from notifier.providers.service_account import read_service_account
from notifier.providers.signing_keys import read_signing_keys
from notifier.settings import Settings, find_faults, read_settings
from notifier.wire.catalogue import load_catalogue
from notifier.wire.policy import load_policy
from notifier.wire.publishers import load_register


async def run(config: Path | None) -> int:
    """Say that everything is fine, or raise Misconfigured with all that is not."""
    reading = read_settings(config)
    faults = [*reading.faults, *find_faults(reading.settings)]
    faults += _check_contract(reading.settings)
    faults += [fault for fault in _check_credentials(reading.settings) if not _is_said(fault, faults)]
    if faults:
        raise Misconfigured(*faults)
    say("The settings are fine.")
    return 0


def _check_contract(settings: Settings) -> Iterator[str]:
    try:
        files = read_files(settings)
    except Misconfigured as refused:
        yield from refused.faults
        return
    yield from _faults_of(lambda: load_catalogue(files))
    yield from _faults_of(lambda: load_register(files, settings.kafka.topic_prefix))
    yield from _faults_of(lambda: load_policy(files))
    yield from _faults_of(lambda: read_migrations(settings))


def _check_credentials(settings: Settings) -> Iterator[str]:
    key, account = settings.apns.key_file, settings.fcm.service_account_file
    if key is not None:
        yield from _faults_of(lambda: read_signing_keys(key, settings.apns.key_id or ""))
    if account is not None:
        yield from _faults_of(lambda: read_service_account(account))


def _is_said(fault: str, said: list[str]) -> bool:
    """A file that cannot be read, or lies open, is found by both rooms; once is enough."""
    paths = [word for word in fault.split() if word.startswith("/")]
    return any(path in other for path in paths for other in said)


def _faults_of(work: Callable[[], object]) -> tuple[str, ...]:
    try:
        work()
    except Misconfigured as refused:
        return refused.faults
    return ()
