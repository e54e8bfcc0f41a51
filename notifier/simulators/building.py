"""Puts the simulated providers together from the flags, and leads each request to its own."""

from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping

from granian.rsgi import Scope

from notifier.simulators.apns import Apns
from notifier.simulators.credentials import read_account_key, read_apns_key, read_service_account
from notifier.simulators.endpoint import Endpoint, Exchange, meet
from notifier.simulators.faults import Provider
from notifier.simulators.fcm import Fcm
from notifier.simulators.frames.mischief import Mischief
from notifier.simulators.frames.town import Town
from notifier.simulators.granting import PATH, Granting
from notifier.simulators.oauth import AccessTokens
from notifier.simulators.provider_token import ProviderTokens
from notifier.simulators.serving import Application
from notifier.simulators.witness import Witness

APNS_ROOM = "/3/"
GOOGLES_AGE_SECONDS = 3600.0

Changed = Callable[[str], None] | None


def build_endpoints(flags: Namespace, witness: Witness, changed: Changed = None) -> dict[str, Endpoint]:
    """Build the providers that the command asks for; `changed` hears of tokens whose state changes."""
    endpoints: dict[str, Endpoint] = {}
    if flags.command != "fcm":
        endpoints["apns"] = build_apns(flags, witness, changed)
    if flags.command != "apns":
        endpoints["fcm"], endpoints["oauth"] = build_google(flags, witness, changed)
    return endpoints


def build_apns(flags: Namespace, witness: Witness, changed: Changed) -> Apns:
    """Build Apple."""
    key = read_apns_key(flags.apns_key) if flags.apns_key else None
    tokens = ProviderTokens(key, flags.key_id, flags.team_id)
    return Apns(Provider("apns", changed), tokens, frozenset(flags.topic), witness)


def build_google(flags: Namespace, witness: Witness, changed: Changed) -> tuple[Fcm, Granting]:
    """Build FCM and the endpoint that grants its access tokens."""
    account = read_service_account(flags.service_account) if flags.service_account else None
    key, email = (read_account_key(account), account.client_email) if account else (None, None)
    project = flags.project or (account.project_id if account else None)
    tokens = AccessTokens(key, email, flags.token_seconds)
    return Fcm(Provider("fcm", changed), tokens, project, witness), Granting(Provider("oauth"), tokens)


def route(endpoints: Mapping[str, Endpoint]) -> Application:
    """Lead each request to its provider."""
    find = build_map(endpoints)

    def lead(scope: Scope, proto: Exchange) -> Awaitable[None]:
        return meet(find(scope.path), scope, proto)

    return lead


def build_map(endpoints: Mapping[str, Endpoint]) -> Callable[[str], Endpoint]:
    """Say which provider each path leads to; their paths do not collide."""
    only = next(iter(endpoints.values()))
    apns, fcm, oauth = (endpoints.get(name, only) for name in ("apns", "fcm", "oauth"))

    def find(path: str) -> Endpoint:
        if path.startswith(APNS_ROOM):
            return apns
        return oauth if path == PATH else fcm

    return find


def build_town(flags: Namespace, endpoints: Mapping[str, Endpoint]) -> Town:
    """Build what the frame-level server needs; Google's connections are closed after an hour (protocols 3.1)."""
    calm = Mischief(max_age_seconds=GOOGLES_AGE_SECONDS) if flags.command == "fcm" else Mischief()
    return Town(build_map(endpoints), calm, flags.streams, is_apple=flags.command == "apns")
