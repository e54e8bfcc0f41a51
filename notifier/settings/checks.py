"""Every fault of settings that were read: parts in plain text, halves of pairs, files, keys (A36, B40, B42)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from notifier.settings.addresses import VERIFIED, Address, read_brokers, read_dsn, read_url
from notifier.settings.files import find_file_faults, find_folder_faults
from notifier.settings.keys import find_key_faults
from notifier.settings.parts import Security
from notifier.settings.tree import Settings, variable


def find_faults(settings: Settings) -> list[str]:
    """Say everything that forbids to run with these settings: what, where, what to do; no value that is secret."""
    return [
        *_check_kafka(settings),
        *_check_postgres(settings),
        *_check_apns(settings),
        *_check_fcm(settings),
        *_check_house(settings),
    ]


def _check_kafka(settings: Settings) -> Iterator[str]:
    kafka, name = settings.kafka, variable("kafka", "bootstrap")
    login = {"username": kafka.username, "password_file": kafka.password_file}
    yield from _needs("kafka", {"bootstrap": kafka.bootstrap}, login | {"ca_file": kafka.ca_file})
    yield from _pair("kafka", {"cert_file": kafka.cert_file, "key_file": kafka.key_file})
    if kafka.bootstrap is not None:
        address = read_brokers(kafka.bootstrap, kafka.security)
        if address is None:
            yield f"{name}: is no list of host:port; write it like kafka-1:9093,kafka-2:9093."
        else:
            yield from _check_plain(settings, address, variable("kafka", "security"), "set it to ssl or sasl_ssl")
    if kafka.security is Security.SASL_SSL:
        yield from _complete("kafka", "security sasl_ssl", login)
    yield from _check_file("kafka", "ca_file", kafka.ca_file)
    yield from _check_file("kafka", "cert_file", kafka.cert_file)
    yield from _check_file("kafka", "key_file", kafka.key_file, secret=True)
    yield from _check_file("kafka", "password_file", kafka.password_file, secret=True)


def _check_postgres(settings: Settings) -> Iterator[str]:
    if settings.postgres.dsn is None:
        return
    dsn, name = settings.postgres.dsn.get_secret_value(), variable("postgres", "dsn")
    address = read_dsn(dsn)
    if address is None:
        yield f"{name}: is no PostgreSQL address; write it like postgresql://host/database?sslmode={VERIFIED}."
        return
    yield from _check_plain(settings, address, name, f"add sslmode={VERIFIED}")
    for file in parse_qs(urlsplit(dsn).query).get("sslrootcert", []):
        yield from find_file_faults(Path(file), f"{name} (sslrootcert)", secret=False)
    if settings.keys.folder is None and not settings.allow_plaintext:
        yield f"{variable('keys', 'folder')}: is not set, and keys made here would be lost; give a folder of keys."


def _check_apns(settings: Settings) -> Iterator[str]:
    apns = settings.apns
    of_folder = apns.key_file is not None and apns.key_file.is_dir()
    ids = {"team_id": apns.team_id} if of_folder else {"key_id": apns.key_id, "team_id": apns.team_id}
    credentials = {"key_file": apns.key_file, **ids}
    yield from _check_urls(settings, "apns", {"url": apns.url, "sandbox_url": apns.sandbox_url})
    yield from _needs("apns", {"url": apns.url, "sandbox_url": apns.sandbox_url}, credentials)
    if apns.url is not None or apns.sandbox_url is not None:
        yield from _complete("apns", "url", credentials)
    if not of_folder:
        yield from _check_file("apns", "key_file", apns.key_file, secret=True)
    yield from _check_file("apns", "ca_file", apns.ca_file)


def _check_fcm(settings: Settings) -> Iterator[str]:
    fcm = settings.fcm
    account = {"service_account_file": fcm.service_account_file}
    yield from _check_urls(settings, "fcm", {"url": fcm.url})
    yield from _needs("fcm", {"url": fcm.url}, account)
    if fcm.url is not None:
        yield from _complete("fcm", "url", account)
    yield from _check_file("fcm", "service_account_file", fcm.service_account_file, secret=True)
    yield from _check_file("fcm", "ca_file", fcm.ca_file)


def _check_house(settings: Settings) -> Iterator[str]:
    http, schemas = settings.http, settings.schemas
    if http.port == http.internal_port:
        yield f"{variable('http', 'internal_port')}: is the same as {variable('http', 'port')}; choose another."
    if settings.keys.folder is not None:
        yield from find_key_faults(settings.keys.folder)
    for key, folder in (("folder", schemas.folder), ("extra_folder", schemas.extra_folder)):
        if folder is not None:
            yield from find_folder_faults(folder, variable("schemas", key))
    outside = (settings.kafka.bootstrap, settings.postgres.dsn, settings.apns.url, settings.fcm.url)
    if settings.test.die_at is not None and not settings.allow_plaintext and any(outside):
        yield f"{variable('test', 'die_at')}: is for tests with parts of this machine; remove it."


def _check_urls(settings: Settings, section: str, urls: Mapping[str, str | None]) -> Iterator[str]:
    for key, url in urls.items():
        if url is not None:
            name, address = variable(section, key), read_url(url)
            if address is None:
                yield f"{name}: is no address; write it like https://host:443."
            else:
                yield from _check_plain(settings, address, name, "begin it with https://")


def _check_plain(settings: Settings, address: Address, name: str, remedy: str) -> Iterator[str]:
    if not address.encrypted and not (address.loopback and settings.allow_plaintext):
        hint = f", or {variable('allow_plaintext')}=true for tests on this machine" if address.loopback else ""
        yield f"{name}: is plain text, which is refused; {remedy}{hint}."


def _needs(section: str, addresses: Mapping[str, str | None], others: Mapping[str, object]) -> Iterator[str]:
    """Settings of a part without its address: somebody takes for real what would be embedded."""
    given = [variable(section, key) for key, value in others.items() if value is not None]
    if given and not any(addresses.values()):
        names = " or ".join(variable(section, key) for key in addresses)
        yield f"{', '.join(given)}: is set, but the part is embedded; set {names} too, or remove it."


def _complete(section: str, because: str, others: Mapping[str, object]) -> Iterator[str]:
    for key, value in others.items():
        if value is None:
            yield f"{variable(section, key)}: is not set, but {section}'s {because} asks for it; give it."


def _pair(section: str, both: Mapping[str, object]) -> Iterator[str]:
    missing = [key for key, value in both.items() if value is None]
    if len(missing) == 1:
        yield f"{variable(section, missing[0])}: is not set, but its other half is; give both."


def _check_file(section: str, key: str, path: Path | None, *, secret: bool = False) -> Iterator[str]:
    if path is not None:
        yield from find_file_faults(path, variable(section, key), secret=secret)
